//! Words of the sections below the ladder: who began, the waves, the states, the findings, what can come next.

use fourwave_annotate::lang::{Lang, duration};
use fourwave_annotate::{By, Cause, Next, Reset, Side, State, Wave, Who};

use super::{capital, frames, peer, subject};

/// What shows who began the close.
pub fn began(lang: Lang, who: Option<Who>, by: Option<By>, first: Option<(Side, &str)>) -> String {
    let at = first.map(|(_, number)| number);
    let side = match who {
        None => {
            return say!(
                lang,
                String::from(
                    "Nobody, as far as this capture shows: no FIN and no reset that counts was seen."
                ),
                String::from("未见任何一方发起关闭：抓包中没有 FIN，也没有有效的 RST。")
            );
        }
        Some(Who::Both) => return both_began(lang, first),
        Some(Who::Client) => Side::Client,
        Some(Who::Server) => Side::Server,
    };
    let (who, other) = (subject(lang, side), peer(lang, side.other()));
    let place_en = at.map(|at| format!(" in frame {at}")).unwrap_or_default();
    let place_zh = at.map(|at| format!("（第 {at} 帧）")).unwrap_or_default();
    match by {
        Some(By::Fin) | None => say!(
            lang,
            format!(
                "{who}. Its FIN{place_en} is the first of this connection: no FIN of {other} was seen before it."
            ),
            format!("{who}。它的 FIN{place_zh}是本连接的第一个 FIN，此前未见{other}的 FIN。")
        ),
        Some(By::FinInferred) => say!(
            lang,
            format!(
                "{who}. Its FIN was not captured, but follows from the acknowledgments: both peers count one octet that no segment carried, and then {other} closed."
            ),
            format!(
                "{who}。它的 FIN 没有被抓到，但可由确认号推出：双方都多算了一个没有任何报文段携带的序号，随后{other}才关闭。"
            )
        ),
        Some(By::Rst) => say!(
            lang,
            format!("{who}. It sent the first reset that counts{place_en}, and no FIN was seen before it."),
            format!("{who}。它发送了第一个有效的 RST{place_zh}，此前未见任何 FIN。")
        ),
    }
}

fn both_began(lang: Lang, first: Option<(Side, &str)>) -> String {
    let crossed = say!(
        lang,
        "Both at once: the FINs crossed, neither acknowledges the other.",
        "双方同时发起：两个 FIN 在途中交错，互不确认。"
    );
    let Some((side, number)) = first else { return crossed.to_owned() };
    let who = peer(lang, side);
    say!(
        lang,
        format!(
            "{crossed} That of {who}, in frame {number}, was recorded first at this vantage; elsewhere it may be the other."
        ),
        format!("{crossed}在本抓包点先记录到{who}的 FIN（第 {number} 帧）；换一个抓包点，先后可能相反。")
    )
}

/// Why it is not certain who began.
pub fn likely(lang: Lang, by: Option<By>, mid_stream: bool) -> &'static str {
    match by {
        _ if mid_stream => say!(
            lang,
            "This is likely, not certain: the capture begins after the handshake, so an earlier FIN may be missing.",
            "这只是推测：抓包在握手之后才开始，可能漏掉了更早的 FIN。"
        ),
        Some(By::FinInferred) => say!(
            lang,
            "This is likely, not certain: the FIN itself was not seen.",
            "这只是推测：FIN 本身未见。"
        ),
        Some(By::Fin | By::Rst) | None => say!(
            lang,
            "This is likely, not certain: a reset in this connection may be forged.",
            "这只是推测：本连接中的 RST 可能是伪造的。"
        ),
    }
}

/// Where and when a wave was; `gap` is the time since the last wave before it.
pub fn wave_place(lang: Lang, number: &str, time: &str, gap: Option<(&str, Wave)>) -> String {
    let gap = gap.map(|(gap, wave)| {
        let wave = lang.wave(wave);
        say!(lang, format!(", {gap} after {wave}"), format!("，距{wave} {gap}"))
    });
    let gap = gap.unwrap_or_default();
    say!(lang, format!("Frame {number}, at {time} s{gap}."), format!("第 {number} 帧，{time} 秒{gap}。"))
}

