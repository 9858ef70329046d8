//! The rungs of the ladder: what is shown of each segment, timer and fold, before it is drawn.
//!
//! This file decides what a reader sees, in a terminal and in a picture; it must not know how it is drawn.

use fourwave_annotate::lang::{Lang, duration};
use fourwave_annotate::{Both, Finding, Modifier, Role, Side, State, Waves};
use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use super::notation::{self, Cell, FORMS};
use super::story::{Fold, Scene, Shown, Story};
use super::words;

/// One rung of the ladder.
pub enum Rung {
    /// Both states, and what is between them.
    Line(Line),
    /// Segments that are not shown.
    Fold(Fold),
}

/// Both states, and what is between them.
pub struct Line {
    /// Its time, nanoseconds since 1970-01-01 UTC; `None` for what was before the first segment.
    pub time_ns: Option<i64>,
    /// The states afterwards.
    pub cells: Both<Cell>,
    /// How long those last that begin here; nothing if that is not known, or of no interest.
    pub dwell: Both<Option<String>>,
    /// What is between them.
    pub middle: Middle,
}

/// What stands between the states.
pub enum Middle {
    /// Nothing has happened yet.
    Nothing,
    /// A segment.
    Arrow(Arrow),
    /// A timer: 2 MSL are over.
    Timer,
    /// Another connection takes the addresses and ports.
    Successor(u64),
    /// The capture ends.
    End,
}

/// What a line is about, which its colour shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing that ends the connection.
    Plain,
    /// One of the four waves.
    Close,
    /// A reset.
    Reset,
}

/// A segment as an arrow.
pub struct Arrow {
    /// Its packet.
    pub at: FrameId,
    /// Where it begins.
    pub from: Side,
    /// What it carries, from the long form to the short.
    pub labels: [String; FORMS],
    /// The waves that it is the first to carry, or of which it is a copy.
    pub waves: Waves,
    /// Its wave or role, in words; nothing for what has no part in the end.
    pub caption: Option<String>,
    /// What else is special about it.
    pub remarks: Vec<String>,
    /// What it is about.
    pub tone: Tone,
    /// It repeats what was seen before.
    pub copy: bool,
    /// Its receiver is not to accept it, or not to look at it.
    pub refused: bool,
}

impl Rung {
    /// True if it is an arrow that proves `finding`.
    pub fn proves(&self, finding: &Finding) -> bool {
        match self {
            Self::Line(line) => match &line.middle {
                Middle::Arrow(arrow) => finding.frames.contains(&arrow.at),
                Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => false,
            },
            Self::Fold(_) => false,
        }
    }
}

impl Line {
    fn new(time_ns: Option<i64>, cells: Both<Cell>, middle: Middle) -> Self {
        Self { time_ns, cells, dwell: Both { client: None, server: None }, middle }
    }
}

/// All rungs from top to bottom.
pub fn rungs(lang: Lang, story: &Story) -> Vec<Rung> {
    let start = |side: Side| story.connection.path[side].first().map_or(State::Unknown, |step| step.state);
    let cells = Both::from_fn(|side| Cell::given(start(side)));
    let mut rungs = vec![Rung::Line(Line::new(None, cells, Middle::Nothing))];
    rungs.extend(story.scenes.iter().map(|scene| match scene {
        Scene::Segment(shown) => Rung::Line(segment(lang, story, shown)),
        Scene::Fold(fold) => Rung::Fold(*fold),
        Scene::Expired(event) => {
            let cells = Both::from_fn(|side| Cell::streamed(event.peers[side].after));
            Rung::Line(Line::new(Some(event.time_ns), cells, Middle::Timer))
        }
    }));
    rungs.extend(deadline(story).or_else(|| end_of_story(story)).map(Rung::Line));
    for side in [Side::Client, Side::Server] {
        for (place, dwell) in dwells(lang, story, side, &rungs) {
            if let Some(Rung::Line(line)) = rungs.get_mut(place) {
                line.dwell[side] = Some(dwell);
            }
        }
    }
    rungs
}

