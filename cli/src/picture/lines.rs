//! Text that takes several lines.

use super::look::Letters;
use super::measure;
use super::shape::{Anchor, Point, Shape, Text};
use crate::explain::layout;

/// `text` in lines of at most `room` pixels.
pub fn wrap(text: &str, letters: Letters, room: f64) -> Vec<String> {
    layout::wrap_by(text, |line| measure::width(line, letters) <= room)
}

/// One line of text.
pub fn text(x: f64, y: f64, anchor: Anchor, letters: Letters, text: impl Into<String>) -> Shape {
    Shape::Text(Text { at: Point::new(x, y), anchor, letters, text: text.into() })
}

/// Lines below each other, the first with its top at `top`; returns where they end.
pub fn stack(
    shapes: &mut Vec<Shape>,
    x: f64,
    top: f64,
    anchor: Anchor,
    letters: Letters,
    lines: &[String],
) -> f64 {
    let mut bottom = top;
    for line in lines {
        shapes.push(text(x, baseline(bottom, letters), anchor, letters, line.as_str()));
        bottom += letters.leading();
    }
    bottom
}

/// The baseline of a line with its top at `top`.
pub fn baseline(top: f64, letters: Letters) -> f64 {
    top + (letters.leading() - measure::HEIGHT * letters.size()) / 2.0 + measure::ASCENT * letters.size()
}
