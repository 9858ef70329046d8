//! What was seen of a connection, and nothing that follows from it: the form in which most connections wait.
//!
//! An incarnation is a function of its segments. While nobody asks what it has come to, or the book knows what to say of
//! each, it need not be worked out: its arrivals are written down, 24 octets each, and read again when somebody must know.
//! The [`Shelf`] holds the journals of all connections. It must not know any rule; it only knows what it cannot write down.

mod read;

use alloc::vec::Vec;
#[cfg(feature = "checkpoint")]
use core::iter;
use core::mem;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::arrival::Arrival;
use crate::connection::Moment;
use crate::seq::Seq;
use crate::side::Side;

pub(crate) use read::Entries;

/// Entries that are kept of one connection; one with more is worked out and followed.
const MOST_ENTRIES: u8 = 60;

/// Entries of one block.
const BLOCK: usize = 3;

/// So many journals are fetched at once: misses of the cache that a processor can wait for side by side.
pub(crate) const PREFETCHED: usize = 16;

/// Blocks that are fetched before a journal is read: as many as most have.
pub(crate) const MOST_BLOCKS: usize = 4;

/// The place of a block.
type BlockId = u32;

/// No block.
const NONE: BlockId = BlockId::MAX;

/// Marks of an entry. The control bits that rules look at stand where a header has them.
mod mark {
    use fourwave_dissector::tcp::Flags;

    pub(super) const SYN: u8 = Flags::SYN.0 as u8;
    pub(super) const ACK: u8 = Flags::ACK.0 as u8;
    pub(super) const CONTROLS: u8 = Flags::FIN.0 as u8 | SYN | Flags::RST.0 as u8 | ACK;
    pub(super) const FROM_SERVER: u8 = 1 << 3;
    pub(super) const MPTCP: u8 = 1 << 5;
    pub(super) const IP_ID: u8 = 1 << 6;
    /// No segment: the time and packet from which the next entries count on.
    pub(super) const ANCHOR: u8 = 1 << 7;
}

/// Of the length of a SYN: below it stands a window scale.
const SCALED: u16 = 1 << 8;

/// One segment, or an anchor.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Entry {
    /// Nanoseconds since the entry before; upper half of the time of an anchor.
    time: u32,
    /// Packets since the entry before; lower half of the time of an anchor.
    frame: u32,
    /// The file of an anchor.
    seq: u32,
    /// The lower half of the packet number of an anchor.
    ack: u32,
    /// Payload octets; of a SYN, which has none here, the window scale and above it whether there is one.
    len: u16,
    /// The upper half of the packet number of an anchor.
    window: u16,
    ip_id: u16,
    ttl: u8,
    marks: u8,
}

/// Entries of one connection that stand together.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Block {
    entries: [Entry; BLOCK],
    /// The block after it, after the last the first; of a free one the next that is free.
    next: BlockId,
}

/// Where the journal of one connection stands, and how far it goes.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Journal {
    last: BlockId,
    entries: u8,
    /// Those for which the last block has room.
    room: u8,
    after: After,
    /// The packet of the last segment; if a TIME-WAIT ended since, the packet before which it did.
    at: FrameId,
}

/// What came after the last segment of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
enum After {
    /// Nothing; another may come.
    Open,
    /// Nothing; it is closed, and another would be for the rules.
    Closed,
    /// The TIME-WAIT of a peer ended; likewise.
    Expired(Side),
}

impl Journal {
    /// The packet of the last segment, unless a TIME-WAIT ended since.
    pub const fn at(&self) -> FrameId {
        self.at
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
        (self.after, self.at) = (After::Expired(side), at);
    }

    /// Whose TIME-WAIT ended since it was closed, and before which packet.
    pub const fn expired(&self) -> Option<(Side, FrameId)> {
        match self.after {
            After::Expired(side) => Some((side, self.at)),
            After::Open | After::Closed => None,
        }
    }
}

/// The journals of all connections.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Shelf {
    blocks: Vec<Block>,
    /// The first free block.
    free: BlockId,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { blocks: Vec::new(), free: NONE }
    }
}

impl Shelf {
    /// Begins a journal with its first segment; `None` if that cannot be written down.
    #[inline]
    pub fn begin(&mut self, arrival: &Arrival<'_>, from: Side) -> Option<Journal> {
        if !can_be_written(arrival) {
            return None;
        }
        let last = self.take_block();
        self.blocks[last as usize].next = last;
        let mut journal = Journal { last, entries: 0, room: BLOCK as u8, after: After::Open, at: arrival.at };
        self.anchor(&mut journal, arrival.time_ns, arrival.at);
        self.write(&mut journal, Entry::new(arrival, from, 0, 0));
        Some(journal)
    }

