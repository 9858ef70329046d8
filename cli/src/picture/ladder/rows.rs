//! Where the rungs of a ladder stand, from top to bottom.
//!
//! Distances follow time as far as text leaves room. A pause much longer than the others is left out, and marked.

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Both, Side, State};

use super::columns::{BADGE_ROOM, Columns, INSET};
use crate::explain::rungs::{Middle, Rung};
use crate::explain::words;
use crate::picture::lines::wrap;
use crate::picture::look::Letters;

/// How far an arrow goes down on its way.
pub const SLANT: f64 = 14.0;
/// Room for the name of a state, and for how long it lasts.
const BAND_LABEL: f64 = 36.0;
/// Room for the name alone.
const BAND_NAME: f64 = 22.0;
/// Below every rung.
const PADDING: f64 = 9.0;
/// The room of a pause as long as usual.
const USUAL: f64 = 24.0;
/// A pause this many times longer is left out.
const LONG: f64 = 4.0;
/// The room of a pause that is left out.
const TEAR: f64 = 24.0;
/// Between the name of a state and where its band is torn.
const BELOW_LABEL: f64 = 6.0;
/// Above and below the words in a fold.
const FOLD_PADDING: f64 = 5.0;

/// A rung in its place.
pub struct Row<'a> {
    /// What it shows.
    pub rung: &'a Rung,
    /// What stands above its line: the caption, or what a fold says.
    pub words: Vec<String>,
    /// What else stands there.
    pub remarks: Vec<String>,
    /// Where that begins.
    pub top: f64,
    /// Where its line begins.
    pub at: f64,
    /// Where it ends.
    pub bottom: f64,
    /// A pause before it that is left out: where, and how long it is.
    pub pause: Option<(f64, i64)>,
}

impl Row<'_> {
    /// Where it meets the band of `side`.
    pub fn meets(&self, side: Side) -> f64 {
        self.at + offset(self.rung, side)
    }

    /// When it happens.
    pub const fn time_ns(&self) -> Option<i64> {
        match self.rung {
            Rung::Line(line) => line.time_ns,
            Rung::Fold(_) => None,
        }
    }
}

/// All rows from `top` on; the last number is where the bands end.
pub fn place<'a>(lang: Lang, columns: &Columns, rungs: &'a [Rung], top: f64) -> (Vec<Row<'a>>, f64) {
    let mut page =
        Placing { usual_ns: usual_pause(rungs), bands: Both::from_fn(|_| (None, top)), bottom: top };
    let mut before_ns = None;
    let mut rows = Vec::with_capacity(rungs.len());
    for rung in rungs {
        let pause_ns =
            before_ns.zip(first_ns(rung)).map(|(before_ns, ns): (i64, i64)| ns.saturating_sub(before_ns));
        rows.push(page.place(lang, columns, rung, pause_ns.unwrap_or(0)));
        before_ns = last_ns(rung).or(before_ns);
    }
    let end =
        page.bands.iter().map(|(_, &(state, since))| since + label_room(state)).fold(page.bottom, f64::max);
    (rows, end)
}

/// How far the rows have come.
struct Placing {
    /// How long a pause usually is.
    usual_ns: Option<f64>,
    /// The state of each peer, and where its band begins.
    bands: Both<(Option<State>, f64)>,
    /// Where the last row ends.
    bottom: f64,
}

impl Placing {
    fn place<'a>(&mut self, lang: Lang, columns: &Columns, rung: &'a Rung, pause_ns: i64) -> Row<'a> {
        let (words, remarks) = texts(lang, columns, rung);
        let height = words.len() as f64 * caption(rung).leading()
            + remarks.len() as f64 * Letters::Faint.leading()
            + label_height(rung);
        let (space, pause) = self.space(pause_ns);
        let mut at = self.bottom + space + height;
        match rung {
            Rung::Fold(_) => at = at.max(self.labels_end() + BELOW_LABEL + height / 2.0),
            Rung::Line(line) => {
                for side in [Side::Client, Side::Server] {
                    let (state, since) = self.bands[side];
                    if state.is_some_and(|state| state != line.cells[side].state) {
                        at = at.max(since + label_room(state) - offset(rung, side));
                    }
                }
            }
        }
        let row = Row { rung, words, remarks, top: at - height, at, bottom: at + depth(rung), pause };
        if let Rung::Line(line) = rung {
            for side in [Side::Client, Side::Server] {
                let state = Some(line.cells[side].state);
                if self.bands[side].0 != state {
                    self.bands[side] = (state, row.meets(side));
                }
            }
        }
        self.bottom = row.bottom;
        row
    }

    /// Where the words in both bands end.
    fn labels_end(&self) -> f64 {
        self.bands.iter().map(|(_, &(state, since))| since + label_room(state)).fold(0.0, f64::max)
    }

    /// The room of a pause, and where it is torn if it is left out.
    fn space(&self, pause_ns: i64) -> (f64, Option<(f64, i64)>) {
        let Some(usual_ns) = self.usual_ns else { return (0.0, None) };
        let length = pause_ns.max(0) as f64 / usual_ns;
        if length <= LONG {
            return (USUAL * length, None);
        }
        let y = (self.bottom + TEAR / 2.0).max(self.labels_end() + BELOW_LABEL);
        (y + TEAR / 2.0 - self.bottom, Some((y, pause_ns)))
    }
}

