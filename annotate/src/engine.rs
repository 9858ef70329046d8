//! The engine: segments in, annotations out (sans-IO: time comes with the segments).
//!
//! | File | What |
//! |---|---|
//! | `succession` | which incarnation a segment belongs to; who is the client |
//! | `table`, `pieces`, `ends` | the connections in memory; vectors in pieces; the two ends by which one is found |
//! | `extract` | what is read of a segment |
//! | `clock`, `lease`, `due` | deadlines by capture time; how long a connection stays; what happens without a segment |
//! | `noted`, `journal` | connections that are only noted; what was seen of them |
//! | `shape`, `course` | how a connection went, as far as the rules look at it; read from its journal |
//! | `precedent`, `book` | what spares the rules: what they said of connections that went the same way |
//!
//! What a segment means is for the [`rules`](crate::rules). What spares them must come to the same.

mod book;
mod clock;
mod course;
mod due;
pub(crate) mod ends;
mod extract;
mod journal;
mod lease;
mod noted;
mod pieces;
mod precedent;
mod shape;
mod succession;
mod table;

use alloc::boxed::Box;
use core::mem;
use core::net::SocketAddr;

use fourwave_dissector::{Segment, tcp};

use crate::annotation::Annotation;
use crate::code::Set;
use crate::connection::{Connection, Revision};
use crate::engine::book::{Book, Standing};
use crate::engine::clock::Clock;
use crate::engine::ends::{Ends, Seed, SocketPair};
use crate::engine::journal::{MOST_BLOCKS, PREFETCHED};
use crate::engine::lease::waits;
use crate::engine::precedent::Precedents;
use crate::engine::succession::{
    Opening, Reuse, answered_syn, answered_syn_ack, is_late_syn_ack, reuse, who_is_client,
};
use crate::engine::table::{Ending, Followed, Matter, Slot, SlotId, Table};
use crate::kind::ClientBasis;
use crate::modifier::ConnectionModifier;
use crate::observer::Observer;
use crate::options::{Options, SECOND};
use crate::role::Role;
use crate::rules::arrival::Arrival;
use crate::rules::close::{Closing, close};
use crate::rules::incarnation::{Incarnation, Verdict};
use crate::side::{Both, Side};

pub use due::Evictions;
pub use extract::Extract;

/// Connections are only noted, and worked out later, where every timer is at least as long as this.
const LEAST_PATIENCE_NS: i64 = SECOND;

/// Follows all connections of one capture.
///
/// With the feature `checkpoint` it is a value of serde: one that is read back goes on as if it had never stopped, and
/// has the options that it had. What is read back is checked for what would break it, not for truth, so whoever stores
/// it should store a hash, too: one that was damaged or made up may say anything, but does no other harm. It is for the
/// same version of this crate only.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Engine {
    options: Options,
    table: Table,
    clock: Clock,
    connections: u64,
    evictions: Evictions,
    /// The shortest time after a segment at which anything can fall due of its connection.
    patience_ns: i64,
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    precedents: Precedents,
    book: Book,
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
        Self::seeded(options, Seed::default())
    }

    fn seeded(options: Options, seed: Seed) -> Self {
        let usual = waits(&options);
        Self {
            options,
            table: Table::new(seed),
            clock: Clock::new(usual),
            connections: 0,
            evictions: Evictions::default(),
            patience_ns: usual.into_iter().fold(i64::MAX, i64::min),
            precedents: Precedents::default(),
            book: Book::default(),
        }
    }

    /// An engine for the next capture: it has the same options and the same seed, and numbers connections on.
    #[must_use]
    pub fn for_next_capture(&self) -> Self {
        Self { connections: self.connections, ..Self::seeded(self.options, self.seed().clone()) }
    }

    /// The highest number that a connection has, in this capture or one before.
    #[must_use]
    pub const fn connections(&self) -> u64 {
        self.connections
    }

    /// Connections in memory.
    #[must_use]
    pub fn tracked(&self) -> usize {
        self.table.len()
    }

    /// How many connections left memory before their end was settled.
    #[must_use]
    pub const fn evictions(&self) -> Evictions {
        self.evictions
    }

    /// Takes in one segment. Call in the order of the capture.
    pub fn push(&mut self, segment: &Segment<'_>, observer: &mut impl Observer) {
        self.push_extract(&Extract::of(segment, self.seed()), Some(segment), observer);
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
        let closing = self.closing(false);
        self.look_into(slot, |incarnation| close(incarnation, slot.ends.addresses(), &closing))
    }

    /// Ends the input: hands out every connection that is left, by number.
    pub fn finish(mut self, observer: &mut impl Observer) {
        if !observer.wants_connections() {
            return;
        }
        let mut precedents = mem::take(&mut self.precedents);
        for slots in self.table.in_order().chunks(PREFETCHED) {
            self.table.shelf.prefetch(slots.iter().filter_map(|slot| slot.journal()), MOST_BLOCKS);
            for slot in slots {
                self.settle(slot, false, &mut precedents, observer);
            }
        }
    }
}

