//! How to read a ladder: of what is in it, and nothing else.

use fourwave_annotate::State;
use fourwave_annotate::lang::Lang;

use super::arrows::badge;
use super::columns::{self, Columns, MARGIN};
use super::rows::Row;
use crate::explain::rungs::Rung;
use crate::explain::story::Story;
use crate::explain::words;
use crate::picture::arrow::{Ending, shaft};
use crate::picture::lines::{stack, wrap};
use crate::picture::look::{Hue, Letters, Look};
use crate::picture::measure;
use crate::picture::shape::{Anchor, Point, Rect, Shape};

/// Room for a sample before its words.
const SAMPLE: f64 = 34.0;
/// Between two entries on a line.
const GAP: f64 = 22.0;

/// What an entry shows before its words.
enum Sample {
    Proved,
    Expected,
    Remaining,
    Wave,
    Copy,
    Refused,
    Tear,
    /// It needs no sample.
    Words,
}

/// Draws the legend; returns where it ends.
pub fn draw(
    shapes: &mut Vec<Shape>,
    lang: Lang,
    columns: &Columns,
    story: &Story,
    rungs: &[Rung],
    rows: &[Row<'_>],
    top: f64,
) -> f64 {
    let right = columns.width - MARGIN;
    let (mut x, mut top, mut bottom) = (MARGIN, top, top);
    for (sample, words) in entries(lang, story, rungs, rows) {
        let indent = if matches!(sample, Sample::Words) { 0.0 } else { SAMPLE };
        let width = indent + measure::width(&words, Letters::Faint);
        if x > MARGIN && x + width > right {
            (x, top) = (MARGIN, bottom + 3.0);
        }
        draw_sample(shapes, &sample, x, top);
        let lines = wrap(&words, Letters::Faint, right - x - indent);
        bottom = bottom.max(stack(shapes, x + indent, top, Anchor::Start, Letters::Faint, &lines));
        x += width + GAP;
    }
    bottom
}

fn entries(lang: Lang, story: &Story, rungs: &[Rung], rows: &[Row<'_>]) -> Vec<(Sample, String)> {
    let arrows = || columns::arrows(rungs);
    let cells = || columns::lines(rungs).flat_map(|line| [line.cells.client, line.cells.server]);
    let waits = cells().any(|cell| cell.state == State::TimeWait);
    let has_tears = rows.iter().any(|row| row.pause.is_some() || matches!(row.rung, Rung::Fold(_)));
    let mut entries = vec![
        (Sample::Proved, words::legend_proved(lang).to_owned()),
        (Sample::Expected, words::legend_expected(lang).to_owned()),
    ];
    let mut add = |is_there: bool, sample: Sample, words: &str| {
        if is_there {
            entries.push((sample, words.to_owned()));
        }
    };
    add(arrows().any(|arrow| !arrow.waves.is_empty()), Sample::Wave, words::legend_wave(lang));
    add(arrows().any(|arrow| arrow.copy), Sample::Copy, words::legend_copy(lang));
    add(arrows().any(|arrow| arrow.refused), Sample::Refused, words::legend_cross(lang));
    add(has_tears, Sample::Tear, words::legend_tear(lang));
    add(waits, Sample::Remaining, words::legend_remaining(lang));
    add(cells().any(|cell| cell.corrected), Sample::Words, words::legend_corrected(lang));
    add(true, Sample::Words, words::legend_numbers(lang));
    if let Some(sentence) = words::legend_without_syn(lang, story.origins.assumed()) {
        add(true, Sample::Words, sentence);
    }
    add(true, Sample::Words, words::dwell_note(lang));
    entries
}

fn draw_sample(shapes: &mut Vec<Shape>, sample: &Sample, left: f64, top: f64) {
    let rect = Rect { left, top: top + 1.5, width: 26.0, height: 12.0 };
    let middle = top + 7.5;
    let (from, to) = (Point::new(left, middle), Point::new(left + 26.0, middle));
    match sample {
        Sample::Proved => {
            shapes.push(Shape::Rect(rect, 0.0, Look::Band(State::Established)));
            shapes.push(Shape::Rect(rect, 0.0, Look::Outline));
        }
        Sample::Expected => {
            shapes.push(Shape::Rect(rect, 0.0, Look::Band(State::Established)));
            shapes.push(Shape::Rect(rect, 0.0, Look::Expected));
            shapes.push(Shape::Rect(rect, 0.0, Look::Outline));
        }
        Sample::Remaining => {
            shapes.push(Shape::Rect(rect, 0.0, Look::Band(State::TimeWait)));
            let wedge = [(rect.left, rect.top), (rect.right(), rect.top), (rect.right(), rect.bottom())];
            shapes.push(Shape::Area(wedge.map(|(x, y)| Point::new(x, y)).to_vec(), Look::Remaining));
            shapes.push(Shape::Rect(rect, 0.0, Look::Outline));
        }
        Sample::Wave => badge(shapes, Point::new(left + 13.0, middle), "1", Look::Badge, Letters::Badge),
        Sample::Copy => shaft(shapes, &[from, to], Hue::Plain, Look::Arrow(Hue::Plain, true), Ending::Head),
        Sample::Refused => {
            shaft(shapes, &[from, to], Hue::Plain, Look::Arrow(Hue::Plain, false), Ending::Cross);
        }
        Sample::Tear => {
            shapes.push(Shape::Rect(rect, 0.0, Look::Band(State::Established)));
            super::bands::tear(shapes, super::columns::Span { left, right: left + 26.0 }, middle);
        }
        Sample::Words => {}
    }
}
