//! The table of all connections, to choose one from.

use anstyle::Style;
use fourwave_annotate::Connection;
use fourwave_annotate::lang::{Label, Lang};

use super::layout::{Page, paint, right, width};
use super::notation::{self, TIME_WIDTH};
use super::words;
use crate::terminal::style::{FAINT, STRONG};

/// Prints the table: two lines a connection, because addresses can be long.
pub fn print(page: &mut Page, lang: Lang, connections: &mut [Connection]) {
    connections.sort_unstable_by_key(|connection| connection.number);
    page.line(&paint(STRONG, &words::choose(lang, connections.len())));
    let Some(start_ns) = connections.iter().map(|connection| connection.first.time_ns).min() else { return };
    let last = connections.last().map_or(0, |connection| connection.number);
    let column = width(&last.to_string()).max(width(words::number(lang)));
    page.blank();
    let header = format!(
        "{}  {}  {}",
        right(words::number(lang), column),
        right(lang.label(Label::Time), TIME_WIDTH),
        words::table_header(lang)
    );
    page.line(&paint(STRONG, &header));
    for connection in connections {
        let time = notation::seconds(connection.first.time_ns.saturating_sub(start_ns));
        let number = connection.number.to_string();
        let lead = format!("{}  {}  ", right(&number, column), right(&time, TIME_WIDTH));
        let addresses = &connection.addresses;
        page.paragraph(&lead, Style::new(), &format!("{} -> {}", addresses.client, addresses.server));
        let ended = words::ended(lang, lang.kind(connection.kind), connection.initiator.peer);
        let segments = connection.segments.client + connection.segments.server;
        let text = words::table_text(lang, &ended, connection.first.at.frame(), segments);
        page.paragraph(&" ".repeat(column + TIME_WIDTH + 4), FAINT, &text);
    }
}
