//! Words of the ladder: what stands above an arrow, between the states, and in the legend.

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Both, Code, Side, Wave, Waves};

use super::{count_octets, count_segments, peer, plural, titled};
use crate::explain::story::Fold;

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

/// What stands for the segments that are not shown; an arrow follows the octets of the client, and of the server.
pub fn folded(lang: Lang, fold: &Fold, arrows: [&str; 2]) -> String {
    let mut parts = vec![count_segments(lang, fold.segments)];
    for (octets, arrow) in [fold.octets.client, fold.octets.server].into_iter().zip(arrows) {
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

/// The last line of the ladder of a connection whose addresses and ports another one took.
pub fn successor_begins(lang: Lang, successor: u64) -> String {
    say!(lang, format!("connection {successor} begins"), format!("连接 {successor} 开始"))
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
         (STATE) is expected, reached if what was sent arrives. Below a state: how long it lasts.",
        "两侧为该报文段之后的状态：STATE 已由该端自己的报文段证实；(STATE) 为预期，即已发出的\
         报文段都送达时所处的状态。状态下方为其持续时间。"
    )
}

pub fn legend_numbers(lang: Lang) -> &'static str {
    say!(lang, "seq, ack: counted from the SYN of their sender.", "seq、ack 从各自的 SYN 起算。")
}

/// Of whom no SYN was seen, and what that means.
pub fn legend_without_syn(lang: Lang, assumed: Both<bool>) -> Option<&'static str> {
    match (assumed.client, assumed.server) {
        (false, false) => None,
        (true, false) => Some(say!(
            lang,
            "No SYN of the client was seen: its numbers are counted from its first octet that was, as 1.",
            "未见客户端的 SYN：其序号从它第一个可见字节起算，记为 1。"
        )),
        (false, true) => Some(say!(
            lang,
            "No SYN of the server was seen: its numbers are counted from its first octet that was, as 1.",
            "未见服务器的 SYN：其序号从它第一个可见字节起算，记为 1。"
        )),
        (true, true) => Some(say!(
            lang,
            "No SYN was seen: numbers are counted from the first octet of each peer that was, as 1.",
            "未见 SYN：序号从各端第一个可见字节起算，记为 1。"
        )),
    }
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

pub fn legend_findings(lang: Lang) -> &'static str {
    say!(
        lang,
        "^: found at the segment above; more under Findings.",
        "^：在上方报文段处发现，详见“诊断结果”一节。"
    )
}

pub fn legend_refused(lang: Lang) -> &'static str {
    say!(lang, "---x: its receiver is not to accept it.", "---x：接收方不应接受。")
}
