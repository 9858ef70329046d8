//! How long each peer was in each state, at the vantage (SPEC 8.4, 8.5).

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Code, Side, State, Step};

use super::layout::{Page, left, paint, right};
use super::notation::{self, TIME_WIDTH};
use super::story::{Scene, Story, Successor};
use super::words;
use crate::terminal::style::{FAINT, STRONG};

/// Columns of a state's name.
const STATE_WIDTH: usize = 12;

/// Prints the section.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    page.section(words::dwell_title(lang));
    for side in [Side::Client, Side::Server] {
        page.line(&format!("  {}", paint(STRONG, &words::capital(lang.side(side)))));
        // The first step is what was before the first segment.
        let steps = story.connection.path[side].get(1..).unwrap_or_default();
        if steps.is_empty() {
            page.line(&format!("    {}", words::no_states(lang)));
        }
        for (place, step) in steps.iter().enumerate() {
            let from_ns = reached_ns(story, side, step);
            let from =
                from_ns.map_or_else(String::new, |from_ns| notation::seconds(story.since_start(from_ns)));
            let stay = match steps.get(place + 1) {
                Some(next) => stay(lang, story, side, step, from_ns, reached_ns(story, side, next)),
                None => last_stay(lang, story, side, step.state, from_ns),
            };
            let state = left(step.state.code(), STATE_WIDTH);
            let lead = format!("    {state}  {}  ", right(&from, TIME_WIDTH));
            page.paragraph(&lead, Style::new(), &stay);
        }
    }
    page.paragraph("  ", FAINT, words::dwell_note(lang));
}

/// The length of a stay that was seen to end.
fn stay(
    lang: Lang,
    story: &Story,
    side: Side,
    step: &Step,
    from_ns: Option<i64>,
    until_ns: Option<i64>,
) -> String {
    match (from_ns, until_ns) {
        (Some(_), Some(until_ns)) if step.state == State::TimeWait && is_timer(story, side, until_ns) => {
            last_stay(lang, story, side, step.state, from_ns)
        }
        (Some(from_ns), Some(until_ns)) => notation::span(from_ns, until_ns).unwrap_or_default(),
        (None, _) | (_, None) => String::new(),
    }
}

/// The length of a stay that the capture does not end.
fn last_stay(lang: Lang, story: &Story, side: Side, state: State, from_ns: Option<i64>) -> String {
    match (state, story.connection.time_wait[side]) {
        (State::Closed | State::Listen, _) => words::the_end(lang).to_owned(),
        (State::TimeWait, Some(stay)) if !is_cut_short(story, stay.until_ns) => {
            let until = notation::seconds(story.since_start(stay.until_ns));
            words::until_two_msl(lang, &until, stay.until_ns.saturating_sub(stay.from_ns))
        }
        (State::TimeWait, _)
        | (
            State::Unknown
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck,
            _,
        ) => from_ns.and_then(|from_ns| open_stay(lang, story, from_ns)).unwrap_or_default(),
    }
}

/// The length of a stay of which no end was seen: to that of the story.
fn open_stay(lang: Lang, story: &Story, from_ns: i64) -> Option<String> {
    match story.successor {
        Some(Successor { number, first }) => {
            let length = notation::span(from_ns, first.time_ns)?;
            Some(words::until_successor(lang, &length, number, &notation::frame(story, first.at)))
        }
        None => {
            let end_ns = story.end_of_capture_ns.unwrap_or(story.connection.last.time_ns);
            Some(words::at_least(lang, &notation::span(from_ns, end_ns)?))
        }
    }
}

/// True if another connection took the ports before a TIME-WAIT was over.
fn is_cut_short(story: &Story, until_ns: i64) -> bool {
    story.successor.is_some_and(|successor| successor.first.time_ns < until_ns)
}

/// When `side` reached a step of its path.
fn reached_ns(story: &Story, side: Side, step: &Step) -> Option<i64> {
    let timer = story.connection.time_wait[side].map(|stay| stay.until_ns);
    if step.state == State::Closed && (step.at.is_none() || has_expired(story, side)) {
        return timer;
    }
    story.time_of(step.at?)
}

/// True if the TIME-WAIT of `side` ended in the capture by its timer.
fn has_expired(story: &Story, side: Side) -> bool {
    story.scenes.iter().any(|scene| match scene {
        Scene::Expired(event) => event.peer == side,
        Scene::Segment(_) | Scene::Fold(_) => false,
    })
}

fn is_timer(story: &Story, side: Side, until_ns: i64) -> bool {
    story.connection.time_wait[side].is_some_and(|stay| stay.until_ns == until_ns)
}
