//! The IPv6 header (RFC 8200 section 3).

use core::net::IpAddr;

use etherparse::Ipv6HeaderSlice;

use super::{Carried, Packet, extensions};
use crate::dissect::Visitor;
use crate::layer::Layer;
use crate::span::Span;
use crate::{LayerKind, Skip};

#[inline]
pub(super) fn read<'a>(span: Span<'a>, visitor: &mut impl Visitor) -> Result<Packet<'a>, Skip> {
    let header = Ipv6HeaderSlice::from_slice(span.data).map_err(|_| Skip::Cut(LayerKind::Ipv6))?;
    let rest = span.skip(header.slice().len()).ok_or(Skip::Cut(LayerKind::Ipv6))?;
    let payload = match u32::from(header.payload_length()) {
        // A jumbogram (RFC 2675), or a packet longer than the field can say before segmentation offload: both
        // last to the end of the packet.
        0 => rest,
        len => rest.claim(len),
    };
    visitor.header(Layer { kind: LayerKind::Ipv6, offset: span.offset, octets: header.slice() });

    let chain = extensions(Carried { protocol: header.next_header().0, payload }, visitor)?;
    Ok(Packet {
        src: IpAddr::V6(header.source_addr()),
        dst: IpAddr::V6(chain.final_destination.unwrap_or_else(|| header.destination_addr())),
        ttl: header.hop_limit(),
        id: None,
        fragment: chain.fragment,
        carried: chain.carried,
    })
}
