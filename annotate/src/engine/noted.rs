//! Connections of which nobody asks to know more than how they end, or of which the book knows what to say: their
//! segments are written down, and worked out by the rules only when they must.
//!
//! That is the case when a segment cannot be written down, may open a new incarnation or leaves the book, and when
//! something may fall due (SPEC 4.10, 6.8). From then on the connection is followed, and data goes a short way of its own
//! while nobody looks at it. One that is over and has a precedent needs no rules even then: its journal is closed and
//! waits to be forgotten. All must come to the same as if each segment had been worked out at once and told.

use alloc::boxed::Box;
use core::mem;

use fourwave_dissector::Segment;

use crate::engine::Engine;
use crate::engine::book::{Before, Standing};
use crate::engine::clock::{Deadline, Due};
use crate::engine::due::timers_stand;
use crate::engine::journal::Entries;
use crate::engine::lease::{lease, over};
use crate::engine::succession::Opening;
use crate::engine::table::{Followed, Matter, Slot, SlotId};
use crate::observer::Observer;
use crate::rules::arrival::Arrival;
use crate::rules::fast;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};

impl Engine {
    /// Writes down a segment of an incarnation that is only noted, and tells what the book says of it if somebody asks.
    /// False if the incarnation is followed, or if the rules must see the segment at once.
    // Always: what is read of the segment then stays in registers on its way into the journal.
    #[inline(always)]
    pub(super) fn note(
        &mut self,
        id: SlotId,
        arrival: &Arrival<'_>,
        from: Side,
        segment: Option<&Segment<'_>>,
        observer: &mut impl Observer,
    ) -> bool {
        // Apart: the book wants an arrival in memory, which what follows here keeps in registers.
        if observer.wants_segments() {
            return self.note_by_book(id, arrival, from, segment, observer);
        }
        let now_ns = self.clock.now_ns();
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return false };
        let Matter::Noted(journal) = &mut slot.matter else { return false };
        let arrival = &arrival.at_clock(now_ns);
        if arrival.opens() {
            // It may open a new incarnation (SPEC 6). Not so an answer, or a copy of the first, before anything ends.
            let is_copy = || from == Side::Client && shelf.begins_with_syn(journal, arrival.seq);
            if !(slot.ending.has_not_begun() && (arrival.has_ack() || is_copy())) {
                return false;
            }
        }
        if !shelf.add(journal, slot.seen_ns, arrival, from) {
            return false;
        }
        slot.note(arrival, from, now_ns, Standing::default());
        let latest_ns = now_ns.saturating_add(self.patience_ns);
        if slot.due_ns > latest_ns {
            self.look_at(id, latest_ns);
        }
        true
    }

    /// The same, if somebody asks: only what the book knows is noted.
    fn note_by_book(
        &mut self,
        id: SlotId,
        arrival: &Arrival<'_>,
        from: Side,
        segment: Option<&Segment<'_>>,
        observer: &mut impl Observer,
    ) -> bool {
        let now_ns = self.clock.now_ns();
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return false };
        let Matter::Noted(journal) = &mut slot.matter else { return false };
        let arrival = &arrival.at_clock(now_ns);
        let before = Before { journal, shelf, time_ns: slot.seen_ns };
        let Some(standing) = self.book.go_on(slot.standing, &before, arrival, from, &self.options) else {
            return false;
        };
        if !shelf.add(journal, slot.seen_ns, arrival, from) {
            return false;
        }
        slot.note(arrival, from, now_ns, standing);
        let latest_ns = now_ns.saturating_add(self.patience_ns);
        let is_due = slot.due_ns > latest_ns;
        self.tell_by_book(id, segment, observer);
        if is_due {
            self.look_at(id, latest_ns);
        }
        true
    }

    /// Tells what the book says of the last segment of an incarnation, if it stands in the book.
    #[inline]
    fn tell_by_book(&self, id: SlotId, segment: Option<&Segment<'_>>, observer: &mut impl Observer) {
        if let Some(segment) = segment
            && let Some(slot) = self.table.get(id)
            && (observer.wants_data() || !self.book.is_plain(slot.standing))
            && let Some(annotation) = self.book.annotation(slot, &self.table.shelf)
        {
            observer.segment(segment, &annotation);
        }
    }

    /// Takes in a segment of an open connection of which nobody needs to be told: data or an acknowledgment, by the
    /// book. False if it is something else. No timer begins with it: what its arrival says of the clock is not read.
    #[inline]
    pub(super) fn carry(&mut self, id: SlotId, arrival: &Arrival<'_>, from: Side) -> bool {
        let now_ns = self.clock.now_ns();
        let Some(slot) = self.table.get_mut(id) else { return false };
        let Matter::Followed(followed) = &mut slot.matter else { return false };
        let Followed { incarnation, held_syn: None, held_syn_ack: None } = &mut **followed else {
            return false;
        };
        if !fast::is_plain(incarnation, arrival) || !fast::is_orderly(incarnation, arrival, from) {
            return false;
        }
        fast::carry(incarnation, arrival, from);
        let states = incarnation.states();
        slot.seen_ns = now_ns;
        slot.spared = true;
        if !timers_stand(&states, now_ns, slot.due_ns, &self.options) {
            self.set_deadlines(id, &states);
        }
        true
    }

    /// Starts an incarnation whose first segment is only noted. False if the rules must see it at once.
    pub(super) fn open_noted(
        &mut self,
        segment: Option<&Segment<'_>>,
        opening: &Opening<'_>,
        observer: &mut impl Observer,
    ) -> bool {
        let &Opening { arrival, from, .. } = opening;
        let mut standing = Standing::default();
        if observer.wants_segments() {
            match self.book.open(arrival, from, &self.options) {
                Some(opened) => standing = opened,
                None => return false,
            }
        }
        let Some(journal) = self.table.shelf.begin(arrival, from) else { return false };
        let id = self.insert(opening, standing, Matter::Noted(journal));
        self.tell_by_book(id, segment, observer);
        self.look_at(id, self.clock.now_ns().saturating_add(self.patience_ns));
        self.make_room(id, observer);
        true
    }

    /// Notes an incarnation again of which there is only the first segment: where many connections are in memory, most
    /// of them may never have a second (a flood of SYNs).
    pub(super) fn put_aside(&mut self, id: SlotId, opening: &Opening<'_>) {
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return };
        let Some(journal) = shelf.begin(opening.arrival, opening.from) else { return };
        slot.matter = Matter::Noted(journal);
        self.look_at(id, self.clock.now_ns().saturating_add(self.patience_ns));
    }

    /// Works out an incarnation that is only noted: it is followed from now on.
    pub(super) fn work_out(&mut self, id: SlotId) {
        if let Some(incarnation) = self.table.get(id).and_then(|slot| self.read(slot)) {
            self.follow(id, incarnation);
        }
    }

    /// Goes on with what the journal of a connection came to.
    pub(super) fn follow(&mut self, id: SlotId, incarnation: Incarnation) {
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return };
        let states = incarnation.states();
        if let Some(journal) = slot.journal() {
            shelf.discard(journal);
        }
        slot.matter = Matter::Followed(Box::new(Followed::new(incarnation)));
        slot.due_ns = i64::MAX;
        self.set_deadlines(id, &states);
    }

    /// What the segments in the journal of `slot` come to; `None` if it has none.
    pub(super) fn read(&self, slot: &Slot) -> Option<Incarnation> {
        let journal = slot.journal()?;
        let mut arrivals = self.table.shelf.read(journal, slot.seen_ns);
        let (first, from) = arrivals.next()?;
        let mut incarnation = Incarnation::new(slot.number, slot.count, slot.basis, &first, from);
        incarnation.step(&first, from, None, &self.options);
        for (arrival, from) in arrivals {
            incarnation.step(&arrival, from, None, &self.options);
        }
        if let Some((side, at)) = journal.expired() {
            incarnation.expire(side, Some(at));
        }
        Some(incarnation)
    }

    /// The segments of a connection that is only noted, unless it is on its way to its end.
    pub(super) fn settled(&self, slot: &Slot) -> Option<Entries<'_>> {
        let is_closing = !slot.ending.has_not_begun() && !slot.ending.looks_complete();
        slot.journal().filter(|_| !is_closing).map(|journal| self.table.shelf.entries(journal, slot.seen_ns))
    }

    /// Sets when a connection that is only noted is looked at.
    pub(super) fn look_at(&mut self, id: SlotId, time_ns: i64) {
        let Some(slot) = self.table.get_mut(id) else { return };
        slot.due_ns = time_ns;
        self.clock.set(Deadline { time_ns, number: slot.number, due: Due::Look, slot: id });
    }

    /// A connection that is only noted may have something due. It goes on waiting if nothing is for a while.
    pub(super) fn look(&mut self, deadline: &Deadline) {
        let id = deadline.slot;
        let now_ns = self.clock.now_ns();
        let until_ns = now_ns.saturating_add(self.patience_ns);
        // At the end of time there is nothing to wait for.
        let can_wait = |due_ns: i64| due_ns >= until_ns && until_ns > now_ns;
        let current = |slot: &&Slot| slot.number == deadline.number && slot.due_ns == deadline.time_ns;
        let Some(slot) = self.table.get(id).filter(current) else { return };
        if slot.journal().is_none() {
            return;
        }
        let idle_ns = self.options.idle.unestablished_ns.min(self.options.idle.established_ns);
        if slot.ending.has_not_begun() && can_wait(slot.seen_ns.saturating_add(idle_ns)) {
            self.look_at(id, until_ns);
            return;
        }
        if slot.ending.looks_complete() && self.quarantine(id) {
            return;
        }
        let Some(slot) = self.table.get(id) else { return };
        let Some(incarnation) = self.read(slot) else { return };
        let next_ns = self.next_due(&incarnation, slot.seen_ns);
        if can_wait(next_ns) {
            self.look_at(id, next_ns);
        } else {
            self.follow(id, incarnation);
        }
    }

    /// Lets a connection that is only noted wait to be forgotten, if it is over by a precedent. False if it is not.
    fn quarantine(&mut self, id: SlotId) -> bool {
        let mut precedents = mem::take(&mut self.precedents);
        let entries = self.table.get(id).and_then(|slot| self.settled(slot));
        let waits = entries.and_then(|entries| precedents.waits(entries, &self.options));
        self.precedents = precedents;
        let timer = match waits {
            None | Some(Both { client: Some(_), server: Some(_) }) => return false,
            Some(Both { client: Some(wait), server: None }) => Some((Side::Client, wait.until_ns)),
            Some(Both { client: None, server: Some(wait) }) => Some((Side::Server, wait.until_ns)),
            Some(Both { client: None, server: None }) => None,
        };
        let Some(slot) = self.table.get_mut(id) else { return false };
        let Matter::Noted(journal) = &mut slot.matter else { return false };
        journal.close();
        slot.due_ns = slot.seen_ns.saturating_add(over(&self.options));
        let (number, forget_ns) = (slot.number, slot.due_ns);
        if let Some((side, time_ns)) = timer {
            self.clock.set(Deadline { time_ns, number, due: Due::TimeWait(side), slot: id });
        }
        self.clock.set(Deadline { time_ns: forget_ns, number, due: Due::Forget, slot: id });
        true
    }

    /// When something happens to an incarnation if no segment comes.
    fn next_due(&self, incarnation: &Incarnation, seen_ns: i64) -> i64 {
        let lease_ns = lease(incarnation, &incarnation.states(), &self.options);
        let waits =
            incarnation.peers.iter().filter(|(_, peer)| !peer.expired).filter_map(|(_, peer)| peer.time_wait);
        let ends = waits.map(|start| start.clock_ns.saturating_add(self.options.two_msl_ns));
        ends.fold(seen_ns.saturating_add(lease_ns), i64::min)
    }
}
