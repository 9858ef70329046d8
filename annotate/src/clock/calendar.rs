//! Deadlines at any time, by the page of a calendar.
//!
//! Those of pages that the clock has reached are in order; those of later pages wait as they came. A heap of all would
//! touch memory all over at each step, and there may be as many as there are connections.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Deadline;

/// A page has two to this many nanoseconds, half a second.
const PAGE: u32 = 29;

/// Deadlines.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Calendar {
    /// Those of this page, and of all before it.
    reached: BinaryHeap<Reverse<Deadline>>,
    page: i64,
    /// Those of later pages.
    later: BTreeMap<i64, Vec<Deadline>>,
    /// So many of the next ones were told as coming.
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    told: usize,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { reached: BinaryHeap::new(), page: i64::MIN, later: BTreeMap::new(), told: 0 }
    }
}

impl Calendar {
    /// Turns to the page of `now_ns`; never back.
    pub fn turn_to(&mut self, now_ns: i64) {
        self.page = self.page.max(now_ns >> PAGE);
        while let Some(first) = self.later.first_entry()
            && *first.key() <= self.page
        {
            self.reached.extend(first.remove().into_iter().map(Reverse));
        }
    }

    /// No deadline is before this time; the largest there is if there are none.
    pub fn quiet_until_ns(&self) -> i64 {
        let later_ns = || self.later.first_key_value().map(|(page, _)| page << PAGE);
        self.peek().map(|next| next.time_ns).or_else(later_ns).unwrap_or(i64::MAX)
    }

    /// The next deadline, if it is on a page that was reached.
    pub fn peek(&self) -> Option<&Deadline> {
        self.reached.peek().map(|Reverse(next)| next)
    }

    /// Takes out the next deadline, if it is on a page that was reached.
    pub fn pop(&mut self) -> Option<Deadline> {
        self.told = self.told.saturating_sub(1);
        self.reached.pop().map(|Reverse(next)| next)
    }

    /// Adds one.
    pub fn push(&mut self, deadline: Deadline) {
        let page = deadline.time_ns >> PAGE;
        if page <= self.page {
            self.reached.push(Reverse(deadline));
        } else {
            self.later.entry(page).or_default().push(deadline);
        }
    }

    /// Some `count` of those that are next, once for so many that are taken out.
    pub fn coming(&mut self, count: usize) -> impl Iterator<Item = &Deadline> {
        let untold = if self.told == 0 { count } else { 0 };
        self.told += untold;
        // The front of a heap holds those, in no order.
        self.reached.iter().take(untold).map(|Reverse(deadline)| deadline)
    }

    /// Drops those that are void.
    pub fn retain(&mut self, is_valid: impl Fn(&Deadline) -> bool) {
        self.reached.retain(|Reverse(deadline)| is_valid(deadline));
        self.later.retain(|_, deadlines| {
            deadlines.retain(&is_valid);
            !deadlines.is_empty()
        });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.reached.len() + self.later.values().map(Vec::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::clock::Due;

    const SECOND: i64 = 1_000_000_000;

    /// What is done with a calendar.
    #[derive(Clone, Debug)]
    enum Act {
        Push(i64),
        /// All is taken out that is due at this time.
        Pop(i64),
        /// Those whose number this divides become void.
        Drop(u64),
    }

    fn act() -> impl Strategy<Value = Act> {
        let time = || {
            prop_oneof![
                20 => -2 * SECOND..20 * SECOND, 4 => 0..1000_i64, 1 => Just(i64::MAX), 1 => Just(i64::MIN),
            ]
        };
        prop_oneof![
            6 => time().prop_map(Act::Push), 4 => time().prop_map(Act::Pop), 1 => (2..5_u64).prop_map(Act::Drop),
        ]
    }

    proptest! {
        #[test]
        fn what_is_due_comes_in_order(acts in prop::collection::vec(act(), 0..200)) {
            let (mut calendar, mut sorted) = (Calendar::default(), BTreeSet::new());
            for (act, number) in acts.into_iter().zip(1..) {
                match act {
                    Act::Push(time_ns) => {
                        let deadline = Deadline { time_ns, number, due: Due::Forget, slot: 0 };
                        calendar.push(deadline);
                        sorted.insert(deadline);
                    }
                    Act::Pop(now_ns) => {
                        calendar.turn_to(now_ns);
                        while let Some(first) = sorted.first().copied().filter(|first| first.time_ns <= now_ns) {
                            prop_assert_eq!(calendar.peek(), Some(&first));
                            prop_assert_eq!(calendar.pop(), Some(first));
                            sorted.remove(&first);
                        }
                    }
                    Act::Drop(divisor) => {
                        calendar.retain(|deadline| deadline.number % divisor != 0);
                        sorted.retain(|deadline| deadline.number % divisor != 0);
                    }
                }
                let first_ns = sorted.first().map_or(i64::MAX, |first| first.time_ns);
                prop_assert!(calendar.quiet_until_ns() <= first_ns);
                prop_assert!(first_ns == i64::MIN || calendar.quiet_until_ns() > first_ns.saturating_sub(SECOND));
                prop_assert_eq!(calendar.len(), sorted.len());
            }
        }
    }

    #[test]
    fn each_is_told_before_it_comes() {
        let mut calendar = Calendar::default();
        for number in 1..=100 {
            calendar.push(Deadline { time_ns: 0, number, due: Due::Forget, slot: 0 });
        }
        calendar.turn_to(0);
        let mut told = BTreeSet::new();
        calendar.pop();
        while !calendar.reached.is_empty() {
            told.extend(calendar.coming(16).map(|deadline| deadline.number));
            calendar.pop();
        }
        assert!(told.len() > 50, "{}", told.len());
    }
}
