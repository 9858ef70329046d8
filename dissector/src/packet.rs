//! One packet of a capture, before anything is known of what is in it.

use crate::span::Span;
use crate::{FrameId, LinkType};

/// A packet as the capture holds it.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Its place in the input.
    pub at: FrameId,
    /// When it was recorded: nanoseconds since 1970-01-01 UTC; 0 where the format carries no time.
    pub time_ns: i64,
    /// How to read `data`.
    pub link_type: LinkType,
    /// The interface it was recorded on, counted over the whole file; 0 in pcap.
    pub interface: u32,
    /// Octets of frame check sequence at the end of the original packet, where the capture says so.
    pub fcs_len: u8,
    /// Octets the packet had on the wire. Where a capture claims fewer than it holds, as simple recorders do that write
    /// 0, those that it holds count.
    pub len: u32,
    /// The octets that were captured.
    pub data: &'a [u8],
}

impl<'a> Packet<'a> {
    /// All of it but the frame check sequence.
    #[inline]
    pub(crate) fn span(&self) -> Span<'a> {
        let span = Span::new(self.data, self.len);
        match self.fcs_len {
            0 => span,
            fcs_len => span.limit(span.len.saturating_sub(u32::from(fcs_len))),
        }
    }
}
