//! The table of all connections, to choose one from: what needs attention first, as far as there is room.

use anstyle::Style;
use fourwave_annotate::lang::{Label, Lang};
use fourwave_annotate::{Code, Severity};

use super::collect::Entry;
use super::findings::colour;
use super::layout::{Page, left, paint, right, width};
use super::notation::{self, TIME_WIDTH};
use super::words;
use crate::attention;
use crate::terminal::Room;
use crate::terminal::style::{FAINT, STRONG};

/// Lines around those of connections: the title, the header, what is left out, and the prompt that comes after.
const AROUND: usize = 6;

/// What is printed of a connection.
struct Row<'a> {
    entry: &'a Entry,
    ends: String,
    text: String,
}

/// Prints the table: a line a connection where that fits, else two.
pub fn print(page: &mut Page, lang: Lang, room: Room, entries: &mut [Entry]) {
    entries.sort_unstable_by_key(|entry| attention::place(entry.urgency, entry.kind, entry.number));
    page.paragraph_within(room.columns, "", STRONG, &words::choose(lang, entries.len()));
    let Some(start_ns) = entries.iter().map(|entry| entry.first.time_ns).min() else { return };
    page.blank();
    let columns = Columns::of(lang, entries);
    let one_line = room.lines.map_or(entries.len(), |lines| lines.saturating_sub(AROUND).max(1));
    let mut rows: Vec<Row<'_>> = entries.iter().take(one_line).map(|entry| Row::of(lang, entry)).collect();
    let is_wide =
        columns.lead() + columns.ends + 2 + widest(rows.iter().map(|row| row.text.as_str())) <= room.columns;
    if !is_wide && room.lines.is_some() {
        rows.truncate((one_line / 2).max(1));
    }
    page.paragraph_within(
        room.columns,
        &paint(STRONG, &columns.header(lang)),
        STRONG,
        words::table_header(lang),
    );
    for row in &rows {
        let time = notation::seconds(row.entry.first.time_ns.saturating_sub(start_ns));
        let lead = columns.lead_of(lang, row.entry, &time);
        if is_wide {
            page.line(&format!("{lead}{}  {}", left(&row.ends, columns.ends), paint(FAINT, &row.text)));
        } else {
            page.paragraph_within(room.columns, &lead, Style::new(), &row.ends);
            page.paragraph_within(room.columns, &" ".repeat(columns.number + 2), FAINT, &row.text);
        }
    }
    let left_out = entries.len() - rows.len();
    if left_out > 0 {
        page.paragraph_within(room.columns, "", FAINT, &words::left_out(lang, left_out));
    }
}

impl<'a> Row<'a> {
    fn of(lang: Lang, entry: &'a Entry) -> Self {
        let ended = words::ended(lang, lang.kind(entry.kind), entry.began);
        let text = words::table_text(lang, &ended, entry.first.at.frame(), entry.segments);
        Self { entry, ends: ends(entry), text }
    }
}

fn ends(entry: &Entry) -> String {
    format!("{} -> {}", entry.addresses.client, entry.addresses.server)
}

/// How wide columns are.
struct Columns {
    number: usize,
    severity: usize,
    ends: usize,
}

impl Columns {
    fn of(lang: Lang, entries: &[Entry]) -> Self {
        let last = entries.iter().map(|entry| entry.number).max().unwrap_or_default();
        let severities = Severity::ALL.iter().map(|severity| lang.severity(*severity));
        Self {
            number: width(&last.to_string()).max(width(words::number(lang))),
            severity: widest(severities),
            ends: entries.iter().map(|entry| width(&ends(entry))).max().unwrap_or_default(),
        }
    }

    /// Columns before the ends.
    const fn lead(&self) -> usize {
        self.number + self.severity + TIME_WIDTH + 6
    }

    fn header(&self, lang: Lang) -> String {
        let number = right(words::number(lang), self.number);
        let time = right(lang.label(Label::Time), TIME_WIDTH);
        format!("{number}  {}  {time}  ", " ".repeat(self.severity))
    }

    fn lead_of(&self, lang: Lang, entry: &Entry, time: &str) -> String {
        let number = right(&entry.number.to_string(), self.number);
        let severity = entry.urgency.map_or("", |severity| lang.severity(severity));
        let filled = left(severity, self.severity);
        let filled = entry.urgency.map_or(filled.clone(), |severity| paint(colour(severity), &filled));
        format!("{number}  {filled}  {}  ", right(time, TIME_WIDTH))
    }
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(width).max().unwrap_or_default()
}
