//! The clock of a capture: the largest timestamp so far, and what falls due as it moves (SPEC 4.10, 6.8).
//!
//! Deadlines are set lazily: an entry that has been overtaken by events is looked at when it falls due, and set
//! again or dropped. So a busy connection costs nothing here. Deadlines set equally far ahead fall due in the order in
//! which they were set, so each such distance has a queue; only what is set otherwise has to be sorted, a page of a
//! calendar at a time.

mod calendar;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::engine::table::SlotId;
use crate::side::Side;
use calendar::Calendar;

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
    /// Deadlines in all of them. What is read back may be another number; [`Self::retain`] counts anew.
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
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    notice: Notice,
}

/// When it is time to tell what comes next.
#[derive(Debug, Default)]
struct Notice {
    /// So many are taken out before the next notice.
    left: usize,
}

impl Notice {
    /// One was taken out.
    const fn count(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// How many are to be told now: `count`, once for so many that are taken out, or none.
    const fn due(&mut self, count: usize) -> usize {
        if self.left > 0 {
            return 0;
        }
        self.left = count;
        count
    }
}

impl Queue {
    const fn new(ahead_ns: i64) -> Self {
        Self { ahead_ns, next_ns: i64::MAX, deadlines: VecDeque::new(), notice: Notice { left: 0 } }
    }

    fn push(&mut self, deadline: Deadline) {
        self.next_ns = self.next_ns.min(deadline.time_ns);
        self.deadlines.push_back(deadline);
    }

    fn pop(&mut self) -> Option<Deadline> {
        let first = self.deadlines.pop_front();
        self.notice.count();
        self.see();
        first
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
        self.len = self.len.wrapping_add(1);
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
        self.len = self.len.wrapping_sub(1);
        self.last = place;
        match place.and_then(|place| self.queues.get_mut(place)) {
            Some(queue) => queue.pop(),
            None => self.rest.pop(),
        }
    }

    /// Now and then the next `count` deadlines, or nearly, of those among which the last one was; else none.
    pub fn coming(&mut self, count: usize) -> impl Iterator<Item = &Deadline> {
        let (queue, rest) = match self.last {
            Some(place) => (self.queues.get_mut(place), None),
            None => (None, Some(&mut self.rest)),
        };
        let of_queue = queue.map(|queue| queue.deadlines.iter().take(queue.notice.due(count)));
        let of_rest = rest.map(|rest| rest.coming(count));
        of_queue.into_iter().flatten().chain(of_rest.into_iter().flatten())
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

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// What is done with a clock.
    #[derive(Clone, Debug)]
    enum Act {
        /// So far ahead.
        Set(i64),
        Advance(i64),
        /// Those whose number this divides become void.
        Drop(u64),
    }

    const USUAL: [i64; 2] = [1_000, 60_000_000_000];

    fn act() -> impl Strategy<Value = Act> {
        const SECOND: i64 = 1_000_000_000;
        let ahead = prop_oneof![
            6 => prop::sample::select(&USUAL), 4 => 0..90 * SECOND, 2 => 0..2_000_i64, 1 => Just(i64::MAX),
        ];
        let step = prop_oneof![9 => 0..4 * SECOND, 9 => 0..3_000_i64, 1 => Just(-SECOND), 1 => 0..i64::MAX];
        prop_oneof![
            10 => ahead.prop_map(Act::Set), 8 => step.prop_map(Act::Advance), 1 => (2..5_u64).prop_map(Act::Drop),
        ]
    }

    proptest! {
        #[test]
        fn what_is_due_comes_in_order(start_ns in -9..9_i64, acts in prop::collection::vec(act(), 0..200)) {
            let (mut clock, mut sorted) = (Clock::new(USUAL), BTreeSet::new());
            clock.advance(start_ns);
            for (act, number) in acts.into_iter().zip(1..) {
                match act {
                    Act::Set(ahead_ns) => {
                        let time_ns = clock.now_ns().saturating_add(ahead_ns);
                        let due = if number % 3 == 0 { Due::Look } else { Due::Forget };
                        let deadline = Deadline { time_ns, number, due, slot: 0 };
                        clock.set(deadline);
                        sorted.insert(deadline);
                    }
                    Act::Advance(step_ns) => clock.advance(clock.now_ns().saturating_add(step_ns)),
                    Act::Drop(divisor) => {
                        clock.retain(|deadline| deadline.number % divisor != 0);
                        sorted.retain(|deadline| deadline.number % divisor != 0);
                    }
                }
                while let Some(deadline) = clock.pop_due() {
                    prop_assert_eq!(Some(deadline), sorted.pop_first());
                    let coming: BTreeSet<Deadline> = clock.coming(4).copied().collect();
                    prop_assert!(coming.len() <= 4 && coming.is_subset(&sorted));
                }
                prop_assert!(sorted.first().is_none_or(|first| first.time_ns > clock.now_ns()));
                prop_assert_eq!(clock.len(), sorted.len());
            }
        }
    }

    #[test]
    fn most_are_told_before_they_come() {
        const AT_ONCE: usize = 16;
        let mut clock = Clock::new(USUAL);
        clock.advance(0);
        for number in 1..=1000_u64 {
            let time_ns = if number % 2 == 0 { USUAL[0] } else { 500 + number.cast_signed() };
            clock.set(Deadline { time_ns, number, due: Due::Forget, slot: 0 });
        }
        clock.advance(10_000);
        let (mut told, mut expected) = (BTreeSet::new(), 0);
        while let Some(deadline) = clock.pop_due() {
            expected += usize::from(told.remove(&deadline));
            told.extend(clock.coming(AT_ONCE).copied());
        }
        // Nearly all of a queue, and those of a heap as far as they stand at its front.
        assert!(expected > 700, "{expected}");
    }
}
