//! Link layers: from a packet of some link type to the IP packet in it.
//!
//! One function a header; each says how long the header is and how to read what follows. Nothing here reads IP
//! or keeps anything between packets.

mod bsd;
mod cooked;
mod ethernet;
mod llc;
mod mpls;
mod nflog;
mod ppp;
mod prefix;
mod radio;
mod wlan;

pub(crate) use ethernet::{by_type, ether_type, ethernet, is_vlan};
pub(crate) use llc::llc;
pub(crate) use mpls::{control_word, mpls};
pub(crate) use ppp::ppp;
pub(crate) use wlan::{Subframes, wlan};

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, LinkType, Skip};

/// What the first octets of a packet of this link type are; numbers as registered by tcpdump.org.
pub(crate) enum Start<'a> {
    /// A header of the link type's own.
    Header(Step<'a>),
    /// No header of its own.
    Bare(Next),
}

/// Starts to read a packet of `link_type`.
#[inline]
pub(crate) fn start(LinkType(number): LinkType, span: Span<'_>) -> Result<Start<'_>, Skip> {
    let header = match number {
        1 => return Ok(Start::Bare(Next::Ethernet)),
        12 | 14 | 101 | 228 | 229 => return Ok(Start::Bare(Next::Ip)),
        9 => return Ok(Start::Bare(Next::Ppp)),
        11 | 100 => return Ok(Start::Bare(Next::Llc)),
        51 => return Ok(Start::Bare(Next::EtherType(ethernet::PPPOE_SESSION))),
        105 => return Ok(Start::Bare(Next::Wlan { padded: false })),
        219 => return Ok(Start::Bare(Next::Mpls)),
        0 | 108 => bsd::null(span),
        109 => bsd::enc(span),
        117 => bsd::pflog(span),
        258 => bsd::pktap(span),
        50 => ppp::hdlc(span),
        104 | 112 => ppp::cisco_hdlc(span),
        6 => llc::token_ring(span),
        10 => llc::fddi(span),
        7 => prefix::arcnet(span, 3),
        129 => prefix::arcnet(span, 5),
        138 => prefix::typed(span, LayerKind::Firewire, 16, 18),
        242 => prefix::typed(span, LayerKind::Ipoib, 40, 44),
        178 => prefix::juniper_ethernet(span),
        274 => prefix::mpacket(span),
        113 => cooked::sll(span),
        276 => cooked::sll2(span),
        239 => nflog::nflog(span),
        119 => radio::prism(span),
        127 => radio::radiotap(span),
        163 => radio::avs(span),
        192 => radio::ppi(span),
        number => Err(Skip::LinkType(number)),
    };
    header.map(Start::Header)
}
