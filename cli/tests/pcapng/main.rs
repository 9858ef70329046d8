//! `annotate --format pcapng` and `annotate --strip`, as their callers see them, and copies as tshark sees them.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod public;
mod tshark;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use support::{ACK, Capture, FIN_ACK, RST, Sender, fourwave, run, stdout};
use tempfile::TempDir;
use tshark::{comments, head};

const WAVE_2: &str =
    "wave 2 (ack-of-fin-1): server CLOSE-WAIT, client expected FIN-WAIT-2; acknowledges the FIN in frame 4";

/// A folder, in which files have names.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, octets) in files {
            fs::write(folder.path(name), octets).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// What the program writes to standard output; it must end with `code` and say `message`.
fn annotated(args: &[&str], input: &[u8], code: i32, message: &str) -> Vec<u8> {
    let output = run(&[&["annotate", "--format", "pcapng"], args].concat(), input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(errors.contains(message) && errors.is_empty() == message.is_empty(), "{errors}");
    output.stdout
}

fn stripped(copy: &[u8]) -> Vec<u8> {
    let output = run(&["annotate", "--strip", "-"], copy);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[cfg(unix)]
#[test]
fn a_copy_that_is_interrupted_is_said_not_to_be_complete() {
    let mut capture = Capture::default();
    for port in 1..2000 {
        capture = capture.four_way(port);
    }
    let folder = Folder::new(&[("in.pcap", &capture.octets)]);
    let input = folder.path("in.pcap");
    let mut child = fourwave(&["annotate", "--format", "pcapng", &input])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // With the first octet read, and no other, it waits in the middle of its copy.
    let mut stdout = child.stdout.take().unwrap();
    let mut copy = vec![0];
    stdout.read_exact(&mut copy).unwrap();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &pid]).status().unwrap().success());
    // The signal is delivered before the pipe is emptied.
    std::thread::sleep(Duration::from_millis(300));
    stdout.read_to_end(&mut copy).unwrap();
    let output = child.wait_with_output().unwrap();
    let note = format!(
        "fourwave: note: {input}: interrupted before its copy was complete: a part would pass for the whole\n"
    );
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(130), note));
    assert!(copy.len() < capture.octets.len(), "it was not interrupted");
}

#[test]
fn a_file_is_copied_with_comments_and_given_back() {
    let capture = Capture::default().four_way(40_000).reset(40_001).octets;
    let folder = Folder::new(&[("in.pcap", &capture)]);
    let (input, copy, back) = (folder.path("in.pcap"), folder.path("copy"), folder.path("back"));
    stdout(&["annotate", "--format", "pcapng", "-o", &copy, &input], &[], 0);
    let (head, packets) = (head(&folder.read("copy")), comments(&folder.path("copy")));
    assert_eq!(
        head.split('\n').skip(1).collect::<Vec<_>>(),
        [
            "2 connections: four-way 1, reset 1.",
            "Closed first by: client 1, server 1.",
            "Findings: rst-abort 1."
        ]
    );
    let frames: Vec<_> = packets.iter().filter(|(_, said)| !said.is_empty()).map(|(at, _)| *at).collect();
    assert_eq!(frames, [4, 5, 6, 7, 11]);
    assert_eq!(packets[&5], [WAVE_2]);
    assert_eq!(packets[&11].len(), 2);
    assert!(packets[&11][1].starts_with("rst-abort (warning): "), "{packets:?}");
    stdout(&["annotate", "--strip", &copy, "-o", &back], &[], 0);
    assert_eq!(folder.read("back"), capture);
    assert_eq!(folder.names(), ["back", "copy", "in.pcap"]);
}

#[test]
fn a_stream_says_what_is_known_by_then() {
    let capture = Capture::default().four_way(40_000).reset(40_001).octets;
    let copy = annotated(&["-"], &capture, 0, "");
    let folder = Folder::new(&[("copy", &copy)]);
    let (head, packets) = (head(&folder.read("copy")), comments(&folder.path("copy")));
    // No summary.
    assert!(head.starts_with("Annotated by fourwave") && !head.contains('\n'), "{head}");
    assert_eq!(packets[&5], [WAVE_2]);
    assert_eq!(packets[&11][1], "rst-abort: Aborted by RST");
    assert_eq!(stripped(&copy), capture);
}

