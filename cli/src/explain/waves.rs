//! The four waves one by one (SPEC 7): when, who, and what each did to both peers.

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Both, Code, Moment, Wave, Waves};

use super::layout::{Page, left, paint, width};
use super::notation::{self, Cell};
use super::story::{Shown, Story};
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
        let Some(moment) = story.connection.wave(wave) else {
            page.line(&format!("  {}", paint(CLOSE.bold(), &name(lang, wave))));
            page.paragraph(INDENT, Style::new(), words::wave_not_seen(lang, &story.connection.resets));
            continue;
        };
        // Waves that share a segment are told together.
        let waves = story.waves_at(moment.at);
        if waves.iter().next() == Some(wave) {
            print_one(page, lang, story, waves, moment);
        }
    }
}

fn name(lang: Lang, wave: Wave) -> String {
    words::titled(lang, lang.wave(wave), lang.wave_name(wave))
}

fn print_one(page: &mut Page, lang: Lang, story: &Story, waves: Waves, moment: Moment) {
    let shown = story.at(moment.at);
    let title = match shown {
        Some(shown) => words::waves_caption(lang, waves, shown.said.from),
        None => waves.iter().next().map(|wave| name(lang, wave)),
    };
    page.line(&format!("  {}", paint(CLOSE.bold(), &title.unwrap_or_default())));
    page.paragraph(INDENT, Style::new(), &place(lang, story, moment));
    if let Some(shown) = shown {
        moves(page, lang, story, shown);
    }
    let is_copy =
        |copy: &&Shown| copy.at != moment.at && copy.said.waves.intersects(waves) && notation::is_copy(copy);
    let copies: Vec<String> =
        story.shown().filter(is_copy).map(|copy| notation::frame(story, copy.at)).collect();
    if !copies.is_empty() {
        page.paragraph(INDENT, Style::new(), &words::copies(lang, &words::shorten(copies)));
    }
}

/// Where the wave was, and how long after the one before it in time.
fn place(lang: Lang, story: &Story, moment: Moment) -> String {
    let number = notation::frame(story, moment.at);
    let time = notation::seconds(story.since_start(moment.time_ns));
    let earlier = Wave::ALL
        .iter()
        .filter_map(|&wave| story.connection.wave(wave).map(|before| (before, wave)))
        .filter(|(before, _)| before.at < moment.at);
    let gap = earlier
        .max_by_key(|(before, _)| before.at)
        .and_then(|(before, wave)| Some((notation::span(before.time_ns, moment.time_ns)?, wave)));
    let gap = gap.as_ref().map(|(gap, wave)| (gap.as_str(), *wave));
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
        let arrow = if (before.state, before.proved) == (after.state, after.proved) { "  " } else { "->" };
        let lead = format!(
            "{INDENT}{} {} {arrow} {}  ",
            left(names[side], name),
            left(&before.aligned(), from),
            left(&after.aligned(), to)
        );
        page.paragraph(&lead, FAINT, lang.state_phrase(after.state));
    }
}
