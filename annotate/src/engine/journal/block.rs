//! Four places of a journal, which fill one line of the cache: segments without what follows from those around them.
//!
//! Nearly always a peer goes on where it stopped, and acknowledges all that the other sent (RFC 9293 section 3.4): neither
//! number is written down then. Where one is another, a place before the segment says how far it is from there. Another such place has what is
//! too long of the time, or of the packets, since the segment before. This file must not know any rule.

use crate::engine::journal::entry::{Entry, mark, occupied, sender, usual_ack};
use crate::engine::journal::read::Distance;
use crate::seq::Seq;
use crate::side::Side;

/// Places of a block.
pub(super) const PLACES: usize = 4;

/// The number of a block.
pub(super) type BlockId = u32;

/// Places of a journal. Each is filled once. One without a segment has in some of these what [`only`] says.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
#[repr(align(64))]
pub(super) struct Block {
    /// Nanoseconds since the place before.
    times: [u32; PLACES],
    /// The block after it, after the last the first; of a free one the next that is free.
    pub next: BlockId,
    /// This and what has no note here is as in an [`Entry`].
    lens: [u16; PLACES],
    windows: [u16; PLACES],
    ip_ids: [u16; PLACES],
    /// Packets since the place before: the lower octets, and the third.
    packets: [u16; PLACES],
    packets_upper: [u8; PLACES],
    ttls: [u8; PLACES],
    marks: [u8; PLACES],
}

const _: () = assert!(size_of::<Block>() == 64);

/// Marks of a place that has no segment.
mod only {
    use super::mark;

    /// It has the upper half of a time, and of packets all but the lower three octets.
    pub(super) const FAR: u8 = mark::UNUSED;
    /// It has how far the two numbers of the next segment are from what was expected.
    pub(super) const SKIP: u8 = mark::UNUSED | mark::SYN;
}

/// Bits of nanoseconds that have room beside a segment.
const NS_BITS: u32 = 32;

/// Likewise of packets.
const PACKET_BITS: u32 = 24;

/// How far it is over one place.
pub(super) struct Step {
    pub place: Place,
    pub distance: Distance,
    /// Who goes on, by so many octets of sequence space.
    pub from: Side,
    pub octets: u32,
}

/// What stands in a place.
pub(super) enum Place {
    Segment,
    Far,
    /// Octets to the number that is acknowledged.
    Skip(u32),
}

impl Block {
    /// True if so much time and so many packets have room beside a segment.
    #[inline]
    pub const fn is_near(ns: u64, packets: u64) -> bool {
        ns >> NS_BITS == 0 && packets >> PACKET_BITS == 0
    }

    /// Writes down a segment that comes so long after the place before, as far as there is room.
    // Always: else an entry would be put together in memory first.
    #[inline(always)]
    pub fn put(&mut self, place: usize, entry: &Entry, ns: u64, packets: u64) {
        self.times[place] = ns as u32;
        self.packets[place] = packets as u16;
        self.packets_upper[place] = (packets >> 16) as u8;
        self.lens[place] = entry.len;
        self.windows[place] = entry.window;
        self.ip_ids[place] = entry.ip_id;
        self.ttls[place] = entry.ttl;
        self.marks[place] = entry.marks;
    }

    /// Writes down what has no room beside the next segment.
    pub fn put_far(&mut self, place: usize, ns: u64, packets: u64) {
        let packets = packets >> PACKET_BITS;
        self.times[place] = (ns >> NS_BITS) as u32;
        self.packets[place] = packets as u16;
        self.packets_upper[place] = (packets >> 16) as u8;
        self.lens[place] = (packets >> 24) as u16;
        self.marks[place] = only::FAR;
    }

    /// Writes down how far the numbers of the next segment of `from` are from what was expected.
    pub fn put_skip(&mut self, place: usize, from: Side, seq: u32, ack: u32) {
        self.times[place] = seq;
        self.lens[place] = ack as u16;
        self.windows[place] = (ack >> 16) as u16;
        self.marks[place] = only::SKIP | if from == Side::Server { mark::FROM_SERVER } else { 0 };
    }

    /// True if the first place has a segment of the other peer than `side`, and without ACK.
    pub fn opens_without_ack_to(&self, side: Side) -> bool {
        let [first, ..] = self.marks;
        first & mark::ACK == 0 && sender(first) != side
    }

    /// True if there is a segment in a place.
    pub fn is_segment(&self, place: usize) -> bool {
        self.marks[place] & mark::UNUSED == 0
    }

    /// What stands in a place, and how far it is over it.
    #[inline]
    pub fn step(&self, place: usize) -> Step {
        let (marks, len, time) = (self.marks[place], self.lens[place], self.times[place]);
        let (ns, packets) =
            (u64::from(time), u64::from(self.packets_upper[place]) << 16 | u64::from(self.packets[place]));
        let (place, distance, octets) = match marks & (mark::UNUSED | mark::SYN) {
            only::FAR => {
                let packets = (u64::from(len) << 24 | packets) << PACKET_BITS;
                (Place::Far, Distance { ns: ns << NS_BITS, packets }, 0)
            }
            only::SKIP => {
                let ack = u32::from(self.windows[place]) << 16 | u32::from(len);
                (Place::Skip(ack), Distance::default(), time)
            }
            _ => (Place::Segment, Distance { ns, packets }, occupied(marks, len)),
        };
        Step { place, distance, from: sender(marks), octets }
    }

    /// The segment in a place, given its number, that with which the other peer goes on, and how far it is from there to
    /// what it acknowledges.
    #[inline]
    pub fn entry(&self, place: usize, seq: Seq, other_next: Seq, ack_skip: u32) -> Entry {
        let marks = self.marks[place];
        Entry {
            seq,
            ack: usual_ack(marks, other_next).plus(ack_skip),
            len: self.lens[place],
            window: self.windows[place],
            ip_id: self.ip_ids[place],
            ttl: self.ttls[place],
            marks,
        }
    }
}
