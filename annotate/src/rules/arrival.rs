//! A segment as the engine sees it: the numbers that the rules of SPEC 4 and 5 read, and nothing of addresses.

use fourwave_dissector::tcp::Flags;
use fourwave_dissector::{FrameId, Segment};

use crate::connection::Moment;
use crate::seq::Seq;

/// What a segment brings. Copied where a later one may show it to belong elsewhere (SPEC 6.3, 6.4).
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Arrival<'a> {
    pub at: FrameId,
    pub layer: u8,
    pub time_ns: i64,
    /// The clock of the capture: the largest time so far.
    pub clock_ns: i64,
    pub flags: Flags,
    pub seq: Seq,
    pub ack: Seq,
    /// Payload octets (SPEC 1.4).
    pub len: u32,
    /// The window as it stands in the header.
    pub window: u16,
    /// Shift count of the window scale option; SYNs only.
    pub scale: Option<u8>,
    pub ttl: u8,
    pub ip_id: Option<u16>,
    /// It carries an option of Multipath TCP.
    pub mptcp: bool,
    /// What was captured of the payload of a RST; what is held has none.
    #[cfg_attr(feature = "checkpoint", serde(skip))]
    pub text: &'a [u8],
}

/// The payload of a RST, which says why (RFC 9293 section 3.5.3).
#[inline]
fn text<'a>(segment: &Segment<'a>) -> &'a [u8] {
    if segment.tcp.flags.contains(Flags::RST) { segment.payload } else { &[] }
}

impl<'a> Arrival<'a> {
    #[inline]
    pub fn new(segment: &Segment<'a>, clock_ns: i64) -> Self {
        let tcp = &segment.tcp;
        let (scale, mptcp) = tcp.scale_and_mptcp();
        Self {
            at: segment.at,
            layer: segment.layer,
            time_ns: segment.time_ns,
            clock_ns,
            flags: tcp.flags,
            seq: Seq(tcp.seq),
            ack: Seq(tcp.ack),
            len: segment.len,
            window: tcp.window,
            scale: scale.filter(|_| tcp.flags.contains(Flags::SYN)),
            ttl: segment.ttl,
            ip_id: segment.ip_id,
            mptcp,
            text: text(segment),
        }
    }

    /// The same, come when the clock of the capture stands at `clock_ns`.
    #[inline]
    pub const fn at_clock(&self, clock_ns: i64) -> Self {
        Self { clock_ns, ..*self }
    }

    /// The same without its text, to be kept.
    pub fn held(&self) -> Arrival<'static> {
        Arrival { text: &[], ..*self }
    }

    pub const fn moment(&self) -> Moment {
        Moment { at: self.at, time_ns: self.time_ns }
    }

    pub const fn syn(&self) -> bool {
        self.flags.contains(Flags::SYN)
    }

    pub const fn fin(&self) -> bool {
        self.flags.contains(Flags::FIN)
    }

    pub const fn rst(&self) -> bool {
        self.flags.contains(Flags::RST)
    }

    /// A SYN that may open an incarnation, or its answer.
    pub const fn opens(&self) -> bool {
        self.syn() && !self.fin() && !self.rst()
    }

    pub const fn has_ack(&self) -> bool {
        self.flags.contains(Flags::ACK)
    }

    /// Octets of sequence space: payload, SYN and FIN (`occ`).
    pub const fn occupied(&self) -> u32 {
        self.len.saturating_add(self.syn() as u32).saturating_add(self.fin() as u32)
    }

    /// The number after its last octet (`end`).
    pub const fn end(&self) -> Seq {
        self.fin_seq().plus(self.syn() as u32).plus(self.fin() as u32)
    }

    /// The number of its first octet of payload.
    pub const fn first_octet(&self) -> Seq {
        self.seq.plus(self.syn() as u32)
    }

    /// The number that its FIN has, or would have (`fs`).
    pub const fn fin_seq(&self) -> Seq {
        self.seq.plus(self.len)
    }
}
