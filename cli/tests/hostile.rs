//! Captures whose every text, and whose names, are made to do harm: markup, escape sequences of terminals, characters
//! that turn text around, ends of lines. None of it does anything where it is shown.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use roxmltree::Document;
use serde_json::Value;
use tempfile::TempDir;

use support::archive::HEADER;
use support::{Capture, RST, Sender, fourwave, run};

/// Texts of resets, of interfaces and in comments.
const TEXTS: [&str; 7] = [
    "</script><img src=x onerror=injected()>",
    "</text></svg><svg onload=injected()>",
    "\x1b]0;injected\x07\x1b[2J\x1b[31m\x08\x7f",
    "\u{9b}2J\u{9d}0;injected\u{9c}",
    "\u{202e}detcejni\u{2066}\u{200f}\u{61c}",
    "one\nfourwave: error: injected\r\n\u{2028}two",
    "\"'&quot;]]><!-- \\ ,;=injected()",
];

/// The file is in a directory, so that its name has a slash.
const DIRECTORY: &str = "\x1b]0;injected\x07\u{9b}2J\u{202e}<";
const FILE: &str = "script><img src=x onerror=injected()>\n'fourwave\": error: \u{2028}$(injected).pcapng";

const COMMENT: u16 = 1;
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;

/// A folder with `in/DIRECTORY/FILE`, and a file beside it that is cut.
struct Hostile {
    folder: TempDir,
    capture: Vec<u8>,
}

impl Hostile {
    fn new() -> Self {
        let hostile = Self { folder: TempDir::new().unwrap(), capture: capture() };
        fs::create_dir_all(hostile.file().parent().unwrap()).unwrap();
        fs::write(hostile.file(), &hostile.capture).unwrap();
        hostile
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("in").join(DIRECTORY).join(FILE)
    }

