//! What was seen of a connection, and nothing that follows from it: the form in which most connections wait.
//!
//! An incarnation is a function of its segments. While nobody asks what it has come to, or the book knows what to say of
//! each, it need not be worked out: its arrivals are written down, mostly in a place of 16 octets each, and read again when
//! somebody must know.
//! The [`Shelf`] holds the journals of all connections. It must not know any rule; it only knows what it cannot write down.
//!
//! A journal says how far it is from one segment to the next, and where it ends: where it begins follows.

mod block;
mod entry;
mod read;
#[cfg(test)]
mod tests;

#[cfg(feature = "checkpoint")]
use core::iter;
use core::mem;

use fourwave_dissector::FrameId;

use crate::engine::pieces::Pieces;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::Side;

use block::{Block, BlockId, PLACES};
use entry::usual_ack;

pub(crate) use entry::Entry;
pub(crate) use read::{Distance, Entries};

/// Places that are filled for one connection; one that needs more is worked out and followed.
const MOST_PLACES: u8 = 90;

/// Places that one segment may need.
const MOST_OF_SEGMENT: u8 = 3;

/// So many journals are fetched at once: misses of the cache that a processor can wait for side by side.
pub(crate) const PREFETCHED: usize = 16;

/// Blocks that are fetched before a journal is read. What stands in a block decides what is read next, so that a processor
/// does not wait for two of them at once by itself. Of shorter journals some are fetched twice, which costs little.
pub(crate) const MOST_BLOCKS: usize = 9;

/// No block.
const NONE: BlockId = BlockId::MAX;

/// Where the journal of one connection stands, and where it ends.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Journal {
    last: BlockId,
    /// Places that are filled, in all blocks.
    places: u8,
    after: After,
    /// The packet of the last segment.
    at: FrameId,
    /// The numbers with which client and server go on after their last segments. Of a peer that has sent nothing: what the
    /// first segment acknowledged, or 0.
    next: [Seq; 2],
}

/// What came after the last segment of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
enum After {
    /// Nothing; another may come.
    Open,
    /// Nothing; it is closed, and another would be for the rules.
    Closed,
    /// The TIME-WAIT of a peer ended, before this packet; likewise.
    Expired(Side, FrameId),
}

impl Journal {
    /// The packet of the last segment.
    pub const fn at(&self) -> FrameId {
        self.at
    }

    /// The numbers with which client and server go on after their last segments.
    pub const fn next(&self) -> &[Seq; 2] {
        &self.next
    }

    /// Nothing more is to be written.
    pub const fn close(&mut self) {
        self.after = After::Closed;
    }

    /// Whether it was closed.
    pub const fn is_closed(&self) -> bool {
        !matches!(self.after, After::Open)
    }

    /// The TIME-WAIT of `side` ended since it was closed, before the packet `at`.
    pub const fn expire(&mut self, side: Side, at: FrameId) {
        self.after = After::Expired(side, at);
    }

    /// Whose TIME-WAIT ended since it was closed, and before which packet.
    pub const fn expired(&self) -> Option<(Side, FrameId)> {
        match self.after {
            After::Expired(side, at) => Some((side, at)),
            After::Open | After::Closed => None,
        }
    }

    /// How far the numbers of a segment are from those it would have if its sender went on and acknowledged all.
    #[inline]
    fn skipped(&self, entry: &Entry, from: Side) -> (u32, u32) {
        let (seq, other_next) = (self.next[from as usize], self.next[from.other() as usize]);
        let ack = usual_ack(entry.marks, other_next);
        (entry.seq.0.wrapping_sub(seq.0), entry.ack.0.wrapping_sub(ack.0))
    }
}

/// The journals of all connections.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Shelf {
    blocks: Pieces<Block>,
    /// The first free block.
    free: BlockId,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { blocks: Pieces::default(), free: NONE }
    }
}

impl Shelf {
    /// Begins a journal with its first segment; `None` if that cannot be written down.
    #[inline]
    pub fn begin(&mut self, arrival: &Arrival<'_>, from: Side) -> Option<Journal> {
        let entry = Entry::of(arrival, from)?;
        let last = self.take_block();
        let mut next = [Seq(0); 2];
        next[from as usize] = entry.seq();
        if arrival.has_ack() {
            next[from.other() as usize] = entry.ack();
        }
        let mut journal = Journal { last, places: 0, after: After::Open, at: arrival.at, next };
        self.append(&mut journal, entry, from, 0, 0);
        Some(journal)
    }

