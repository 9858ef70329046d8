//! The rungs of the ladder: what is shown of each segment, timer and fold, before it is drawn.
//!
//! This file decides what a reader sees; it must not know columns.

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Both, Modifier, Role, Side, State};
use fourwave_dissector::tcp::Flags;

use super::notation::{self, Cell, FORMS};
use super::story::{Scene, Shown, Story};
use super::words;
use crate::terminal::style::{CLOSE, FAINT, RESET};

/// One rung of the ladder.
pub enum Rung {
    /// Both states, and what is between them.
    Line(Line),
    /// Segments that are not shown, in words.
    Fold(String),
}

/// Both states, and what is between them.
pub struct Line {
    /// The number of the packet; empty without one.
    pub frame: String,
    /// The time; empty without one.
    pub time: String,
    /// What stands above the line.
    pub captions: Vec<(Style, String)>,
    /// The states afterwards.
    pub cells: Both<Cell>,
    /// What is between them.
    pub middle: Middle,
}

/// What stands between the states.
pub enum Middle {
    /// Nothing has happened yet.
    Nothing,
    /// A segment.
    Arrow(Arrow),
    /// A timer, or the end of the capture.
    Event(String),
}

/// A segment as an arrow.
pub struct Arrow {
    /// Where it begins.
    pub from: Side,
    /// What it carries, from the long form to the short.
    pub labels: [String; FORMS],
    /// Its colour.
    pub style: Style,
    /// It repeats what was seen before.
    pub copy: bool,
    /// Its receiver is not to accept it, or not to look at it.
    pub refused: bool,
}

/// All rungs from top to bottom.
pub fn rungs(lang: Lang, story: &Story) -> Vec<Rung> {
    let start = |side: Side| story.connection.path[side].first().map_or(State::Unknown, |step| step.state);
    let start = Both::from_fn(|side| Cell::given(start(side)));
    let mut rungs = vec![Rung::Line(Line::still(String::new(), start, Middle::Nothing))];
    rungs.extend(story.scenes.iter().map(|scene| match scene {
        Scene::Segment(shown) => Rung::Line(Line::segment(lang, story, shown)),
        Scene::Fold(fold) => Rung::Fold(words::folded(lang, fold)),
        Scene::Expired(event) => {
            let time = notation::seconds(story.since_start(event.time_ns));
            let cells = Both::from_fn(|side| Cell::streamed(event.peers[side].after));
            Rung::Line(Line::still(time, cells, Middle::Event(words::two_msl_over(lang).to_owned())))
        }
    }));
    rungs.extend(deadline(lang, story).or_else(|| end_of_story(lang, story)).map(Rung::Line));
    rungs
}

/// The end of TIME-WAIT, where the capture ends before it; nothing if the ports were taken before.
fn deadline(lang: Lang, story: &Story) -> Option<Line> {
    let end = &story.connection.end;
    let is_waiting = |side: Side| end[side].expected == State::TimeWait;
    let deadlines = story.connection.time_wait.iter().filter(|&(side, _)| is_waiting(side));
    let until_ns = deadlines.filter_map(|(_, stay)| stay.map(|stay| stay.until_ns)).max()?;
    if story.successor.is_some_and(|successor| successor.first.time_ns < until_ns) {
        return None;
    }
    let cells = Both::from_fn(|side| {
        if is_waiting(side) { Cell::expected(State::Closed) } else { Cell::streamed(end[side]) }
    });
    let time = notation::seconds(story.since_start(until_ns));
    Some(Line::still(time, cells, Middle::Event(words::two_msl_over(lang).to_owned())))
}

/// What ends the story of a connection that goes on: that another takes its ports, or the end of the capture.
fn end_of_story(lang: Lang, story: &Story) -> Option<Line> {
    let end = &story.connection.end;
    if end.client.expected.is_closed() && end.server.expected.is_closed() {
        return None;
    }
    let (time_ns, event) = match story.successor {
        Some(successor) => (successor.first.time_ns, words::successor_begins(lang, successor.number)),
        None => (story.end_of_capture_ns?, words::capture_ends(lang).to_owned()),
    };
    let time = notation::seconds(story.since_start(time_ns));
    let cells = Both::from_fn(|side| Cell::streamed(end[side]));
    Some(Line::still(time, cells, Middle::Event(event)))
}

impl Line {
    /// A line without a segment.
    fn still(time: String, cells: Both<Cell>, middle: Middle) -> Self {
        Self { frame: String::new(), time, captions: Vec::new(), cells, middle }
    }

    fn segment(lang: Lang, story: &Story, shown: &Shown) -> Self {
        let style = if shown.flags.contains(Flags::RST) {
            RESET
        } else if story.waves_at(shown.at).is_empty() {
            Style::new()
        } else {
            CLOSE
        };
        Self {
            frame: notation::frame(story, shown.at),
            time: notation::seconds(story.since_start(shown.time_ns)),
            captions: captions(lang, story, shown, style),
            cells: Both::from_fn(|side| Cell::after(story, shown, side)),
            middle: Middle::Arrow(Arrow {
                from: shown.said.from,
                labels: notation::labels(story, shown),
                style,
                copy: notation::is_copy(shown),
                refused: is_refused(shown),
            }),
        }
    }
}

/// True if the receiver is not to accept the segment, or not to look at it.
fn is_refused(shown: &Shown) -> bool {
    shown.said.role.is_outsider()
        || shown.said.role == Role::RstIgnored
        || shown.said.modifiers.contains(Modifier::OldSeq)
}

/// What is said above a segment: its waves or its role, and what is special about it.
fn captions(lang: Lang, story: &Story, shown: &Shown, style: Style) -> Vec<(Style, String)> {
    let role = story.role(shown);
    let mut captions = Vec::new();
    if let Some(waves) = words::waves_caption(lang, story.waves_at(shown.at), shown.said.from) {
        captions.push((style.bold(), waves));
    } else if role.is_teardown() {
        captions.push((style.bold(), words::capital(lang.role_short(role))));
    }
    let mut remarks: Vec<String> = Vec::new();
    if notation::is_copy(shown) {
        let first = shown.said.repeats.map(|first| notation::frame(story, first));
        remarks.push(words::again(lang, first.as_deref()));
    }
    let special = shown.said.modifiers.set.iter().filter(|&modifier| is_remarkable(modifier));
    remarks.extend(special.map(|modifier| lang.modifier(modifier).to_owned()));
    if !remarks.is_empty() {
        captions.push((FAINT, words::list(lang, &remarks)));
    }
    captions
}

/// True for what a reader has to know beside the role and the arrow.
fn is_remarkable(modifier: Modifier) -> bool {
    match modifier {
        Modifier::AcksUnseen
        | Modifier::MaybeAcksUnseenFin
        | Modifier::InfersUnseenFin
        | Modifier::LateCapture
        | Modifier::OldSeq
        | Modifier::AckInvalid
        | Modifier::GapBefore
        | Modifier::FillsGap
        | Modifier::Duplicate
        | Modifier::ZeroWindow
        | Modifier::ExactFin1
        | Modifier::InWindow
        | Modifier::OutOfWindow
        | Modifier::Unknown
        | Modifier::AnswersBadAck
        | Modifier::Reordered
        | Modifier::RstNotReceived
        | Modifier::FromTimeWait
        | Modifier::Evicted => true,
        Modifier::Data
        | Modifier::Retransmission
        | Modifier::AlreadyAcked
        | Modifier::Repeat
        | Modifier::Exact => false,
    }
}
