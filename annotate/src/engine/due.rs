//! What happens without a segment: the end of a TIME-WAIT (SPEC 4.10), the end of a stay in memory (SPEC 6.8), and what
//! has to go because there is no room.

use core::mem;

use fourwave_dissector::FrameId;

use crate::annotation::TimeWaitExpired;
use crate::engine::Engine;
use crate::engine::clock::{Deadline, Due};
use crate::engine::journal::PREFETCHED;
use crate::engine::lease::{is_over, lease};
use crate::engine::table::{Followed, Matter, Slot, SlotId};
use crate::observer::Observer;
use crate::options::Options;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};
use crate::state::State;

/// How many connections left memory before their end was seen and settled, by reason. Their records are marked
/// [`Evicted`](crate::ConnectionModifier::Evicted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Evictions {
    /// Nothing was seen of them for as long as [`Options::idle`](crate::Options::idle) allows.
    pub idle: u64,
    /// They were more than [`Options::max_connections`](crate::Options::max_connections).
    pub pushed_out: u64,
}

/// True if the timers of a connection that holds its key stand as they are: while it is open there is no TIME-WAIT, and
/// it is not kept for less time than is set already.
#[inline]
pub(super) fn timers_stand(states: &Both<State>, seen_ns: i64, due_ns: i64, options: &Options) -> bool {
    states.client == State::Established
        && states.server == State::Established
        && seen_ns.saturating_add(options.idle.established_ns) >= due_ns
}

impl Engine {
    /// Sets the timers of a connection that is followed.
    pub(super) fn set_deadlines(&mut self, id: SlotId, states: &Both<State>) {
        let Some(slot) = self.table.get_mut(id) else { return };
        let (number, seen_ns, due_ns) = (slot.number, slot.seen_ns, slot.due_ns);
        let Some(Followed { incarnation, .. }) = slot.followed_mut() else { return };
        if !incarnation.superseded && timers_stand(states, seen_ns, due_ns, &self.options) {
            return;
        }
        for side in [Side::Client, Side::Server] {
            let peer = &mut incarnation.peers[side];
            let Some(wait) = &mut peer.time_wait else { continue };
            let time_ns = wait.clock_ns.saturating_add(self.options.two_msl_ns);
            // A later deadline is set when the earlier one falls due.
            if !peer.expired && wait.timer.is_none_or(|timer| time_ns < timer) {
                wait.timer = Some(time_ns);
                self.clock.set(Deadline { time_ns, number, due: Due::TimeWait(side), slot: id });
            }
        }
        let time_ns = seen_ns.saturating_add(lease(incarnation, states, &self.options));
        if time_ns < due_ns {
            slot.due_ns = time_ns;
            self.clock.set(Deadline { time_ns, number, due: Due::Forget, slot: id });
        }
    }

    /// Moves the clock and fires what is due, before the packet `at`, if one is coming.
    pub(super) fn expire(&mut self, time_ns: i64, at: Option<FrameId>, observer: &mut impl Observer) {
        self.clock.advance(time_ns);
        while let Some(deadline) = self.clock.pop_due() {
            self.fire(&deadline, at, observer);
        }
    }

    // Never: it would make the way of all segments longer, for most of which nothing is due.
    #[inline(never)]
    fn fire(&mut self, deadline: &Deadline, at: Option<FrameId>, observer: &mut impl Observer) {
        self.table.prefetch_slots(self.clock.coming(PREFETCHED).map(|deadline| deadline.slot));
        match deadline.due {
            Due::Look => self.look(deadline),
            Due::TimeWait(side) => self.end_time_wait(deadline, side, at, observer),
            Due::Forget => self.forget(deadline, observer),
        }
    }

