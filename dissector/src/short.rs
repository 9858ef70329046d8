//! The short way through the commonest packets: a link header of fixed length or none, at most two VLAN tags, IP
//! in one piece without extension headers, TCP.
//!
//! It knows where the fields of these headers stand and nothing else. Whatever is not exactly so, damage included,
//! is left untouched for the long way of [`crate::dissect`], which says the same of the packets taken here: a test
//! holds the two equal.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::dissect::Visitor;
use crate::ip::protocol;
use crate::layer::{Layer, LayerKind};
use crate::link::{by_type, is_vlan};
use crate::link_type::LinkType;
use crate::packet::Packet;
use crate::segment::Segment;
use crate::step::Next;
use crate::tcp;
use crate::zone::Zone;

/// VLAN tags that are passed here.
const MAX_TAGS: usize = 2;
/// Octets of a VLAN tag and the type behind it.
const TAG: usize = 4;

/// Shows `visitor` the headers and the segment of a packet, if it is of the common shape; `false` if it is not, and
/// then nothing was shown.
#[inline]
pub(crate) fn dissect(packet: &Packet<'_>, zone: Zone, visitor: &mut impl Visitor) -> bool {
    let data = packet.span().data;
    let Some(link) = Link::read(packet.link_type, data, zone) else { return false };
    let frame = Frame { packet, data, link };
    let ip = data.get(frame.link.len..).unwrap_or_default();
    match ip.first().map(|first| first >> 4) {
        Some(4) => frame.show(Ip::v4(ip), visitor),
        Some(6) => frame.show(Ip::v6(ip), visitor),
        Some(_) | None => false,
    }
}

/// The headers before IP.
struct Link {
    /// What the first one is, if there is any.
    kind: Option<LayerKind>,
    /// Octets of the first one.
    first: usize,
    /// Octets of all of them.
    len: usize,
    /// The zone behind them.
    zone: u64,
}

impl Link {
    #[inline(always)]
    fn read(link_type: LinkType, data: &[u8], zone: Zone) -> Option<Self> {
        let (kind, first, type_at) = match link_type {
            LinkType::ETHERNET => (LayerKind::Ethernet, 14, 12),
            LinkType::LINUX_SLL => (LayerKind::Sll, 16, 14),
            LinkType::LINUX_SLL2 => (LayerKind::Sll2, 20, 0),
            bare if bare.is_bare_ip() => return Some(Self { kind: None, first: 0, len: 0, zone: 0 }),
            _ => return None,
        };
        let mut link = Self { kind: Some(kind), first, len: first, zone: 0 };
        let mut ether_type = u16::from_be_bytes(*data.get(type_at..)?.first_chunk()?);
        while !matches!(by_type(ether_type), Next::Ip) {
            if !is_vlan(ether_type) || link.len == first + MAX_TAGS * TAG {
                return None;
            }
            let tag: &[u8; TAG] = data.get(link.len..)?.first_chunk()?;
            link.zone =
                zone.enter(link.zone, &Layer { kind: LayerKind::Vlan, offset: link.len as u32, octets: tag });
            link.len += TAG;
            ether_type = u16::from_be_bytes([tag[2], tag[3]]);
        }
        Some(link)
    }
}

/// An IP header whose packet is whole and carries TCP.
struct Ip<'a, A> {
    kind: LayerKind,
    /// Octets of the header.
    header: usize,
    src: A,
    dst: A,
    ttl: u8,
    id: Option<u16>,
    /// Octets that it carries.
    len: u32,
    /// What was captured of them.
    carried: &'a [u8],
}

impl<'a> Ip<'a, Ipv4Addr> {
    /// RFC 791 section 3.1.
    #[inline]
    fn v4(data: &'a [u8]) -> Option<Self> {
        const FIXED: usize = 20;
        /// More fragments follow, or some came before.
        const FRAGMENT: u16 = 0x3fff;

        let [first, _, l0, l1, i0, i1, f0, f1, ttl, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3] =
            *data.first_chunk::<FIXED>()?;
        let header = usize::from(first & 0x0f) * 4;
        let len = usize::from(u16::from_be_bytes([l0, l1])).checked_sub(header)?;
        if header < FIXED || u16::from_be_bytes([f0, f1]) & FRAGMENT != 0 || protocol != protocol::TCP {
            return None;
        }
        let rest = data.get(header..)?;
        Some(Self {
            kind: LayerKind::Ipv4,
            header,
            src: Ipv4Addr::new(s0, s1, s2, s3),
            dst: Ipv4Addr::new(d0, d1, d2, d3),
            ttl,
            id: Some(u16::from_be_bytes([i0, i1])),
            len: len as u32,
            carried: &rest[..rest.len().min(len)],
        })
    }
}

impl<'a> Ip<'a, Ipv6Addr> {
    /// RFC 8200 section 3.
    #[inline]
    fn v6(data: &'a [u8]) -> Option<Self> {
        const HEADER: usize = 40;

        let (&[_, _, _, _, l0, l1, next, ttl, ref addresses @ ..], rest) =
            data.split_first_chunk::<HEADER>()?;
        let (src, dst) = addresses.split_first_chunk::<16>()?;
        let len = usize::from(u16::from_be_bytes([l0, l1]));
        if next != protocol::TCP {
            return None;
        }
        Some(Self {
            kind: LayerKind::Ipv6,
            header: HEADER,
            src: Ipv6Addr::from(*src),
            dst: Ipv6Addr::from(*dst.first_chunk::<16>()?),
            ttl,
            id: None,
            len: len as u32,
            carried: &rest[..rest.len().min(len)],
        })
    }
}

/// A packet as far as IP.
struct Frame<'a> {
    packet: &'a Packet<'a>,
    /// Its octets, without a frame check sequence.
    data: &'a [u8],
    link: Link,
}

impl Frame<'_> {
    /// Shows all headers and the segment, if it can be read.
    #[inline]
    fn show<A: Into<IpAddr>>(&self, ip: Option<Ip<'_, A>>, visitor: &mut impl Visitor) -> bool {
        let Some(ip) = ip else { return false };
        let Some((fixed, rest)) = ip.carried.split_first_chunk() else { return false };
        let Ok(tcp) = tcp::Header::of(fixed, rest) else { return false };
        let Some(len) = ip.len.checked_sub(u32::from(tcp.len)) else { return false };
        let (octets, payload) = ip.carried.split_at(ip.carried.len().min(usize::from(tcp.len)));

        if let Some(kind) = self.link.kind {
            visitor.header(self.layer(kind, 0, self.link.first));
        }
        for tag in (self.link.first..self.link.len).step_by(TAG) {
            visitor.header(self.layer(LayerKind::Vlan, tag, TAG));
        }
        visitor.header(self.layer(ip.kind, self.link.len, ip.header));
        visitor.header(self.layer(LayerKind::Tcp, self.link.len + ip.header, octets.len()));
        visitor.segment(&Segment {
            at: self.packet.at,
            layer: 0,
            time_ns: self.packet.time_ns,
            zone: self.link.zone,
            in_packet: true,
            src: SocketAddr::from((ip.src, tcp.src_port)),
            dst: SocketAddr::from((ip.dst, tcp.dst_port)),
            ttl: ip.ttl,
            ip_id: ip.id,
            tcp,
            len,
            payload,
        });
        true
    }

    /// The header of so many octets that begins at `from`.
    #[inline]
    fn layer(&self, kind: LayerKind, from: usize, len: usize) -> Layer<'_> {
        Layer { kind, offset: from as u32, octets: self.data.get(from..from + len).unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests;