/// How long the states of `side` last, and at which rungs they begin.
fn dwells(lang: Lang, story: &Story, side: Side, rungs: &[Rung]) -> Vec<(usize, String)> {
    let lines = rungs.iter().enumerate().filter_map(|(place, rung)| match rung {
        Rung::Line(line) => Some((place, line)),
        Rung::Fold(_) => None,
    });
    let mut begun: Option<(usize, &Line)> = None;
    let mut dwells = Vec::new();
    for (place, line) in lines {
        let is_end = place + 1 == rungs.len() && !matches!(line.middle, Middle::Arrow(_));
        match begun {
            Some((from, first))
                if first.cells[side].state != line.cells[side].state
                    || is_end && first.time_ns != line.time_ns =>
            {
                dwells.extend(dwell(lang, story, side, first, line).map(|dwell| (from, dwell)));
                begun = Some((place, line));
            }
            Some(_) => {}
            None => begun = Some((place, line)),
        }
    }
    dwells
}

/// How long the state of `side` lasts from one line to another.
fn dwell(lang: Lang, story: &Story, side: Side, first: &Line, end: &Line) -> Option<String> {
    let state = first.cells[side].state;
    let length = notation::span(first.time_ns?, end.time_ns?);
    let wait = story.connection.time_wait[side].filter(|_| state == State::TimeWait);
    let dwell = match end.middle {
        Middle::Timer => wait.map_or(length, |wait| {
            Some(words::two_msl_in_picture(lang, &duration(wait.until_ns.saturating_sub(wait.from_ns))))
        }),
        Middle::Arrow(_) | Middle::Nothing | Middle::Successor(_) => length,
        Middle::End => length.map(|length| words::at_least_in_picture(lang, &length)),
    };
    dwell.filter(|_| !state.is_closed())
}

/// The end of TIME-WAIT, where the capture ends before it; nothing if the ports were taken before.
fn deadline(story: &Story) -> Option<Line> {
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
    Some(Line::new(Some(until_ns), cells, Middle::Timer))
}

/// What ends the story of a connection that goes on: that another takes its ports, or the end of the capture.
fn end_of_story(story: &Story) -> Option<Line> {
    let end = &story.connection.end;
    if end.client.expected.is_closed() && end.server.expected.is_closed() {
        return None;
    }
    let (time_ns, middle) = match story.successor {
        Some(successor) => (successor.first.time_ns, Middle::Successor(successor.number)),
        None => (story.end_of_capture_ns?, Middle::End),
    };
    let cells = Both::from_fn(|side| Cell::streamed(end[side]));
    Some(Line::new(Some(time_ns), cells, middle))
}

fn segment(lang: Lang, story: &Story, shown: &Shown) -> Line {
    let waves = story.waves_at(shown.at);
    let tone = if shown.flags.contains(Flags::RST) {
        Tone::Reset
    } else if waves.is_empty() {
        Tone::Plain
    } else {
        Tone::Close
    };
    let copy = notation::is_copy(shown);
    let arrow = Arrow {
        at: shown.at,
        from: shown.said.from,
        labels: notation::labels(story, shown),
        waves: if waves.is_empty() && copy { shown.said.waves } else { waves },
        caption: caption(lang, story, shown, waves),
        remarks: remarks(lang, story, shown),
        tone,
        copy,
        refused: is_refused(shown),
    };
    let cells = Both::from_fn(|side| Cell::after(story, shown, side));
    Line::new(Some(shown.time_ns), cells, Middle::Arrow(arrow))
}

/// True if the receiver is not to accept the segment, or not to look at it.
fn is_refused(shown: &Shown) -> bool {
    shown.said.role.is_outsider()
        || shown.said.role == Role::RstIgnored
        || shown.said.modifiers.contains(Modifier::OldSeq)
}

/// What is said above a segment: its waves, or its role.
fn caption(lang: Lang, story: &Story, shown: &Shown, waves: Waves) -> Option<String> {
    let role = story.role(shown);
    let named = || role.is_teardown().then(|| words::capital(lang.role_short(role)));
    words::waves_caption(lang, waves, shown.said.from).or_else(named)
}

/// What is special about a segment.
fn remarks(lang: Lang, story: &Story, shown: &Shown) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    if notation::is_copy(shown) {
        let first = shown.said.repeats.map(|first| notation::frame(story, first));
        remarks.push(words::again(lang, first.as_deref()));
    }
    let special = shown.said.modifiers.set.iter().filter(|&modifier| is_remarkable(modifier));
    remarks.extend(special.map(|modifier| lang.modifier(modifier).to_owned()));
    remarks
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
