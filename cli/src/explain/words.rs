//! The sentences of a walk-through, in both languages side by side. What is said of a role, a kind, a state or a
//! finding comes from `fourwave_annotate::lang`; this file must not decide anything.

use fourwave_annotate::lang::{Lang, duration};
use fourwave_annotate::{By, Cause, Code, Next, Side, State, Wave, Waves, Who};

use super::collect::Fold;
use super::verdict::Verdict;

/// The text of the language; only that one is made.
macro_rules! say {
    ($lang:expr, $en:expr, $zh_hans:expr $(,)?) => {
        match $lang {
            Lang::En => $en,
            Lang::ZhHans => $zh_hans,
        }
    };
}

/// The headings and fixed notes of the page.
pub fn ladder_title(lang: Lang) -> &'static str {
    say!(lang, "The ladder", "状态阶梯图")
}

pub fn began_title(lang: Lang) -> &'static str {
    say!(lang, "Who began the close, and how we know", "谁发起关闭，依据是什么")
}

pub fn waves_title(lang: Lang) -> &'static str {
    say!(lang, "The four waves", "四次挥手")
}

pub fn dwell_title(lang: Lang) -> &'static str {
    say!(lang, "How long in each state", "各状态停留时间")
}

pub fn findings_title(lang: Lang) -> &'static str {
    say!(lang, "Findings", "诊断结果")
}

pub fn next_title(lang: Lang) -> &'static str {
    say!(lang, "What can come next", "接下来可能发生什么")
}

pub fn hindsight_title(lang: Lang) -> &'static str {
    say!(lang, "Corrected in hindsight", "事后更正")
}

/// A peer as the subject of a sentence.
pub fn peer(lang: Lang, side: Side) -> String {
    say!(lang, format!("the {}", lang.side(side)), lang.side(side).to_owned())
}

fn subject(lang: Lang, side: Side) -> String {
    capital(&peer(lang, side))
}

/// `text` with a capital letter.
pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// "frame 7".
pub fn frame(lang: Lang, number: &str) -> String {
    say!(lang, format!("frame {number}"), format!("第 {number} 帧"))
}

/// "frames 7, 9".
pub fn frames(lang: Lang, numbers: &[String]) -> String {
    match numbers {
        [one] => frame(lang, one),
        more => say!(lang, format!("frames {}", more.join(", ")), format!("第 {} 帧", more.join("、"))),
    }
}

/// The title of the page.
pub fn title(lang: Lang, number: u64, ended: &str) -> String {
    say!(lang, format!("Connection {number}: {ended}"), format!("连接 {number}：{ended}"))
}

/// How a connection ended and who began it.
pub fn ended(lang: Lang, kind: &str, by: Option<Who>) -> String {
    let by = match by {
        None => "",
        Some(Who::Client) => say!(lang, ", begun by the client", "，由客户端发起"),
        Some(Who::Server) => say!(lang, ", begun by the server", "，由服务器发起"),
        Some(Who::Both) => say!(lang, ", begun by both peers at once", "，双方同时发起"),
    };
    format!("{kind}{by}")
}

pub fn verdict(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Orderly => say!(
            lang,
            "in order: both peers closed, and both FINs were acknowledged",
            "正常：双方都已关闭，两个 FIN 都得到确认"
        ),
        Verdict::ClosedWithRemarks => {
            say!(
                lang,
                "both peers closed; the findings below have remarks",
                "双方都已关闭，但有需要留意之处，见诊断结果"
            )
        }
        Verdict::Reset => {
            say!(
                lang,
                "ended by a reset, not by two FINs: see the findings below",
                "以复位（RST）结束，而不是正常挥手，见诊断结果"
            )
        }
        Verdict::NoEnd => say!(lang, "no end seen in this capture", "抓包中未见连接结束"),
        Verdict::NoConnection => say!(lang, "no connection to judge", "没有可供判断的连接"),
    }
}

/// When a connection was recorded.
pub fn recorded(lang: Lang, start: &str, length_ns: i64, first: &str, last: &str) -> String {
    let length = duration(length_ns);
    say!(
        lang,
        format!("{start}, {length} long, frames {first} to {last}"),
        format!("{start}，历时 {length}，第 {first} 至 {last} 帧")
    )
}

