//! Deadlines at any time, by the page of a calendar: a calendar queue.
//!
//! Those of pages that the clock has reached are in order; those of later pages wait as they came. A heap of all would
//! touch memory all over at each step, and there may be as many as there are connections.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{Deadline, Notice};

/// A page has two to this many nanoseconds, half a second.
const PAGE: u32 = 29;

/// Deadlines.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Calendar {
    /// Those of this page, and of all before it.
    reached: BinaryHeap<Reverse<Deadline>>,
    /// The number of this page, counted from 1970.
    page: i64,
    /// Those of later pages.
    later: BTreeMap<i64, Vec<Deadline>>,
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    notice: Notice,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { reached: BinaryHeap::new(), page: i64::MIN, later: BTreeMap::new(), notice: Notice::default() }
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
        self.notice.count();
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

    /// Now and then about the next `count`, of those on pages that were reached; else none.
    pub fn coming(&mut self, count: usize) -> impl Iterator<Item = &Deadline> {
        // The front of a heap holds them, in no order.
        self.reached.iter().take(self.notice.due(count)).map(|Reverse(deadline)| deadline)
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
