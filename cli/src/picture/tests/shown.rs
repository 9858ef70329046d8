//! Pictures as others show them: text takes no more room in a browser than was left for it, and `rsvg-convert` draws
//! what the browser draws.

use std::collections::BTreeMap;
use std::fs;

use fourwave_tests::here;
use fourwave_tests::python::Python;
use serde::Deserialize;
use tempfile::TempDir;

use super::{LANGUAGES, bounds, diagram, pictures, stand_apart, texts};
use crate::picture::shape::{Picture, Rect};
use crate::picture::states;
use crate::picture::svg::{Setting, write};

/// How far letters may reach out of the room for them, in pixels: they are set to fractions of one.
const TOLERANCE: f64 = 1.0;
/// How much the greys of two squares may differ, of 255. The shapes of letters make 13 of it at most; an arrow, its
/// head, a badge, the edge of a band that only one of them draws makes at least 15.
const DIFFERENCE: u8 = 14;

/// What became of a picture.
#[derive(Debug, Deserialize)]
struct Shown {
    /// Width and height in the browser.
    browser: (f64, f64),
    /// Width and height by rsvg-convert.
    converter: (f64, f64),
    texts: Vec<Edges>,
    /// Of the greys of the two squares that differ most.
    difference: u8,
}

/// Where the letters of a text end.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Edges {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Edges {
    fn rect(self) -> Rect {
        Rect::between(self.left, self.right, self.top, self.bottom)
    }
}

#[test]
fn a_browser_and_a_converter_show_what_was_laid_out() {
    let pictures = shown();
    let folder = TempDir::new().unwrap();
    for (place, (_, picture)) in pictures.iter().enumerate() {
        let text = write(picture, Setting::File);
        fs::write(folder.path().join(format!("{place}.svg")), text).unwrap();
    }
    let printed = Python { test: "picture" }.run("shown.py", &["."], folder.path()).unwrap();
    let shown: BTreeMap<usize, Shown> = serde_json::from_str(&printed).unwrap();
    assert_eq!(shown.len(), pictures.len());
    let mut faults = Vec::new();
    for ((name, picture), shown) in pictures.iter().zip(shown.values()) {
        assert_eq!((shown.browser, shown.converter), (picture.size, picture.size), "{name}");
        if shown.difference > DIFFERENCE {
            faults.push(format!("{name}: the renderings differ by {}", shown.difference));
        }
        faults.extend(outside(picture, shown).map(|fault| format!("{name}: {fault}")));
        let boxes = texts(picture).zip(&shown.texts).map(|(text, real)| (real.rect(), text.text.as_str()));
        stand_apart(name, picture.size, &boxes.collect::<Vec<_>>());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All ladders, and some state diagrams, which differ less.
fn shown() -> Vec<(String, Picture)> {
    let script = fs::read_to_string(here("captures/server-closes-first/capture.flow")).unwrap();
    let mut all = pictures();
    for lang in LANGUAGES {
        all.push((format!("no path in {lang}"), states::draw(lang, None)));
        all.push((format!("path in {lang}"), diagram(&script, lang)));
    }
    all
}

/// What of the letters is not in the room that was left for them.
fn outside(picture: &Picture, shown: &Shown) -> impl Iterator<Item = String> {
    assert_eq!(texts(picture).count(), shown.texts.len());
    texts(picture).zip(&shown.texts).filter_map(|(text, &edges)| {
        let (real, room) = (edges.rect(), bounds(text));
        let is_inside = real.left >= room.left - TOLERANCE
            && real.top >= room.top - TOLERANCE
            && real.right() <= room.right() + TOLERANCE
            && real.bottom() <= room.bottom() + TOLERANCE;
        (!is_inside).then(|| format!("{:?} at {real:?} leaves {room:?}", text.text))
    })
}
