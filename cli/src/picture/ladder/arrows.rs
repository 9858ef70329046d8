//! What is between the two peers: arrows with their labels, badges, folds, pauses, timers.

use fourwave_annotate::lang::duration;
use fourwave_annotate::{Code, Side, Waves};

use super::columns::{BADGE_ROOM, Columns};
use super::rows::{self, Row, SLANT};
use crate::explain::notation;
use crate::explain::rungs::{Arrow, Line, Middle, Rung};
use crate::explain::story::Story;
use crate::picture::arrow::{Ending, shaft};
use crate::picture::lines::{baseline, stack, text};
use crate::picture::look::{Letters, Look};
use crate::picture::measure;
use crate::picture::shape::{Anchor, Point, Rect, Shape};

const BADGE_RADIUS: f64 = 8.5;

/// Draws a row.
pub fn draw(shapes: &mut Vec<Shape>, columns: &Columns, story: &Story, row: &Row<'_>) {
    if let Some((y, pause_ns)) = row.pause {
        pause(shapes, columns, y, pause_ns);
    }
    match row.rung {
        Rung::Fold(_) => fold(shapes, columns, row),
        Rung::Line(line) => {
            numbers(shapes, columns, story, row, line);
            match &line.middle {
                Middle::Nothing => {}
                Middle::Arrow(arrow) => segment(shapes, columns, row, arrow),
                Middle::Timer | Middle::Successor(_) | Middle::End => event(shapes, columns, row),
            }
        }
    }
}

/// The number of the packet and the time.
fn numbers(shapes: &mut Vec<Shape>, columns: &Columns, story: &Story, row: &Row<'_>, line: &Line) {
    let Some(time_ns) = line.time_ns else { return };
    let y = row.at + 4.0;
    let time = notation::seconds(story.since_start(time_ns));
    shapes.push(text(columns.time, y, Anchor::End, Letters::FaintNumber, time));
    if let Middle::Arrow(arrow) = &line.middle {
        let frame = notation::frame(story, arrow.at);
        shapes.push(text(columns.frame, y, Anchor::End, Letters::Number, frame));
    }
}

fn segment(shapes: &mut Vec<Shape>, columns: &Columns, row: &Row<'_>, arrow: &Arrow) {
    let middle = columns.field.middle();
    let letters = rows::caption(row.rung);
    let width = row.words.iter().map(|line| measure::width(line, letters)).fold(0.0, f64::max);
    let badge_room = arrow.waves.iter().count() as f64 * BADGE_ROOM;
    let left = middle - (width + badge_room) / 2.0;
    badges(shapes, left, row.top, arrow.waves, arrow.copy);
    let bottom = stack(shapes, left + badge_room, row.top, Anchor::Start, letters, &row.words);
    stack(shapes, middle, bottom, Anchor::Middle, Letters::Faint, &row.remarks);
    let label = columns.label(arrow);
    // The line goes down while the label stays level: it stands above where the line passes its beginning.
    let room = measure::width(label, Letters::Number);
    let lift = SLANT * (1.0 - room / columns.field.width()) / 2.0;
    shapes.push(text(middle, row.at + lift.max(0.0) - 4.5, Anchor::Middle, Letters::Number, label));
    line(shapes, columns, row.at, arrow);
}

/// The numbers of waves in circles.
fn badges(shapes: &mut Vec<Shape>, left: f64, top: f64, waves: Waves, copy: bool) {
    let (look, letters) =
        if copy { (Look::BadgeAgain, Letters::BadgeAgain) } else { (Look::Badge, Letters::Badge) };
    for (place, wave) in waves.iter().enumerate() {
        let x = left + BADGE_RADIUS + place as f64 * BADGE_ROOM;
        badge(shapes, Point::new(x, top + BADGE_RADIUS - 0.5), wave.code(), look, letters);
    }
}

/// One number in a circle.
pub fn badge(shapes: &mut Vec<Shape>, centre: Point, number: &str, look: Look, letters: Letters) {
    shapes.push(Shape::Circle(centre, BADGE_RADIUS, look));
    shapes.push(text(centre.x, centre.y + 0.36 * letters.size(), Anchor::Middle, letters, number));
}

/// The line of an arrow with its head.
fn line(shapes: &mut Vec<Shape>, columns: &Columns, at: f64, arrow: &Arrow) {
    let from = Point::new(columns.lifeline(arrow.from), at);
    let to = Point::new(columns.lifeline(arrow.from.other()), at + SLANT);
    let ending = if arrow.refused { Ending::Cross } else { Ending::Head };
    let hue = arrow.tone.into();
    shaft(shapes, &[from, to], hue, Look::Arrow(hue, arrow.copy), ending);
}

/// Segments that are not shown.
fn fold(shapes: &mut Vec<Shape>, columns: &Columns, row: &Row<'_>) {
    let field = columns.field;
    let rect = Rect::between(field.left + 8.0, field.right - 8.0, row.top - 2.0, row.at + 2.0);
    shapes.push(Shape::Rect(rect, 6.0, Look::Fold));
    stack(shapes, field.middle(), row.top + 1.5, Anchor::Middle, Letters::Faint, &row.words);
}

/// Time that is left out.
fn pause(shapes: &mut Vec<Shape>, columns: &Columns, y: f64, pause_ns: i64) {
    let words = format!("⋯ {} ⋯", duration(pause_ns));
    let y = baseline(y - Letters::Faint.leading() / 2.0, Letters::Faint);
    shapes.push(text(columns.field.middle(), y, Anchor::Middle, Letters::Faint, words));
}

/// Something that happens without a segment.
fn event(shapes: &mut Vec<Shape>, columns: &Columns, row: &Row<'_>) {
    stack(shapes, columns.field.middle(), row.top, Anchor::Middle, Letters::Label, &row.words);
    let (left, right) = (columns.lifeline(Side::Client), columns.lifeline(Side::Server));
    let line = vec![Point::new(left + 4.0, row.at), Point::new(right - 4.0, row.at)];
    shapes.push(Shape::Line(line, Look::Event));
}
