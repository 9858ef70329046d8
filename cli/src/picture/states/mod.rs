//! The state diagram (RFC 9293 figure 5), drawn from the table of what can come next, with the paths that the two
//! peers of a connection took.

use std::iter;

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{On, Side, State};

use super::arrow::{Ending, shaft};
use super::lines::{baseline, stack, text, wrap};
use super::look::{Hue, Letters, Look};
use super::measure;
use super::shape::{Anchor, Picture, Point, Rect, Shape};
use crate::explain::notation;
use crate::explain::story::Story;
use crate::explain::words;
use edges::{By, Edge};
use places::{BOX, Place};

mod edges;
mod places;

const MARGIN: f64 = 20.0;
/// How far the paths of the two peers are beside the line.
const ASIDE: f64 = 5.0;
/// Two steps between the same states, in both directions, are this far apart.
const APART: f64 = 20.0;
/// How far a head or a corner reaches.
const TURN: f64 = 9.0;
/// In how many steps a line is followed.
const STEPS: u8 = 200;
/// Where along its line a label may stand.
const TRIES: [f64; 19] = [
    0.5, 0.46, 0.54, 0.42, 0.58, 0.38, 0.62, 0.34, 0.66, 0.3, 0.7, 0.26, 0.74, 0.22, 0.78, 0.18, 0.82, 0.14,
    0.86,
];

/// The diagram, with the paths of `story` if there is one.
pub fn draw(lang: Lang, story: Option<&Story>) -> Picture {
    let mut diagram =
        Diagram { lang, lines: Vec::new(), shapes: Vec::new(), routes: Vec::new(), taken: Vec::new() };
    diagram.taken.extend(Place::all().filter_map(Place::bounds));
    let drawn = edges::drawn();
    let routes: Vec<_> = drawn.iter().filter_map(|edge| Some((edge, route(&drawn, edge)?))).collect();
    diagram.routes.extend(routes.iter().map(|(_, line)| line.clone()));
    diagram.taken.extend(routes.iter().flat_map(|(_, line)| line.iter().skip(1)).map(turn));
    for (edge, line) in &routes {
        diagram.edge(edge, line);
    }
    if let Some(story) = story {
        diagram.path(&drawn, story, Side::Client);
        diagram.path(&drawn, story, Side::Server);
    }
    for place in Place::all() {
        diagram.state(story, place);
    }
    diagram.finish(story)
}

/// A diagram on its way.
struct Diagram {
    lang: Lang,
    /// Lines, which are behind everything.
    lines: Vec<Shape>,
    shapes: Vec<Shape>,
    /// How the steps run, all of them.
    routes: Vec<Vec<Point>>,
    /// Where no label may stand: boxes, labels, and where lines turn and end.
    taken: Vec<Rect>,
}

impl Diagram {
    /// A step that is possible.
    fn edge(&mut self, edge: &Edge, line: &[Point]) {
        shaft(&mut self.lines, line, Hue::Faint, Look::Arrow(Hue::Faint, false), Ending::Head);
        let sends = edge.by.sends();
        let words = match edge.by {
            By::PassiveOpen => words::passive_open(self.lang).to_owned(),
            By::ActiveOpen => words::active_open(self.lang, sends),
            By::Step(next) => words::edge(self.lang, next, sends),
        };
        self.label(line, &words);
    }

    /// A label on a line, where there is room, and if it can be where it hides no other line. What is sent may stand below
    /// what happens.
    fn label(&mut self, line: &[Point], words: &str) {
        let letters = Letters::Faint;
        let whole = vec![words.to_owned()];
        let parted = words.split_once(" / ").map(|(event, sent)| vec![format!("{event} /"), sent.to_owned()]);
        let room = |lines: &[String], share: f64| {
            let middle = along(line, share);
            let widths = lines.iter().map(|line| measure::width(line, letters));
            let (width, height) = (widths.fold(0.0, f64::max) + 6.0, letters.leading() * lines.len() as f64);
            Rect { left: middle.x - width / 2.0, top: middle.y - height / 2.0, width, height }
        };
        let is_free = |rect: &Rect| rect.left > 0.0 && !self.taken.iter().any(|other| touch(rect, other));
        let hides_none = |rect: &Rect| {
            !self.routes.iter().any(|other| other.as_slice() != line && runs_through(other, rect))
        };
        let free = |lines| TRIES.into_iter().map(move |share| room(lines, share)).filter(is_free);
        let (rect, lines) = iter::once(&whole)
            .chain(&parted)
            .find_map(|lines| Some((free(lines).find(hides_none)?, lines)))
            .or_else(|| Some((free(&whole).next()?, &whole)))
            .unwrap_or_else(|| (room(&whole, 0.5), &whole));
        self.shapes.push(Shape::Rect(rect, 0.0, Look::Paper));
        let x = rect.left + rect.width / 2.0;
        stack(&mut self.shapes, x, rect.top, Anchor::Middle, letters, lines);
        self.taken.push(rect);
    }