    /// Runs the program in the folder; what it wrote to standard output, harmless as it must be.
    #[track_caller]
    fn run(&self, args: &[&str], code: i32) -> String {
        let output = fourwave(args).current_dir(self.folder.path()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {errors:?}");
        assert_harmless(&errors);
        let is_ours = |line: &str| line.starts_with("fourwave: ") || line.starts_with("  ");
        assert!(errors.lines().all(is_ours), "{args:?}: {errors:?}");
        assert!(!errors.contains("\nfourwave: error: injected"), "{args:?}: {errors:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_harmless(&text);
        text
    }

    /// What a file holds that was written into the folder, harmless as it must be.
    #[track_caller]
    fn read(&self, name: impl AsRef<Path>) -> String {
        let text = fs::read_to_string(self.folder.path().join(name)).unwrap();
        assert_harmless(&text);
        text
    }
}

/// A reset with each of the texts, and all of them wherever pcapng has room for text.
fn capture() -> Vec<u8> {
    let mut packets = Capture::default();
    for (port, text) in (40_000..).zip(TEXTS) {
        packets.open(port);
        packets.text(port, Sender::Server, RST, 301, 0, text.as_bytes());
    }
    let all = TEXTS.concat();
    let options = |codes: &[u16]| {
        let mut options: Vec<u8> = codes.iter().flat_map(|code| option(*code, all.as_bytes())).collect();
        options.extend([0; 4]);
        options
    };
    // Comment, hardware, operating system, application; name and description of the interface.
    let version = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let mut pcapng = block(SECTION_HEADER, &[&version, &options(&[COMMENT, 2, 3, 4])]);
    pcapng.extend(block(INTERFACE, &[&[1, 0, 0, 0, 0, 0, 4, 0], &options(&[COMMENT, 2, 3])]));
    let mut rest = &packets.octets[HEADER..];
    while let Some((header, behind)) = rest.split_first_chunk::<16>() {
        let [seconds, micros, len, _] = numbers(header);
        let (frame, behind) = behind.split_at(len as usize);
        let time = u64::from(seconds) * 1_000_000 + u64::from(micros);
        let fields = [0, (time >> 32) as u32, time as u32, len, len].map(u32::to_le_bytes).concat();
        pcapng.extend(block(PACKET, &[&fields, &padded(frame), &options(&[COMMENT])]));
        rest = behind;
    }
    pcapng
}

fn block(block_type: u32, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let size = (12 + body.len() as u32).to_le_bytes();
    [&block_type.to_le_bytes()[..], &size, &body, &size].concat()
}

fn option(code: u16, value: &[u8]) -> Vec<u8> {
    let len = (value.len() as u16).to_le_bytes();
    [&code.to_le_bytes()[..], &len, &padded(value)].concat()
}

fn padded(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    octets.resize(octets.len().next_multiple_of(4), 0);
    octets
}

fn numbers(octets: &[u8; 16]) -> [u32; 4] {
    std::array::from_fn(|at| u32::from_le_bytes(octets[4 * at..4 * at + 4].try_into().unwrap()))
}

/// The comments on the section and on packets, in their order.
fn comments(mut pcapng: &[u8]) -> Vec<Vec<u8>> {
    let mut comments = Vec::new();
    while !pcapng.is_empty() {
        let number = |at: usize| u32::from_le_bytes(pcapng[at..at + 4].try_into().unwrap());
        let (block, rest) = pcapng.split_at(number(4) as usize);
        let options = match number(0) {
            SECTION_HEADER => 24,
            PACKET => 28 + (number(20) as usize).next_multiple_of(4),
            _ => block.len() - 4,
        };
        let mut options = &block[options..block.len() - 4];
        while let Some((&[code, _, low, high], value)) = options.split_first_chunk::<4>() {
            let len = usize::from(u16::from_le_bytes([low, high]));
            if code == COMMENT as u8 {
                comments.push(value[..len].to_vec());
            }
            options = &value[len.next_multiple_of(4)..];
        }
        pcapng = rest;
    }
    comments
}

/// No character steers a terminal or turns text around.
#[track_caller]
fn assert_harmless(text: &str) {
    const TURNING: &str =
        "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    let harms = |character: &char| character.is_control() && !"\n\t".contains(*character);
    let harmful = text.chars().find(|character| harms(character) || TURNING.contains(*character));
    assert_eq!(harmful, None, "{text:?}");
}

/// A picture: nothing in it but what pictures of ours have.
#[track_caller]
fn assert_picture(svg: &str) {
    const ELEMENTS: [&str; 14] = [
        "svg", "title", "desc", "style", "defs", "pattern", "path", "rect", "circle", "line", "polyline",
        "polygon", "text", "g",
    ];
    assert_harmless(svg);
    let document = Document::parse(svg).unwrap();
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        let mut attributes = element.attributes().map(|attribute| attribute.name());
        assert!(attributes.all(|name| !name.starts_with("on") && name != "href"), "<{name}>");
    }
}

#[track_caller]
fn records(lines: &str) -> Vec<Value> {
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    records.iter().for_each(assert_texts_harmless);
    records
}

/// The texts of JSON, their escapes undone, are harmless, too.
#[track_caller]
fn assert_texts_harmless(value: &Value) {
    match value {
        Value::String(text) => assert_harmless(text),
        Value::Array(values) => values.iter().for_each(assert_texts_harmless),
        Value::Object(values) => values.values().for_each(assert_texts_harmless),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn records_are_a_line_each_in_every_format() {
    let hostile = Hostile::new();
    for command in [&["connections"][..], &["annotate"], &["annotate", "--all", "--hindsight"]] {
        for lang in ["en", "zh-CN"] {
            let lines = |format| {
                hostile.run(&[command, &["--format", format, "--lang", lang, "in", "in"]].concat(), 0)
            };
            let records = records(&lines("jsonl")).len();
            assert!(records >= 2 * TEXTS.len(), "{records}");
            assert_eq!(lines("text").lines().count(), records);
            assert_eq!(lines("csv").lines().count(), records + 1);
        }
    }
    let said = hostile.run(&["connections", "--format", "jsonl", "in"], 0);
    assert!(said.contains("<img src=x onerror=injected()>"), "the text of a reset is told");
    assert!(
        said.contains(r"\\u{1b}]0;injected\\u{7}\\u{9b}2J\\u{202e}</script>"),
        "so is the name of the file"
    );
}

#[test]
fn counts_summaries_and_manifests_are_harmless() {
    let hostile = Hostile::new();
    for format in ["text", "jsonl", "csv"] {
        hostile.run(&["stats", "--format", format, "in"], 0);
    }
    hostile.run(&["connections", "--progress", "always", "-o", "records", "in"], 0);
    records(&hostile.read("records"));
    hostile.run(&["connections", "--summary", "summary.json", "--output-dir", "out", "in"], 0);
    for file in ["summary.json", "out/manifest.json"] {
        assert_texts_harmless(&serde_json::from_str(&hostile.read(file)).unwrap());
    }
    for entry in fs::read_dir(hostile.folder.path().join("out")).unwrap() {
        assert_harmless(&entry.unwrap().file_name().into_string().unwrap());
    }
}

#[test]
fn connections_that_are_watched_are_a_line_each() {
    for format in ["text", "jsonl"] {
        let output = run(&["connections", "--watch", "--format", format, "-"], &capture());
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
        let lines = String::from_utf8(output.stdout).unwrap();
        assert_harmless(&lines);
        assert_eq!(lines.lines().count(), TEXTS.len());
    }
}

#[test]
fn stories_and_pictures_are_harmless() {
    let hostile = Hostile::new();
    for lang in ["en", "zh-CN"] {
        hostile.run(&["explain", "--lang", lang, "in"], 0);
        for number in 1..=TEXTS.len() {
            let args = ["explain", "--lang", lang, "--connection", &number.to_string(), "in"];
            hostile.run(&args, 0);
            hostile.run(
                &[&args[..], &["--layers", "--svg", "ladder.svg", "--states", "states.svg"]].concat(),
                0,
            );
            assert_picture(&hostile.read("ladder.svg"));
            assert_picture(&hostile.read("states.svg"));
        }
    }
}

#[test]
fn a_page_around_its_data_is_the_same_for_any_capture() {
    let hostile = Hostile::new();
    hostile.run(&["report", "-o", "report.html", "in"], 0);
    let (around, data) = taken_apart(&hostile.read("report.html"));
    let plain = run(&["report", "-"], &Capture::default().reset(40_000).octets).stdout;
    assert_eq!(around, taken_apart(&String::from_utf8(plain).unwrap()).0);
    let mut pictures = 0;
    for (name, text) in data {
        assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'), "{name:?}");
        if name.starts_with("ladder-") {
            for svg in text.split("\n\n").filter(|svg| !svg.trim().is_empty()) {
                assert_picture(svg);
                pictures += 1;
            }
        } else {
            assert!(!records(&text.replace("\n\n", "\n")).is_empty());
        }
    }
    assert_eq!(pictures, 2 * TEXTS.len());
}

/// The page without its data, and the data by their names.
fn taken_apart(page: &str) -> (String, Vec<(String, String)>) {
    const START: &str = "<script type=\"application/octet-stream\" id=\"";
    let mut parts = page.split(START);
    let mut around = parts.next().unwrap().to_owned();
    let mut data = Vec::new();
    for part in parts {
        let (name, part) = part.split_once("\">").unwrap();
        let (packed, behind) = part.split_once("</script>\n").unwrap();
        let mut text = String::new();
        ZlibDecoder::new(&STANDARD.decode(packed).unwrap()[..]).read_to_string(&mut text).unwrap();
        data.push((name.to_owned(), text));
        around.push_str(behind);
    }
    (around, data)
}

#[test]
fn comments_of_others_stay_and_ours_are_harmless() {
    let hostile = Hostile::new();
    hostile.run(&["annotate", "--format", "pcapng", "-o", "copy", hostile.file().to_str().unwrap()], 0);
    let copy = fs::read(hostile.folder.path().join("copy")).unwrap();
    let theirs = comments(&hostile.capture);
    let (kept, ours): (Vec<_>, Vec<_>) =
        comments(&copy).into_iter().partition(|comment| comment == &theirs[0]);
    assert_eq!(kept, theirs);
    assert!(ours.len() > TEXTS.len());
    for comment in ours {
        assert_harmless(std::str::from_utf8(&comment).unwrap());
    }
    hostile.run(&["annotate", "--strip", "copy", "-o", "back"], 0);
    assert_eq!(fs::read(hostile.folder.path().join("back")).unwrap(), hostile.capture);
}

#[test]
fn errors_that_name_such_a_file_look_like_nothing_else() {
    let hostile = Hostile::new();
    let (file, missing) = (hostile.file(), hostile.file().with_file_name("\x1b[2J\nmissing"));
    let (file, missing) = (file.to_str().unwrap(), missing.to_str().unwrap());
    let below = format!("{file}/below");
    hostile.run(&["explain", "--connection", "99", file], 2);
    hostile.run(&["wireshark", "install", "--plugin", missing, "--wireshark", missing], 1);
    hostile.run(&["annotate", "--strip", file], 1);
    hostile.run(&["connections", missing], 1);
    hostile.run(&["connections", &format!("{missing}*")], 1);
    hostile.run(&["connections", "-o", &below, file], 1);
    hostile.run(&["connections", "--output-dir", &below, file], 1);
    hostile.run(&["connections", "--summary", &below, file], 1);
    hostile.run(&["annotate", "--format", "pcapng", "-o", &below, file], 1);
    fs::write(file, &hostile.capture[..hostile.capture.len() - 1]).unwrap();
    for command in ["connections", "annotate", "stats", "explain", "report"] {
        hostile.run(&[command, file], 1);
    }
    fs::write(file, TEXTS.concat()).unwrap();
    hostile.run(&["connections", file], 1);
}