    /// Writes down the next segment; `before_ns` is the time of the one before. False if it cannot be done: it is for
    /// the rules then.
    // Always: see `Engine::note`, which alone calls it.
    #[inline(always)]
    pub fn add(&mut self, journal: &mut Journal, before_ns: i64, arrival: &Arrival<'_>, from: Side) -> bool {
        if journal.is_closed() || journal.entries > MOST_ENTRIES - 2 || !can_be_written(arrival) {
            return false;
        }
        let time = u32::try_from(arrival.time_ns.wrapping_sub(before_ns));
        let (time, frame) = match (time, arrival.at.since(journal.at).map(u32::try_from)) {
            (Ok(time), Some(Ok(frame))) => (time, frame),
            _ => {
                self.anchor(journal, arrival.time_ns, arrival.at);
                (0, 0)
            }
        };
        self.write(journal, Entry::new(arrival, from, time, frame));
        journal.at = arrival.at;
        true
    }

    /// True if all blocks of a journal are there.
    #[cfg(feature = "checkpoint")]
    pub fn has(&self, journal: &Journal) -> bool {
        let blocks = usize::from(journal.entries).div_ceil(BLOCK);
        let next = |id: &BlockId| self.block(*id).map(|block| block.next);
        let has_all = iter::successors(Some(journal.last), next).nth(blocks) == Some(journal.last);
        blocks > 0 && has_all && usize::from(journal.entries) + usize::from(journal.room) == blocks * BLOCK
    }

    /// Makes room: nobody will read this journal again.
    pub fn discard(&mut self, journal: &Journal) {
        if let Some(last) = self.blocks.get_mut(journal.last as usize) {
            (self.free, last.next) = (last.next, self.free);
        }
    }

    fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id as usize)
    }

    #[cold]
    fn anchor(&mut self, journal: &mut Journal, time_ns: i64, at: FrameId) {
        self.write(journal, Entry::anchor(time_ns, at));
    }

    // Always: else an entry would be put together in memory first.
    #[inline(always)]
    fn write(&mut self, journal: &mut Journal, entry: Entry) {
        if journal.room == 0 {
            self.lengthen(journal);
        }
        let block = &mut self.blocks[journal.last as usize];
        block.entries[BLOCK - usize::from(journal.room)] = entry;
        journal.entries += 1;
        journal.room -= 1;
    }

    /// Adds a block behind the last one.
    fn lengthen(&mut self, journal: &mut Journal) {
        let new = self.take_block();
        let last = &mut self.blocks[journal.last as usize];
        let first = mem::replace(&mut last.next, new);
        self.blocks[new as usize].next = first;
        (journal.last, journal.room) = (new, BLOCK as u8);
    }

    fn take_block(&mut self) -> BlockId {
        let free = self.free;
        if let Some(block) = self.blocks.get(free as usize) {
            self.free = block.next;
            return free;
        }
        self.blocks.push(Block { entries: [Entry::default(); BLOCK], next: NONE });
        // 2^32 blocks do not fit into any memory.
        (self.blocks.len() - 1) as BlockId
    }
}

/// False for what an entry has no room for: it is rare.
#[inline]
fn can_be_written(arrival: &Arrival<'_>) -> bool {
    let has_text = arrival.rst() && arrival.len > 0;
    let len_fits = if arrival.syn() { arrival.len == 0 } else { arrival.len <= u32::from(u16::MAX) };
    len_fits && !has_text && arrival.layer == 0 && arrival.clock_ns == arrival.time_ns
}

impl Entry {
    fn anchor(time_ns: i64, at: FrameId) -> Self {
        let time = time_ns.cast_unsigned();
        Self {
            time: (time >> 32) as u32,
            frame: time as u32,
            seq: at.file(),
            ack: at.frame() as u32,
            window: (at.frame() >> 32) as u16,
            marks: mark::ANCHOR,
            ..Self::default()
        }
    }

    /// What is written down of a segment; `None` if there is no room for all that a rule may look at.
    #[inline]
    pub fn of(arrival: &Arrival<'_>, from: Side) -> Option<Self> {
        can_be_written(arrival).then(|| Self::new(arrival, from, 0, 0))
    }

    #[inline]
    fn new(arrival: &Arrival<'_>, from: Side, time: u32, frame: u32) -> Self {
        let mut marks = arrival.flags.0 as u8 & mark::CONTROLS;
        marks |= if from == Side::Server { mark::FROM_SERVER } else { 0 };
        marks |= if arrival.mptcp { mark::MPTCP } else { 0 };
        marks |= if arrival.ip_id.is_some() { mark::IP_ID } else { 0 };
        Self {
            time,
            frame,
            seq: arrival.seq.0,
            ack: arrival.ack.0,
            len: arrival.scale.map_or(arrival.len as u16, |scale| SCALED | u16::from(scale)),
            window: arrival.window,
            ip_id: arrival.ip_id.unwrap_or_default(),
            ttl: arrival.ttl,
            marks,
        }
    }