    /// The steps of a peer.
    fn path(&mut self, drawn: &[Edge], story: &Story, side: Side) {
        let path = &story.connection.path[side];
        for (place, (before, step)) in path.iter().zip(path.iter().skip(1)).enumerate() {
            let from = if place == 0 {
                Place { state: before.state, is_end: false }
            } else {
                Place::reached(before.state)
            };
            let to = Place::reached(step.state);
            let aside = match side {
                Side::Client => -ASIDE,
                Side::Server => ASIDE,
            };
            // Beside the line, on the side that does not depend on its direction.
            let straight = apart(drawn, before.state, step.state);
            let Some(line) = places::route(from, to, straight + aside) else { continue };
            shaft(&mut self.lines, &line, Hue::Of(side), Look::Path(side), Ending::Head);
            if !drawn.iter().any(|edge| (edge.from, edge.to) == (before.state, step.state)) {
                self.label(&line, words::abrupt_end(self.lang, step.state == State::Closed));
            }
        }
    }

    /// The box of a state, with the frames in which the peers reached it.
    fn state(&mut self, story: Option<&Story>, place: Place) {
        let Some(bounds) = place.bounds() else { return };
        self.shapes.push(Shape::Rect(bounds, 6.0, Look::Band(place.state)));
        self.shapes.push(Shape::Rect(bounds, 6.0, Look::Outline));
        let reached = story.map_or_else(Vec::new, |story| reached(self.lang, story, place));
        let middle = Point::new(bounds.left + BOX.0 / 2.0, bounds.top + BOX.1 / 2.0);
        let height =
            Letters::State.leading() + if reached.is_empty() { 0.0 } else { Letters::Dwell.leading() };
        let top = middle.y - height / 2.0;
        let name = [place.state.to_string()];
        let below = stack(&mut self.shapes, middle.x, top, Anchor::Middle, Letters::State, &name);
        if !reached.is_empty() {
            let reached = [reached.join(" · ")];
            stack(&mut self.shapes, middle.x, below, Anchor::Middle, Letters::Dwell, &reached);
        }
    }

    /// The title above and the legend below.
    fn finish(mut self, story: Option<&Story>) -> Picture {
        let lang = self.lang;
        let title = match story {
            Some(story) => super::ladder::title(lang, story),
            None => words::states_title(lang).to_owned(),
        };
        let (width, top) = places::size(0.0);
        let lines = wrap(&title, Letters::Title, width - 2.0 * MARGIN);
        stack(&mut self.shapes, MARGIN, MARGIN - 6.0, Anchor::Start, Letters::Title, &lines);
        let mut bottom = top + 12.0;
        if let Some(story) = story {
            let mut x = MARGIN;
            for side in [Side::Client, Side::Server] {
                let middle = bottom + Letters::Faint.leading() / 2.0;
                let line = [Point::new(x, middle), Point::new(x + 40.0, middle)];
                shaft(&mut self.shapes, &line, Hue::Of(side), Look::Path(side), Ending::Head);
                let words = words::path_of(lang, side, &story.connection.addresses[side].to_string());
                let y = baseline(bottom, Letters::Faint);
                x += 48.0;
                self.shapes.push(text(x, y, Anchor::Start, Letters::Faint, words.as_str()));
                x += measure::width(&words, Letters::Faint) + 30.0;
            }
            bottom += Letters::Faint.leading() + 4.0;
        }
        let abrupt = [On::Rst, On::GiveUp].map(|on| words::leads_to_closed(lang, on, &edges::abrupt(on)));
        let reached = story.map(|_| words::reached_note(lang));
        let sentences = abrupt.iter().map(String::as_str).chain([words::states_note(lang)]).chain(reached);
        for sentence in sentences {
            let lines = wrap(sentence, Letters::Faint, width - 2.0 * MARGIN);
            bottom = stack(&mut self.shapes, MARGIN, bottom, Anchor::Start, Letters::Faint, &lines) + 3.0;
        }
        let size = (width.ceil(), (bottom + MARGIN - 6.0).ceil());
        let paper = Rect { left: 0.0, top: 0.0, width: size.0, height: size.1 };
        let mut shapes = vec![Shape::Rect(paper, 0.0, Look::Paper)];
        shapes.append(&mut self.lines);
        shapes.append(&mut self.shapes);
        let description = words::states_description(lang).to_owned();
        Picture { size, lang, title, description, shapes }
    }
}

