//! The bands of the two peers: in which state each is, how long, and whether that is proved.

use fourwave_annotate::{Side, State};

use super::columns::{Columns, Span};
use super::rows::Row;
use crate::explain::notation::Cell;
use crate::explain::rungs::{Line, Middle, Rung};
use crate::explain::story::Story;
use crate::picture::lines::{baseline, text};
use crate::picture::look::{Letters, Look};
use crate::picture::measure;
use crate::picture::shape::{Anchor, Point, Rect, Shape};

/// The edge at which arrows begin and end.
const EDGE: f64 = 5.0;
/// How far the edges of a pause go up and down.
const TOOTH: f64 = 3.0;

/// A stay in a state.
struct Stay<'a> {
    cell: Cell,
    top: f64,
    bottom: f64,
    /// What began it.
    begin: &'a Line,
    /// What ended it.
    end: Option<&'a Line>,
    /// Where it began to be proved.
    proved: Option<f64>,
}

/// Draws the band of `side` from the first row to `bottom`.
pub fn draw(
    shapes: &mut Vec<Shape>,
    columns: &Columns,
    story: &Story,
    side: Side,
    rows: &[Row<'_>],
    bottom: f64,
) {
    let span = columns.bands[side];
    let stays = stays(side, rows, bottom);
    for stay in &stays {
        ground(shapes, span, stay);
        if stay.cell.state == State::TimeWait {
            remaining(shapes, story, side, span, rows, stay);
        }
        proof(shapes, side, span, stay);
    }
    let top = rows.first().map_or(bottom, |row| row.at);
    shapes.push(Shape::Rect(Rect::between(span.left, span.right, top, bottom), 0.0, Look::Outline));
    for row in rows {
        let pause = row.pause.map(|(y, _)| y);
        let fold = matches!(row.rung, Rung::Fold(_)).then(|| f64::midpoint(row.top, row.at));
        for y in pause.into_iter().chain(fold) {
            tear(shapes, span, y);
        }
    }
    for stay in &stays {
        label(shapes, side, span, stay);
    }
}

/// The stays of `side` one after another.
fn stays<'a>(side: Side, rows: &[Row<'a>], bottom: f64) -> Vec<Stay<'a>> {
    let mut stays: Vec<Stay<'a>> = Vec::new();
    for row in rows {
        let Rung::Line(line) = row.rung else { continue };
        let (cell, y) = (line.cells[side], row.meets(side));
        if let Some(stay) = stays.last_mut()
            && stay.cell.state == cell.state
        {
            stay.proved = stay.proved.or(cell.proved.then_some(y));
            stay.cell.corrected |= cell.corrected;
            continue;
        }
        if let Some(before) = stays.last_mut() {
            before.bottom = y;
            before.end = Some(line);
        }
        let proved = cell.proved.then_some(y);
        stays.push(Stay { cell, top: y, bottom, begin: line, end: None, proved });
    }
    if let (Some(stay), Some(Row { rung: Rung::Line(line), .. })) = (stays.last_mut(), rows.last())
        && !matches!(line.middle, Middle::Arrow(_))
        && stay.begin.time_ns != line.time_ns
    {
        stay.end = Some(line);
    }
    stays
}

/// What is behind everything else of a stay.
fn ground(shapes: &mut Vec<Shape>, span: Span, stay: &Stay<'_>) {
    let band = Rect::between(span.left, span.right, stay.top, stay.bottom);
    shapes.push(Shape::Rect(band, 0.0, Look::Band(stay.cell.state)));
}

