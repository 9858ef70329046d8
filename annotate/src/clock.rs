//! The clock of a capture: the largest timestamp so far, and what falls due as it moves (SPEC 4.10, 6.8).
//!
//! Deadlines are set lazily: an entry that has been overtaken by events is looked at when it falls due, and set
//! again or dropped. So a busy connection costs nothing here. Deadlines set equally far ahead fall due in the order in
//! which they were set, so each such distance has a queue; only what is set otherwise has to be sorted.

mod calendar;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::side::Side;
use crate::table::SlotId;
use calendar::Calendar;

/// Nanoseconds from one instant to another; negative if the clock of the capture ran backwards.
pub(crate) const fn elapsed(from_ns: i64, to_ns: i64) -> i64 {
    to_ns.saturating_sub(from_ns)
}

/// What falls due. Ordered: at the same time it happens in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum Due {
    /// A connection that is only noted may have something due.
    Look,
    /// The TIME-WAIT of a peer.
    TimeWait(Side),
    /// The connection's stay in memory.
    Forget,
}

/// A deadline; ordered by time, then what it is, then connection number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Deadline {
    pub time_ns: i64,
    /// The connection's number: an entry whose slot holds another connection by now is void.
    pub number: u64,
    pub due: Due,
    pub slot: SlotId,
}

impl Deadline {
    /// What deadlines are ordered by. A peer's side comes last: it tells the two of one connection apart.
    const fn order(&self) -> (i64, u8, u64, Due) {
        let rank = match self.due {
            Due::Look => 0,
            Due::TimeWait(_) => 1,
            Due::Forget => 2,
        };
        (self.time_ns, rank, self.number, self.due)
    }
}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Deadline {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// The clock.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Clock {
    now_ns: i64,
    /// Nothing falls due before.
    quiet_until_ns: i64,
    /// Deadlines in order, those set equally far ahead together.
    queues: Vec<Queue>,
    /// The others.
    rest: Calendar,
    /// Deadlines in all of them.
    len: usize,
    /// The queue of the last one that was taken out, if it was in one.
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    last: Option<usize>,
}

/// Deadlines that were set `ahead_ns` ahead.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Queue {
    ahead_ns: i64,
    /// The time of the first; the largest there is if there is none.
    next_ns: i64,
    deadlines: VecDeque<Deadline>,
    /// So many of the first ones were told as coming.
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    told: usize,
}

impl Queue {
    const fn new(ahead_ns: i64) -> Self {
        Self { ahead_ns, next_ns: i64::MAX, deadlines: VecDeque::new(), told: 0 }
    }

    fn push(&mut self, deadline: Deadline) {
        self.next_ns = self.next_ns.min(deadline.time_ns);
        self.deadlines.push_back(deadline);
    }

    fn pop(&mut self) -> Option<Deadline> {
        let first = self.deadlines.pop_front();
        self.told = self.told.saturating_sub(1);
        self.see();
        first
    }

    /// The next `count`, once for so many that are taken out.
    fn coming(&mut self, count: usize) -> impl Iterator<Item = &Deadline> {
        let untold = if self.told == 0 { count } else { 0 };
        self.told += untold;
        self.deadlines.iter().take(untold)
    }

    /// Sees which is the first now.
    fn see(&mut self) {
        self.next_ns = self.deadlines.front().map_or(i64::MAX, |first| first.time_ns);
    }
}

impl Clock {
    /// A clock that has seen nothing. Deadlines will be set `usual` nanoseconds ahead, and now and then otherwise.
    pub fn new(usual: impl IntoIterator<Item = i64>) -> Self {
        Self {
            now_ns: i64::MIN,
            quiet_until_ns: i64::MAX,
            queues: usual.into_iter().map(Queue::new).collect(),
            rest: Calendar::default(),
            len: 0,
            last: None,
        }
    }

    /// The largest time so far, nanoseconds since 1970; the smallest value before the first segment.
    pub const fn now_ns(&self) -> i64 {
        self.now_ns
    }

    /// Moves on; never back.
    #[inline]
    pub fn advance(&mut self, time_ns: i64) {
        self.now_ns = self.now_ns.max(time_ns);
    }

    /// Sets a deadline.
    pub fn set(&mut self, deadline: Deadline) {
        self.len += 1;
        self.quiet_until_ns = self.quiet_until_ns.min(deadline.time_ns);
        let ahead_ns = deadline.time_ns.saturating_sub(self.now_ns);
        let is_in_order = |queue: &&mut Queue| {
            queue.ahead_ns == ahead_ns && queue.deadlines.back().is_none_or(|last| *last <= deadline)
        };
        match self.queues.iter_mut().find(is_in_order) {
            Some(queue) => queue.push(deadline),
            None => self.rest.push(deadline),
        }
    }

    /// Takes out the next deadline that is due.
    #[inline]
    pub fn pop_due(&mut self) -> Option<Deadline> {
        if self.quiet_until_ns > self.now_ns { None } else { self.pop_next() }
    }

    fn pop_next(&mut self) -> Option<Deadline> {
        let now_ns = self.now_ns;
        self.rest.turn_to(now_ns);
        let mut quiet_until_ns = self.rest.quiet_until_ns();
        let mut next = self.rest.peek().filter(|first| first.time_ns <= now_ns);
        let mut place = None;
        for (index, queue) in self.queues.iter().enumerate() {
            quiet_until_ns = quiet_until_ns.min(queue.next_ns);
            if queue.next_ns <= now_ns
                && let Some(first) = queue.deadlines.front()
                && next.is_none_or(|next| first < next)
            {
                (next, place) = (Some(first), Some(index));
            }
        }
        if next.is_none() {
            self.quiet_until_ns = quiet_until_ns;
            return None;
        }
        self.len -= 1;
        self.last = place;
        match place.and_then(|place| self.queues.get_mut(place)) {
            Some(queue) => queue.pop(),
            None => self.rest.pop(),
        }
    }

    /// The next `count` deadlines, or nearly, of those among which the last one was; once for so many.
    pub fn coming(&mut self, count: usize) -> impl Iterator<Item = &Deadline> {
        let (queue, rest) = match self.last {
            Some(place) => (self.queues.get_mut(place), None),
            None => (None, Some(&mut self.rest)),
        };
        let in_queue = queue.into_iter().flat_map(move |queue| queue.coming(count));
        in_queue.chain(rest.into_iter().flat_map(move |rest| rest.coming(count)))
    }

    /// Deadlines set, void ones included.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Drops the deadlines that are void.
    pub fn retain(&mut self, is_valid: impl Fn(&Deadline) -> bool) {
        for queue in &mut self.queues {
            queue.deadlines.retain(&is_valid);
            queue.see();
        }
        self.rest.retain(is_valid);
        self.len = self.queues.iter().map(|queue| queue.deadlines.len()).sum::<usize>() + self.rest.len();
    }
}