/// The line of a step.
fn route(drawn: &[Edge], edge: &Edge) -> Option<Vec<Point>> {
    let (from, to) = (Place { state: edge.from, is_end: false }, Place::reached(edge.to));
    places::route(from, to, apart(drawn, edge.from, edge.to))
}

/// The room of a head or of a corner.
fn turn(point: &Point) -> Rect {
    Rect { left: point.x - TURN, top: point.y - TURN, width: 2.0 * TURN, height: 2.0 * TURN }
}

/// How far a step is from the straight line: there may be one the other way.
fn apart(drawn: &[Edge], from: State, to: State) -> f64 {
    if drawn.iter().any(|edge| (edge.from, edge.to) == (to, from)) { APART } else { 0.0 }
}

/// The point of a line after this share of its length.
fn along(line: &[Point], share: f64) -> Point {
    let lengths: Vec<f64> = line
        .iter()
        .zip(line.iter().skip(1))
        .map(|(one, other)| (other.x - one.x).hypot(other.y - one.y))
        .collect();
    let mut rest = lengths.iter().sum::<f64>() * share;
    for ((one, other), length) in line.iter().zip(line.iter().skip(1)).zip(lengths) {
        if rest <= length && length > 0.0 {
            let share = rest / length;
            return Point::new(one.x + (other.x - one.x) * share, one.y + (other.y - one.y) * share);
        }
        rest -= length;
    }
    line.last().copied().unwrap_or(Point::new(0.0, 0.0))
}

/// Whether a line, followed in small steps, comes through `rect`.
fn runs_through(line: &[Point], rect: &Rect) -> bool {
    (0..=STEPS).map(|step| along(line, f64::from(step) / f64::from(STEPS))).any(|point| {
        (rect.left..=rect.right()).contains(&point.x) && (rect.top..=rect.bottom()).contains(&point.y)
    })
}

fn touch(one: &Rect, other: &Rect) -> bool {
    one.left < other.right()
        && other.left < one.right()
        && one.top < other.bottom()
        && other.top < one.bottom()
}

/// Who reached a state, and in which frames.
fn reached(lang: Lang, story: &Story, place: Place) -> Vec<String> {
    let mut reached = Vec::new();
    for (side, path) in story.connection.path.iter() {
        let here = |(at, step): &(usize, &fourwave_annotate::Step)| {
            let is_end = *at > 0 && step.state == State::Closed;
            (step.state, is_end) == (place.state, place.is_end)
        };
        let Some((_, step)) = path.iter().enumerate().rfind(here) else { continue };
        let frame = step.at.map(|at| notation::frame(story, at));
        reached.push(words::reached(lang, side, frame.as_deref()));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A label stands on its own line and hides no other.
    #[test]
    fn no_label_is_on_the_line_of_another() {
        for lang in [Lang::En, Lang::ZhHans] {
            let Picture { size, shapes, .. } = draw(lang, None);
            let labels = shapes.iter().filter_map(|shape| match shape {
                Shape::Rect(rect, _, Look::Paper) if rect.width < size.0 => Some(rect),
                Shape::Rect(..) | Shape::Line(..) | Shape::Area(..) | Shape::Circle(..) | Shape::Text(_) => {
                    None
                }
            });
            let mut count = 0;
            for label in labels {
                let lines = shapes.iter().filter(
                    |shape| matches!(shape, Shape::Line(line, Look::Arrow(..)) if runs_through(line, label)),
                );
                assert_eq!(lines.count(), 1, "{lang}: {label:?}");
                count += 1;
            }
            assert_eq!(count, edges::drawn().len());
        }
    }
}