#[test]
fn a_packet_is_copied_before_the_next_is_needed() {
    let mut capture = Capture::default();
    capture.open(40_000);
    capture.segment(40_000, Sender::Client, FIN_ACK, 101, 301);
    let mut child = fourwave(&["annotate", "--format", "pcapng", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    stdin.write_all(&capture.octets).unwrap();
    let mut copy = Vec::new();
    while !copy.windows(15).any(|octets| octets == b"wave 1 (fin-1):") {
        let mut octets = [0; 4096];
        let read = stdout.read(&mut octets).unwrap();
        assert!(read > 0, "the copy ended before its input");
        copy.extend(&octets[..read]);
    }
    drop(stdin);
    stdout.read_to_end(&mut copy).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stripped(&copy), capture.octets);
}

#[test]
fn what_was_compressed_comes_back_uncompressed() {
    let capture = Capture::default().four_way(40_000).octets;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&capture).unwrap();
    let folder = Folder::new(&[("in.pcap.gz", &encoder.finish().unwrap())]);
    assert_eq!(stripped(&annotated(&[&folder.path("in.pcap.gz")], &[], 0, "")), capture);
}

#[test]
fn damage_is_reported_and_comes_back() {
    let whole = Capture::default().four_way(40_000).octets;
    let cut = &whole[..whole.len() - 3];
    let message = "packet 7 at octet 444: cut short in a packet record";
    let folder = Folder::new(&[("in.pcap", cut)]);
    for (input, octets) in [(folder.path("in.pcap"), &[][..]), ("-".to_owned(), cut)] {
        let copy = annotated(&[&input], octets, 1, message);
        assert_eq!(stripped(&copy), cut);
        fs::write(folder.path("copy"), &copy).unwrap();
        assert_eq!(comments(&folder.path("copy")).len(), 6);
    }
}

#[test]
fn nothing_is_made_of_what_is_no_capture() {
    let folder = Folder::new(&[("in.txt", b"no capture")]);
    let (input, output) = (folder.path("in.txt"), folder.path("out"));
    annotated(&["-o", &output, &input], &[], 1, "in.txt: not in a format that is read here, but text");
    annotated(&["-o", &output, &folder.path("missing")], &[], 1, "missing: cannot be read");
    assert_eq!(folder.names(), ["in.txt"]);
}

#[test]
fn each_of_several_files_has_a_copy_in_a_folder() {
    let whole = Capture::default().four_way(40_000).octets;
    // The file header, and the first five records of 16 + 54 octets.
    let (header, rest) = whole.split_at(24);
    let (first, second) = rest.split_at(5 * 70);
    let (first, second) = ([header, first].concat(), [header, second].concat());
    let folder = Folder::new(&[("1.pcap", &first), ("2.pcap", &second)]);
    let inputs = [folder.path("2.pcap"), folder.path("1.pcap")];
    let out = folder.path("out");
    for _ in 0..2 {
        assert!(annotated(&[&inputs[0], &inputs[1], "-o", &out], &[], 0, "").is_empty());
    }
    // A connection of both, which each summary counts.
    let copies = ["out/1.pcap.pcapng", "out/2.pcap.pcapng"].map(|name| folder.path(name));
    let [of_first, of_second] = [&copies[0], &copies[1]].map(|copy| comments(copy));
    assert_eq!(of_first[&5], [WAVE_2]);
    let wave_4 =
        "wave 4 (ack-of-fin-2): client TIME-WAIT, server expected CLOSED; acknowledges the FIN in frame 1";
    assert_eq!(of_second[&2], [wave_4]);
    for name in ["out/1.pcap.pcapng", "out/2.pcap.pcapng"] {
        assert!(head(&folder.read(name)).contains("1 connection: four-way 1."), "{name}");
    }
    assert_eq!(stripped(&folder.read("out/1.pcap.pcapng")), first);
    assert_eq!(stripped(&folder.read("out/2.pcap.pcapng")), second);
}

#[test]
fn a_frame_of_another_file_has_its_name() {
    let whole = Capture::default().four_way(40_000).octets;
    // Wave 2 begins the second file.
    let (header, rest) = whole.split_at(24);
    let (first, second) = rest.split_at(4 * 70);
    let folder =
        Folder::new(&[("1.pcap", &[header, first].concat()), ("2.pcap", &[header, second].concat())]);
    annotated(&[&folder.path("1.pcap"), &folder.path("2.pcap"), "-o", &folder.path("out")], &[], 0, "");
    let packets = comments(&folder.path("out/2.pcap.pcapng"));
    let link = format!("acknowledges the FIN in frame {}:4", folder.path("1.pcap"));
    assert!(packets[&1][0].ends_with(&link), "{packets:?}");
}

