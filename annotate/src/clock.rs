//! The clock of a capture: the largest timestamp so far, and what falls due as it moves (SPEC 4.10, 6.8).
//!
//! Deadlines are set lazily: an entry that has been overtaken by events is looked at when it falls due, and set
//! again or dropped. So a busy connection costs nothing here.

use alloc::collections::BinaryHeap;
use core::cmp::Reverse;

use crate::side::Side;
use crate::table::SlotId;

/// Nanoseconds from one instant to another; negative if the clock of the capture ran backwards.
pub(crate) const fn elapsed(from_ns: i64, to_ns: i64) -> i64 {
    to_ns.saturating_sub(from_ns)
}

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// The TIME-WAIT of a peer.
    TimeWait(Side),
    /// The connection's stay in memory.
    Forget,
}

/// A deadline; ordered by time, then connection number, then what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Deadline {
    pub time_ns: i64,
    /// The connection's number: an entry whose slot holds another connection by now is void.
    pub number: u64,
    pub due: Due,
    pub slot: SlotId,
}

/// The clock.
#[derive(Debug)]
pub(crate) struct Clock {
    now_ns: i64,
    timers: BinaryHeap<Reverse<Deadline>>,
    leases: BinaryHeap<Reverse<Deadline>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { now_ns: i64::MIN, timers: BinaryHeap::new(), leases: BinaryHeap::new() }
    }
}

impl Clock {
    /// The largest time so far, nanoseconds since 1970; the smallest value before the first segment.
    pub const fn now_ns(&self) -> i64 {
        self.now_ns
    }

    /// Moves on; never back.
    pub fn advance(&mut self, time_ns: i64) {
        self.now_ns = self.now_ns.max(time_ns);
    }

    /// Sets a deadline.
    pub fn set(&mut self, deadline: Deadline) {
        match deadline.due {
            Due::TimeWait(_) => self.timers.push(Reverse(deadline)),
            Due::Forget => self.leases.push(Reverse(deadline)),
        }
    }

    /// Takes out the next deadline that is due; TIME-WAIT before forgetting at the same time.
    pub fn pop_due(&mut self) -> Option<Deadline> {
        let timer = self.timers.peek().map(|entry| entry.0.time_ns);
        let lease = self.leases.peek().map(|entry| entry.0.time_ns);
        let timer_first = match (timer, lease) {
            (Some(timer), Some(lease)) => timer <= lease,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let (next, heap) = if timer_first { (timer, &mut self.timers) } else { (lease, &mut self.leases) };
        if next? > self.now_ns {
            return None;
        }
        heap.pop().map(|entry| entry.0)
    }

    /// Deadlines set, void ones included.
    pub fn len(&self) -> usize {
        self.timers.len() + self.leases.len()
    }

    /// Drops the deadlines that are void.
    pub fn retain(&mut self, is_valid: impl Fn(&Deadline) -> bool) {
        self.timers.retain(|entry| is_valid(&entry.0));
        self.leases.retain(|entry| is_valid(&entry.0));
    }
}