/// For callers that batch segments; most need [`Self::push`] alone.
impl Engine {
    /// Segments of which [`Self::prefetch`] takes notice.
    pub const PREFETCHED: usize = PREFETCHED;

    /// What [`Self::push_extract`] wants extracts to be made with.
    #[must_use]
    pub const fn seed(&self) -> &Seed {
        self.table.seed()
    }

    /// Like [`Self::push`], with what [`Extract::of`] makes of the segment and [`Self::seed`]. The segment itself is handed
    /// on to the observer; without it, an observer that looks at segments is not told of it. An extract of another seed
    /// opens a connection that no later segment finds, and whose place in the table is never given back.
    ///
    /// # Panics
    /// In debug builds, with an extract of another segment or seed.
    pub fn push_extract(
        &mut self,
        extract: &Extract<'_>,
        segment: Option<&Segment<'_>>,
        observer: &mut impl Observer,
    ) {
        debug_assert!(segment.is_none_or(|segment| extract.pair == SocketPair::of(segment, self.seed())));
        let Extract { pair, arrival } = extract;
        self.expire(arrival.time_ns, Some(arrival.at), observer);
        let can_wait = self.patience_ns >= LEAST_PATIENCE_NS;
        let found = self.table.find(pair);
        if let Some((id, from)) = found
            && can_wait
            && self.note(id, arrival, from, segment, observer)
        {
            return;
        }
        if let Some((id, from)) = found
            && !observer.wants_data()
            && self.carry(id, arrival, from)
        {
            return;
        }
        let arrival = arrival.at_clock(self.clock.now_ns());
        match found {
            Some((id, from)) => {
                if let Some(stepped) = self.step(id, pair, &arrival, from, observer) {
                    self.tell(segment, &stepped, observer);
                }
            }
            None => {
                let opening = first_opening(pair, &arrival);
                if !(can_wait && self.open_noted(segment, &opening, observer)) {
                    let stepped = self.open(&opening);
                    self.tell(segment, &stepped, observer);
                    if can_wait && self.table.len() > self.options.max_connections / 4 {
                        self.put_aside(stepped.slot, &opening);
                    }
                }
            }
        }
    }

    /// Has the memory fetched that [`Self::push_extract`] will want for the first [`Self::PREFETCHED`] of these extracts,
    /// whose segments come next. It changes nothing; a caller that knows several in advance need not wait for the memory
    /// of each.
    pub fn prefetch<'a, 'b: 'a>(&self, extracts: impl Iterator<Item = &'a Extract<'b>>) {
        self.table.prefetch(extracts.map(|extract| &extract.pair));
    }
}

impl Engine {
    /// Starts an incarnation with its first segment.
    fn open(&mut self, opening: &Opening<'_>) -> Stepped {
        let Opening { arrival, from, count, basis, reuse, .. } = *opening;
        let mut incarnation = Incarnation::new(self.next_number(), count, basis, arrival, from);
        if reuse.gap_ns.is_some() {
            incarnation.unusual_mut().reuse_gap_ns = reuse.gap_ns;
        }
        let verdict = incarnation.step(arrival, from, reuse.modifiers, &self.options);
        let slot =
            self.insert(opening, Standing::default(), Matter::Followed(Box::new(Followed::new(incarnation))));
        Stepped { slot, from, verdict }
    }

