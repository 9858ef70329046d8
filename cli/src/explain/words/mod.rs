//! The sentences of a walk-through, in both languages side by side. What is said of a role, a kind, a state or a
//! finding comes from `fourwave_annotate::lang`; these files must not decide anything.

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Side, Who};

mod head;
pub mod headers;
mod ladder;
mod picture;
mod states;
mod story;

pub use head::*;
pub use ladder::*;
pub use picture::*;
pub use states::*;
pub use story::*;

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

/// A name and what is said of it.
pub fn titled(lang: Lang, name: &str, text: &str) -> String {
    say!(lang, format!("{}: {text}", capital(name)), format!("{name}：{text}"))
}

pub fn no_connections(lang: Lang) -> &'static str {
    say!(lang, "No TCP connection was seen.", "未见 TCP 连接。")
}

pub fn no_such_connection(lang: Lang, number: u64, count: usize) -> String {
    say!(
        lang,
        format!("there is no connection {number}: the capture holds {count}"),
        format!("没有连接 {number}：抓包中共有 {count} 个连接")
    )
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

fn count_segments(lang: Lang, number: u64) -> String {
    say!(lang, format!("{number} segment{}", plural(number)), format!("{number} 个报文段"))
}

fn count_octets(lang: Lang, number: u64) -> String {
    say!(lang, format!("{number} octet{}", plural(number)), format!("{number} 字节"))
}

const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}
