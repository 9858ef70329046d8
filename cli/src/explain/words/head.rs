//! Words of the head of the page and of the table of connections.

use fourwave_annotate::lang::{Lang, duration};

use super::{count_octets, count_segments};
use crate::explain::verdict::Verdict;

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
pub fn recorded(lang: Lang, start: &str, length_ns: Option<i64>, first: &str, last: &str) -> String {
    let length = length_ns
        .map(duration)
        .map(|length| say!(lang, format!(", {length} long"), format!("，历时 {length}")));
    let length = length.unwrap_or_default();
    say!(
        lang,
        format!("{start}{length}, frames {first} to {last}"),
        format!("{start}{length}，第 {first} 至 {last} 帧")
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

pub fn incarnation(lang: Lang, incarnation: u32) -> String {
    say!(
        lang,
        format!("incarnation {incarnation}: these addresses and ports were used before"),
        format!("该四元组的第 {incarnation} 次使用：此前已用过相同的地址和端口")
    )
}

/// Another connection took the addresses and ports.
pub fn succeeded(lang: Lang, successor: u64, frame: &str) -> String {
    say!(
        lang,
        format!("connection {successor} has the same addresses and ports, from frame {frame} on"),
        format!("自第 {frame} 帧起，连接 {successor} 使用相同的地址和端口")
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

/// The head of the table of connections.
pub fn choose(lang: Lang, count: usize) -> String {
    say!(
        lang,
        format!("{count} connections. Choose one with --connection N."),
        format!("共 {count} 个连接，用 --connection N 选择其中一个。")
    )
}

/// The foot of the table: so many did not fit.
pub fn left_out(lang: Lang, count: usize) -> String {
    say!(
        lang,
        format!("{count} more: a pipe (| less -R) or --output holds all."),
        format!("另有 {count} 个：用管道（| less -R）或 --output 可查看全部。")
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

/// Why there is no picture: it shows one connection.
pub fn no_picture(lang: Lang, count: usize) -> String {
    say!(
        lang,
        format!("a picture shows one connection, the capture holds {count}; expected --connection N"),
        format!("一张图只画一个连接，而抓包中有 {count} 个；请用 --connection N 选择")
    )
}
