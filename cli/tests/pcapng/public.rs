//! Copies of the public captures: each gives back what it was made of, and tshark reads the same packets in it, with
//! comments where the records are.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::thread;

use fourwave_tests::public_captures;
use serde_json::Value;
use tempfile::TempDir;

use super::support::run;
use super::tshark::fields;

/// Number, time, lengths, encapsulation and octets of a packet.
const PACKET: [&str; 7] = [
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
    "frame.encap_type",
    "frame.md5_hash",
    "frame.comment",
];
/// Where the comments are in those.
const COMMENTS: usize = 6;

#[test]
fn copies_of_public_captures() {
    let Some(folder) = public_captures() else { return };
    let mut paths: Vec<_> =
        fs::read_dir(folder.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    // Most of the time goes into starting tshark.
    let (some, others) = paths.split_at(paths.len() / 2);
    let copied: usize = thread::scope(|scope| {
        let threads =
            [some, others].map(|paths| scope.spawn(|| paths.iter().filter(|path| is_copied(path)).count()));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(copied > 100, "{copied}");
}

/// Checks the copy of a capture; false if there is none, because it is in no format that is read.
fn is_copied(path: &Path) -> bool {
    let work = TempDir::new().unwrap();
    let [copy, back] = ["copy", "back"].map(|name| work.path().join(name).to_str().unwrap().to_owned());
    let path = path.to_str().unwrap();
    let errors = fourwave(&["annotate", "--format", "pcapng", "--lang", "en", path, "-o", &copy]);
    if errors.contains("not in a format") {
        return false;
    }
    assert_eq!(fourwave(&["annotate", "--strip", &copy, "-o", &back]), "", "{path}");
    assert!(uncompressed(path) == fs::read(&back).unwrap(), "{path}: is not given back");

    let expected = expected(path);
    let [before, after] = [path, &copy].map(|file| fields(file, &PACKET));
    assert_eq!(before.len(), after.len(), "{path}");
    for (before, after) in before.iter().zip(&after) {
        let skipped = usize::from(is_odd(&before[1]));
        assert_eq!(before[..1], after[..1], "{path}");
        let others = 1 + skipped..COMMENTS;
        assert_eq!(before[others.clone()], after[others], "{path}: packet {}", before[0]);
        // Theirs stand behind ours.
        let ours = after[COMMENTS].strip_suffix(&before[COMMENTS]).unwrap();
        let said: Vec<_> = ours.split('|').filter(|comment| !comment.is_empty()).map(code).collect();
        let at: u64 = after[0].parse().unwrap();
        assert_eq!(said, expected.get(&at).cloned().unwrap_or_default(), "{path}: packet {at}: {ours}");
    }
    true
}

/// What the program says on standard error.
fn fourwave(args: &[&str]) -> String {
    let output = run(args, &[]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A fraction of a second that is none: tshark writes the time with the fraction that is stored, and the copy has their
/// sum.
fn is_odd(time: &str) -> bool {
    time.starts_with('-') || time.split_once('.').is_none_or(|(_, fraction)| fraction.len() != 9)
}

/// The roles and findings that are to be said of each packet, by its number.
fn expected(path: &str) -> BTreeMap<u64, Vec<String>> {
    let mut expected: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for record in records(&["annotate", path]) {
        if let Some(frame) = record["frame"].as_u64() {
            expected.entry(frame).or_default().push(record["role"].as_str().unwrap().to_owned());
        }
    }
    for record in records(&["connections", path]) {
        for finding in record["findings"].as_array().unwrap() {
            if let Some(last) = finding["frames"].as_array().unwrap().last() {
                let frame = last.get("frame").unwrap_or(last).as_u64().unwrap();
                expected.entry(frame).or_default().push(finding["id"].as_str().unwrap().to_owned());
            }
        }
    }
    expected
}

fn records(args: &[&str]) -> Vec<Value> {
    let output = run(&[args, &["--format", "jsonl"]].concat(), &[]);
    output
        .stdout
        .split(|octet| *octet == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// The role or finding that a comment is about: `wave 1 (fin-1, data): ...`, `rst-abort (warning): ...`.
fn code(comment: &str) -> String {
    let (before, behind) = comment.split_once(" (").unwrap();
    let is_finding = ["info", "note", "warning", "error"].iter().any(|severity| behind.starts_with(severity));
    let code = if is_finding { before } else { behind.split([',', ')']).next().unwrap() };
    code.to_owned()
}

/// The octets of a file, or what they were before they were compressed.
fn uncompressed(path: &str) -> Vec<u8> {
    let octets = fs::read(path).unwrap();
    let mut plain = Vec::new();
    match *octets {
        // Of what is damaged, what there is.
        [0x1f, 0x8b, ..] => drop(flate2::read::MultiGzDecoder::new(&*octets).read_to_end(&mut plain)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => drop(zstd::Decoder::new(&*octets).unwrap().read_to_end(&mut plain)),
        _ => plain = octets,
    }
    plain
}
