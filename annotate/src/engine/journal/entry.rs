//! One segment of a journal: all of it that a rule may look at, but for its time and packet, in as few octets as a place
//! has for it.
//!
//! It must not know any rule, or how places stand in blocks.

use fourwave_dissector::tcp::Flags;

use crate::connection::Moment;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::Side;

/// Marks of an entry. The control bits that rules look at stand where a header has them.
pub(super) mod mark {
    use fourwave_dissector::tcp::Flags;

    pub const FIN: u8 = Flags::FIN.0 as u8;
    pub const SYN: u8 = Flags::SYN.0 as u8;
    pub const ACK: u8 = Flags::ACK.0 as u8;
    pub const CONTROLS: u8 = FIN | SYN | Flags::RST.0 as u8 | ACK;
    pub const FROM_SERVER: u8 = 1 << 3;
    pub const MPTCP: u8 = 1 << 5;
    pub const IP_ID: u8 = 1 << 6;
    /// No entry has it.
    pub const UNUSED: u8 = 1 << 7;
}

/// Of the length of a SYN: below it stands a window scale.
const SCALED: u16 = 1 << 8;

/// One segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(super) seq: Seq,
    pub(super) ack: Seq,
    /// Payload octets; of a SYN, which has none here, the window scale and above it whether there is one.
    pub(super) len: u16,
    pub(super) window: u16,
    pub(super) ip_id: u16,
    pub(super) ttl: u8,
    pub(super) marks: u8,
}

/// The sender of a segment with these marks.
#[inline]
pub(super) const fn sender(marks: u8) -> Side {
    if marks & mark::FROM_SERVER != 0 { Side::Server } else { Side::Client }
}

/// Octets of sequence space of what has these marks and this length.
#[inline]
pub(super) const fn occupied(marks: u8, len: u16) -> u32 {
    let controls = (marks & mark::SYN != 0) as u32 + (marks & mark::FIN != 0) as u32;
    if marks & mark::SYN != 0 { controls } else { len as u32 + controls }
}

/// What is acknowledged with these marks if it is all that the other peer sent, who goes on with the number `next`.
#[inline]
pub(super) const fn usual_ack(marks: u8, next: Seq) -> Seq {
    if marks & mark::ACK != 0 { next } else { Seq(0) }
}

impl Entry {
    /// What is written down of a segment; `None` if there is no room for all that a rule may look at, which is rare.
    // Always: what is read of a segment then stays in registers on its way into a journal.
    #[inline(always)]
    pub fn of(arrival: &Arrival<'_>, from: Side) -> Option<Self> {
        let has_text = arrival.rst() && arrival.len > 0;
        let len_fits = if arrival.syn() { arrival.len == 0 } else { arrival.len <= u32::from(u16::MAX) };
        let fits = len_fits && !has_text && arrival.layer == 0 && arrival.clock_ns == arrival.time_ns;
        fits.then(|| Self::new(arrival, from))
    }

    #[inline(always)]
    fn new(arrival: &Arrival<'_>, from: Side) -> Self {
        let mut marks = arrival.flags.0 as u8 & mark::CONTROLS;
        marks |= if from == Side::Server { mark::FROM_SERVER } else { 0 };
        marks |= if arrival.mptcp { mark::MPTCP } else { 0 };
        marks |= if arrival.ip_id.is_some() { mark::IP_ID } else { 0 };
        Self {
            seq: arrival.seq,
            ack: arrival.ack,
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
        sender(self.marks)
    }

    /// FIN, SYN, RST and ACK; `None` where there is Multipath TCP.
    pub const fn controls(&self) -> Option<Flags> {
        if self.has(mark::MPTCP) { None } else { Some(Flags((self.marks & mark::CONTROLS) as u16)) }
    }

    pub const fn has_fin(&self) -> bool {
        self.has(mark::FIN)
    }

    pub const fn seq(&self) -> Seq {
        self.seq
    }

    pub const fn ack(&self) -> Seq {
        self.ack
    }

    /// Payload octets.
    pub const fn len(&self) -> u32 {
        if self.has(mark::SYN) { 0 } else { self.len as u32 }
    }

    /// The number after its last octet, SYN and FIN counted.
    pub const fn end(&self) -> Seq {
        self.seq.plus(occupied(self.marks, self.len))
    }

    pub const fn window(&self) -> u16 {
        self.window
    }

    pub const fn ttl(&self) -> u8 {
        self.ttl
    }

    /// The segment that came at this moment.
    #[inline]
    pub(super) fn arrival(&self, Moment { at, time_ns }: Moment) -> Arrival<'static> {
        let is_scaled = self.has(mark::SYN) && self.len & SCALED != 0;
        Arrival {
            at,
            layer: 0,
            time_ns,
            clock_ns: time_ns,
            flags: Flags((self.marks & mark::CONTROLS).into()),
            seq: self.seq,
            ack: self.ack,
            len: self.len(),
            window: self.window,
            scale: if is_scaled { Some(self.len as u8) } else { None },
            ttl: self.ttl,
            ip_id: if self.has(mark::IP_ID) { Some(self.ip_id) } else { None },
            mptcp: self.has(mark::MPTCP),
            text: &[],
        }
    }
}
