//! Link types that put a short header of their own before a packet.

use super::ethernet::by_type;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// A header of fixed length that says at `at` which Ethernet type follows.
pub(super) fn typed(span: Span<'_>, kind: LayerKind, at: usize, header: usize) -> Result<Step<'_>, Skip> {
    let number = span.be16(at).ok_or(Skip::Cut(kind))?;
    Step::new(kind, span, header, by_type(number))
}

/// ARCNET: addresses, then a protocol; RFC 1201 adds a flag and a sequence number, RFC 1051 does not.
/// `start` counts the octets up to and with the protocol.
pub(super) fn arcnet(span: Span<'_>, start: usize) -> Result<Step<'_>, Skip> {
    match span.data.get(start - 1).ok_or(Skip::Cut(LayerKind::Arcnet))? {
        0xd4 | 0xc4 => Step::new(LayerKind::Arcnet, span, start + 3, Next::Ip),
        0xf0 => Step::new(LayerKind::Arcnet, span, start, Next::Ip),
        _ => Err(Skip::NotIp),
    }
}

/// Juniper Ethernet: a magic number, flags, and extensions if a flag says so; another flag means that the
/// Ethernet header is missing.
pub(super) fn juniper_ethernet(span: Span<'_>) -> Result<Step<'_>, Skip> {
    const EXTENSIONS: u8 = 0x80;
    const NO_LINK_HEADER: u8 = 0x02;
    let cut = Skip::Cut(LayerKind::Juniper);
    let &[b'M', b'G', b'C', flags] = span.head().ok_or(cut)? else {
        return Err(Skip::Bad(LayerKind::Juniper));
    };
    let extensions = if flags & EXTENSIONS != 0 { 2 + usize::from(span.be16(4).ok_or(cut)?) } else { 0 };
    if flags & NO_LINK_HEADER != 0 {
        // Four octets stand for the missing header.
        return Step::new(LayerKind::Juniper, span, 4 + extensions + 4, Next::Ip);
    }
    Step::new(LayerKind::Juniper, span, 4 + extensions, Next::Ethernet)
}

/// `LINKTYPE_ETHERNET_MPACKET`: seven octets of preamble and a delimiter; only whole frames are read.
pub(super) fn mpacket(span: Span<'_>) -> Result<Step<'_>, Skip> {
    const WHOLE_FRAME: u8 = 0xd5;
    match span.head().ok_or(Skip::Cut(LayerKind::Mpacket))? {
        [_, _, _, _, _, _, _, WHOLE_FRAME] => Step::new(LayerKind::Mpacket, span, 8, Next::Ethernet),
        _ => Err(Skip::LinkFragment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcnet_with_and_without_sequence() {
        assert_eq!(arcnet(Span::new(&[1, 2, 0xd4, 0, 0, 0], 6), 3).unwrap().header, 6);
        assert_eq!(arcnet(Span::new(&[1, 2, 0xf0], 6), 3).unwrap().header, 3);
        assert_eq!(arcnet(Span::new(&[1, 2, 0xd5], 6), 3).unwrap_err(), Skip::NotIp);
    }

    #[test]
    fn juniper_flags() {
        let packet = [b'M', b'G', b'C', 0x80, 0, 2, 9, 9, 1];
        let step = juniper_ethernet(Span::new(&packet, 9)).unwrap();
        assert_eq!((step.header, step.next), (8, Next::Ethernet));
        let packet = [b'M', b'G', b'C', 0x02, 0, 0, 0, 2, 0x45];
        assert_eq!(juniper_ethernet(Span::new(&packet, 9)).unwrap().next, Next::Ip);
        assert_eq!(juniper_ethernet(Span::new(b"MGD\0", 4)).unwrap_err(), Skip::Bad(LayerKind::Juniper));
    }

    #[test]
    fn whole_frames() {
        let packet = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5];
        assert_eq!(mpacket(Span::new(&packet, 8)).unwrap().next, Next::Ethernet);
        assert_eq!(mpacket(Span::new(&[0x55; 8], 8)).unwrap_err(), Skip::LinkFragment);
    }

    #[test]
    fn typed_at_an_offset() {
        let mut packet = [0; 44];
        packet[40] = 8;
        assert_eq!(typed(Span::new(&packet, 44), LayerKind::Ipoib, 40, 44).unwrap().next, Next::Ip);
    }
}
