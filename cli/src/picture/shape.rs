//! What a picture is made of: shapes with a place in numbers, and a look by name.
//!
//! The unit is the CSS pixel, x to the right, y down. This file must not know what a picture shows, nor how it is
//! written.

use fourwave_annotate::Lang;

use super::look::{Letters, Look};

/// A picture, complete.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its width and height.
    pub size: (f64, f64),
    /// The language of its words.
    pub lang: Lang,
    /// What it shows, in a phrase.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// What it is made of, from back to front.
    pub shapes: Vec<Shape>,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// One shape.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A rectangle with corners of this radius.
    Rect(Rect, f64, Look),
    /// A line through these points.
    Line(Vec<Point>, Look),
    /// The area between these points.
    Area(Vec<Point>, Look),
    /// A circle of this radius.
    Circle(Point, f64, Look),
    /// A line of text.
    Text(Text),
}

/// Where a text stands, seen from its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It has its middle there.
    Middle,
    /// It ends there.
    End,
}

/// A line of text.
#[derive(Clone, Debug)]
pub struct Text {
    /// A point of its baseline.
    pub at: Point,
    /// Where that point is in it.
    pub anchor: Anchor,
    /// Its letters.
    pub letters: Letters,
    /// What it says.
    pub text: String,
}

impl Point {
    /// The point at `x` and `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

impl Rect {
    /// The rectangle between these edges.
    pub fn between(left: f64, right: f64, top: f64, bottom: f64) -> Self {
        Self { left, top, width: right - left, height: bottom - top }
    }

    /// Its right edge.
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Its lower edge.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }
}