    /// SPEC 4.10: a TIME-WAIT may be over.
    fn end_time_wait(
        &mut self,
        deadline: &Deadline,
        side: Side,
        at: Option<FrameId>,
        observer: &mut impl Observer,
    ) {
        let current = |slot: &&mut Slot| slot.number == deadline.number;
        let Some(slot) = self.table.get_mut(deadline.slot).filter(current) else { return };
        if let Matter::Noted(journal) = &mut slot.matter {
            match at {
                Some(at) if journal.is_closed() => {
                    journal.expire(side, at);
                    if let Some(peers) = self.book.expiry(slot.standing, side) {
                        observer.time_wait_expired(&TimeWaitExpired {
                            connection: slot.number,
                            incarnation: slot.count,
                            peer: side,
                            time_ns: deadline.time_ns,
                            peers,
                        });
                    }
                    return;
                }
                Some(_) => return,
                // Without a packet there is nothing to write down.
                None => self.work_out(deadline.slot),
            }
        }
        let Some(slot) = self.table.get_mut(deadline.slot) else { return };
        let Some(Followed { incarnation, .. }) = slot.followed_mut() else { return };
        let state = incarnation.bounds[side].expected;
        let Some(wait) = &mut incarnation.peers[side].time_wait else { return };
        if wait.timer != Some(deadline.time_ns) {
            return;
        }
        wait.timer = None;
        if incarnation.superseded || state != State::TimeWait {
            return;
        }
        let end_ns = wait.time_ns.saturating_add(self.options.two_msl_ns);
        let time_ns = wait.clock_ns.saturating_add(self.options.two_msl_ns);
        if time_ns > deadline.time_ns {
            wait.timer = Some(time_ns);
            self.clock.set(Deadline { time_ns, ..*deadline });
            return;
        }
        let peers = incarnation.expire(side, at);
        observer.time_wait_expired(&TimeWaitExpired {
            connection: incarnation.number,
            incarnation: incarnation.count,
            peer: side,
            time_ns: end_ns,
            peers,
        });
    }

    /// SPEC 6.8: a connection may be over and settled, or idle for too long.
    fn forget(&mut self, deadline: &Deadline, observer: &mut impl Observer) {
        let Some(slot) = self.table.get_mut(deadline.slot) else { return };
        if slot.number != deadline.number || slot.due_ns != deadline.time_ns {
            return;
        }
        let incarnation = match &slot.matter {
            Matter::Followed(followed) => &followed.incarnation,
            Matter::Noted(journal) => {
                if journal.is_closed() {
                    self.hand_out(deadline.slot, false, observer);
                }
                return;
            }
        };
        let states = incarnation.states();
        let time_ns = slot.seen_ns.saturating_add(lease(incarnation, &states, &self.options));
        let settled = incarnation.superseded || is_over(&states);
        if time_ns > deadline.time_ns {
            slot.due_ns = time_ns;
            self.clock.set(Deadline { time_ns, ..*deadline });
            return;
        }
        self.evictions.idle = self.evictions.idle.saturating_add(u64::from(!settled));
        self.hand_out(deadline.slot, !settled, observer);
    }

    /// Keeps the number of connections in memory at its bound, whatever the one just seen; and void deadlines few.
    pub(super) fn make_room(&mut self, current: SlotId, observer: &mut impl Observer) {
        const SPARE_DEADLINES: usize = 1024;
        while self.table.len() > self.options.max_connections {
            let Some(victim) = self.victim(current) else { return };
            self.evictions.pushed_out = self.evictions.pushed_out.saturating_add(1);
            self.hand_out(victim, true, observer);
        }
        if self.clock.len() > 4 * self.table.len() + SPARE_DEADLINES {
            let table = &self.table;
            self.clock.retain(|deadline| {
                let current = |slot: &&Slot| slot.number == deadline.number;
                table.get(deadline.slot).filter(current).is_some_and(|slot| match deadline.due {
                    Due::TimeWait(side) => match &slot.matter {
                        Matter::Followed(followed) => {
                            let wait = followed.incarnation.peers[side].time_wait;
                            wait.is_some_and(|wait| wait.timer == Some(deadline.time_ns))
                        }
                        Matter::Noted(journal) => journal.expired().is_none(),
                    },
                    Due::Look | Due::Forget => slot.due_ns == deadline.time_ns,
                })
            });
        }
    }

    /// The connection to push out.
    fn victim(&mut self, current: SlotId) -> Option<SlotId> {
        let book = &self.book;
        self.table.victim(current, |slot| match &slot.matter {
            Matter::Followed(followed) => {
                let Incarnation { superseded, only_strays, .. } = followed.incarnation;
                superseded || only_strays || is_over(&followed.incarnation.states())
            }
            Matter::Noted(_) => match book.states(slot.standing) {
                Some(states) => is_over(&states),
                None => slot.ending.looks_complete(),
            },
        })
    }

    /// Takes a connection out of memory and hands out its record.
    fn hand_out(&mut self, id: SlotId, evicted: bool, observer: &mut impl Observer) {
        if observer.wants_connections()
            && let Some(slot) = self.table.get(id)
        {
            let mut precedents = mem::take(&mut self.precedents);
            self.settle(slot, evicted, &mut precedents, observer);
            self.precedents = precedents;
        }
        self.table.remove(id);
    }
}
