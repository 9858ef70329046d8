//! Pictures of the flow scripts of the whole project, in both languages: text stands beside text, never on it.

mod shown;

use std::fs;

use fourwave_annotate::Lang;
use fourwave_tests::{files, here};

use super::shape::{Anchor, Picture, Rect, Shape, Text};
use super::svg::{Setting, write};
use super::{ladder, look, measure, states};
use crate::explain::tests::found;
use crate::explain::{Found, Request};
use crate::terminal::Room;

const LANGUAGES: [Lang; 2] = [Lang::En, Lang::ZhHans];

/// The ladder of a connection of a script; `None` if it has none with this number.
fn picture(script: &str, connection: u64, lang: Lang) -> Option<Picture> {
    let request = Request { connection: Some(connection), layers: false, lang, room: Room::PAGE };
    match found(script, request).ok()? {
        Found::Story(story) => Some(ladder::draw(lang, &story)),
        Found::Table(_) => None,
    }
}

/// Every ladder of every script, with its name.
fn pictures() -> Vec<(String, Picture)> {
    let scripts = files("flows", ".flow").unwrap();
    let mut pictures = Vec::new();
    for path in scripts {
        let script = fs::read_to_string(&path).unwrap();
        for lang in LANGUAGES {
            let all = (1..).map_while(|connection| picture(&script, connection, lang));
            pictures.extend(all.map(|picture| (format!("{} in {lang}", path.display()), picture)));
        }
    }
    assert!(pictures.len() > 80, "{} pictures", pictures.len());
    pictures
}

/// State diagrams in every language: without a path, and with those of the first connection of every script.
fn diagrams() -> Vec<(String, Picture)> {
    let scripts = files("flows", ".flow").unwrap();
    let mut diagrams = Vec::new();
    for lang in LANGUAGES {
        diagrams.push((format!("without a path in {lang}"), states::draw(lang, None)));
        for path in &scripts {
            let script = fs::read_to_string(path).unwrap();
            let name = format!("paths of {} in {lang}", path.display());
            diagrams.push((name, diagram(&script, lang)));
        }
    }
    diagrams
}

/// The state diagram with the paths of the first connection of a script.
fn diagram(script: &str, lang: Lang) -> Picture {
    let request = Request { connection: Some(1), layers: false, lang, room: Room::PAGE };
    match found(script, request).unwrap() {
        Found::Story(story) => states::draw(lang, Some(&story)),
        Found::Table(_) => panic!("asked for one connection"),
    }
}

/// The texts of a picture.
fn texts(picture: &Picture) -> impl Iterator<Item = &Text> {
    picture.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text),
        Shape::Rect(..) | Shape::Line(..) | Shape::Area(..) | Shape::Circle(..) => None,
    })
}

/// The room that a text takes at most, whatever font it is shown in.
fn bounds(text: &Text) -> Rect {
    let width = measure::width(&text.text, text.letters);
    let size = text.letters.size();
    let left = match text.anchor {
        Anchor::Start => text.at.x,
        Anchor::Middle => text.at.x - width / 2.0,
        Anchor::End => text.at.x - width,
    };
    Rect { left, top: text.at.y - measure::ASCENT * size, width, height: measure::HEIGHT * size }
}

/// Checks that all text is in the picture, and that no two texts touch.
fn check(name: &str, picture: &Picture) {
    let boxes: Vec<(Rect, &str)> = texts(picture).map(|text| (bounds(text), text.text.as_str())).collect();
    stand_apart(name, picture.size, &boxes);
}

/// Checks that boxes of texts are in a picture of this size, and that no two touch.
fn stand_apart(name: &str, (width, height): (f64, f64), boxes: &[(Rect, &str)]) {
    for (place, (one, text)) in boxes.iter().enumerate() {
        let inside = one.left >= 0.0 && one.top >= 0.0 && one.right() <= width && one.bottom() <= height;
        assert!(inside, "{name}: {text:?} at {one:?} leaves {width} x {height}");
        for (other, beside) in &boxes[place + 1..] {
            let apart = one.right() <= other.left
                || other.right() <= one.left
                || one.bottom() <= other.top
                || other.bottom() <= one.top;
            assert!(apart, "{name}: {text:?} at {one:?} is on {beside:?} at {other:?}");
        }
    }
}