/// The edge of a stay, and how much of it is not proved.
fn proof(shapes: &mut Vec<Shape>, side: Side, span: Span, stay: &Stay<'_>) {
    let edge = match side {
        Side::Client => (span.right - EDGE, span.right),
        Side::Server => (span.left, span.left + EDGE),
    };
    let edge = Rect::between(edge.0, edge.1, stay.top, stay.bottom);
    shapes.push(Shape::Rect(edge, 0.0, Look::Edge(stay.cell.state)));
    let proved = stay.proved.unwrap_or(stay.bottom);
    if proved > stay.top && stay.begin.time_ns.is_some() {
        let expected = Rect::between(span.left, span.right, stay.top, proved);
        shapes.push(Shape::Rect(expected, 0.0, Look::Expected));
    }
    let line = vec![Point::new(span.left, stay.top), Point::new(span.right, stay.top)];
    shapes.push(Shape::Line(line, Look::Outline));
}

/// TIME-WAIT as it runs out: as much of the band as is left of it, whole until it last began.
fn remaining(
    shapes: &mut Vec<Shape>,
    story: &Story,
    side: Side,
    span: Span,
    rows: &[Row<'_>],
    stay: &Stay<'_>,
) {
    let Some(wait) = story.connection.time_wait[side] else { return };
    let length = wait.until_ns.saturating_sub(wait.from_ns).max(1) as f64;
    let left = match stay.end {
        Some(line) => line.time_ns.map_or(0.0, |end_ns| wait.until_ns.saturating_sub(end_ns) as f64 / length),
        None => 1.0,
    };
    let left = left.clamp(0.0, 1.0) * span.width();
    let (outer, inner, rest) = match side {
        Side::Client => (span.left, span.right, span.right - left),
        Side::Server => (span.right, span.left, span.left + left),
    };
    let began = rows.iter().rev().find(|row| row.time_ns() == Some(wait.from_ns));
    let began = began.map_or(stay.top, |row| row.meets(side).clamp(stay.top, stay.bottom));
    let outline =
        [(outer, stay.top), (inner, stay.top), (inner, stay.bottom), (rest, stay.bottom), (outer, began)];
    let outline = outline.map(|(x, y)| Point::new(x, y)).to_vec();
    shapes.push(Shape::Area(outline, Look::Remaining));
}

/// The name of the state, and how long it lasts.
fn label(shapes: &mut Vec<Shape>, side: Side, span: Span, stay: &Stay<'_>) {
    let name = format!("{}{}", stay.cell.state, if stay.cell.corrected { "*" } else { "" });
    let dwell = stay.begin.dwell[side].as_deref();
    let widest = measure::width(&name, Letters::State)
        .max(dwell.map_or(0.0, |dwell| measure::width(dwell, Letters::Dwell)));
    let lines = Letters::State.leading() + if dwell.is_some() { Letters::Dwell.leading() } else { 0.0 };
    let (x, top) = (span.middle(), stay.top + 3.0);
    let pill = Rect { left: x - widest / 2.0 - 4.0, top, width: widest + 8.0, height: lines };
    shapes.push(Shape::Rect(pill, 3.0, Look::Band(stay.cell.state)));
    shapes.push(text(x, baseline(top, Letters::State), Anchor::Middle, Letters::State, name));
    if let Some(dwell) = dwell {
        let y = baseline(top + Letters::State.leading(), Letters::Dwell);
        shapes.push(text(x, y, Anchor::Middle, Letters::Dwell, dwell));
    }
}

/// Where time is left out: the band is torn.
pub fn tear(shapes: &mut Vec<Shape>, span: Span, y: f64) {
    let steps = (span.width() / 10.0).ceil() as i32;
    let zigzag = |shift: f64| {
        (0..=steps).map(move |step| {
            let x = span.left - 2.0 + (span.width() + 4.0) * f64::from(step) / f64::from(steps);
            let tooth = if step % 2 == 0 { TOOTH } else { -TOOTH };
            Point::new(x, y + shift + tooth)
        })
    };
    let lower: Vec<Point> = zigzag(2.5).collect();
    let outline = zigzag(-2.5).chain(lower.into_iter().rev()).collect();
    shapes.push(Shape::Area(outline, Look::Tear));
}