/// An end of the connection: its address, what its role rests on, what it sent.
pub fn end(lang: Lang, address: &str, basis: Option<&str>, segments: u64, octets: u64) -> String {
    let basis =
        basis.map(|basis| say!(lang, format!(" ({basis})"), format!("（{basis}）"))).unwrap_or_default();
    let (segments, octets) = (count_segments(lang, segments), count_octets(lang, octets));
    say!(
        lang,
        format!("{address}{basis}; {segments}, {octets}"),
        format!("{address}{basis}；{segments}，{octets}")
    )
}

fn count_segments(lang: Lang, number: u64) -> String {
    say!(lang, format!("{number} segment{}", plural(number)), format!("{number} 个报文段"))
}

fn count_octets(lang: Lang, number: u64) -> String {
    say!(lang, format!("{number} octet{}", plural(number)), format!("{number} 字节"))
}

const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

pub fn incarnation(lang: Lang, incarnation: u32) -> String {
    say!(
        lang,
        format!("incarnation {incarnation}: these addresses and ports were used before"),
        format!("该四元组的第 {incarnation} 次使用：此前已用过相同的地址和端口")
    )
}

/// The names of the facts at the head of the page.
pub fn verdict_label(lang: Lang) -> &'static str {
    say!(lang, "verdict", "结论")
}

pub fn recorded_label(lang: Lang) -> &'static str {
    say!(lang, "capture", "抓包")
}

pub fn also_label(lang: Lang) -> &'static str {
    say!(lang, "also", "另外")
}

/// "Wave 1", "Waves 2 and 3"; `None` without waves.
fn wave_names(lang: Lang, waves: Waves) -> Option<String> {
    let numbers: Vec<&str> = waves.iter().map(|wave| say!(lang, wave.code(), numeral(wave))).collect();
    match &numbers[..] {
        [] => None,
        [one] => Some(say!(lang, format!("Wave {one}"), format!("第{one}次挥手"))),
        more => {
            Some(say!(lang, format!("Waves {}", more.join(" and ")), format!("第{}次挥手", more.join("、"))))
        }
    }
}

/// The number of a wave as it is written in Chinese.
const fn numeral(wave: Wave) -> &'static str {
    match wave {
        Wave::First => "一",
        Wave::Second => "二",
        Wave::Third => "三",
        Wave::Fourth => "四",
    }
}

/// What a segment with these waves does; `from` sends it. `None` without waves.
pub fn waves_caption(lang: Lang, waves: Waves, from: Side) -> Option<String> {
    let names = wave_names(lang, waves)?;
    let (who, other) = (peer(lang, from), peer(lang, from.other()));
    let closes = waves.contains(Wave::First) || waves.contains(Wave::Third);
    let acknowledges = waves.contains(Wave::Second) || waves.contains(Wave::Fourth);
    let does = match (closes, acknowledges) {
        (true, false) => say!(lang, format!("{who} sends its FIN"), format!("{who}发送 FIN")),
        (false, _) => {
            say!(lang, format!("{who} acknowledges the FIN of {other}"), format!("{who}确认{other}的 FIN"))
        }
        (true, true) => say!(
            lang,
            format!("{who} acknowledges the FIN, sends its own"),
            format!("{who}确认对方的 FIN，并发送自己的 FIN")
        ),
    };
    Some(titled(lang, &names, &does))
}

/// Marks a copy.
pub fn again(lang: Lang, first: Option<&str>) -> String {
    match first {
        Some(first) => say!(lang, format!("a copy of frame {first}"), format!("与第 {first} 帧相同")),
        None => say!(lang, String::from("a copy"), String::from("重复")),
    }
}

/// Remarks in one line.
pub fn list(lang: Lang, remarks: &[String]) -> String {
    say!(lang, format!("({})", remarks.join("; ")), format!("（{}）", remarks.join("；")))
}

/// What stands for the segments that are not shown.
pub fn folded(lang: Lang, fold: &Fold) -> String {
    let mut parts = vec![count_segments(lang, fold.segments)];
    for (octets, arrow) in [(fold.octets.client, "-->"), (fold.octets.server, "<--")] {
        if octets > 0 {
            parts.push(format!("{} {arrow}", count_octets(lang, octets)));
        }
    }
    if fold.copies > 0 {
        parts.push(say!(lang, format!("{} sent again", fold.copies), format!("{} 个重传", fold.copies)));
    }
    if fold.probes > 0 {
        let probes = fold.probes;
        parts.push(say!(lang, format!("{probes} probe{}", plural(probes)), format!("{probes} 个探测")));
    }
    parts.join(say!(lang, ", ", "，"))
}