#[test]
fn no_text_is_on_another_in_any_ladder() {
    for (name, picture) in pictures() {
        check(&name, &picture);
    }
}

#[test]
fn no_text_is_on_another_in_any_state_diagram() {
    for (name, picture) in diagrams() {
        check(&name, &picture);
    }
}

/// Frames stand below states only where there is a connection, and then it is said what the numbers are.
#[test]
fn a_state_diagram_with_paths_says_what_stands_below_the_states() {
    for (lang, note) in LANGUAGES.into_iter().zip(["Below a state: ", "状态下方："]) {
        let says = |picture: Picture| texts(&picture).any(|text| text.text.starts_with(note));
        assert!(says(diagram("A FIN.\nopened\n\n1.000 C > S  F.  100:100(0) ack 300\n", lang)));
        assert!(!says(states::draw(lang, None)));
    }
}

#[test]
fn long_numbers_addresses_and_lists_fit_too() {
    let script = "Long everything.\n\
        client [2001:db8:1234:5678:9abc:def0:1234:5678]:65535\n\
        server [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535\n\n\
        0.000 C > S S 89:89(0)\n\
        0.010 S > C S. 279:279(0) ack 90\n\
        0.020 C > S . 90:90(0) ack 280\n\
        9000000.000 C > S FP.UEW 4200000000:4200001448(1448) ack 4100000000\n\
        9000000.010 S > C F. 4100000000:4100000000(0) ack 4200001449\n\
        9000000.020 C > S SR. 4200001449:4200001449(0) ack 4100000001\n";
    for lang in LANGUAGES {
        check("long", &picture(script, 1, lang).unwrap());
    }
}

#[test]
fn every_picture_is_xml_with_a_title_and_a_description() {
    for (name, picture) in pictures().into_iter().chain(diagrams()) {
        let text = write(&picture, Setting::File);
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let svg = document.root_element();
        assert_eq!((svg.tag_name().name(), svg.attribute("role")), ("svg", Some("img")), "{name}");
        for part in ["title", "desc"] {
            let part = svg.children().find(|child| child.has_tag_name(("http://www.w3.org/2000/svg", part)));
            assert!(part.and_then(|part| part.text()).is_some_and(|text| !text.is_empty()), "{name}");
        }
    }
}

#[test]
fn what_a_page_brings_is_not_in_its_pictures() {
    let script = fs::read_to_string(here("flows/close/four-way.flow")).unwrap();
    let picture = picture(&script, 1, Lang::En).unwrap();
    let (file, part) = (write(&picture, Setting::File), write(&picture, Setting::Page));
    assert!(file.contains(&look::style()) && file.contains(look::definitions()));
    assert!(part.starts_with("<svg ") && !part.contains("<style") && !part.contains("<defs"));
}

#[test]
fn text_of_a_reset_is_text() {
    let script = "A RST with markup.\nopened\n\n\
        1.000 S > C R. 300:340(40) ack 100 hex 3c2f746578743e3c7363726970743e1b5b33316d0a26222f3e\n";
    let picture = picture(script, 1, Lang::En).unwrap();
    check("markup", &picture);
    let text = write(&picture, Setting::File);
    let document = roxmltree::Document::parse(&text).unwrap();
    assert!(!document.descendants().any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "script"))));
    assert!(text.contains("&lt;script&gt;") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn walk_through_in_both_languages() {
    let script = fs::read_to_string(here("captures/server-closes-first/capture.flow")).unwrap();
    for lang in LANGUAGES {
        let picture = picture(&script, 1, lang).unwrap();
        check("walk-through", &picture);
        insta::assert_snapshot!(format!("walk_through_{lang}"), write(&picture, Setting::File));
    }
}
