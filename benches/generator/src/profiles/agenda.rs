//! Which connection comes next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Places in a list, each with a time.
#[derive(Default)]
pub struct Agenda(BinaryHeap<Reverse<(u64, usize)>>);

impl Agenda {
    /// `place` is due at `time_ns`.
    pub fn add(&mut self, time_ns: u64, place: usize) {
        self.0.push(Reverse((time_ns, place)));
    }

    /// The earliest; of equal times the first place.
    pub fn next(&mut self) -> Option<(u64, usize)> {
        self.0.pop().map(|Reverse(due)| due)
    }
}
