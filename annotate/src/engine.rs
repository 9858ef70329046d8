//! The engine: segments in, annotations out (sans-IO: time comes with the segments).

use alloc::boxed::Box;
use core::mem;
use core::net::SocketAddr;

use fourwave_dissector::{FrameId, Segment, tcp};

use crate::annotation::{Annotation, TimeWaitExpired};
use crate::arrival::Arrival;
use crate::clock::{Clock, Deadline, Due};
use crate::close::{Closing, close};
use crate::code::Set;
use crate::connection::{Connection, Revision};
use crate::ends::Ends;
use crate::incarnation::{Incarnation, Verdict};
use crate::journal::Journal;
use crate::kind::ClientBasis;
use crate::lease::{is_over, lease, waits};
use crate::modifier::ConnectionModifier;
use crate::observer::Observer;
use crate::options::{Options, SECOND};
use crate::role::Role;
use crate::side::{Both, Side};
use crate::state::{Change, State};
use crate::succession::{
    Opening, Reuse, answered_syn, answered_syn_ack, is_late_syn_ack, reuse, who_is_client,
};
use crate::table::{Ending, Followed, Matter, Slot, SlotId, Table};

/// What has to be waited for is not put off where it is shorter than this.
const LEAST_PATIENCE_NS: i64 = SECOND;

/// Follows all connections of one capture.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    table: Table,
    clock: Clock,
    connections: u64,
    /// How long nothing can fall due of a connection after a segment, whatever it says.
    patience_ns: i64,
}

/// What a segment came to.
struct Stepped {
    slot: SlotId,
    from: Side,
    verdict: Verdict,
}

