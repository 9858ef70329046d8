//! Words of the pictures, beside those of the ladder.

use fourwave_annotate::Side;
use fourwave_annotate::lang::{Lang, duration};

use super::capital;
use super::ladder::folded;
use crate::explain::story::Fold;

/// What stands for the segments that are not shown, and how long they took.
pub fn fold_in_picture(lang: Lang, fold: &Fold) -> String {
    let text = folded(lang, fold, ["→", "←"]);
    let took = fold.span_ns.map(|(first_ns, last_ns)| last_ns.saturating_sub(first_ns));
    match took {
        Some(took_ns) if took_ns > 0 => {
            let took = duration(took_ns);
            say!(lang, format!("{text}, {took}"), format!("{text}，历时 {took}"))
        }
        Some(_) | None => text,
    }
}

/// A stay of which no end was seen.
pub fn at_least_in_picture(lang: Lang, length: &str) -> String {
    say!(lang, format!("at least {length}"), format!("至少 {length}"))
}

/// How long TIME-WAIT lasts.
pub fn two_msl_in_picture(lang: Lang, length: &str) -> String {
    say!(lang, format!("2 MSL = {length}"), format!("2MSL = {length}"))
}

/// A word behind another.
pub fn in_brackets(lang: Lang, text: &str) -> String {
    say!(lang, format!(" ({text})"), format!("（{text}）"))
}

/// The states that a peer passes.
pub fn path(lang: Lang, side: Side, states: &[&str]) -> String {
    let who = lang.side(side);
    say!(lang, format!("{}: {}.", capital(who), states.join(", ")), format!("{who}：{}。", states.join("、")))
}

/// Sentences behind each other.
pub fn paragraph(lang: Lang, sentences: &[String]) -> String {
    say!(lang, sentences.join(" "), sentences.concat())
}

/// A sentence about a frame.
pub fn in_frame(lang: Lang, text: &str, frame: &str) -> String {
    say!(lang, format!("{text} (frame {frame})."), format!("{text}（第 {frame} 帧）。"))
}

/// How to read the picture.
pub fn legend_proved(lang: Lang) -> &'static str {
    say!(lang, "proved by the peer's own segments", "已由该端自己的报文段证实")
}

pub fn legend_expected(lang: Lang) -> &'static str {
    say!(lang, "expected: reached if what was sent arrives", "预期：已发出的报文段都送达时所处的状态")
}

pub fn legend_wave(lang: Lang) -> &'static str {
    say!(lang, "wave 1 to 4 of the close", "第一至第四次挥手")
}

pub fn legend_copy(lang: Lang) -> &'static str {
    say!(lang, "sent or recorded again", "重传或重复记录")
}

pub fn legend_cross(lang: Lang) -> &'static str {
    say!(lang, "its receiver is not to accept it", "接收方不应接受")
}

pub fn legend_tear(lang: Lang) -> &'static str {
    say!(lang, "time or segments left out", "省略了一段时间或若干报文段")
}

pub fn legend_remaining(lang: Lang) -> &'static str {
    say!(lang, "TIME-WAIT runs out after 2 MSL", "TIME-WAIT 在 2MSL 内逐渐耗尽")
}
