//! The table of all connections, to choose one from: what needs attention first.

use anstyle::Style;
use fourwave_annotate::lang::{Label, Lang};

use super::collect::Entry;
use super::layout::{Page, paint, right, width};
use super::notation::{self, TIME_WIDTH};
use super::words;
use crate::attention;
use crate::terminal::style::{FAINT, STRONG};

/// Prints the table: two lines a connection, because addresses can be long.
pub fn print(page: &mut Page, lang: Lang, entries: &mut [Entry]) {
    entries.sort_unstable_by_key(|entry| attention::place(entry.urgency, entry.kind, entry.number));
    page.line(&paint(STRONG, &words::choose(lang, entries.len())));
    let Some(start_ns) = entries.iter().map(|entry| entry.first.time_ns).min() else { return };
    let last = entries.iter().map(|entry| entry.number).max().unwrap_or_default();
    let column = width(&last.to_string()).max(width(words::number(lang)));
    page.blank();
    let header = format!(
        "{}  {}  {}",
        right(words::number(lang), column),
        right(lang.label(Label::Time), TIME_WIDTH),
        words::table_header(lang)
    );
    page.line(&paint(STRONG, &header));
    for entry in entries {
        let time = notation::seconds(entry.first.time_ns.saturating_sub(start_ns));
        let number = entry.number.to_string();
        let lead = format!("{}  {}  ", right(&number, column), right(&time, TIME_WIDTH));
        let addresses = &entry.addresses;
        page.paragraph(&lead, Style::new(), &format!("{} -> {}", addresses.client, addresses.server));
        let ended = words::ended(lang, lang.kind(entry.kind), entry.began);
        let text = words::table_text(lang, &ended, entry.first.at.frame(), entry.segments);
        page.paragraph(&" ".repeat(column + TIME_WIDTH + 4), FAINT, &text);
    }
}
