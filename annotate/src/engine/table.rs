//! Many connections: where each stands, found by its addresses, and forgotten in time (SPEC 6.7, 6.8).
//!
//! A slot holds what is known of an incarnation: either the journal of its segments, or what they came to. A hash table
//! leads from a key to the slot of its current incarnation. One that is superseded keeps its slot, without a key, until
//! its record is settled. The hash is seeded, so crafted tuples cannot slow it.

#[cfg(feature = "checkpoint")]
mod saved;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::hint;
use core::net::SocketAddr;

use hashbrown::HashTable;

use crate::engine::book::Standing;
use crate::engine::ends::{Ends, Hash, Seed, SocketPair};
use crate::engine::journal::{Journal, MOST_BLOCKS, PREFETCHED, Shelf};
use crate::engine::pieces::Pieces;
use crate::kind::ClientBasis;
use crate::rules::arrival::Arrival;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};

/// A slot's index.
pub(crate) type SlotId = u32;

/// An incarnation, and what the table needs to find and to forget it.
///
/// Its 128 octets are two cache lines that are fetched together.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
#[repr(align(128))]
pub(crate) struct Slot {
    pub ends: Ends,
    pub zone: u64,
    /// The connection's number over the whole run.
    pub number: u64,
    /// Counts the incarnations of one key from 1.
    pub count: u32,
    pub basis: ClientBasis,
    /// It had a segment since the search for a victim last came by.
    pub spared: bool,
    /// FINs and RSTs of those that are only noted.
    pub ending: Ending,
    /// The time of the clock at its last segment.
    pub seen_ns: i64,
    /// When it is looked at, or forgotten, unless something happens; the entry in the clock that counts.
    pub due_ns: i64,
    /// Where it stands in the book, if it is only noted.
    pub standing: Standing,
    pub matter: Matter,
}

/// What is kept of an incarnation.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum Matter {
    /// Its segments.
    Noted(Journal),
    /// What they came to.
    Followed(Box<Followed>),
}