#[test]
fn hindsight_filters_and_language() {
    let capture = Capture::default().four_way(40_000).reset(40_001).octets;
    let folder = Folder::new(&[("in", &capture)]);
    let said = |args: &[&str]| {
        annotated(&[args, &[&folder.path("in"), "-o", &folder.path("out")]].concat(), &[], 0, "");
        let packets = comments(&folder.path("out"));
        packets.into_iter().filter(|(_, said)| !said.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(said(&["--all"]).len(), 11);
    assert_eq!(said(&["--kind", "reset"]).len(), 1);
    assert_eq!(said(&["--connection", "1", "--hindsight"]).len(), 4);
    let of_role = said(&["--role", "fin-1", "--lang", "zh-CN"]);
    assert_eq!(
        of_role,
        [(4, vec!["第一次挥手（fin-1）：客户端 FIN-WAIT-1，服务器预期 CLOSE-WAIT".to_owned()])]
    );
}

#[test]
fn text_in_a_capture_cannot_get_into_a_comment_as_it_is() {
    let mut capture = Capture::default();
    capture.open(40_000);
    capture.text(40_000, Sender::Server, RST | ACK, 301, 101, b"\x1b[2J<script>\n\xe2\x80\xae\0x");
    let folder = Folder::new(&[("in", &capture.octets)]);
    annotated(&[&folder.path("in"), "-o", &folder.path("out")], &[], 0, "");
    let (head, packets) = (head(&folder.read("out")), comments(&folder.path("out")));
    let texts: Vec<_> = packets.values().flatten().collect();
    let shown = texts.iter().any(|text| text.contains(r"RST carries text: [2J<script>\u{202e}x."));
    assert!(shown, "{texts:?}");
    for text in texts.into_iter().chain([&head.replace('\n', "")]) {
        assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let capture = Capture::default().four_way(40_000).octets;
    let folder = Folder::new(&[("a", &capture), ("b", &capture), ("c", &capture), ("c.pcapng", &capture)]);
    let (a, b) = (folder.path("a"), folder.path("b"));
    let pcapng = ["--format", "pcapng"];
    for (args, message) in [
        (&["connections", &a][..], "--format pcapng"),
        (&["stats", &a], "--format pcapng"),
        (&["annotate", &a, &b], "-o DIR"),
        (&["annotate", &a, "-", "-o", &folder.path("out")], "once"),
        (&["annotate", &a, "--fields", "role"], "--fields"),
        (&["annotate", &a, "--output-dir", &folder.path("out")], "-o DIR"),
        (&["annotate", "-", "--hindsight"], "--hindsight"),
        (&["annotate", "-", "--kind", "reset"], "--kind"),
        (&["annotate", &folder.path(""), "-o", &folder.path("")], "another directory"),
        (
            &["annotate", &folder.path("c"), &folder.path("c.pcapng"), "-o", &folder.path("")],
            "c.pcapng: is an input",
        ),
        (&["annotate", &a, "--strip"], "--strip"),
    ] {
        let output = run(&[args, &pcapng].concat(), &capture);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(2), &[][..]),
            "{args:?}: {errors}"
        );
        assert!(errors.contains(message), "{args:?}: {errors}");
    }
    for args in [&["annotate", "--strip", "--all", &a][..], &["annotate", "--strip", &a, &b]] {
        assert_eq!(run(args, &[]).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(folder.names(), ["a", "b", "c", "c.pcapng"]);
}

/// It is neither refused for how it could be read, nor in the way of the others.
#[test]
fn what_does_not_exist_is_said_not_to() {
    let folder = Folder::new(&[("a", &Capture::default().four_way(40_000).octets)]);
    let (a, absent) = (folder.path("a"), folder.path("absent"));
    let message = "absent: cannot be read: ";
    annotated(&["--hindsight", &absent, "-o", &folder.path("copy")], &[], 1, message);
    annotated(&[&a, &absent, "-o", &folder.path("out")], &[], 1, message);
    assert_eq!(folder.names(), ["a", "out"]);
    assert!(!comments(&folder.path("out/a.pcapng")).is_empty());
}

#[test]
fn only_a_copy_is_stripped_and_only_as_it_was() {
    let capture = Capture::default().four_way(40_000).octets;
    let copy = annotated(&["-"], &capture, 0, "");
    let mut changed = copy.clone();
    let comment = copy.windows(4).position(|octets| octets == b"wave").unwrap();
    // The code of the option, two octets before its length.
    changed[comment - 4] = 9;
    let folder = Folder::new(&[
        ("capture", &capture),
        ("changed", &changed),
        ("cut", &copy[..copy.len() - 4]),
        ("other", &copy[copy.len() - 100..]),
    ]);
    for (name, message) in [
        ("capture", "`annotate --format pcapng` has written and no other program since"),
        ("changed", "block at octet"),
        ("cut", "cut short in a block"),
        ("other", "not in a format that is read here"),
        ("missing", "cannot be read"),
    ] {
        let output = run(&["annotate", "--strip", &folder.path(name), "-o", &folder.path("out")], &[]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {errors}");
        assert!(errors.contains(name) && errors.contains(message), "{name}: {errors}");
        assert!(!Path::new(&folder.path("out")).exists(), "{name}");
    }
}