/// Room for what stands in the band of a state.
fn label_room(state: Option<State>) -> f64 {
    match state {
        None => 0.0,
        Some(state) if state.is_closed() => BAND_NAME,
        Some(_) => BAND_LABEL,
    }
}

/// How much lower than its line a rung meets the band of `side`.
fn offset(rung: &Rung, side: Side) -> f64 {
    if receives(rung, side) { SLANT } else { 0.0 }
}

/// What stands above the line of a rung, or in its fold.
fn texts(lang: Lang, columns: &Columns, rung: &Rung) -> (Vec<String>, Vec<String>) {
    let room = columns.field.width() - INSET;
    match rung {
        Rung::Fold(fold) => {
            let text = words::fold_in_picture(lang, fold);
            (wrap(&text, Letters::Faint, room), Vec::new())
        }
        Rung::Line(line) => match &line.middle {
            Middle::Arrow(arrow) => {
                let badges = arrow.waves.iter().count() as f64 * BADGE_ROOM;
                let caption = arrow.caption.as_deref().unwrap_or_default();
                let letters = Letters::Caption(arrow.tone.into());
                let caption = (!caption.is_empty()).then(|| wrap(caption, letters, room - badges));
                let remarks = (!arrow.remarks.is_empty())
                    .then(|| wrap(&words::list(lang, &arrow.remarks), Letters::Faint, room));
                (caption.unwrap_or_default(), remarks.unwrap_or_default())
            }
            Middle::Nothing => (Vec::new(), Vec::new()),
            Middle::Timer => (vec![words::two_msl_over(lang).to_owned()], Vec::new()),
            Middle::Successor(number) => (vec![words::successor_begins(lang, *number)], Vec::new()),
            Middle::End => (vec![words::capture_ends(lang).to_owned()], Vec::new()),
        },
    }
}

/// The letters of what stands above a line.
pub fn caption(rung: &Rung) -> Letters {
    match rung {
        Rung::Fold(_) => Letters::Faint,
        Rung::Line(line) => match &line.middle {
            Middle::Arrow(arrow) => Letters::Caption(arrow.tone.into()),
            Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => Letters::Label,
        },
    }
}

/// What stands between the words above a line and the line.
fn label_height(rung: &Rung) -> f64 {
    match rung {
        Rung::Fold(_) => FOLD_PADDING,
        Rung::Line(line) => match &line.middle {
            Middle::Arrow(_) => Letters::Number.leading(),
            Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => 3.0,
        },
    }
}

/// From the line to the end of a rung.
fn depth(rung: &Rung) -> f64 {
    match rung {
        Rung::Fold(_) => FOLD_PADDING + PADDING,
        Rung::Line(line) => match &line.middle {
            Middle::Arrow(_) => SLANT + PADDING,
            Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => PADDING,
        },
    }
}

/// True if an arrow of the rung ends at `side`.
fn receives(rung: &Rung, side: Side) -> bool {
    match rung {
        Rung::Fold(_) => false,
        Rung::Line(line) => match &line.middle {
            Middle::Arrow(arrow) => arrow.from != side,
            Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => false,
        },
    }
}

fn first_ns(rung: &Rung) -> Option<i64> {
    match rung {
        Rung::Line(line) => line.time_ns,
        Rung::Fold(fold) => fold.span_ns.map(|(first_ns, _)| first_ns),
    }
}

fn last_ns(rung: &Rung) -> Option<i64> {
    match rung {
        Rung::Line(line) => line.time_ns,
        Rung::Fold(fold) => fold.span_ns.map(|(_, last_ns)| last_ns),
    }
}

/// How long a pause usually is, by which all are measured: two of three are not longer.
fn usual_pause(rungs: &[Rung]) -> Option<f64> {
    let times: Vec<(i64, i64)> =
        rungs.iter().filter_map(|rung| Some((first_ns(rung)?, last_ns(rung)?))).collect();
    let pauses = times.iter().zip(times.iter().skip(1));
    let pauses = pauses.map(|((_, before_ns), (ns, _))| ns.saturating_sub(*before_ns));
    let mut pauses: Vec<i64> = pauses.filter(|&pause_ns| pause_ns > 0).collect();
    pauses.sort_unstable();
    pauses.get(pauses.len().saturating_sub(1) * 2 / 3).map(|&pause_ns| pause_ns as f64)
}