impl Engine {
    /// An engine that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let usual = waits(&options);
        Self {
            options,
            table: Table::default(),
            clock: Clock::new(usual),
            connections: 0,
            patience_ns: usual.into_iter().fold(i64::MAX, i64::min),
        }
    }

    /// Numbers connections on from `connections`, those of captures before this one.
    #[must_use]
    pub fn numbered_from(self, connections: u64) -> Self {
        Self { connections, ..self }
    }

    /// The highest number that a connection has; at first that given to [`Self::numbered_from`].
    #[must_use]
    pub const fn connections(&self) -> u64 {
        self.connections
    }

    /// Connections in memory.
    #[must_use]
    pub fn tracked(&self) -> usize {
        self.table.len()
    }

    /// Takes in one segment. Call in the order of the capture.
    pub fn push(&mut self, segment: &Segment<'_>, observer: &mut impl Observer) {
        self.expire(segment.time_ns, Some(segment.at), observer);
        let arrival = Arrival::new(segment, self.clock.now_ns());
        let ends = Ends::new(Both { client: segment.src, server: segment.dst });
        let may_wait = !observer.wants_segments() && self.patience_ns >= LEAST_PATIENCE_NS;
        match self.table.find(&ends, segment.zone) {
            Some((id, from)) => {
                if !(may_wait && self.note(id, &arrival, from))
                    && let Some(stepped) = self.step(id, segment, &arrival, from, observer)
                {
                    self.tell(segment, &stepped, observer);
                }
            }
            None => {
                let opening = first_opening(segment, &arrival, ends);
                if !(may_wait && self.open_noted(&opening, observer)) {
                    let stepped = self.open(&opening);
                    self.tell(segment, &stepped, observer);
                }
            }
        }
    }

    /// Moves the clock: fires what is due at `time_ns` without a packet.
    pub fn advance(&mut self, time_ns: i64, observer: &mut impl Observer) {
        self.expire(time_ns, None, observer);
    }

    /// What the record of a connection would be if the input ended now. `None` for one that is not in memory: not
    /// yet seen, or handed out. Client and server may be swapped.
    #[must_use]
    pub fn so_far(&self, number: u64, ends: Both<SocketAddr>, zone: u64) -> Option<Connection> {
        self.result(self.table.of_number(number, ends, zone)?, false)
    }

    /// Ends the input: hands out every connection that is left, by number.
    pub fn finish(self, observer: &mut impl Observer) {
        for slot in self.table.in_order() {
            if let Some(connection) = self.result(slot, false) {
                observer.connection(&connection);
            }
        }
    }

    /// Writes down a segment of an incarnation that is only noted. False if the rules must see it at once.
    fn note(&mut self, id: SlotId, arrival: &Arrival<'_>, from: Side) -> bool {
        let now_ns = self.clock.now_ns();
        let patience_ns = self.patience_ns;
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return false };
        let Matter::Noted(journal) = &mut slot.matter else { return false };
        // A SYN may open a new incarnation (SPEC 6). Not so an answer, or a copy of the first, before anything ends.
        let opens = arrival.syn() && !arrival.fin() && !arrival.rst();
        let is_harmless = slot.ending.has_not_begun()
            && (arrival.has_ack() || from == Side::Client && shelf.begins_with_syn(journal, arrival.seq));
        if opens && !is_harmless || !shelf.add(journal, slot.seen_ns, arrival, from) {
            return false;
        }
        slot.ending.note(arrival, from);
        slot.seen_ns = now_ns;
        slot.spared = true;
        let latest_ns = now_ns.saturating_add(patience_ns);
        if slot.due_ns > latest_ns {
            self.look_at(id, latest_ns);
        }
        true
    }

    /// Starts an incarnation whose first segment is only noted. False if the rules must see it at once.
    fn open_noted(&mut self, opening: &Opening<'_>, observer: &mut impl Observer) -> bool {
        let Some(journal) = self.table.shelf.begin(opening.arrival, opening.from) else { return false };
        let id = self.insert(opening, Matter::Noted(journal));
        self.look_at(id, self.clock.now_ns().saturating_add(self.patience_ns));
        self.keep_bounds(id, observer);
        true
    }

    /// Starts an incarnation with its first segment.
    fn open(&mut self, opening: &Opening<'_>) -> Stepped {
        let Opening { arrival, from, count, basis, reuse, .. } = *opening;
        let mut incarnation = Incarnation::new(self.connections + 1, count, basis, arrival, from);
        incarnation.reuse_gap_ns = reuse.gap_ns;
        let verdict = incarnation.step(arrival, from, reuse.modifiers, &self.options);
        let slot = self.insert(opening, Matter::Followed(Box::new(Followed::new(incarnation))));
        Stepped { slot, from, verdict }
    }

    fn insert(&mut self, opening: &Opening<'_>, matter: Matter) -> SlotId {
        self.connections += 1;
        let mut ending = Ending::default();
        ending.note(opening.arrival, opening.from);
        self.table.insert(Slot {
            ends: opening.ends,
            zone: opening.zone,
            number: self.connections,
            count: opening.count,
            basis: opening.basis,
            spared: true,
            ending,
            seen_ns: self.clock.now_ns(),
            due_ns: i64::MAX,
            matter,
        })
    }

    /// A segment on a known key: it belongs to the current incarnation, or opens a new one (SPEC 6).
    fn step(
        &mut self,
        id: SlotId,
        segment: &Segment<'_>,
        arrival: &Arrival<'_>,
        from: Side,
        observer: &mut impl Observer,
    ) -> Option<Stepped> {
        self.work_out(id);
        let slot = self.table.get_mut(id)?;
        let (count, zone) = (slot.count, slot.zone);
        let followed = slot.followed_mut()?;
        if arrival.syn() && !arrival.fin() && !arrival.rst() {
            if let Some(reuse) = reuse(&followed.incarnation, arrival, from) {
                let ends = Ends::new(Both { client: segment.src, server: segment.dst });
                let (from, basis, count) = (Side::Client, ClientBasis::Syn, count + 1);
                return Some(self.supersede(id, &Opening { arrival, from, ends, zone, count, basis, reuse }));
            }
            if let Some((syn, client)) = answered_syn(followed, arrival, from) {
                let new = self.reopen(id, &syn, client, observer);
                return self.step_in(new, arrival, Side::Server);
            }
            if is_late_syn_ack(&followed.incarnation, arrival, from) {
                followed.held_syn_ack = Some(Box::new((arrival.held(), from)));
            }
        }
        if let Some((syn_ack, server)) = answered_syn_ack(followed, arrival, from) {
            let new = self.reopen(id, &syn_ack, server, observer);
            return self.step_in(new, arrival, Side::Client);
        }
        self.step_in(id, arrival, from)
    }

    /// A segment of the incarnation in `id`.
    fn step_in(&mut self, id: SlotId, arrival: &Arrival<'_>, from: Side) -> Option<Stepped> {
        let followed = self.table.get_mut(id)?.followed_mut()?;
        let verdict = followed.incarnation.step(arrival, from, None, &self.options);
        if arrival.syn() && !arrival.has_ack() {
            let pending = verdict.decision.role == Role::SynInSynchronized;
            followed.held_syn = pending.then(|| Box::new((arrival.held(), from)));
        }
        Some(Stepped { slot: id, from, verdict })
    }

    /// Ends the incarnation in `id` and starts the next with `opening`.
    fn supersede(&mut self, id: SlotId, opening: &Opening<'_>) -> Stepped {
        self.table.supersede(id);
        if let Some(old) = self.table.get_mut(id).and_then(Slot::followed_mut) {
            old.incarnation.superseded = true;
            let states = old.incarnation.states();
            self.set_deadlines(id, &states);
        }
        self.open(opening)
    }

    /// 6.3, 6.4: a segment held back turns out to have opened a new incarnation. Returns its slot.
    fn reopen(
        &mut self,
        id: SlotId,
        held: &Arrival<'static>,
        sender: Side,
        observer: &mut impl Observer,
    ) -> SlotId {
        let Some(slot) = self.table.get_mut(id) else { return id };
        let (zone, count, old) = (slot.zone, slot.count + 1, slot.ends.addresses());
        let Some(Followed { incarnation, .. }) = slot.followed_mut() else { return id };
        let by_syn = !held.has_ack();
        // The sender of a SYN is the new client, that of a SYN-ACK the new server.
        let (from, client) = if by_syn { (Side::Client, sender) } else { (Side::Server, sender.other()) };
        let addresses = Both { client: old[client], server: old[client.other()] };
        let (was, is) =
            if by_syn { (Role::SynInSynchronized, Role::ReuseSyn) } else { (Role::Stray, Role::Open) };
        let opening = Opening {
            arrival: held,
            from,
            ends: Ends::new(addresses),
            zone,
            count,
            basis: if by_syn { ClientBasis::Syn } else { ClientBasis::SynAck },
            reuse: Reuse { modifiers: by_syn.then_some(Set::EMPTY), gap_ns: None },
        };
        if by_syn {
            let moved = &mut incarnation.peers[sender].segments;
            *moved = moved.saturating_sub(1);
        }
        incarnation.correct(held.at, Revision::Moved { was, is, connection: self.connections + 1 });
        let stepped = self.supersede(id, &opening);
        if !by_syn && let Some(new) = self.table.get_mut(stepped.slot).and_then(Slot::followed_mut) {
            new.incarnation.modifiers.insert(ConnectionModifier::SynNotSeen);
        }
        if observer.wants_segments()
            && let Some(annotation) = self.annotation(&stepped)
        {
            observer.revised(&held_segment(held, &addresses, from, zone), &annotation);
        }
        stepped.slot
    }

    /// Tells what a segment came to, and sets the timers of its connection.
    fn tell(&mut self, segment: &Segment<'_>, stepped: &Stepped, observer: &mut impl Observer) {
        if observer.wants_segments()
            && let Some(annotation) = self.annotation(stepped)
        {
            observer.segment(segment, &annotation);
        }
        let now_ns = self.clock.now_ns();
        if let Some(slot) = self.table.get_mut(stepped.slot) {
            slot.seen_ns = now_ns;
            slot.spared = true;
        }
        self.set_deadlines(stepped.slot, &stepped.verdict.expected_after());
        self.keep_bounds(stepped.slot, observer);
    }

    fn annotation(&self, Stepped { slot, from, verdict }: &Stepped) -> Option<Annotation> {
        let incarnation = &self.table.get(*slot)?.followed()?.incarnation;
        Some(Annotation {
            connection: incarnation.number,
            incarnation: incarnation.count,
            from: *from,
            role: verdict.decision.role,
            waves: verdict.decision.waves,
            modifiers: verdict.decision.modifiers,
            peers: verdict.peers,
            acks_fin: verdict.acks_fin,
            repeats: verdict.repeats,
            answers: verdict.answers,
            owes: Both::from_fn(|side| incarnation.duties(side, verdict.peers[side].after.expected)),
            findings: verdict.findings,
        })
    }

    /// Works out an incarnation that is only noted: it is followed from now on.
    fn work_out(&mut self, id: SlotId) {
        if let Some(slot) = self.table.get(id)
            && let Matter::Noted(journal) = &slot.matter
            && let Some(incarnation) = self.read(slot, journal)
        {
            self.follow(id, incarnation);
        }
    }

    /// Goes on with what the journal of a connection came to.
    fn follow(&mut self, id: SlotId, incarnation: Incarnation) {
        let Some((slot, shelf)) = self.table.with_shelf(id) else { return };
        let states = incarnation.states();
        let followed = Matter::Followed(Box::new(Followed::new(incarnation)));
        if let Matter::Noted(journal) = mem::replace(&mut slot.matter, followed) {
            shelf.discard(&journal);
        }
        slot.due_ns = i64::MAX;
        self.set_deadlines(id, &states);
    }

    /// What the segments in the journal of `slot` come to.
    fn read(&self, slot: &Slot, journal: &Journal) -> Option<Incarnation> {
        let mut arrivals = self.table.shelf.read(journal);
        let (first, from) = arrivals.next()?;
        let mut incarnation = Incarnation::new(slot.number, slot.count, slot.basis, &first, from);
        incarnation.step(&first, from, None, &self.options);
        for (arrival, from) in arrivals {
            incarnation.step(&arrival, from, None, &self.options);
        }
        Some(incarnation)
    }

    /// Sets when a connection that is only noted is looked at.
    fn look_at(&mut self, id: SlotId, time_ns: i64) {
        let Some(slot) = self.table.get_mut(id) else { return };
        slot.due_ns = time_ns;
        self.clock.set(Deadline { time_ns, number: slot.number, due: Due::Look, slot: id });
    }

    /// Sets the timers of a connection that is followed.
    fn set_deadlines(&mut self, id: SlotId, states: &Both<State>) {
        let Some(slot) = self.table.get_mut(id) else { return };
        let (number, seen_ns, due_ns) = (slot.number, slot.seen_ns, slot.due_ns);
        let Some(Followed { incarnation, .. }) = slot.followed_mut() else { return };
        for side in [Side::Client, Side::Server] {
            let peer = &mut incarnation.peers[side];
            let Some(start) = peer.time_wait else { continue };
            let time_ns = start.clock_ns.saturating_add(self.options.two_msl);
            // A later deadline is set when the earlier one falls due.
            if !peer.expired && peer.timer.is_none_or(|timer| time_ns < timer) {
                peer.timer = Some(time_ns);
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
    fn expire(&mut self, time_ns: i64, at: Option<FrameId>, observer: &mut impl Observer) {
        self.clock.advance(time_ns);
        while let Some(deadline) = self.clock.pop_due() {
            match deadline.due {
                Due::Look => self.look(&deadline),
                Due::TimeWait(side) => self.end_time_wait(&deadline, side, at, observer),
                Due::Forget => self.forget(&deadline, observer),
            }
        }
    }

    /// A connection that is only noted may have something due. It goes on waiting if nothing is for a while.
    fn look(&mut self, deadline: &Deadline) {
        let id = deadline.slot;
        let until_ns = self.clock.now_ns().saturating_add(self.patience_ns);
        let current = |slot: &&Slot| slot.number == deadline.number && slot.due_ns == deadline.time_ns;
        let Some(slot) = self.table.get(id).filter(current) else { return };
        let Matter::Noted(journal) = &slot.matter else { return };
        let idle_ns = self.options.idle.unestablished.min(self.options.idle.established);
        if slot.ending.has_not_begun() && slot.seen_ns.saturating_add(idle_ns) >= until_ns {
            self.look_at(id, until_ns);
            return;
        }
        let Some(incarnation) = self.read(slot, journal) else { return };
        let next_ns = self.next_due(&incarnation, slot.seen_ns);
        if next_ns >= until_ns {
            self.look_at(id, next_ns);
        } else {
            self.follow(id, incarnation);
        }
    }

    /// When something happens to an incarnation if no segment comes.
    fn next_due(&self, incarnation: &Incarnation, seen_ns: i64) -> i64 {
        let lease_ns = lease(incarnation, &incarnation.states(), &self.options);
        let waits =
            incarnation.peers.iter().filter(|(_, peer)| !peer.expired).filter_map(|(_, peer)| peer.time_wait);
        let ends = waits.map(|start| start.clock_ns.saturating_add(self.options.two_msl));
        ends.fold(seen_ns.saturating_add(lease_ns), i64::min)
    }

    /// SPEC 4.10: a TIME-WAIT may be over.
    fn end_time_wait(
        &mut self,
        deadline: &Deadline,
        side: Side,
        at: Option<FrameId>,
        observer: &mut impl Observer,
    ) {
        let Some(slot) = self.table.get_mut(deadline.slot) else { return };
        let is_current = slot.number == deadline.number;
        let Some(Followed { incarnation, .. }) = slot.followed_mut() else { return };
        let state = incarnation.bounds[side].expected;
        let peer = &mut incarnation.peers[side];
        if !is_current || peer.timer != Some(deadline.time_ns) {
            return;
        }
        peer.timer = None;
        let Some(start) = peer.time_wait else { return };
        if incarnation.superseded || state != State::TimeWait {
            return;
        }
        let time_ns = start.clock_ns.saturating_add(self.options.two_msl);
        if time_ns > deadline.time_ns {
            peer.timer = Some(time_ns);
            self.clock.set(Deadline { time_ns, ..*deadline });
            return;
        }
        let before = incarnation.bounds;
        incarnation.peers[side].expired = true;
        incarnation.compute_bounds();
        let after = incarnation.bounds;
        incarnation.peers[side].path.note(after[side].expected, at);
        let peers = Both::from_fn(|side| Change { before: before[side], after: after[side] });
        observer.time_wait_expired(&TimeWaitExpired {
            connection: incarnation.number,
            incarnation: incarnation.count,
            peer: side,
            time_ns: start.time_ns.saturating_add(self.options.two_msl),
            peers,
        });
    }

    /// SPEC 6.8: a connection may be over and settled, or idle for too long.
    fn forget(&mut self, deadline: &Deadline, observer: &mut impl Observer) {
        let Some(slot) = self.table.get_mut(deadline.slot) else { return };
        if slot.number != deadline.number || slot.due_ns != deadline.time_ns {
            return;
        }
        let Some(Followed { incarnation, .. }) = slot.followed() else { return };
        let states = incarnation.states();
        let time_ns = slot.seen_ns.saturating_add(lease(incarnation, &states, &self.options));
        let settled = incarnation.superseded || is_over(&states);
        if time_ns > deadline.time_ns {
            slot.due_ns = time_ns;
            self.clock.set(Deadline { time_ns, ..*deadline });
            return;
        }
        self.hand_out(deadline.slot, !settled, observer);
    }

    /// Keeps the number of connections in memory at its bound, whatever the one just seen; and void deadlines few.
    fn keep_bounds(&mut self, current: SlotId, observer: &mut impl Observer) {
        const SPARE_DEADLINES: usize = 1024;
        let is_over = |slot: &Slot| match &slot.matter {
            Matter::Followed(followed) => {
                followed.incarnation.superseded || is_over(&followed.incarnation.states())
            }
            Matter::Noted(_) => slot.ending.looks_complete(),
        };
        while self.table.len() > self.options.max_connections {
            let Some(victim) = self.table.victim(current, is_over) else { return };
            self.hand_out(victim, true, observer);
        }
        if self.clock.len() > 4 * self.table.len() + SPARE_DEADLINES {
            let table = &self.table;
            self.clock.retain(|deadline| {
                let current = |slot: &&Slot| slot.number == deadline.number;
                table.get(deadline.slot).filter(current).is_some_and(|slot| match deadline.due {
                    Due::TimeWait(side) => slot.followed().is_some_and(|followed| {
                        followed.incarnation.peers[side].timer == Some(deadline.time_ns)
                    }),
                    Due::Look | Due::Forget => slot.due_ns == deadline.time_ns,
                })
            });
        }
    }

    /// Takes a connection out of memory and hands out its record.
    fn hand_out(&mut self, id: SlotId, evicted: bool, observer: &mut impl Observer) {
        if let Some(connection) = self.table.get(id).and_then(|slot| self.result(slot, evicted)) {
            observer.connection(&connection);
        }
        self.table.remove(id);
    }

    /// The record of a connection as it stands.
    fn result(&self, slot: &Slot, evicted: bool) -> Option<Connection> {
        let closing = Closing { now_ns: self.clock.now_ns(), evicted, options: &self.options };
        let addresses = slot.ends.addresses();
        Some(match &slot.matter {
            Matter::Followed(followed) => close(&followed.incarnation, addresses, &closing),
            Matter::Noted(journal) => close(&self.read(slot, journal)?, addresses, &closing),
        })
    }
}

/// What the first segment on a key that is not known opens.
fn first_opening<'a>(segment: &Segment<'_>, arrival: &'a Arrival<'a>, sender: Ends) -> Opening<'a> {
    let (from, basis) = who_is_client(segment);
    let ends = match from {
        Side::Client => sender,
        Side::Server => sender.swapped(),
    };
    Opening { arrival, from, ends, zone: segment.zone, count: 1, basis, reuse: Reuse::default() }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

/// The segment of a held arrival, for the observer.
fn held_segment<'a>(held: &Arrival<'a>, addresses: &Both<SocketAddr>, from: Side, zone: u64) -> Segment<'a> {
    let (src, dst) = (addresses[from], addresses[from.other()]);
    Segment {
        at: held.at,
        layer: held.layer,
        time_ns: held.time_ns,
        zone,
        in_packet: true,
        src,
        dst,
        ttl: held.ttl,
        ip_id: held.ip_id,
        tcp: tcp::Header {
            src_port: src.port(),
            dst_port: dst.port(),
            seq: held.seq.0,
            ack: held.ack.0,
            flags: held.flags,
            window: held.window,
            checksum: 0,
            urgent: 0,
            len: 20,
            options: &[],
        },
        len: held.len,
        payload: held.payload,
    }
}
