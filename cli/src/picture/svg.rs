//! Shapes as SVG 1.1. All that goes into the file goes through here, and text is made harmless here.

use std::fmt::Write;

use fourwave_annotate::{Code, is_harmful};

use super::look;
use super::shape::{Anchor, Picture, Point, Rect, Shape, Text};

/// What of its surroundings a picture brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// All: it is a file of its own.
    File,
    /// Only its shapes: the page that it is part of has [`look::page_style`] and, once, [`look::definitions`].
    Page,
}

/// The picture as the text of an SVG document or element.
pub fn write(picture: &Picture, setting: Setting) -> String {
    let (width, height) = (number(picture.size.0), number(picture.size.1));
    let mut svg = String::new();
    if setting == Setting::File {
        svg.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{}\" role=\"img\" xml:lang=\"{lang}\" lang=\"{lang}\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">",
        look::ROOT,
        lang = picture.lang.code(),
    );
    let _ = writeln!(svg, "<title>{}</title>", escaped(&picture.title));
    let _ = writeln!(svg, "<desc>{}</desc>", escaped(&picture.description));
    if setting == Setting::File {
        let _ = writeln!(svg, "<style>\n{}</style>", look::style());
        let _ = writeln!(svg, "{}", look::definitions());
    }
    for shape in &picture.shapes {
        element(&mut svg, shape);
    }
    svg.push_str("</svg>\n");
    svg
}

fn element(svg: &mut String, shape: &Shape) {
    // Writing to memory cannot fail.
    let _ = match shape {
        Shape::Rect(rect, radius, look) => rectangle(svg, rect, *radius, &look.class()),
        Shape::Line(line, look) => {
            writeln!(svg, "<polyline class=\"{}\" points=\"{}\"/>", look.class(), points(line))
        }
        Shape::Area(outline, look) => {
            writeln!(svg, "<polygon class=\"{}\" points=\"{}\"/>", look.class(), points(outline))
        }
        Shape::Circle(centre, radius, look) => {
            let (x, y, radius) = (number(centre.x), number(centre.y), number(*radius));
            writeln!(svg, "<circle class=\"{}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>", look.class())
        }
        Shape::Text(text) => line_of_text(svg, text),
    };
}

fn rectangle(svg: &mut String, rect: &Rect, radius: f64, class: &str) -> std::fmt::Result {
    let (x, y) = (number(rect.left), number(rect.top));
    let (width, height) = (number(rect.width), number(rect.height));
    let round = if radius > 0.0 { format!(" rx=\"{}\"", number(radius)) } else { String::new() };
    writeln!(
        svg,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{round}/>"
    )
}

fn line_of_text(svg: &mut String, text: &Text) -> std::fmt::Result {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let (x, y) = (number(text.at.x), number(text.at.y));
    let (class, size) = (text.letters.class(), number(text.letters.size()));
    let words = escaped(&text.text);
    writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}>{words}</text>")
}

fn points(points: &[Point]) -> String {
    let pairs: Vec<String> =
        points.iter().map(|point| format!("{},{}", number(point.x), number(point.y))).collect();
    pairs.join(" ")
}

/// A coordinate, to a tenth of a pixel.
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { String::from("0") } else { text.to_owned() }
}

/// `text` as XML character data or attribute value: no markup, and no character that XML 1.0 forbids or that is
/// harmful otherwise.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other if is_harmful(other) || matches!(other, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        assert_eq!([12.0, 0.5, -0.01, 3.25, -2.0].map(number), ["12", "0.5", "0", "3.2", "-2"]);
    }

    #[test]
    fn text_is_harmless() {
        assert_eq!(
            escaped("</text><script>alert(\"1\")&'\u{1b}[31m\0\u{202e}\u{ffff}挥手"),
            "&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}挥手"
        );
    }
}
