//! The findings, pinned at the frames that prove them.

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Certainty, Code, Finding, Severity, Side};

use super::columns::{Columns, Span};
use super::rows::Row;
use crate::explain::notation;
use crate::explain::story::Story;
use crate::explain::words;
use crate::picture::lines::{baseline, stack, text, wrap};
use crate::picture::look::{Hue, Letters, Look};
use crate::picture::shape::{Anchor, Point, Rect, Shape};

const PADDING: f64 = 7.0;
/// Between two findings.
const GAP: f64 = 8.0;
/// Room for the sign before the title.
const SIGN: f64 = 22.0;
/// From the top of a finding to where its line ends.
const PIN: f64 = 14.0;

/// Draws all findings; returns where the last one ends.
pub fn draw(
    shapes: &mut Vec<Shape>,
    lang: Lang,
    columns: &Columns,
    story: &Story,
    rows: &[Row<'_>],
    top: f64,
) -> f64 {
    let Some(span) = columns.cards else { return top };
    let mut pinned: Vec<(&Finding, f64)> = story
        .connection
        .findings
        .iter()
        .map(|finding| (finding, place(finding, rows).map_or(top, |row| row.meets(Side::Server))))
        .collect();
    pinned.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let mut bottom = top;
    for (finding, y) in pinned {
        let card_top = (y - PIN).max(bottom);
        leader(shapes, columns, span, y, card_top + PIN);
        bottom = card(shapes, lang, story, finding, span, card_top) + GAP;
    }
    bottom
}

/// The row with the frame that proves the finding: the last that is shown.
fn place<'a, 'b>(finding: &Finding, rows: &'b [Row<'a>]) -> Option<&'b Row<'a>> {
    rows.iter().rev().find(|row| row.rung.proves(finding)).or_else(|| rows.last())
}

/// The line from a band to a finding.
fn leader(shapes: &mut Vec<Shape>, columns: &Columns, span: Span, y: f64, to: f64) {
    let from = columns.bands.server.right;
    let bends = [(from, y), (from + 8.0, y), (span.left - 8.0, to), (span.left, to)];
    shapes.push(Shape::Line(bends.map(|(x, y)| Point::new(x, y)).to_vec(), Look::Leader));
    shapes.push(Shape::Circle(Point::new(from, y), 3.0, Look::Head(Hue::Plain)));
}

/// One finding; returns where it ends.
fn card(shapes: &mut Vec<Shape>, lang: Lang, story: &Story, finding: &Finding, span: Span, top: f64) -> f64 {
    let room = span.width() - 2.0 * PADDING;
    let certainty = match finding.certainty {
        Certainty::Certain => String::new(),
        Certainty::Likely => words::in_brackets(lang, lang.certainty(finding.certainty)),
    };
    let title = format!("{}{certainty}", lang.finding_title(finding.id));
    let title = wrap(&title, Letters::Strong, room - SIGN);
    let body = wrap(&lang.finding_text(finding), Letters::Faint, room);
    let code = format!("{} {}", lang.severity(finding.severity), finding.id.code());
    let mut codes = wrap(&code, Letters::FaintNumber, room);
    let frames: Vec<String> = finding.frames.iter().map(|&at| notation::frame(story, at)).collect();
    if !frames.is_empty() {
        let frames = words::frames(lang, &words::shorten(frames));
        codes.extend(wrap(&frames, Letters::FaintNumber, room));
    }
    let blocks = [(&title, Letters::Strong), (&body, Letters::Faint), (&codes, Letters::FaintNumber)];
    let height: f64 = blocks.iter().map(|(lines, letters)| lines.len() as f64 * letters.leading()).sum();
    let bottom = top + height + 2.0 * PADDING;
    shapes.push(Shape::Rect(Rect::between(span.left, span.right, top, bottom), 4.0, Look::Card));
    let left = span.left + PADDING;
    sign(shapes, Point::new(left + 8.0, top + PADDING + Letters::Strong.leading() / 2.0), finding.severity);
    let below = stack(shapes, left + SIGN, top + PADDING, Anchor::Start, Letters::Strong, &title);
    let below = stack(shapes, left, below, Anchor::Start, Letters::Faint, &body);
    stack(shapes, left, below, Anchor::Start, Letters::FaintNumber, &codes);
    bottom
}

/// The sign of a severity: a shape of its own, so that it needs no colour.
pub fn sign(shapes: &mut Vec<Shape>, centre: Point, severity: Severity) {
    let look = Look::Sign(severity);
    let corners = |corners: &[(f64, f64)]| {
        corners.iter().map(|&(x, y)| Point::new(centre.x + x, centre.y + y)).collect()
    };
    let (mark, shift) = match severity {
        Severity::Info => {
            shapes.push(Shape::Circle(centre, 7.5, look));
            ("i", 0.0)
        }
        Severity::Note => {
            shapes.push(Shape::Area(corners(&[(-7.0, -7.0), (7.0, -7.0), (7.0, 7.0), (-7.0, 7.0)]), look));
            ("!", 0.0)
        }
        Severity::Warn => {
            shapes.push(Shape::Area(corners(&[(0.0, -8.5), (9.0, 7.0), (-9.0, 7.0)]), look));
            ("!", 1.8)
        }
        Severity::Error => {
            let (near, far) = (3.3, 8.0);
            let octagon = [
                (-near, -far),
                (near, -far),
                (far, -near),
                (far, near),
                (near, far),
                (-near, far),
                (-far, near),
                (-far, -near),
            ];
            shapes.push(Shape::Area(corners(&octagon), look));
            ("×", 0.0)
        }
    };
    let letters = Letters::Sign(severity);
    let top = centre.y - letters.leading() / 2.0 + shift;
    shapes.push(text(centre.x, baseline(top, letters), Anchor::Middle, letters, mark));
}