/// The timer line of the ladder.
pub fn two_msl_over(lang: Lang) -> &'static str {
    say!(lang, "2 MSL over", "2MSL 到期")
}

/// The last line of the ladder of a connection that is not over.
pub fn capture_ends(lang: Lang) -> &'static str {
    say!(lang, "the capture ends", "抓包结束")
}

/// How to read the ladder.
pub fn legend_states(lang: Lang) -> &'static str {
    say!(
        lang,
        "States are those after the segment: STATE is proved by the peer's own segments, \
         (STATE) is expected, reached if what was sent arrives.",
        "两侧为该报文段之后的状态：STATE 已由该端自己的报文段证实；(STATE) 为预期，即已发出的\
         报文段都送达时所处的状态。"
    )
}

pub fn legend_numbers(lang: Lang) -> &'static str {
    say!(lang, "seq, ack: counted from the SYN of their sender.", "seq、ack 从各自的 SYN 起算。")
}

pub fn legend_numbers_without_syn(lang: Lang) -> &'static str {
    say!(
        lang,
        "No SYN was seen: numbers are counted from the first octet of each peer that was, as 1.",
        "未见 SYN：序号从各端第一个可见字节起算，记为 1。"
    )
}

pub fn legend_short_numbers(lang: Lang) -> &'static str {
    say!(
        lang,
        "Numbers: seq+len/ack, counted from the SYN of their sender.",
        "数字为 seq+len/ack，从各自的 SYN 起算。"
    )
}

pub fn legend_corrected(lang: Lang) -> &'static str {
    say!(lang, "STATE*: corrected by what came later.", "STATE*：根据后来的报文段更正。")
}

pub fn legend_copies(lang: Lang) -> &'static str {
    say!(lang, "- - ->: sent or recorded again.", "- - ->：重传或重复记录。")
}

pub fn legend_refused(lang: Lang) -> &'static str {
    say!(lang, "---x: its receiver is not to accept it.", "---x：接收方不应接受。")
}

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

/// A name and what is said of it.
pub fn titled(lang: Lang, name: &str, text: &str) -> String {
    say!(lang, format!("{}: {text}", capital(name)), format!("{name}：{text}"))
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

pub fn wave_not_seen(lang: Lang) -> &'static str {
    say!(lang, "Not seen in this capture.", "抓包中未见。")
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
fn spaced(text: &str) -> String {
    let blank = if text.starts_with(|first: char| first.is_ascii()) { " " } else { "" };
    format!("{blank}{text}")
}

/// The head of the table of connections.
pub fn choose(lang: Lang, count: usize) -> String {
    say!(
        lang,
        format!("{count} connections. Choose one with --connection N."),
        format!("共 {count} 个连接，用 --connection N 选择其中一个。")
    )
}

pub fn no_connections(lang: Lang) -> &'static str {
    say!(lang, "No TCP connection in this capture.", "抓包中没有 TCP 连接。")
}

pub fn no_such_connection(lang: Lang, number: u64, count: usize) -> String {
    say!(
        lang,
        format!("there is no connection {number}: the capture holds {count}"),
        format!("没有连接 {number}：抓包中共有 {count} 个连接")
    )
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

/// The numbers of frames, without the middle of a long list.
pub fn shorten(mut numbers: Vec<String>) -> Vec<String> {
    const MOST: usize = 8;
    if numbers.len() > MOST {
        let last = numbers.pop();
        numbers.truncate(MOST - 2);
        numbers.push("...".to_owned());
        numbers.extend(last);
    }
    numbers
}

/// A peer in its state.
pub fn in_state(lang: Lang, side: Side, state: State) -> String {
    say!(
        lang,
        format!("{}, expected in {state}", capital(lang.side(side))),
        format!("{}，预期处于 {state}", lang.side(side))
    )
}

pub fn number(lang: Lang) -> &'static str {
    say!(lang, "No.", "编号")
}

pub fn table_header(lang: Lang) -> &'static str {
    say!(lang, "Client -> server; how it ended", "客户端 -> 服务器；关闭方式")
}

pub fn table_text(lang: Lang, ended: &str, first: u64, segments: u64) -> String {
    say!(
        lang,
        format!("{ended}; {} from frame {first} on", count_segments(lang, segments)),
        format!("{ended}；自第 {first} 帧起共 {}", count_segments(lang, segments))
    )
}
