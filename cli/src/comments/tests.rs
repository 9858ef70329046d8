//! Comments on the flow scripts of the whole project, as a reader gets them.

use std::fmt::Write;
use std::fs;
use std::io::Cursor;

use clap::Parser;
use fourwave_annotate::{Engine, Hindsight, Lang, Observer, Options};
use fourwave_dissector::capture::Reader;
use fourwave_dissector::{Dissector, Segment, Visitor, Zone};
use fourwave_tests::flow::Flow;
use fourwave_tests::{capture, files, here};

use super::*;
use crate::args::{AnnotateArgs, Cli, Command};
use crate::filter::Filter;

/// Hands the segments of one packet to the engine.
struct Feed<'a, O>(&'a mut Engine, &'a mut O);

impl<O: Observer> Visitor for Feed<'_, O> {
    fn segment(&mut self, segment: &Segment<'_>) {
        self.0.push(segment, self.1);
    }
}

/// What is collected of the capture that `script` makes, with the packets that it has.
fn collected(script: &str, lang: Lang, args: &[&str]) -> (Collected, u64) {
    let Command::Annotate(AnnotateArgs { filter, all, hindsight, .. }) =
        Cli::parse_from([&["fourwave", "annotate", "-"], args].concat()).command
    else {
        panic!("not the arguments of annotate")
    };
    let files = ["capture".to_owned()].into();
    let mut collector = Collector::new(Filter::new(&filter), all, lang, files);
    let flow = Flow::parse(script).unwrap();
    let packets = if hindsight {
        let mut hindsight = Hindsight::new(collector, usize::MAX);
        let packets = follow(&flow, &mut hindsight);
        collector = hindsight.finish();
        packets
    } else {
        follow(&flow, &mut collector)
    };
    (collector.finish(), packets)
}

fn follow(flow: &Flow, observer: &mut impl Observer) -> u64 {
    let mut reader = Reader::new(Cursor::new(capture::pcap(flow)), "capture", 0).unwrap();
    let mut dissector = Dissector::new(Zone::Addresses);
    let mut engine = Engine::new(Options::default());
    while let Some(packet) = reader.next().unwrap() {
        dissector.dissect(&packet, &mut Feed(&mut engine, observer));
    }
    engine.finish(observer);
    reader.packets()
}

/// What is said of a script, one comment a line.
fn text(path: &str, lang: Lang, args: &[&str]) -> String {
    let (collected, packets) = collected(&fs::read_to_string(here(path)).unwrap(), lang, args);
    let head = collected.heads[0].replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let mut text = format!("== {path}\n{head}\n");
    for frame in 1..=packets {
        for comment in collected.comments.on(FrameId::new(0, frame)) {
            writeln!(text, "{frame:>3}  {comment}").unwrap();
        }
    }
    text
}

/// Scripts that have what comments are about: waves, copies, resets, answers, findings with one frame and with many.
const STORIES: [&str; 10] = [
    "captures/server-closes-first/capture.flow",
    "flows/close/three-segment.flow",
    "flows/close/half-close-with-data.flow",
    "flows/loss/fin-retransmitted.flow",
    "flows/loss/final-ack-lost.flow",
    "flows/reset/abort.flow",
    "flows/reset/data-after-full-close.flow",
    "flows/reset/in-window-rst-challenged.flow",
    "flows/reset/injected-rst.flow",
    "flows/open/refused.flow",
];

fn stories(lang: Lang) -> String {
    STORIES.map(|path| text(path, lang, &[])).join("\n")
}

#[test]
fn comments_in_english() {
    insta::assert_snapshot!(stories(Lang::En));
}

#[test]
fn comments_in_chinese() {
    insta::assert_snapshot!(stories(Lang::ZhHans));
}

#[test]
fn hindsight_corrects_states() {
    let path = "flows/close/simultaneous.flow";
    insta::assert_snapshot!([&[][..], &["--hindsight"]].map(|args| text(path, Lang::En, args)).join("\n"));
}

#[test]
fn filters_choose_comments() {
    let path = "flows/loss/fin-retransmitted.flow";
    let said = |args: &[&str]| {
        let text = text(path, Lang::En, args);
        text.lines().filter(|line| line.starts_with(' ')).count()
    };
    assert!(said(&["--all"]) > said(&[]) && said(&[]) > said(&["--role", "fin-1"]));
    assert_eq!(said(&["--kind", "three-segment"]), said(&[]));
    assert_eq!(said(&["--kind", "reset"]), 0);
    assert_eq!(said(&["--finding", "rst-abort"]), 0);
}

#[test]
fn no_comment_holds_a_control_character() {
    for path in files("flows", ".flow").unwrap() {
        let script = fs::read_to_string(&path).unwrap();
        for lang in [Lang::En, Lang::ZhHans] {
            let (collected, packets) = collected(&script, lang, &["--all"]);
            let comments = (1..=packets).flat_map(|frame| collected.comments.on(FrameId::new(0, frame)));
            for comment in comments {
                assert!(!comment.chars().any(char::is_control), "{}: {comment:?}", path.display());
            }
        }
    }
}

#[test]
fn comments_are_found_by_packet_in_their_order() {
    let mut comments = Comments::default();
    let at = FrameId::new;
    for (at, connection, text) in
        [(at(0, 8), 1, "a"), (at(1, 8), 1, "b"), (at(0, 9), 2, "c"), (at(0, 8), 3, "d")]
    {
        comments.add(at, connection, text);
    }
    comments.settle(|connection| connection != 2);
    assert_eq!(comments.on(at(0, 8)), ["a", "d"]);
    assert_eq!(comments.on(at(1, 8)), ["b"]);
    assert!(comments.on(at(0, 9)).is_empty() && comments.on(at(2, 1)).is_empty());
}

#[test]
fn frames_of_other_files_have_their_name_and_no_control_characters() {
    let files = ["a".to_owned(), "\x1b[31m\u{202e}b\n".to_owned()];
    assert_eq!(frame_name(&files, 0, FrameId::new(0, 7)), "7");
    assert_eq!(frame_name(&files, 0, FrameId::new(1, 7)), r"\u{1b}[31m\u{202e}b\n:7");
}
