//! Many connections: where each stands, found by its addresses, and forgotten in time (SPEC 6.7, 6.8).
//!
//! Slots hold incarnations; a hash table leads from a key to the slot of its current one. A superseded incarnation
//! keeps its slot, without a key, until its record is settled. The hash is seeded, so crafted tuples cannot slow it.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use core::net::{IpAddr, SocketAddr};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::arrival::Arrival;
use crate::incarnation::Incarnation;
use crate::side::{Both, Side};

/// A slot's index.
pub(crate) type SlotId = u32;

/// An incarnation and what its key needs beside it.
#[derive(Debug)]
pub(crate) struct Slot {
    pub incarnation: Incarnation,
    pub addresses: Both<SocketAddr>,
    pub zone: u64,
    /// A SYN into the live connection, and who sent it (6.3).
    pub held_syn: Option<Box<(Arrival<'static>, Side)>>,
    /// A SYN-ACK after the end, and who sent it (6.4).
    pub held_syn_ack: Option<Box<(Arrival<'static>, Side)>>,
    /// It had a segment since the search for a victim last came by.
    pub spared: bool,
    /// The time of the clock at its last segment.
    pub seen_ns: i64,
    /// When it is forgotten unless something happens; the entry in the clock that counts.
    pub forget_at: i64,
}

/// The connections in memory.
#[derive(Debug, Default)]
pub(crate) struct Table {
    slots: Vec<Option<Slot>>,
    free: Vec<SlotId>,
    /// Where the search for a victim goes on.
    hand: usize,
    index: HashTable<SlotId>,
    /// The slots without a key, by the number of their connection.
    superseded: BTreeMap<u64, SlotId>,
    hasher: RandomState,
}

impl Table {
    /// Connections held, superseded ones included.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn get(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, id: SlotId) -> Option<&mut Slot> {
        self.slots.get_mut(id as usize)?.as_mut()
    }

    /// The current incarnation between two endpoints, whichever sends.
    pub fn find(&self, src: SocketAddr, dst: SocketAddr, zone: u64) -> Option<SlotId> {
        let hash = self.hash(src, dst, zone);
        self.index.find(hash, |&id| self.is_between(id, src, dst, zone)).copied()
    }

    /// The slot of a connection, given its number and its key. One that is superseded has no key any more.
    pub fn of_number(&self, number: u64, ends: Both<SocketAddr>, zone: u64) -> Option<&Slot> {
        let current = self.find(ends.client, ends.server, zone);
        let slot = |id| self.get(id).filter(|slot| slot.incarnation.number == number);
        current.and_then(slot).or_else(|| self.superseded.get(&number).copied().and_then(slot))
    }

    /// Puts in a new incarnation as the current one of its key. Returns where it stands, too.
    pub fn insert(&mut self, slot: Slot) -> (SlotId, &mut Slot) {
        let (client, server, zone) = (slot.addresses.client, slot.addresses.server, slot.zone);
        let hash = self.hash(client, server, zone);
        let id = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            // 2^32 connections of 500 octets do not fit into any memory.
            (self.slots.len() - 1) as SlotId
        });
        let (slots, hasher) = (&self.slots, &self.hasher);
        self.index.insert_unique(hash, id, |&id| {
            slots[id as usize]
                .as_ref()
                .map_or(0, |slot| hash_of(hasher, slot.addresses.client, slot.addresses.server, slot.zone))
        });
        (id, self.slots[id as usize].insert(slot))
    }

    /// Takes the key away from a slot: its incarnation is superseded.
    pub fn supersede(&mut self, id: SlotId) {
        self.detach(id);
        if let Some(slot) = self.get(id) {
            self.superseded.insert(slot.incarnation.number, id);
        }
    }

    fn detach(&mut self, id: SlotId) {
        let Some(slot) = self.get(id) else { return };
        let hash = self.hash(slot.addresses.client, slot.addresses.server, slot.zone);
        if let Ok(entry) = self.index.find_entry(hash, |&other| other == id) {
            entry.remove();
        }
    }

    /// Takes a slot out.
    pub fn remove(&mut self, id: SlotId) -> Option<Slot> {
        self.detach(id);
        let slot = self.slots.get_mut(id as usize)?.take()?;
        if slot.incarnation.superseded {
            self.superseded.remove(&slot.incarnation.number);
        }
        self.free.push(id);
        Some(slot)
    }

    /// The connection to push out when memory is short: the first that `is_over`, or that had no segment since the
    /// search last came by (the second-chance approximation of the longest silent). Never `except`.
    pub fn victim(&mut self, except: SlotId, is_over: impl Fn(&Slot) -> bool) -> Option<SlotId> {
        for _ in 0..2 * self.slots.len() {
            self.hand = if self.hand + 1 < self.slots.len() { self.hand + 1 } else { 0 };
            let Some(Some(slot)) = self.slots.get_mut(self.hand) else { continue };
            if self.hand as SlotId == except {
                continue;
            }
            if is_over(slot) || !core::mem::take(&mut slot.spared) {
                return Some(self.hand as SlotId);
            }
        }
        None
    }

    /// Takes all slots out, by connection number.
    pub fn drain(self) -> impl Iterator<Item = Slot> {
        let mut slots = self.slots;
        let mut order: Vec<(u64, usize)> = slots
            .iter()
            .enumerate()
            .filter_map(|(index, slot)| Some((slot.as_ref()?.incarnation.number, index)))
            .collect();
        order.sort_unstable();
        order.into_iter().filter_map(move |(_, index)| slots.get_mut(index)?.take())
    }

    fn hash(&self, src: SocketAddr, dst: SocketAddr, zone: u64) -> u64 {
        hash_of(&self.hasher, src, dst, zone)
    }

    fn is_between(&self, id: SlotId, src: SocketAddr, dst: SocketAddr, zone: u64) -> bool {
        self.get(id).is_some_and(|slot| {
            let Both { client, server } = slot.addresses;
            slot.zone == zone && (client == src && server == dst || client == dst && server == src)
        })
    }
}

/// The same for both directions.
pub(crate) fn hash_of(hasher: &RandomState, src: SocketAddr, dst: SocketAddr, zone: u64) -> u64 {
    let mut state = hasher.build_hasher();
    match (src.ip(), dst.ip()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let end = |ip: u32, port: u16| u64::from(ip) << 16 | u64::from(port);
            let (a, b) = (end(a.into(), src.port()), end(b.into(), dst.port()));
            state.write_u64(a.min(b));
            state.write_u64(a.max(b));
        }
        (a, b) => {
            let end = |ip: IpAddr, port: u16| (wide(ip), port);
            let (a, b) = (end(a, src.port()), end(b, dst.port()));
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            for half in [low.0 >> 64, low.0, high.0 >> 64, high.0] {
                state.write_u64(half as u64);
            }
            state.write_u64(u64::from(low.1) << 16 | u64::from(high.1));
        }
    }
    state.write_u64(zone);
    state.finish()
}

/// An address as 128 bits.
fn wide(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}
