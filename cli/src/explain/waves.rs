//! The four waves one by one (SPEC 7): when, who, and what each did to both peers.

use anstyle::Style;
use fourwave_annotate::lang::{Lang, duration};
use fourwave_annotate::{Both, Code, Moment, Wave, Waves};

use super::collect::{Shown, Story};
use super::layout::{Page, left, paint, width};
use super::notation::{self, Cell};
use super::words;
use crate::terminal::style::{CLOSE, FAINT};

const INDENT: &str = "    ";

/// Prints the section; nothing if no wave was seen.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    if story.connection.waves.iter().all(Option::is_none) {
        return;
    }
    page.section(words::waves_title(lang));
    for &wave in Wave::ALL {
        match story.connection.wave(wave) {
            Some(moment) => print_one(page, lang, story, wave, moment),
            None => {
                page.line(&format!("  {}", paint(CLOSE.bold(), &words::titled(lang, lang.wave(wave), lang.wave_name(wave)))));
                page.paragraph(INDENT, Style::new(), words::wave_not_seen(lang));
            }
        }
    }
}

fn print_one(page: &mut Page, lang: Lang, story: &Story, wave: Wave, moment: Moment) {
    let shown = story.at(moment.at);
    let title = shown.and_then(|shown| words::waves_caption(lang, Waves::of(wave), shown.said.from));
    let title = title.unwrap_or_else(|| words::titled(lang, lang.wave(wave), lang.wave_name(wave)));
    page.line(&format!("  {}", paint(CLOSE.bold(), &title)));
    page.paragraph(INDENT, Style::new(), &place(lang, story, wave, moment));
    if let Some(shown) = shown {
        moves(page, lang, story, shown);
    }
    let copies: Vec<String> = story
        .shown()
        .filter(|copy| copy.at != moment.at && copy.said.waves.contains(wave) && notation::is_copy(copy))
        .map(|copy| notation::frame(story, copy.at))
        .collect();
    if !copies.is_empty() {
        page.paragraph(INDENT, Style::new(), &words::copies(lang, &words::shorten(copies)));
    }
}

/// Where the wave was, and how long after the one before it in time.
fn place(lang: Lang, story: &Story, wave: Wave, moment: Moment) -> String {
    let number = notation::frame(story, moment.at);
    let time = notation::seconds(story.since_start(moment.time_ns));
    let earlier = Wave::ALL.iter().filter(|&&other| other != wave).filter_map(|&other| {
        let before = story.connection.wave(other)?;
        (before.at < moment.at).then_some((before, other))
    });
    let gap = earlier
        .max_by_key(|(before, _)| before.at)
        .map(|(before, other)| (duration(moment.time_ns.saturating_sub(before.time_ns)), other));
    let gap = gap.as_ref().map(|(gap, other)| (gap.as_str(), *other));
    words::wave_place(lang, &number, &time, gap)
}

/// What the segment did to both peers: one line each, in columns.
fn moves(page: &mut Page, lang: Lang, story: &Story, shown: &Shown) {
    let cells = Both::from_fn(|side| (Cell::before(story, shown, side), Cell::after(story, shown, side)));
    let names = Both::from_fn(|side| lang.side(side));
    let column = |texts: [usize; 2]| texts.into_iter().max().unwrap_or(0);
    let name = column([width(names.client), width(names.server)]);
    let from = column([cells.client, cells.server].map(|(before, _)| width(&before.aligned())));
    let to = column([cells.client, cells.server].map(|(_, after)| width(&after.aligned())));
    for (side, &(before, after)) in cells.iter() {
        let arrow = if before.aligned() == after.aligned() { "  " } else { "->" };
        let lead = format!(
            "{INDENT}{} {} {arrow} {}  ",
            left(names[side], name),
            left(&before.aligned(), from),
            left(&after.aligned(), to)
        );
        page.paragraph(&lead, FAINT, lang.state_phrase(after.state));
    }
}