    const fn has(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// Who sent it.
    pub const fn from(&self) -> Side {
        if self.has(mark::FROM_SERVER) { Side::Server } else { Side::Client }
    }

    /// FIN, SYN, RST and ACK; `None` where there is Multipath TCP.
    pub const fn controls(&self) -> Option<Flags> {
        if self.has(mark::MPTCP) { None } else { Some(Flags((self.marks & mark::CONTROLS) as u16)) }
    }

    pub const fn has_fin(&self) -> bool {
        self.has(Flags::FIN.0 as u8)
    }

    pub const fn seq(&self) -> Seq {
        Seq(self.seq)
    }

    pub const fn ack(&self) -> Seq {
        Seq(self.ack)
    }

    /// Payload octets.
    pub const fn len(&self) -> u32 {
        if self.has(mark::SYN) { 0 } else { self.len as u32 }
    }

    /// The number after its last octet, SYN and FIN counted.
    pub const fn end(&self) -> Seq {
        let marks = self.has(mark::SYN) as u32 + self.has_fin() as u32;
        Seq(self.seq.wrapping_add(self.len()).wrapping_add(marks))
    }

    pub const fn window(&self) -> u16 {
        self.window
    }

    pub const fn ttl(&self) -> u8 {
        self.ttl
    }

    /// Time and packet of an anchor.
    #[inline]
    fn anchored(&self) -> Option<Moment> {
        let time = u64::from(self.time) << 32 | u64::from(self.frame);
        let frame = u64::from(self.window) << 32 | u64::from(self.ack);
        let moment = || Moment { at: FrameId::new(self.seq, frame), time_ns: time.cast_signed() };
        self.has(mark::ANCHOR).then(moment)
    }

    #[inline]
    fn arrival(&self, Moment { at, time_ns }: Moment) -> (Arrival<'static>, Side) {
        let is_scaled = self.has(mark::SYN) && self.len & SCALED != 0;
        let arrival = Arrival {
            at,
            layer: 0,
            time_ns,
            clock_ns: time_ns,
            flags: Flags((self.marks & mark::CONTROLS).into()),
            seq: self.seq(),
            ack: self.ack(),
            len: self.len(),
            window: self.window,
            scale: if is_scaled { Some(self.len as u8) } else { None },
            ttl: self.ttl,
            ip_id: if self.has(mark::IP_ID) { Some(self.ip_id) } else { None },
            mptcp: self.has(mark::MPTCP),
            text: &[],
        };
        (arrival, self.from())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    pub(super) fn arrival(frame: u64, time_ns: i64) -> Arrival<'static> {
        Arrival {
            at: FrameId::new(0, frame),
            layer: 0,
            time_ns,
            clock_ns: time_ns,
            flags: Flags(Flags::ACK.0),
            seq: Seq(1),
            ack: Seq(2),
            len: 3,
            window: 4,
            scale: None,
            ttl: 64,
            ip_id: None,
            mptcp: false,
            text: &[],
        }
    }

    #[test]
    fn what_is_discarded_makes_room() {
        let mut shelf = Shelf::default();
        for _ in 0..100 {
            let mut journal = shelf.begin(&arrival(1, 0), Side::Client).unwrap();
            for frame in 2..20 {
                assert!(shelf.add(&mut journal, 0, &arrival(frame, 0), Side::Client));
            }
            shelf.discard(&journal);
        }
        assert_eq!(shelf.blocks.len(), 20_usize.div_ceil(BLOCK));
    }

    #[test]
    fn segments_come_back_as_they_were() {
        let mut shelf = Shelf::default();
        let far = FrameId::new(7, (1 << 40) - 1);
        let segments = [
            Arrival { flags: Flags::SYN, len: 0, scale: Some(14), ..arrival(1, -5) },
            Arrival { ip_id: Some(0), ttl: 0, mptcp: true, ..arrival(1, i64::MAX - 1) },
            Arrival { at: far, len: 65_535, window: 65_535, ..arrival(1, i64::MAX) },
        ];
        let mut journal = shelf.begin(&segments[0], Side::Server).unwrap();
        assert!(shelf.add(&mut journal, -5, &segments[1], Side::Client));
        assert!(shelf.add(&mut journal, i64::MAX - 1, &segments[2], Side::Server));
        let expected: Vec<_> = segments.into_iter().zip([Side::Server, Side::Client, Side::Server]).collect();
        let read: Vec<_> = shelf.read(&journal).collect();
        assert_eq!(format!("{read:?}"), format!("{expected:?}"));
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let mut shelf = Shelf::default();
        let mut journal = shelf.begin(&arrival(1, 0), Side::Client).unwrap();
        for refused in [
            Arrival { len: 65_536, ..arrival(2, 0) },
            Arrival { flags: Flags::SYN, ..arrival(2, 0) },
            Arrival { flags: Flags::RST, ..arrival(2, 0) },
            Arrival { layer: 1, ..arrival(2, 0) },
            Arrival { clock_ns: 1, ..arrival(2, 0) },
        ] {
            assert!(!shelf.add(&mut journal, 0, &refused, Side::Client), "{refused:?}");
        }
        let added =
            (2..1000).take_while(|&frame| shelf.add(&mut journal, 0, &arrival(frame, 0), Side::Client));
        assert_eq!(added.count(), usize::from(MOST_ENTRIES) - 3);
    }
}