    /// Writes down the next segment; `before_ns` is the time of the one before. False if it cannot be done, or if it does
    /// not come after that one, in the capture and in time: it is for the rules then.
    // Always: see `Engine::note`.
    #[inline(always)]
    pub fn add(&mut self, journal: &mut Journal, before_ns: i64, arrival: &Arrival<'_>, from: Side) -> bool {
        let has_room = journal.places <= MOST_PLACES - MOST_OF_SEGMENT;
        if journal.is_closed() || !has_room || arrival.time_ns < before_ns {
            return false;
        }
        let (Some(entry), Some(packets @ 1..)) = (Entry::of(arrival, from), arrival.at.since(journal.at))
        else {
            return false;
        };
        let ns = arrival.time_ns.wrapping_sub(before_ns).cast_unsigned();
        self.append(journal, entry, from, ns, packets);
        journal.at = arrival.at;
        true
    }

    /// True if all blocks of a journal are there.
    #[cfg(feature = "checkpoint")]
    pub fn has(&self, journal: &Journal) -> bool {
        let blocks = usize::from(journal.places).div_ceil(PLACES);
        let next = |id: &BlockId| self.block(*id).map(|block| block.next);
        blocks > 0 && iter::successors(Some(journal.last), next).nth(blocks) == Some(journal.last)
    }

    /// Makes room: nobody will read this journal again.
    pub fn discard(&mut self, journal: &Journal) {
        if let Some(last) = self.blocks.get_mut(journal.last) {
            (self.free, last.next) = (last.next, self.free);
        }
    }

    fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id)
    }

    // Always: see `Block::put`.
    #[inline(always)]
    fn append(&mut self, journal: &mut Journal, entry: Entry, from: Side, ns: u64, packets: u64) {
        if !Block::is_near(ns, packets) || journal.skipped(&entry, from) != (0, 0) {
            self.prepare(journal, entry, from, ns, packets);
        }
        self.write(journal, |block, place| block.put(place, &entry, ns, packets));
        journal.next[from as usize] = entry.end();
    }

    /// Writes down what has no room beside a segment, or is not as expected of it.
    #[cold]
    fn prepare(&mut self, journal: &mut Journal, entry: Entry, from: Side, ns: u64, packets: u64) {
        // What opens without an ACK says nothing of the other peer's number, and nothing was counted from that yet: the
        // first segment of that peer may say where it begins. Behind more than one place it has skipped from 0.
        if journal.places == 1
            && self.block(journal.last).is_some_and(|first| first.opens_without_ack_to(from))
        {
            journal.next[from as usize] = entry.seq();
        }
        if !Block::is_near(ns, packets) {
            self.write(journal, |block, place| block.put_far(place, ns, packets));
        }
        let (seq, ack) = journal.skipped(&entry, from);
        if (seq, ack) != (0, 0) {
            self.write(journal, |block, place| block.put_skip(place, from, seq, ack));
        }
    }

    /// Fills the next place.
    #[inline(always)]
    fn write(&mut self, journal: &mut Journal, put: impl FnOnce(&mut Block, usize)) {
        let place = usize::from(journal.places) % PLACES;
        if place == 0 && journal.places > 0 {
            self.lengthen(journal);
        }
        if let Some(block) = self.blocks.get_mut(journal.last) {
            put(block, place);
        }
        journal.places += 1;
    }

    /// Adds a block behind the last one.
    fn lengthen(&mut self, journal: &mut Journal) {
        let new = self.take_block();
        let Some(last) = self.blocks.get_mut(journal.last) else { return };
        let first = mem::replace(&mut last.next, new);
        if let Some(new) = self.blocks.get_mut(new) {
            new.next = first;
        }
        journal.last = new;
    }

    /// A block that comes after itself.
    fn take_block(&mut self) -> BlockId {
        let free = self.free;
        if let Some(block) = self.blocks.get_mut(free) {
            self.free = mem::replace(&mut block.next, free);
            return free;
        }
        let mut new = Block::default();
        new.next = self.blocks.len() as BlockId;
        self.blocks.push(new)
    }
}
