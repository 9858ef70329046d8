//! One TCP segment as a capture recorded it: what the dissector hands up and the annotation engine takes in.

use core::fmt;
use core::net::SocketAddr;
use core::num::NonZeroU64;

use crate::tcp;

/// Where a packet stands in the input: which file, and its number there, counted from 1 as Wireshark does.
///
/// Identifiers order as the input was read. Packed into eight octets (24 bits of file, 40 of frame) because
/// the engine keeps several of them for every connection; never 0, so that an `Option` takes no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FrameId(NonZeroU64);

impl FrameId {
    const FRAME_BITS: u32 = 40;
    const FRAME_MASK: u64 = (1 << Self::FRAME_BITS) - 1;

    /// The `frame`-th packet (from 1) of the `file`-th input (from 0). Files from 2^24 on and frames from 2^40 on
    /// wrap; no capture on record comes near. There is no packet 0: what would be that is taken for packet 1.
    #[must_use]
    pub const fn new(file: u32, frame: u64) -> Self {
        let frame = match frame & Self::FRAME_MASK {
            0 => 1,
            frame => frame,
        };
        match NonZeroU64::new((file as u64) << Self::FRAME_BITS | frame) {
            Some(packed) => Self(packed),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// Index of the input file, from 0.
    #[must_use]
    pub const fn file(self) -> u32 {
        (self.0.get() >> Self::FRAME_BITS) as u32
    }

    /// Number of the packet in its file, from 1.
    #[must_use]
    pub const fn frame(self) -> u64 {
        self.0.get() & Self::FRAME_MASK
    }

    /// How far it is behind `earlier`: packets, or far more from one file to the next. `None` if it is before it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Option<u64> {
        self.0.get().checked_sub(earlier.0.get())
    }

    /// The identifier that is so far behind this one: the inverse of [`Self::since`].
    #[must_use]
    pub const fn plus(self, distance: u64) -> Self {
        Self(self.0.saturating_add(distance))
    }

    /// The identifier that this one is so far behind, if [`Self::since`] says so of one: the inverse of [`Self::plus`].
    /// `None` if it would be before all there can be.
    #[must_use]
    pub const fn minus(self, distance: u64) -> Option<Self> {
        let Some(packed) = self.0.get().checked_sub(distance) else { return None };
        let Some(packed) = NonZeroU64::new(packed) else { return None };
        Some(Self(packed))
    }
}

impl fmt::Debug for FrameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file(), self.frame())
    }
}

/// A TCP segment with what its carriers said about it. Borrowed from the packet; copying is cheap.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The packet that carried it.
    pub at: FrameId,
    /// Counts the TCP headers of one packet from 0; tunnels carry more than one.
    pub layer: u8,
    /// When it was recorded: nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// What sets two equal 4-tuples apart beyond their addresses: 0, or a hash of the VLAN or tunnel path when
    /// the caller asked for it.
    pub zone: u64,
    /// Its octets stand in the packet one after the other; false if they were put together from fragments of several.
    pub in_packet: bool,
    /// Address and port of the sender.
    pub src: SocketAddr,
    /// Address and port of the receiver.
    pub dst: SocketAddr,
    /// IPv4 time to live or IPv6 hop limit.
    pub ttl: u8,
    /// IPv4 identification; `None` for IPv6.
    pub ip_id: Option<u16>,
    /// The header itself.
    pub tcp: tcp::Header<'a>,
    /// Payload octets, computed from the IP length, never from what was captured.
    pub len: u32,
    /// The payload as far as it was captured; may be shorter than `len`.
    pub payload: &'a [u8],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_lead_there_and_back() {
        let (first, last) = (FrameId::new(0, 1), FrameId::new(1, 5));
        let distance = last.since(first).unwrap();
        assert_eq!((first.plus(distance), last.minus(distance)), (last, Some(first)));
        assert_eq!((first.since(last), first.minus(1)), (None, None));
    }

    #[test]
    fn there_is_no_packet_0_in_any_file() {
        for file in [0, 1, 1 << 24] {
            for frame in [0, 1, 1 << 40] {
                assert_eq!(FrameId::new(file, frame), FrameId::new(file, 1));
            }
        }
        assert_eq!(FrameId::new(3, 7).file(), 3);
        assert_eq!(FrameId::new(3, 7).frame(), 7);
    }
}
