//! The connections that get room where there is not enough for all: those that need attention first, then examples
//! of each kind. What is kept is bounded, however many are offered.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

use fourwave_annotate::{Connection, Kind};

use crate::attention::{Urgency, urgency};

/// At most so many things, each of a connection.
pub struct Best<T> {
    most: usize,
    /// What goes next on top.
    kept: BinaryHeap<Ranked<T>>,
    /// Connections that were offered, by what they have in common.
    alike: HashMap<(Urgency, Kind), u64>,
}

struct Ranked<T> {
    rank: Rank,
    what: T,
}

/// Who gets room first: the most urgent, then the first of each kind, then the second of each, and so on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    urgency: Reverse<Urgency>,
    example: u64,
    number: u64,
}

impl<T> Best<T> {
    /// Room for `most` things.
    pub fn new(most: usize) -> Self {
        Self { most, kept: BinaryHeap::new(), alike: HashMap::new() }
    }

    /// Takes what `make` makes of `connection` if there is room, or something less important that can go.
    pub fn offer(&mut self, connection: &Connection, make: impl FnOnce() -> T) {
        let urgency = urgency(connection);
        let alike = self.alike.entry((urgency, connection.kind)).or_default();
        let rank = Rank { urgency: Reverse(urgency), example: *alike, number: connection.number };
        *alike += 1;
        if self.kept.len() == self.most {
            match self.kept.peek() {
                Some(last) if last.rank > rank => self.kept.pop(),
                Some(_) | None => return,
            };
        }
        self.kept.push(Ranked { rank, what: make() });
    }

    /// What was kept, the most important first.
    pub fn into_sorted(self) -> Vec<T> {
        self.kept.into_sorted_vec().into_iter().map(|ranked| ranked.what).collect()
    }
}

impl<T> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl<T> Eq for Ranked<T> {}

impl<T> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}
