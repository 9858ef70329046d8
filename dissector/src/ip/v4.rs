//! The IPv4 header (RFC 791 section 3.1).

use core::net::IpAddr;

use etherparse::Ipv4HeaderSlice;

use super::{Carried, Fragment, Packet, extensions, protocol};
use crate::dissect::Visitor;
use crate::layer::Layer;
use crate::span::Span;
use crate::{LayerKind, Skip};

#[inline]
pub(super) fn read<'a>(span: Span<'a>, visitor: &mut impl Visitor) -> Result<Packet<'a>, Skip> {
    let first = span.data.first().ok_or(Skip::Cut(LayerKind::Ipv4))?;
    if first & 0x0f < 5 {
        return Err(Skip::Bad(LayerKind::Ipv4));
    }
    let header = Ipv4HeaderSlice::from_slice(span.data).map_err(|_| Skip::Cut(LayerKind::Ipv4))?;
    let octets = header.slice();
    let rest = span.skip(octets.len()).ok_or(Skip::Cut(LayerKind::Ipv4))?;
    let payload = match u32::from(header.total_len()) {
        // The packet was captured before segmentation offload filled in the length.
        0 => rest,
        total => {
            let len = total.checked_sub(octets.len() as u32).ok_or(Skip::Bad(LayerKind::Ipv4))?;
            rest.claim(len)
        }
    };
    visitor.header(Layer { kind: LayerKind::Ipv4, offset: span.offset, octets });

    let fragment = header.is_fragmenting_payload().then(|| Fragment {
        id: u32::from(header.identification()),
        offset: u32::from(header.fragments_offset().value()) * 8,
        more: header.more_fragments(),
    });
    let dst = IpAddr::V4(header.destination_addr());
    let carried = Carried { protocol: header.protocol().0, payload };
    let carried = if fragment.is_none() && carried.protocol == protocol::AUTHENTICATION {
        extensions(carried, visitor)?.carried
    } else {
        carried
    };
    Ok(Packet {
        src: IpAddr::V4(header.source_addr()),
        dst,
        ttl: header.ttl(),
        id: Some(header.identification()),
        fragment,
        carried,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Quiet;
    impl Visitor for Quiet {
        fn segment(&mut self, _: &crate::Segment<'_>) {}
    }

    /// Twenty octets of header with this length and fragment field, then four of payload.
    fn packet(total: u16, fragment: u16) -> [u8; 24] {
        let mut packet = [0; 24];
        packet[0] = 0x45;
        packet[2..4].copy_from_slice(&total.to_be_bytes());
        packet[6..8].copy_from_slice(&fragment.to_be_bytes());
        (packet[5], packet[8], packet[9]) = (7, 64, 6);
        packet
    }

    fn lengths(total: u16, wire: u32) -> Result<(usize, u32), Skip> {
        read(Span::new(&packet(total, 0), wire), &mut Quiet)
            .map(|packet| (packet.carried.payload.data.len(), packet.carried.payload.len))
    }

    #[test]
    fn length_comes_from_the_header() {
        assert_eq!(lengths(24, 24), Ok((4, 4)));
        assert_eq!(lengths(22, 60), Ok((2, 2)), "padding is not payload");
        assert_eq!(lengths(1500, 1500), Ok((4, 1480)), "cut by a snap length");
        assert_eq!(lengths(0, 9000), Ok((4, 8980)), "offload");
        assert_eq!(lengths(19, 24), Err(Skip::Bad(LayerKind::Ipv4)));
    }

    #[test]
    fn fragments() {
        let fragment = |field| read(Span::new(&packet(24, field), 24), &mut Quiet).unwrap().fragment;
        assert_eq!(fragment(0x4000), None, "don't fragment is no fragment");
        assert_eq!(fragment(0x2000), Some(Fragment { id: 7, offset: 0, more: true }));
        assert_eq!(fragment(0x0002), Some(Fragment { id: 7, offset: 16, more: false }));
    }

    #[test]
    fn short_headers() {
        let mut octets = packet(24, 0);
        let error = |octets: &[u8]| read(Span::new(octets, 60), &mut Quiet).unwrap_err();
        assert_eq!(error(&octets[..19]), Skip::Cut(LayerKind::Ipv4));
        octets[0] = 0x4f;
        assert_eq!(error(&octets), Skip::Cut(LayerKind::Ipv4));
        octets[0] = 0x44;
        assert_eq!(error(&octets), Skip::Bad(LayerKind::Ipv4));
    }
}
