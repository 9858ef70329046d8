//! Where the columns of a ladder stand: numbers, the two peers, what is between them, the findings.

use fourwave_annotate::{Both, Side};

use crate::explain::notation;
use crate::explain::rungs::{Arrow, Line, Middle, Rung};
use crate::explain::story::Story;
use crate::picture::look::Letters;
use crate::picture::measure;

/// Around everything.
pub const MARGIN: f64 = 18.0;
/// The width of a peer's band.
pub const BAND: f64 = 122.0;
/// Between columns.
pub const GAP: f64 = 12.0;
/// The width of a finding.
pub const CARD: f64 = 250.0;
/// From the bands to the findings.
const LEADERS: f64 = 34.0;
/// The width of what is between the peers: at least, and at most.
const FIELD: (f64, f64) = (340.0, 560.0);
/// What an arrow needs beside its label.
const ARROW_ENDS: f64 = 36.0;
/// What words between the peers leave free at their sides.
pub const INSET: f64 = 24.0;
/// What a badge takes beside a caption.
pub const BADGE_ROOM: f64 = 22.0;

/// From left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Where it begins.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
}

/// Where the columns stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Columns {
    /// The right edge of the numbers of packets.
    pub frame: f64,
    /// The right edge of the times.
    pub time: f64,
    /// The bands of the peers.
    pub bands: Both<Span>,
    /// Between the bands.
    pub field: Span,
    /// The findings, if there are any.
    pub cards: Option<Span>,
    /// Of the whole picture.
    pub width: f64,
}

impl Span {
    /// From `left` on.
    const fn new(left: f64, width: f64) -> Self {
        Self { left, right: left + width }
    }

    /// How wide it is.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// Its middle.
    pub fn middle(self) -> f64 {
        f64::midpoint(self.left, self.right)
    }
}

impl Columns {
    /// Columns with room for everything in `rungs`; `heads` are the names above the first two.
    pub fn new(story: &Story, rungs: &[Rung], heads: [&str; 2], has_cards: bool) -> Self {
        let [frame_head, time_head] = heads.map(|head| measure::width(head, Letters::Faint));
        let number = |text: &str| measure::width(text, Letters::FaintNumber);
        let frames = arrows(rungs).map(|arrow| number(&notation::frame(story, arrow.at)));
        let times = lines(rungs).filter_map(|line| line.time_ns);
        let times = times.map(|time_ns| number(&notation::seconds(story.since_start(time_ns))));
        let frame = MARGIN + frames.fold(frame_head, f64::max);
        let time = frame + GAP + times.fold(time_head, f64::max);
        let labels =
            arrows(rungs).map(|arrow| measure::width(&arrow.labels[0], Letters::Number) + ARROW_ENDS);
        let client = Span::new(time + GAP, BAND);
        let field = Span::new(client.right, labels.fold(FIELD.0, f64::max).min(FIELD.1));
        let server = Span::new(field.right, BAND);
        let cards = has_cards.then(|| Span::new(server.right + LEADERS, CARD));
        let width = cards.map_or(server.right, |cards| cards.right) + MARGIN;
        Self { frame, time, bands: Both { client, server }, field, cards, width }
    }

    /// What the arrow carries, in the longest form that fits.
    pub fn label<'a>(&self, arrow: &'a Arrow) -> &'a str {
        let room = self.field.width() - ARROW_ENDS;
        let fits = |label: &&String| measure::width(label, Letters::Number) <= room;
        arrow.labels.iter().find(fits).map_or("", String::as_str)
    }

    /// Where the arrows of `side` begin and end.
    pub const fn lifeline(&self, side: Side) -> f64 {
        match side {
            Side::Client => self.field.left,
            Side::Server => self.field.right,
        }
    }
}

/// The lines among `rungs`.
pub fn lines(rungs: &[Rung]) -> impl Iterator<Item = &Line> {
    rungs.iter().filter_map(|rung| match rung {
        Rung::Line(line) => Some(line),
        Rung::Fold(_) => None,
    })
}

/// The arrows among `rungs`.
pub fn arrows(rungs: &[Rung]) -> impl Iterator<Item = &Arrow> {
    lines(rungs).filter_map(|line| match &line.middle {
        Middle::Arrow(arrow) => Some(arrow),
        Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => None,
    })
}
