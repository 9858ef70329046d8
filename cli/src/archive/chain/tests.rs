//! Files are given as (name, first packet, last packet), times in milliseconds.

use std::cell::Cell;

use fourwave_dissector::LinkType;
use fourwave_dissector::capture::InterfaceInfo;

use super::super::head::Head;
use super::super::name::Name;
use super::*;

type File = (&'static str, i64, i64);

struct Archive<'a> {
    files: &'a [File],
    /// Which are left.
    left: &'a [bool],
    /// How many were looked at.
    looked_at: Cell<usize>,
}

impl Look for Archive<'_> {
    fn is_left(&self, candidate: usize) -> bool {
        self.looked_at.set(self.looked_at.get() + 1);
        self.left[candidate]
    }

    fn begins_again(&self, candidate: usize) -> bool {
        self.files[candidate].0.starts_with("again")
    }

    fn reaches(&self, candidate: usize, time_ns: i64) -> bool {
        self.files[candidate].2 * 1_000_000 >= time_ns
    }

    fn is_copy(&self, candidate: usize) -> bool {
        self.files[candidate].0.starts_with("copy")
    }
}

fn candidate(&(name, first, _): &File, link_type: u16) -> Candidate {
    let info = InterfaceInfo { link_type: LinkType(link_type), name: None, description: None };
    let head = Head { first_ns: first * 1_000_000, interfaces: vec![info], segments: Vec::new() };
    Candidate { head, name: Name::new(name) }
}

/// The place of the one that continues a series that began at 0 and whose last file is at `place`.
fn successor(files: &[File], link_types: &[u16], place: usize) -> Option<usize> {
    let candidates = files.iter().zip(link_types).map(|(file, link_type)| Some(candidate(file, *link_type)));
    let lineup = Lineup::new(candidates.collect(), &[]);
    let (last, last_ns) = (lineup.get(place).unwrap(), files[place].2 * 1_000_000);
    let left: Vec<_> = (0..files.len()).map(|other| other != place).collect();
    let archive = Archive { files, left: &left, looked_at: Cell::new(0) };
    Tail { lineup: &lineup, from: 0, place, last, first_ns: 0, last_ns }.successor(&archive)
}

/// The name of the one that continues a series that began at 0 with `last`.
fn after(last: File, others: &[File]) -> Option<&'static str> {
    let files = [&[last], others].concat();
    successor(&files, &vec![1; files.len()], 0).map(|place| files[place].0)
}

#[test]
fn the_next_in_time_continues() {
    assert_eq!(after(("a", 0, 1000), &[("c", 1001, 2000), ("b", 2001, 3000)]), Some("c"));
    assert_eq!(after(("a", 0, 1000), &[("b", 1000, 1000)]), Some("b"));
    assert_eq!(after(("a", 0, 1000), &[]), None);
}

#[test]
fn the_same_traffic_at_another_point_does_not() {
    assert_eq!(after(("a", 0, 10_000), &[("b", 3, 10_003)]), None);
    // Shorter than the overlap that is allowed.
    assert_eq!(after(("a", 0, 500), &[("b", 3, 503)]), None);
    // One of the two was stopped early.
    assert_eq!(after(("a", 0, 500), &[("b", 3, 60_000)]), None);
    assert_eq!(after(("a", 0, 10_000), &[("b", 9_500, 10_100)]), None);
}

#[test]
fn a_small_overlap_at_the_edge_does() {
    assert_eq!(after(("a", 0, 10_000), &[("b", 9_999, 20_000)]), Some("b"));
    assert_eq!(after(("a", 0, 10_000), &[("b", 9_000, 20_000)]), Some("b"));
    assert_eq!(after(("a", 0, 10_000), &[("b", 8_999, 20_000)]), None);
    assert_eq!(after(("a", 0, 10_000), &[("b", 9_999, 10_009)]), None);
    assert_eq!(after(("a", 0, 10_000), &[("b", 9_999, 10_010)]), Some("b"));
}

#[test]
fn what_holds_one_moment_only_is_continued_by_a_name_alike_but_not_by_a_copy() {
    assert_eq!(after(("a", 0, 0), &[("b", 0, 1000)]), None);
    assert_eq!(after(("copy1", 0, 0), &[("copy2", 0, 0)]), None);
    assert_eq!(after(("a1", 0, 0), &[("a2", 0, 0)]), Some("a2"));
}

#[test]
fn the_same_traffic_by_another_clock_does_not() {
    assert_eq!(after(("a", 0, 1000), &[("again", 3000, 4000)]), None);
    assert_eq!(after(("a", 0, 1000), &[("again", 3000, 4000), ("b", 4001, 5000)]), Some("b"));
    // What is named alike is a rotated capture.
    assert_eq!(after(("again1", 0, 1000), &[("again2", 3000, 4000)]), Some("again2"));
}

