//! The head of the page: who closed, how, was it right; the peers, the capture, the traffic.

use anstyle::Style;
use fourwave_annotate::Side;
use fourwave_annotate::lang::Lang;

use super::layout::{Page, left, width};
use super::notation;
use super::story::{Story, Successor};
use super::verdict::Verdict;
use super::words;
use crate::terminal::style::{CLOSE, FAINT, NOTE, RESET, STRONG};

/// Prints the head of the page.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    let connection = &story.connection;
    let ended = words::ended(lang, lang.kind(connection.kind), connection.initiator.peer);
    let title = words::title(lang, connection.number, &ended);
    page.paragraph("", STRONG, &title);
    page.blank();
    let facts = facts(lang, story);
    let column = facts.iter().map(|(label, ..)| width(label)).max().unwrap_or(0);
    for (label, style, text) in facts {
        page.paragraph(&format!("  {}  ", left(label, column)), style, &text);
    }
}

fn facts(lang: Lang, story: &Story) -> Vec<(&'static str, Style, String)> {
    let connection = &story.connection;
    let plain = Style::new();
    let verdict = Verdict::of(connection);
    let (first, last) =
        (notation::frame(story, connection.first.at), notation::frame(story, connection.last.at));
    let start = notation::utc(connection.first.time_ns);
    let recorded = words::recorded(lang, &start, story.length_ns(), &first, &last);
    let end = |side: Side, basis| {
        let (segments, octets) = (connection.segments[side], connection.bytes[side]);
        (
            lang.side(side),
            plain,
            words::end(lang, &connection.addresses[side].to_string(), basis, segments, octets),
        )
    };
    let mut facts = vec![
        (words::verdict_label(lang), colour(verdict), words::verdict(lang, verdict).to_owned()),
        end(Side::Client, Some(lang.client_basis(connection.client_basis))),
        end(Side::Server, None),
        (words::recorded_label(lang), plain, recorded),
    ];
    if connection.incarnation > 1 {
        facts.push((words::also_label(lang), plain, words::incarnation(lang, connection.incarnation)));
    }
    if let Some(Successor { number, first }) = story.successor {
        let frame = notation::frame(story, first.at);
        facts.push((words::also_label(lang), plain, words::succeeded(lang, number, &frame)));
    }
    for modifier in connection.modifiers.iter() {
        facts.push((words::also_label(lang), plain, lang.connection_modifier(modifier).to_owned()));
    }
    facts
}

const fn colour(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Orderly => CLOSE,
        Verdict::ClosedWithRemarks | Verdict::NoEnd => NOTE,
        Verdict::Reset => RESET,
        Verdict::NoConnection => FAINT,
    }
}
