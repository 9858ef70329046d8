//! The order of reading: series after series, each file after file. What comes next is decided when the last file
//! was read to its end, so that none is read twice.

use std::collections::BTreeSet;

use super::chain::{Candidate, Look, Tail};
use super::{Archive, head, identity};

/// Walks through an archive.
pub struct Order<'a> {
    archive: &'a Archive,
    /// Places that were not handed out.
    left: BTreeSet<usize>,
    current: Option<Current>,
}

/// The series that is being read.
#[derive(Clone, Copy)]
struct Current {
    place: usize,
    /// The time of its first packet.
    first_ns: i64,
    /// The time of the last packet that is known.
    last_ns: i64,
}

impl<'a> Order<'a> {
    /// Stands before the first series of `archive`.
    #[must_use]
    pub fn new(archive: &'a Archive) -> Self {
        Self { archive, left: (0..archive.len()).collect(), current: None }
    }

    /// Begins the next series: the place of its first file.
    pub fn begin(&mut self) -> Option<usize> {
        let place = self.left.pop_first()?;
        self.enter(place);
        Some(place)
    }

    /// Stands before the files that were handed out behind the first of the current series.
    pub fn restart(&mut self, first: usize, handed_out: &[usize]) {
        self.left.extend(handed_out);
        self.enter(first);
    }

    /// Goes on with the next file of the series after the last one was read up to a packet at `last_ns`.
    pub fn go_on(&mut self, last_ns: Option<i64>) -> Option<usize> {
        let current = self.current.as_mut()?;
        current.last_ns = last_ns.unwrap_or(current.last_ns);
        let place = self.archive.successor(&self.left, *current)?;
        self.left.remove(&place);
        current.place = place;
        Some(place)
    }

    fn enter(&mut self, first: usize) {
        self.current = self.archive.candidate(first).map(|candidate| {
            let first_ns = candidate.head.first_ns;
            Current { place: first, first_ns, last_ns: first_ns }
        });
    }
}

impl Archive {
    /// The place that continues a series. It is behind the last place of the series, so that places never go down
    /// within one: frames are compared by place.
    fn successor(&self, left: &BTreeSet<usize>, current: Current) -> Option<usize> {
        let last = self.candidate(current.place)?;
        let tail = Tail { last, first_ns: current.first_ns, last_ns: current.last_ns };
        let is_of_group = |candidate: &Candidate| candidate.head.link_types().eq(last.head.link_types());
        let of_group = |&place: &usize| {
            let candidate = self.candidate(place).filter(|candidate| is_of_group(candidate))?;
            Some((place, candidate))
        };
        let candidates = left.range(current.place..).map_while(of_group);
        let passed_over =
            left.range(..current.place).rev().map_while(of_group).map(|(_, candidate)| candidate);
        tail.successor(candidates, passed_over, &Files { archive: self, last: current.place })
    }
}

/// Looks into the files.
struct Files<'a> {
    archive: &'a Archive,
    last: usize,
}

impl Look for Files<'_> {
    fn reaches(&self, candidate: usize, time_ns: i64) -> bool {
        self.archive.path(candidate).is_some_and(|path| head::reaches(path, time_ns))
    }

    fn is_copy(&self, candidate: usize) -> bool {
        let paths = self.archive.path(candidate).zip(self.archive.path(self.last));
        paths.is_some_and(|(one, other)| identity::is_copy(one, other))
    }
}