    /// The number of the next connection. Those that are read back may leave none.
    const fn next_number(&self) -> u64 {
        self.connections.saturating_add(1)
    }

    fn insert(&mut self, opening: &Opening<'_>, standing: Standing, matter: Matter) -> SlotId {
        self.connections = self.next_number();
        let SocketPair { ends, zone, hash } = opening.pair;
        let mut ending = Ending::default();
        ending.note(opening.arrival, opening.from);
        let slot = Slot {
            ends,
            zone,
            number: self.connections,
            count: opening.count,
            basis: opening.basis,
            spared: true,
            ending,
            seen_ns: self.clock.now_ns(),
            due_ns: i64::MAX,
            standing,
            matter,
        };
        self.table.insert(slot, hash)
    }

    /// A segment on a known key: it belongs to the current incarnation, or opens a new one (SPEC 6).
    fn step(
        &mut self,
        id: SlotId,
        pair: &SocketPair,
        arrival: &Arrival<'_>,
        from: Side,
        observer: &mut impl Observer,
    ) -> Option<Stepped> {
        self.work_out(id);
        let slot = self.table.get_mut(id)?;
        let count = slot.count;
        let followed = slot.followed_mut()?;
        if arrival.opens() {
            if let Some(reuse) = reuse(&followed.incarnation, arrival, from) {
                let (pair, from, basis) = (*pair, Side::Client, ClientBasis::Syn);
                let count = count.saturating_add(1);
                return Some(self.supersede(id, &Opening { arrival, from, pair, count, basis, reuse }));
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
        let (seed, connection) = (self.seed().clone(), self.next_number());
        let Some(slot) = self.table.get_mut(id) else { return id };
        let (zone, count, old) = (slot.zone, slot.count.saturating_add(1), slot.ends.addresses());
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
            pair: SocketPair::new(Ends::new(addresses), zone, &seed),
            count,
            basis: if by_syn { ClientBasis::Syn } else { ClientBasis::SynAck },
            reuse: Reuse { modifiers: by_syn.then_some(Set::EMPTY), gap_ns: None },
        };
        if by_syn {
            let moved = &mut incarnation.peers[sender].segments;
            *moved = moved.saturating_sub(1);
        }
        incarnation.correct(held.at, Revision::Moved { was, is, connection });
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
    fn tell(&mut self, segment: Option<&Segment<'_>>, stepped: &Stepped, observer: &mut impl Observer) {
        if observer.wants_segments()
            && let Some(segment) = segment
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
        self.make_room(stepped.slot, observer);
    }

    fn annotation(&self, Stepped { slot, from, verdict }: &Stepped) -> Option<Annotation> {
        Some(self.table.get(*slot)?.followed()?.incarnation.annotation(*from, verdict))
    }

    /// Tells how a connection went that leaves memory.
    fn settle(&self, slot: &Slot, evicted: bool, precedents: &mut Precedents, observer: &mut impl Observer) {
        let closing = self.closing(evicted);
        if let Some(entries) = self.settled(slot)
            && let Some(told) = precedents.tell(entries, slot, &closing)
        {
            observer.connection(told);
        } else {
            self.look_into(slot, |incarnation| {
                observer.connection(&close(incarnation, slot.ends.addresses(), &closing));
            });
        }
    }

    /// What `look` makes of the incarnation in `slot` as it stands.
    fn look_into<T>(&self, slot: &Slot, look: impl FnOnce(&Incarnation) -> T) -> Option<T> {
        Some(match &slot.matter {
            Matter::Followed(followed) => look(&followed.incarnation),
            Matter::Noted(_) => look(&self.read(slot)?),
        })
    }

    const fn closing(&self, evicted: bool) -> Closing<'_> {
        Closing { now_ns: self.clock.now_ns(), evicted, options: &self.options }
    }
}

/// What the first segment on a key that is not known opens.
fn first_opening<'a>(pair: &SocketPair, arrival: &'a Arrival<'a>) -> Opening<'a> {
    let (from, basis) = who_is_client(pair, arrival);
    let pair = match from {
        Side::Client => *pair,
        Side::Server => pair.swapped(),
    };
    Opening { arrival, from, pair, count: 1, basis, reuse: Reuse::default() }
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
        payload: held.text,
    }
}