/// After a reset no segment is a wave any more, so one with this part may well be there (SPEC 7.3).
pub fn wave_not_seen(lang: Lang, resets: &[Reset]) -> &'static str {
    if resets.is_empty() {
        say!(lang, "Not seen in this capture.", "抓包中未见。")
    } else {
        say!(lang, "Not seen before the reset.", "复位之前未见。")
    }
}

pub fn copies(lang: Lang, numbers: &[String]) -> String {
    let frames = frames(lang, numbers);
    say!(lang, format!("It came again in {frames}."), format!("它在{frames}中重复出现。"))
}

/// Words of the table of states.
pub fn until_two_msl(lang: Lang, time: &str, length_ns: i64) -> String {
    let length = duration(length_ns);
    say!(
        lang,
        format!("until {time} s: 2 MSL, assumed to be {length}"),
        format!("至 {time} 秒：2MSL，假定为 {length}")
    )
}

pub fn at_least(lang: Lang, length: &str) -> String {
    say!(
        lang,
        format!("at least {length}, to the end of the capture"),
        format!("至少 {length}，直到抓包结束")
    )
}

pub fn until_successor(lang: Lang, length: &str, successor: u64, frame: &str) -> String {
    say!(
        lang,
        format!("{length}, until connection {successor} began in frame {frame}"),
        format!("{length}，直到连接 {successor} 在第 {frame} 帧开始")
    )
}

pub fn the_end(lang: Lang) -> &'static str {
    say!(lang, "the end", "结束")
}

pub fn no_states(lang: Lang) -> &'static str {
    say!(lang, "nothing was seen of it", "未见其任何状态")
}

pub fn dwell_note(lang: Lang) -> &'static str {
    say!(
        lang,
        "Times are those of the capture: at a peer itself they differ by up to one round trip.",
        "以上为抓包点的时间，与两端的实际时间最多相差一个往返。"
    )
}

pub fn nothing_found(lang: Lang) -> &'static str {
    say!(lang, "Nothing to report: the close went as RFC 9293 has it.", "未发现异常：关闭过程符合 RFC 9293。")
}

pub fn nothing_to_report(lang: Lang) -> &'static str {
    say!(lang, "Nothing to report.", "未发现异常。")
}

pub fn advice(lang: Lang, advice: &str) -> String {
    say!(lang, format!("Advice: {advice}"), format!("建议：{advice}"))
}

/// What a peer owes.
pub fn owes(lang: Lang, duties: &[&str]) -> String {
    say!(lang, format!("owes {}", duties.join(", ")), format!("尚欠：{}", duties.join("、")))
}

/// One step that can come next.
pub fn step(lang: Lang, next: Next, now: State) -> String {
    let on = lang.on(next.on);
    let what = match (next.by, next.app) {
        (Cause::Own, true) => say!(
            lang,
            format!("sends {on}, if its application asks for it"),
            format!("发送{}（需由应用程序触发）", spaced(on))
        ),
        (Cause::Own, false) => say!(lang, format!("sends {on}"), format!("发送{}", spaced(on))),
        (Cause::Peer, _) => say!(lang, format!("receives {on}"), format!("收到{}", spaced(on))),
        (Cause::Timer, _) => say!(lang, format!("timer: {on}"), format!("计时器：{on}")),
    };
    if next.to == now { what } else { format!("{what} -> {}", next.to) }
}

/// `text` behind a Chinese word: a blank comes before Latin letters.
pub(super) fn spaced(text: &str) -> String {
    let blank = if text.starts_with(|first: char| first.is_ascii()) { " " } else { "" };
    format!("{blank}{text}")
}

/// A correction.
pub fn role_corrected(lang: Lang, was: &str, is: &str) -> String {
    say!(
        lang,
        format!("taken for \"{was}\" at the time, it was \"{is}\"."),
        format!("当时判为“{was}”，实为“{is}”。")
    )
}

pub fn moved_away(lang: Lang, connection: u64) -> String {
    say!(lang, format!("it opened connection {connection}."), format!("它开启了连接 {connection}。"))
}

pub fn inference_withdrawn(lang: Lang) -> &'static str {
    say!(
        lang,
        "the FIN inferred before did not exist: the inference is withdrawn.",
        "此前推断的 FIN 并不存在，推断撤回。"
    )
}

/// A peer in its state.
pub fn in_state(lang: Lang, side: Side, state: State) -> String {
    say!(
        lang,
        format!("{}, expected in {state}", capital(lang.side(side))),
        format!("{}，预期处于 {state}", lang.side(side))
    )
}