/// An incarnation that is worked out as its segments come.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Followed {
    pub incarnation: Incarnation,
    /// A SYN into the live connection, and who sent it (6.3).
    pub held_syn: Option<Box<(Arrival<'static>, Side)>>,
    /// A SYN-ACK after the end, and who sent it (6.4).
    pub held_syn_ack: Option<Box<(Arrival<'static>, Side)>>,
}

impl Followed {
    pub const fn new(incarnation: Incarnation) -> Self {
        Self { incarnation, held_syn: None, held_syn_ack: None }
    }
}

/// Which segments that can end a connection were seen: a bit each.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Ending(u8);

impl Ending {
    const FINS: Both<u8> = Both { client: 1, server: 2 };
    const BOTH_FINS: u8 = 1 | 2;
    const RESET: u8 = 4;

    #[inline]
    pub fn note(&mut self, arrival: &Arrival<'_>, from: Side) {
        self.0 |= if arrival.fin() { Self::FINS[from] } else { 0 };
        self.0 |= if arrival.rst() { Self::RESET } else { 0 };
    }

    /// True if none was seen: then neither peer is in CLOSED or TIME-WAIT after its connection.
    pub const fn has_not_begun(self) -> bool {
        self.0 == 0
    }

    /// True if nothing more is likely to come.
    pub const fn looks_complete(self) -> bool {
        self.0 & Self::BOTH_FINS == Self::BOTH_FINS || self.0 & Self::RESET != 0
    }
}

const _: () = assert!(size_of::<Option<Slot>>() <= 128);

impl Slot {
    /// Takes note of a segment that was written down.
    #[inline]
    pub fn note(&mut self, arrival: &Arrival<'_>, from: Side, now_ns: i64, standing: Standing) {
        self.ending.note(arrival, from);
        self.seen_ns = now_ns;
        self.spared = true;
        self.standing = standing;
    }

    /// Its segments, if they are only noted.
    pub const fn journal(&self) -> Option<&Journal> {
        match &self.matter {
            Matter::Noted(journal) => Some(journal),
            Matter::Followed(_) => None,
        }
    }

    /// What its segments came to, if that is worked out.
    pub fn followed(&self) -> Option<&Followed> {
        match &self.matter {
            Matter::Followed(followed) => Some(followed),
            Matter::Noted(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn followed_mut(&mut self) -> Option<&mut Followed> {
        match &mut self.matter {
            Matter::Followed(followed) => Some(followed),
            Matter::Noted(_) => None,
        }
    }
}

/// What the index has of a slot. As it knows the hash, slots need not be fetched to tell that they are not meant, or
/// when it grows.
#[derive(Debug)]
struct Entry {
    hash: Hash,
    id: SlotId,
}

/// The connections in memory.
#[derive(Debug, Default)]
#[cfg_attr(
    feature = "checkpoint",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "saved::Saved")
)]
pub(crate) struct Table {
    slots: Pieces<Option<Slot>>,
    /// The numbers of empty slots.
    free: Vec<SlotId>,
    /// Where the search for a victim goes on.
    hand: usize,
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    index: HashTable<Entry>,
    /// The slots without a key, by the number of their connection.
    superseded: BTreeMap<u64, SlotId>,
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    seed: Seed,
    /// The journals of those that are only noted.
    pub shelf: Shelf,
}

impl Table {
    /// An empty one.
    pub fn new(seed: Seed) -> Self {
        Self { seed, ..Self::default() }
    }

    /// What its hash begins with.
    pub const fn seed(&self) -> &Seed {
        &self.seed
    }

    /// Connections held, superseded ones included.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    #[inline]
    pub fn get(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id)?.as_ref()
    }

    #[inline]
    pub fn get_mut(&mut self, id: SlotId) -> Option<&mut Slot> {
        self.slots.get_mut(id)?.as_mut()
    }

    /// A slot, and the shelf that its journal may stand on.
    #[inline]
    pub fn with_shelf(&mut self, id: SlotId) -> Option<(&mut Slot, &mut Shelf)> {
        Some((self.slots.get_mut(id)?.as_mut()?, &mut self.shelf))
    }

    /// The current incarnation between two ends, and the side of the one that stands for the client in `pair`.
    #[inline]
    pub fn find(&self, pair: &SocketPair) -> Option<(SlotId, Side)> {
        let mut side = None;
        let SocketPair { ends, zone, hash } = pair;
        let entry = self.index.find(hash.wide(), |entry| {
            let slot = if entry.hash == *hash { self.get(entry.id) } else { None };
            side = slot.filter(|slot| slot.zone == *zone).and_then(|slot| slot.ends.side_of(ends));
            side.is_some()
        })?;
        Some((entry.id, side?))
    }

    /// Reads into the slots of the first [`PREFETCHED`] pairs and into what a segment looks at behind them, so that the
    /// memory of all is fetched at once. Looking for them one after the other would wait for each on its own.
    pub fn prefetch<'a>(&self, pairs: impl Iterator<Item = &'a SocketPair>) {
        // Step by step for all: within a step nothing waits for anything else.
        let mut entries = [None; PREFETCHED];
        for (entry, SocketPair { hash, .. }) in entries.iter_mut().zip(pairs) {
            *entry = self.index.find(hash.wide(), |entry| entry.hash == *hash);
        }
        self.prefetch_matter(entries.map(|entry| self.get(entry?.id)), 1);
    }

    /// The same for slots that are known, and for whole journals.
    pub fn prefetch_slots(&self, ids: impl Iterator<Item = SlotId>) {
        let mut slots = [None; PREFETCHED];
        for (slot, id) in slots.iter_mut().zip(ids) {
            *slot = self.get(id);
        }
        self.prefetch_matter(slots, MOST_BLOCKS);
    }

    /// What is behind these slots; of journals so many blocks.
    fn prefetch_matter(&self, slots: [Option<&Slot>; PREFETCHED], blocks: usize) {
        let slots = || slots.into_iter().flatten();
        for slot in slots() {
            hint::black_box((slot.zone, slot.due_ns, slot.seen_ns, slot.number));
        }
        self.shelf.prefetch(slots().filter_map(Slot::journal), blocks);
        for followed in slots().filter_map(Slot::followed) {
            followed.incarnation.prefetch();
        }
    }

    /// The slot of a connection, given its number and its key. One that is superseded has no key any more.
    pub fn of_number(&self, number: u64, ends: Both<SocketAddr>, zone: u64) -> Option<&Slot> {
        let pair = SocketPair::new(Ends::new(ends), zone, &self.seed);
        let current = self.find(&pair).map(|(id, _)| id);
        let slot = |id| self.get(id).filter(|slot| slot.number == number);
        current.and_then(slot).or_else(|| self.superseded.get(&number).copied().and_then(slot))
    }

    /// Puts in a new incarnation as the current one of its key, which has this hash.
    #[inline]
    pub fn insert(&mut self, slot: Slot, hash: Hash) -> SlotId {
        let free = self.free.pop().and_then(|id| Some((id, self.slots.get_mut(id)?)));
        let id = if let Some((id, free)) = free {
            *free = Some(slot);
            id
        } else {
            self.slots.push(Some(slot))
        };
        self.enter(id, hash);
        id
    }

    /// Puts a slot into the index.
    #[inline]
    fn enter(&mut self, id: SlotId, hash: Hash) {
        self.index.insert_unique(hash.wide(), Entry { hash, id }, |entry| entry.hash.wide());
    }

    fn pair(&self, slot: &Slot) -> SocketPair {
        SocketPair::new(slot.ends, slot.zone, &self.seed)
    }

    /// Takes the key away from a slot: its incarnation is superseded.
    pub fn supersede(&mut self, id: SlotId) {
        self.detach(id);
        if let Some(slot) = self.get(id) {
            self.superseded.insert(slot.number, id);
        }
    }

    /// Takes a slot out.
    pub fn remove(&mut self, id: SlotId) -> Option<Slot> {
        self.detach(id);
        let slot = self.slots.get_mut(id)?.take()?;
        if let Some(journal) = slot.journal() {
            self.shelf.discard(journal);
        }
        self.superseded.remove(&slot.number);
        self.free.push(id);
        Some(slot)
    }

    /// The connection to push out when memory is short: the first that `is_over`, or that had no segment since the
    /// search last came by (the second-chance approximation of the longest silent). Never `except`.
    pub fn victim(&mut self, except: SlotId, is_over: impl Fn(&Slot) -> bool) -> Option<SlotId> {
        for _ in 0..2 * self.slots.len() {
            self.hand = if self.hand + 1 < self.slots.len() { self.hand + 1 } else { 0 };
            let id = self.hand as SlotId;
            let Some(Some(slot)) = self.slots.get_mut(id) else { continue };
            if id != except && (is_over(slot) || !core::mem::take(&mut slot.spared)) {
                return Some(id);
            }
        }
        None
    }

    /// The slots by connection number.
    pub fn in_order(&self) -> Vec<&Slot> {
        let mut slots: Vec<&Slot> = self.slots.iter().flatten().collect();
        slots.sort_unstable_by_key(|slot| slot.number);
        slots
    }

    fn detach(&mut self, id: SlotId) {
        let Some(slot) = self.get(id) else { return };
        let hash = self.pair(slot).hash;
        if let Ok(entry) = self.index.find_entry(hash.wide(), |entry| entry.id == id) {
            entry.remove();
        }
    }
}
