//! The engine: segments in, annotations out (sans-IO: time comes with the segments).

use alloc::boxed::Box;
use core::net::SocketAddr;

use fourwave_dissector::{FrameId, Segment, tcp};

use crate::annotation::{Annotation, TimeWaitExpired};
use crate::arrival::Arrival;
use crate::clock::{Clock, Deadline, Due};
use crate::close::{Closing, close};
use crate::code::Set;
use crate::connection::{Connection, Revision};
use crate::incarnation::{Incarnation, Verdict};
use crate::kind::ClientBasis;
use crate::lease::{is_over, lease};
use crate::modifier::ConnectionModifier;
use crate::observer::Observer;
use crate::options::Options;
use crate::role::Role;
use crate::side::{Both, Side};
use crate::state::{Change, State};
use crate::succession::{Opening, answered_syn, answered_syn_ack, is_late_syn_ack, reuse, who_is_client};
use crate::table::{Slot, SlotId, Table};

/// Follows all connections of one capture.
#[derive(Debug, Default)]
pub struct Engine {
    options: Options,
    table: Table,
    clock: Clock,
    connections: u64,
}

impl Engine {
    /// An engine that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
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
        let stepped = match self.table.find(segment.src, segment.dst, segment.zone) {
            Some(id) => self.step(id, segment, &arrival, observer),
            None => Some(self.open_first(segment, &arrival)),
        };
        let Some((slot, from, verdict)) = stepped else { return };
        if let Some(annotation) = self.annotation(slot, from, &verdict) {
            observer.segment(segment, &annotation);
        }
        self.set_deadlines(slot, &verdict.expected_after());
        self.keep_bound(slot, observer);
    }

    /// Moves the clock: fires what is due at `time_ns` without a packet.
    pub fn advance(&mut self, time_ns: i64, observer: &mut impl Observer) {
        self.expire(time_ns, None, observer);
    }

    /// What the record of a connection would be if the input ended now. `None` for one that is not in memory: not
    /// yet seen, or handed out. Client and server may be swapped.
    #[must_use]
    pub fn so_far(&self, number: u64, ends: Both<SocketAddr>, zone: u64) -> Option<Connection> {
        let slot = self.table.of_number(number, ends, zone)?;
        let closing = Closing { now_ns: self.clock.now_ns(), evicted: false, options: &self.options };
        Some(close(&slot.incarnation, slot.addresses, &closing))
    }

    /// Ends the input: hands out every connection that is left, by number.
    pub fn finish(self, observer: &mut impl Observer) {
        let closing = Closing { now_ns: self.clock.now_ns(), evicted: false, options: &self.options };
        for slot in self.table.drain() {
            observer.connection(&close(&slot.incarnation, slot.addresses, &closing));
        }
    }

    /// A segment on a key that is not known.
    fn open_first(&mut self, segment: &Segment<'_>, arrival: &Arrival<'_>) -> (SlotId, Side, Verdict) {
        let (from, basis) = who_is_client(segment);
        let addresses = match from {
            Side::Client => Both { client: segment.src, server: segment.dst },
            Side::Server => Both { client: segment.dst, server: segment.src },
        };
        let zone = segment.zone;
        let opening =
            Opening { arrival, from, addresses, zone, count: 1, basis, reuse: None, reuse_gap_ns: None };
        let (slot, verdict) = self.open(&opening);
        (slot, from, verdict)
    }

    /// Starts an incarnation with its first segment.
    fn open(&mut self, opening: &Opening<'_>) -> (SlotId, Verdict) {
        let Opening { arrival, from, addresses, zone, count, basis, reuse, reuse_gap_ns } = *opening;
        self.connections += 1;
        let (id, slot) = self.table.insert(Slot {
            incarnation: Incarnation::new(self.connections, count, basis, arrival, from),
            addresses,
            zone,
            held_syn: None,
            held_syn_ack: None,
            spared: false,
            seen_ns: self.clock.now_ns(),
            forget_at: i64::MAX,
        });
        slot.incarnation.reuse_gap_ns = reuse_gap_ns;
        let verdict = slot.incarnation.step(arrival, from, reuse, &self.options);
        (id, verdict)
    }

    /// A segment on a known key: it belongs to the current incarnation, or opens a new one (SPEC 6).
    fn step(
        &mut self,
        id: SlotId,
        segment: &Segment<'_>,
        arrival: &Arrival<'_>,
        observer: &mut impl Observer,
    ) -> Option<(SlotId, Side, Verdict)> {
        let slot = self.table.get_mut(id)?;
        let from = if segment.src == slot.addresses.client { Side::Client } else { Side::Server };
        if arrival.syn() && !arrival.fin() && !arrival.rst() {
            if let Some(opening) = reuse(slot, arrival, from) {
                return Some(self.supersede(id, &opening));
            }
            if let Some((syn, client)) = answered_syn(slot, arrival, from) {
                let new = self.reopen(id, &syn, client, observer);
                return self.step_in(new, arrival, Side::Server);
            }
            if is_late_syn_ack(slot, arrival, from) {
                slot.held_syn_ack = Some(Box::new((arrival.held(), from)));
            }
        }
        if let Some((syn_ack, server)) = answered_syn_ack(slot, arrival, from) {
            let new = self.reopen(id, &syn_ack, server, observer);
            return self.step_in(new, arrival, Side::Client);
        }
        self.step_in(id, arrival, from)
    }

    /// A segment of the incarnation in `id`.
    fn step_in(&mut self, id: SlotId, arrival: &Arrival<'_>, from: Side) -> Option<(SlotId, Side, Verdict)> {
        let slot = self.table.get_mut(id)?;
        let verdict = slot.incarnation.step(arrival, from, None, &self.options);
        if arrival.syn() && !arrival.has_ack() {
            let pending = verdict.decision.role == Role::SynInSynchronized;
            slot.held_syn = pending.then(|| Box::new((arrival.held(), from)));
        }
        Some((id, from, verdict))
    }

    /// Ends the incarnation in `id` and starts the next with `opening`.
    fn supersede(&mut self, id: SlotId, opening: &Opening<'_>) -> (SlotId, Side, Verdict) {
        self.table.supersede(id);
        if let Some(old) = self.table.get_mut(id) {
            old.incarnation.superseded = true;
            let states = old.incarnation.states();
            self.set_deadlines(id, &states);
        }
        let (new, verdict) = self.open(opening);
        (new, opening.from, verdict)
    }

    /// 6.3, 6.4: a segment held back turns out to have opened a new incarnation. Returns its slot.
    fn reopen(
        &mut self,
        id: SlotId,
        held: &Arrival<'static>,
        sender: Side,
        observer: &mut impl Observer,
    ) -> SlotId {
        let Some(old) = self.table.get_mut(id) else { return id };
        let zone = old.zone;
        let by_syn = !held.has_ack();
        // The sender of a SYN is the new client, that of a SYN-ACK the new server.
        let (from, client) = if by_syn { (Side::Client, sender) } else { (Side::Server, sender.other()) };
        let addresses = Both { client: old.addresses[client], server: old.addresses[client.other()] };
        let (was, is) =
            if by_syn { (Role::SynInSynchronized, Role::ReuseSyn) } else { (Role::Stray, Role::Open) };
        let opening = Opening {
            arrival: held,
            from,
            addresses,
            zone,
            count: old.incarnation.count + 1,
            basis: if by_syn { ClientBasis::Syn } else { ClientBasis::SynAck },
            reuse: by_syn.then_some(Set::EMPTY),
            reuse_gap_ns: None,
        };
        if by_syn {
            let moved = &mut old.incarnation.peers[sender].segments;
            *moved = moved.saturating_sub(1);
        }
        old.incarnation.correct(held.at, Revision::Moved { was, is, connection: self.connections + 1 });
        let (new, from, verdict) = self.supersede(id, &opening);
        if !by_syn && let Some(slot) = self.table.get_mut(new) {
            slot.incarnation.modifiers.insert(ConnectionModifier::SynNotSeen);
        }
        if let Some(annotation) = self.annotation(new, from, &verdict) {
            observer.revised(&held_segment(held, &addresses, from, zone), &annotation);
        }
        new
    }

    fn annotation(&self, id: SlotId, from: Side, verdict: &Verdict) -> Option<Annotation> {
        let incarnation = &self.table.get(id)?.incarnation;
        Some(Annotation {
            connection: incarnation.number,
            incarnation: incarnation.count,
            from,
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

    /// Sets the timers of a connection after a segment.
    fn set_deadlines(&mut self, id: SlotId, states: &Both<State>) {
        let now_ns = self.clock.now_ns();
        let Some(slot) = self.table.get_mut(id) else { return };
        slot.seen_ns = now_ns;
        slot.spared = true;
        let number = slot.incarnation.number;
        for side in [Side::Client, Side::Server] {
            let peer = &mut slot.incarnation.peers[side];
            let Some(start) = peer.time_wait else { continue };
            let time_ns = start.clock_ns.saturating_add(self.options.two_msl);
            // A later deadline is set when the earlier one falls due.
            if !peer.expired && peer.timer.is_none_or(|timer| time_ns < timer) {
                peer.timer = Some(time_ns);
                self.clock.set(Deadline { time_ns, number, due: Due::TimeWait(side), slot: id });
            }
        }
        let time_ns = now_ns.saturating_add(lease(&slot.incarnation, states, &self.options));
        if time_ns < slot.forget_at {
            slot.forget_at = time_ns;
            self.clock.set(Deadline { time_ns, number, due: Due::Forget, slot: id });
        }
    }

    /// Moves the clock and fires what is due, before the packet `at`, if one is coming.
    fn expire(&mut self, time_ns: i64, at: Option<FrameId>, observer: &mut impl Observer) {
        self.clock.advance(time_ns);
        while let Some(deadline) = self.clock.pop_due() {
            match deadline.due {
                Due::TimeWait(side) => self.end_time_wait(&deadline, side, at, observer),
                Due::Forget => self.forget(&deadline, observer),
            }
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
        let Some(slot) = self.table.get_mut(deadline.slot) else { return };
        let incarnation = &mut slot.incarnation;
        let state = incarnation.bounds[side].expected;
        let peer = &mut incarnation.peers[side];
        if incarnation.number != deadline.number || peer.timer != Some(deadline.time_ns) {
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
        if slot.incarnation.number != deadline.number || slot.forget_at != deadline.time_ns {
            return;
        }
        let states = slot.incarnation.states();
        let time_ns = slot.seen_ns.saturating_add(lease(&slot.incarnation, &states, &self.options));
        if time_ns > deadline.time_ns {
            slot.forget_at = time_ns;
            self.clock.set(Deadline { time_ns, ..*deadline });
            return;
        }
        let settled = slot.incarnation.superseded || is_over(&states);
        self.hand_out(deadline.slot, !settled, observer);
    }

    /// Keeps the number of connections in memory at its bound, whatever the one just seen; and void deadlines few.
    fn keep_bound(&mut self, current: SlotId, observer: &mut impl Observer) {
        const SPARE_DEADLINES: usize = 1024;
        while self.table.len() > self.options.max_connections {
            let over = |slot: &Slot| slot.incarnation.superseded || is_over(&slot.incarnation.states());
            let Some(victim) = self.table.victim(current, over) else { return };
            self.hand_out(victim, true, observer);
        }
        if self.clock.len() > 4 * self.table.len() + SPARE_DEADLINES {
            let table = &self.table;
            self.clock.retain(|deadline| {
                let current = |slot: &&Slot| slot.incarnation.number == deadline.number;
                table.get(deadline.slot).filter(current).is_some_and(|slot| match deadline.due {
                    Due::TimeWait(side) => slot.incarnation.peers[side].timer == Some(deadline.time_ns),
                    Due::Forget => slot.forget_at == deadline.time_ns,
                })
            });
        }
    }

    /// Takes a connection out of memory and hands out its record.
    fn hand_out(&mut self, id: SlotId, evicted: bool, observer: &mut impl Observer) {
        let closing = Closing { now_ns: self.clock.now_ns(), evicted, options: &self.options };
        if let Some(slot) = self.table.remove(id) {
            observer.connection(&close(&slot.incarnation, slot.addresses, &closing));
        }
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