#[test]
fn names_choose_between_several_that_fit() {
    let others = [("eth1-02", 1001, 2000), ("eth0-02", 1002, 2000), ("eth0-03", 2001, 3000)];
    assert_eq!(after(("eth0-01", 0, 1000), &others), Some("eth0-02"));
    assert_eq!(after(("s/1", 0, 1000), &[("c/2", 1001, 2000), ("s/2", 1200, 2000)]), Some("s/2"));
    // The number of the day changes once, then that of the hour for a day.
    let hours = [("02_00", 1001, 2000), ("02_23", 90_001, 91_000)];
    assert_eq!(after(("01_23", 0, 1000), &hours), Some("02_00"));
}

#[test]
fn what_continues_another_capture_by_its_name_is_left_to_it() {
    assert_eq!(after(("c/1", 0, 1000), &[("s/1", 2, 1002), ("s/2", 1003, 2000)]), None);
    assert_eq!(after(("eth0-1", 0, 1000), &[("eth1-1", 2, 1002), ("eth1-2", 1003, 2000)]), None);
    let (c2, s1, s2) = (("c/2", 500, 1000), ("s/1", 2, 1002), ("s/2", 1003, 2000));
    assert_eq!(successor(&[s1, c2, s2], &[1; 3], 1), None);
    assert_eq!(after(c2, &[s2]), Some("s/2"));
}

#[test]
fn silence_is_longer_between_names_alike() {
    const HOUR: i64 = 3_600_000;
    assert_eq!(after(("a", 0, 0), &[("b", 10_000, HOUR)]), Some("b"));
    assert_eq!(after(("a", 0, 0), &[("b", 10_001, HOUR)]), None);
    assert_eq!(after(("a1", 0, 0), &[("b", 1, HOUR), ("a2", 24 * HOUR, 25 * HOUR)]), Some("a2"));
    assert_eq!(after(("a1", 0, 0), &[("a2", 24 * HOUR + 1, 25 * HOUR)]), None);
}

#[test]
fn other_link_types_are_passed_over() {
    let (last, same, other) = (("x1", 0, 1000), ("b", 1002, 2000), ("x2", 1001, 2000));
    assert_eq!(successor(&[last, same, other], &[1, 1, 113], 0), Some(1));
    assert_eq!(successor(&[last, other], &[1, 113], 0), None);
}

/// How many series there are, and how many files are looked at to find that out.
fn series(files: &[File]) -> (usize, usize) {
    let lineup = Lineup::new(files.iter().map(|file| Some(candidate(file, 1))).collect(), &[]);
    let mut left = vec![true; files.len()];
    let (mut series, mut looked_at) = (0, 0);
    let first_left = |left: &[bool]| left.iter().position(|left| *left);
    while let Some(mut place) = first_left(&left) {
        series += 1;
        left[place] = false;
        let first_ns = files[place].1 * 1_000_000;
        loop {
            let (last, last_ns) = (lineup.get(place).unwrap(), files[place].2 * 1_000_000);
            let archive = Archive { files, left: &left, looked_at: Cell::new(0) };
            let from = first_left(&left).unwrap_or(place);
            let next = Tail { lineup: &lineup, from, place, last, first_ns, last_ns }.successor(&archive);
            looked_at += archive.looked_at.get();
            let Some(next) = next else { break };
            place = next;
            left[place] = false;
        }
    }
    (series, looked_at)
}

/// Such as thousands of containers make.
#[test]
fn of_many_files_few_are_looked_at() {
    const FILES: i64 = 3000;
    const HALF_AN_HOUR: i64 = 1_800_000;
    let numbered = |n| format!("pod-{n}");
    let timed = |n| format!("pod-{n}-{:02}-{:02}", n / 600, n / 10 % 60);
    let unlike = |n| format!("pod-{n:012b}").replace('0', "a").replace('1', "b");
    for name in [&numbered as &dyn Fn(i64) -> String, &timed, &unlike] {
        // All go on for long, and each ends before the next one begins.
        for (lasts, expected) in [(HALF_AN_HOUR, FILES as usize), (99, 1)] {
            let file = |n| -> File { (name(n).leak(), 100 * n, 100 * n + lasts) };
            let files: Vec<_> = (0..FILES).map(file).collect();
            let (series, looked_at) = series(&files);
            assert_eq!(series, expected, "{}", files[0].0);
            assert!(looked_at < 20 * files.len(), "{}: {looked_at}", files[0].0);
        }
    }
}
