//! IP: from the first octet of a packet to what it carries, and between whom.
//!
//! The headers are read with etherparse. Its lax slices are not used, because three things must be told apart
//! here that they fold into one: what the IP length says, what the wire had, and what was captured.

mod extension;
mod v4;
mod v6;

use core::net::IpAddr;

pub(crate) use extension::extensions;

use crate::dissect::Visitor;
use crate::span::Span;
use crate::{LayerKind, Skip};

/// Protocol numbers (IANA) that the dissector acts on.
pub(crate) mod protocol {
    pub(crate) const ICMP: u8 = 1;
    pub(crate) const IPIP: u8 = 4;
    pub(crate) const TCP: u8 = 6;
    pub(crate) const UDP: u8 = 17;
    pub(crate) const IPV6: u8 = 41;
    pub(crate) const GRE: u8 = 47;
    pub(crate) const AUTHENTICATION: u8 = 51;
    pub(crate) const ICMPV6: u8 = 58;
    pub(crate) const ETHER_IP: u8 = 97;
    pub(crate) const MPLS: u8 = 137;
}

/// What an IP header says of its packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet<'a> {
    pub src: IpAddr,
    pub dst: IpAddr,
    /// Time to live or hop limit.
    pub ttl: u8,
    /// Identification, IPv4 only.
    pub id: Option<u16>,
    /// How it was cut into fragments, if it was.
    pub fragment: Option<Fragment>,
    /// What it carries.
    pub carried: Carried<'a>,
}

/// What comes behind an IP header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried<'a> {
    /// Its protocol number.
    pub protocol: u8,
    /// Its octets.
    pub payload: Span<'a>,
}

/// The part of a datagram that a fragment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// Identification, 16 bits in IPv4.
    pub id: u32,
    /// Octets of the datagram before this part.
    pub offset: u32,
    /// More parts follow.
    pub more: bool,
}

/// Reads an IP packet up to what it carries, extension headers included. In a fragment those behind the cut
/// are left for [`extensions`] on the whole datagram.
#[inline]
pub(crate) fn read<'a>(span: Span<'a>, visitor: &mut impl Visitor) -> Result<Packet<'a>, Skip> {
    match span.head().map(|[first]| first >> 4) {
        Some(4) => v4::read(span, visitor),
        Some(6) => v6::read(span, visitor),
        Some(_) => Err(Skip::NotIp),
        None => Err(Skip::Cut(LayerKind::Ipv4)),
    }
}

/// True if `payload`, carried in ICMP (or ICMPv6), is an error that quotes a TCP packet.
pub(crate) fn quotes_tcp(protocol: u8, payload: &[u8]) -> bool {
    let Some((head, quoted)) = payload.split_first_chunk::<8>() else {
        return false;
    };
    match (protocol, head[0], quoted.first().map(|first| first >> 4)) {
        (protocol::ICMP, 3 | 4 | 5 | 11 | 12, Some(4)) => quoted.get(9) == Some(&protocol::TCP),
        (protocol::ICMPV6, 1..=127, Some(6)) => quoted.get(6) == Some(&protocol::TCP),
        _ => false,
    }
}
