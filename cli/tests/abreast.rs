//! Batch runs that read several series at once: what comes out, and what is said, is as if they had been read one after the
//! other, also where names promise other series than there are.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use support::Capture;
use support::archive::{Folder, HEADER, HOUR, RECORD, cut, interwoven, interwoven_at, later};
use support::batch::{PACKETS, PIECES, folder};

const SECOND: u64 = 1_000_000;
const DAY: u64 = 24 * HOUR;

/// Microseconds from the first packet to the last.
fn span(capture: &[u8]) -> u64 {
    let time = |record: &[u8]| {
        let field = |at: usize| u64::from(u32::from_le_bytes(record[at..at + 4].try_into().unwrap()));
        field(0) * SECOND + field(4)
    };
    let records = &capture[HEADER..];
    time(&records[records.len() - RECORD..]) - time(records)
}

/// Captures of the same length, each of other connections: what it is called, how many days after the first it begins, and
/// how much more.
fn archive(series: &[(&str, u64, u64)]) -> Folder {
    let capture = |number: u16| interwoven_at(number * 40 + 1..=number * 40 + 40);
    let files = series.iter().zip(0..);
    let files: Vec<_> = files
        .map(|((name, days, more), number)| (*name, later(&capture(number), days * DAY + more)))
        .collect();
    let files: Vec<_> = files.iter().map(|(name, octets)| (*name, octets.as_slice())).collect();
    folder(&files)
}

/// What is made, what is said, how it ends, and what it comes to but for time. What was made is removed.
fn made(folder: &Folder, args: &[&str]) -> (BTreeMap<String, Vec<u8>>, String, Option<i32>, Value) {
    let summary = folder.path("summary.json");
    let output = folder.batch(&[args, &["--summary", summary.to_str().unwrap()]].concat());
    let outputs = folder.outputs();
    fs::remove_dir_all(folder.path("out")).unwrap();
    let mut totals: Value = serde_json::from_slice(&fs::read(summary).unwrap()).unwrap();
    totals
        .as_object_mut()
        .unwrap()
        .retain(|key, _| !["wall_seconds", "packets_per_second"].contains(&key.as_str()));
    (outputs, String::from_utf8(output.stderr).unwrap(), output.status.code(), totals)
}

/// Makes the same for any number of threads: so many outputs, and the manifest.
fn is_the_same(folder: &Folder, series: usize) {
    for args in [&[][..], &["--format", "csv", "--role", "fin-1"], &["--series", "off"]] {
        let one = made(folder, &[args, &["--jobs", "1"]].concat());
        if args.is_empty() {
            let outputs = one.0.keys().filter(|name| !name.starts_with('.'));
            assert_eq!(outputs.count(), series + 1, "{args:?}: {}", one.1);
        }
        for jobs in ["2", "3", "16"] {
            assert!(made(folder, &[args, &["--jobs", jobs]].concat()) == one, "{args:?} --jobs {jobs}");
        }
    }
}

#[test]
fn captures_of_their_own() {
    let names = ["ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"];
    let series: Vec<_> = names.iter().zip(0..).map(|(name, days)| (*name, 3 * days, 0)).collect();
    let folder = archive(&series);
    // Things to be said, in the order of series.
    for name in ["bee", "fox"] {
        let path = folder.path("in").join(name);
        let mut octets = fs::read(&path).unwrap();
        octets.extend([0xff; 40]);
        fs::write(path, octets).unwrap();
    }
    fs::write(folder.path("in/none"), "this is no capture").unwrap();
    let (outputs, said, code, _) = made(&folder, &["--jobs", "4"]);
    assert_eq!((outputs.len(), code), (names.len() + 1, Some(1)), "{said}");
    let place = |name| said.find(&format!("in/{name}: ")).unwrap_or_else(|| panic!("{name}: {said}"));
    assert!(place("bee") < place("fox"), "{said}");
    is_the_same(&folder, names.len());
}

#[test]
fn rotated_captures_beside_each_other() {
    let pieces = cut(&interwoven(60), 100);
    let later_pieces: Vec<_> = pieces.iter().map(|piece| later(piece, 5 * DAY)).collect();
    let names =
        |prefix: &str| -> Vec<String> { (1..=pieces.len()).map(|n| format!("{prefix}_{n}")).collect() };
    let names = [names("one"), names("two")].concat();
    let files: Vec<_> = names.iter().map(String::as_str).zip(pieces.iter().chain(&later_pieces)).collect();
    let files: Vec<_> = files.iter().map(|(name, octets)| (*name, octets.as_slice())).collect();
    is_the_same(&folder(&files), 2);
}

