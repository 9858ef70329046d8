//! Files are given as (name, first packet, last packet), times in milliseconds.

use std::iter;

use fourwave_dissector::LinkType;
use fourwave_dissector::capture::InterfaceInfo;

use super::*;

type File = (&'static str, i64, i64);

struct Archive<'a>(&'a [File]);

impl Look for Archive<'_> {
    fn reaches(&self, candidate: usize, time_ns: i64) -> bool {
        self.0[candidate].2 * 1_000_000 >= time_ns
    }

    fn is_copy(&self, candidate: usize) -> bool {
        self.0[candidate].0.starts_with("copy")
    }
}

fn candidate(&(name, first, _): &File, link_type: u16) -> Candidate {
    let info = InterfaceInfo { link_type: LinkType(link_type), name: None, description: None };
    Candidate { head: Head { first_ns: first * 1_000_000, interfaces: vec![info] }, name: Name::new(name) }
}

/// The name of the one that continues a series that began at 0 with `last`.
fn after(last: File, others: &[File]) -> Option<&'static str> {
    let candidates: Vec<_> = others.iter().map(|file| candidate(file, 1)).collect();
    let last_file = candidate(&last, 1);
    let tail = Tail { last: &last_file, first_ns: 0, last_ns: last.2 * 1_000_000 };
    tail.successor(candidates.iter().enumerate(), iter::empty(), &Archive(others))
        .map(|place| others[place].0)
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
    let [last, passed_over, next] = [c2, s1, s2].map(|file| candidate(&file, 1));
    let tail = Tail { last: &last, first_ns: 0, last_ns: SECOND };
    let successor = |rival| tail.successor(iter::once((0, &next)), iter::once(rival), &Archive(&[s2]));
    assert_eq!((successor(&passed_over), successor(&last)), (None, Some(0)));
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
    let (other, same) = (candidate(&("x2", 1001, 2000), 113), candidate(&("b", 1002, 2000), 1));
    let last = candidate(&("x1", 0, 1000), 1);
    let tail = Tail { last: &last, first_ns: 0, last_ns: SECOND };
    let candidates = [(0, &other), (1, &same)];
    assert_eq!(tail.successor(candidates.into_iter(), iter::empty(), &Archive(&[])), Some(1));
}
