//! Lines with something at their end.

use super::look::{Hue, Look};
use super::shape::{Point, Shape};

/// How long the head of an arrow is, and how wide to each side.
const HEAD: (f64, f64) = (10.0, 4.2);
/// Half the size of a cross.
const CROSS: f64 = 5.0;

/// What is at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The head of an arrow.
    Head,
    /// A cross: nothing is to come of it.
    Cross,
}

/// A line through these points with an ending.
pub fn shaft(shapes: &mut Vec<Shape>, line: &[Point], hue: Hue, look: Look, ending: Ending) {
    let [begin @ .., before, to] = line else { return };
    let (dx, dy) = (to.x - before.x, to.y - before.y);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let back = |distance: f64| Point::new(to.x - ux * distance, to.y - uy * distance);
    let mut through = |end: Point| {
        let points = begin.iter().copied().chain([*before, end]).collect();
        shapes.push(Shape::Line(points, look));
    };
    match ending {
        Ending::Head => {
            through(back(HEAD.0 - 1.0));
            let neck = back(HEAD.0);
            let left = Point::new(neck.x - uy * HEAD.1, neck.y + ux * HEAD.1);
            let right = Point::new(neck.x + uy * HEAD.1, neck.y - ux * HEAD.1);
            shapes.push(Shape::Area(vec![*to, left, right], Look::Head(hue)));
        }
        Ending::Cross => {
            let centre = back(HEAD.0 + CROSS);
            through(centre);
            for turn in [-CROSS, CROSS] {
                let begin = Point::new(centre.x - CROSS, centre.y - turn);
                let end = Point::new(centre.x + CROSS, centre.y + turn);
                shapes.push(Shape::Line(vec![begin, end], Look::Cross(hue)));
            }
        }
    }
}