/// Two series of which the newest file is empty, and a file that is empty and of none.
#[test]
fn files_that_were_just_begun() {
    let pieces = cut(&interwoven(60), 100);
    let later_pieces: Vec<_> = pieces.iter().map(|piece| later(piece, 5 * DAY)).collect();
    let mut files = vec![("one_9", &b""[..]), ("two_9", &pieces[0][..HEADER - 1])];
    files.extend(["one_1", "one_2"].into_iter().zip(pieces.iter().map(Vec::as_slice)));
    files.extend(["two_1", "two_2"].into_iter().zip(later_pieces.iter().map(Vec::as_slice)));
    let folder = folder(&files);
    let (_, said, code, _) = made(&folder, &["--jobs", "2"]);
    assert_eq!((said.matches("still being written").count(), code), (2, Some(0)), "{said}");
    is_the_same(&folder, 2);
    fs::write(folder.path("in/none"), "").unwrap();
    assert_eq!(made(&folder, &["--jobs", "2"]).2, Some(1));
    is_the_same(&folder, 2);
}

/// Each file was alone by its name, and all are one series but the last.
#[test]
fn files_that_follow_each_other_under_other_names() {
    let step = span(&interwoven(40)) + 2 * SECOND;
    let series =
        [("red", 0, 0), ("blue", 0, step), ("grey", 0, 2 * step), ("pink", 0, 3 * step), ("lone", 9, 0)];
    is_the_same(&archive(&series), 2);
}

/// The second of each pair seems to follow the first by its name, and overlaps it.
#[test]
fn files_that_are_named_alike_and_overlap() {
    let into = span(&interwoven(40)) / 2;
    let series =
        [("a1", 0, 0), ("a2", 0, into), ("b1", 4, 0), ("b2", 4, into), ("c1", 8, 0), ("c2", 8, into)];
    is_the_same(&archive(&series), 6);
}

/// What was made in vain is not seen, and what could not be made is not missed.
#[test]
fn an_output_that_cannot_be_begun_for_what_is_no_series() {
    let step = span(&interwoven(40)) + SECOND;
    let series = [("ant", 0, 0), ("bee", 0, step), ("cow", 9, 0), ("dog", 12, 0)];
    let folder = archive(&series);
    let is_in_the_way = folder.path("out/.bee.jsonl.partial");
    fs::create_dir_all(&is_in_the_way).unwrap();
    let output = folder.batch(&["--jobs", "3"]);
    fs::remove_dir(is_in_the_way).unwrap();
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&b""[..], Some(0)));
    assert_eq!(folder.names().len(), 4);
    folder.is_as_undisturbed(&["--jobs", "1"]);
}

/// Large enough for checkpoints, which are of no use, as the second file overlaps the first.
#[test]
fn what_was_made_in_vain_leaves_nothing_behind() {
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    let into = span(&PIECES[0]) / 2;
    for (name, later_by) in [("x1", 0), ("x2", into), ("y", 9 * DAY), ("z", 20 * DAY)] {
        fs::write(folder.path("in").join(name), later(&PIECES[0], later_by)).unwrap();
    }
    is_the_same(&folder, 4);
    folder.succeed(&["--jobs", "3"]);
    folder.succeed(&["--jobs", "3", "--resume"]);
    folder.is_as_undisturbed(&["--jobs", "1"]);
}

/// Both at once, among others that are as they seem.
#[test]
fn surprises_among_others() {
    let (into, step) = (span(&interwoven(40)) / 2, span(&interwoven(40)) + SECOND);
    let series = [
        ("x1", 0, 0),
        ("x2", 0, into),
        ("old", 2, 0),
        ("new", 2, step),
        ("y1", 4, 0),
        ("y2", 4, step),
        ("y3", 4, 2 * step),
        ("sun", 6, 0),
        ("moon", 8, 0),
        ("star", 8, step),
        ("tail", 8, 2 * step),
        ("z1", 10, 0),
        ("z2", 10, into),
    ];
    is_the_same(&archive(&series), 8);
}

#[test]
fn a_run_with_several_series_that_is_killed_again_and_again_comes_to_its_end() {
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    for (name, days) in [("ant", 0), ("bee", 9), ("cow", 18)] {
        for (piece, number) in PIECES.iter().zip(1..=2) {
            fs::write(folder.path(&format!("in/{name}{number}")), later(piece, days * DAY)).unwrap();
        }
    }
    assert!(PIECES[0].len() > PACKETS);
    folder.comes_to_its_end();
    assert_eq!(folder.names().len(), 4, "{:?}", folder.names());
}

/// What is new is made, what is there stays, and what has grown is gone on with.
#[test]
fn a_later_run_does_what_is_new() {
    let series = [("ant", 0, 0), ("bee", 3, 0), ("cow", 6, 0), ("dog", 9, 0)];
    let folder = archive(&series);
    folder.succeed(&["--jobs", "3"]);
    let written = folder.written("bee.jsonl");
    fs::write(folder.path("in/elk"), later(&interwoven(40), 12 * DAY)).unwrap();
    let mut grown = fs::read(folder.path("in/cow")).unwrap();
    grown.extend(&later(&Capture::default().reset(9).octets, 6 * DAY + HOUR)[HEADER..]);
    fs::write(folder.path("in/cow"), grown).unwrap();
    let (summary, said) = folder.resume(&["--jobs", "3"], 0);
    assert_eq!((&summary["series"]["kept"], &summary["files"]["kept"]), (&3.into(), &3.into()), "{said}");
    assert_eq!(folder.written("bee.jsonl"), written);
    folder.is_as_undisturbed(&["--jobs", "1"]);
}
