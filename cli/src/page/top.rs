//! What occurs most often, in bounded room, however much there is: the counts of Misra and Gries ("Finding repeated
//! elements", 1982), which are too low by the same number at most.

use std::collections::HashMap;
use std::hash::Hash;

/// So many different things are counted at a time.
const MOST: usize = 10_000;

/// Counts of what may be among the most frequent.
pub struct Top<T> {
    counts: HashMap<T, u64>,
    /// How much lower than the truth a count can be.
    missed: u64,
}

impl<T> Default for Top<T> {
    fn default() -> Self {
        Self { counts: HashMap::new(), missed: 0 }
    }
}

impl<T: Copy + Eq + Hash + Ord> Top<T> {
    /// Counts one more.
    pub fn add(&mut self, what: T) {
        if self.counts.len() == MOST && !self.counts.contains_key(&what) {
            // One of each goes, together with this one. That takes a step for each that was added before.
            self.counts.retain(|_, count| {
                *count -= 1;
                *count > 0
            });
            self.missed += 1;
            return;
        }
        *self.counts.entry(what).or_default() += 1;
    }

    /// The first `most` and their counts, the highest first, then in their order.
    pub fn first(&self, most: usize) -> Vec<(T, u64)> {
        let mut counts: Vec<_> = self.counts.iter().map(|(what, count)| (*what, *count)).collect();
        counts.sort_unstable_by(|(one, a), (other, b)| b.cmp(a).then(one.cmp(other)));
        counts.truncate(most);
        counts
    }

    /// How much lower than the truth a count can be.
    pub const fn missed(&self) -> u64 {
        self.missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_frequent_is_never_lost() {
        let mut top = Top::default();
        for number in 0..100_000_u64 {
            top.add(number + 10);
            if number % 4 == 0 {
                top.add(1);
            }
        }
        let first = top.first(3);
        let (what, count) = first[0];
        assert_eq!(what, 1);
        assert!(count + top.missed() >= 25_000 && count <= 25_000);
        assert!(first.len() <= 3 && top.counts.len() <= MOST);
    }
}
