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

/// What the first octets of a packet are.
pub(crate) enum Start<'a> {
    /// A header of the link type's own.
    Header(Step<'a>),
    /// No header of its own.
    Bare(Next),
}

/// Starts to read a packet of `link_type`.
#[inline]
pub(crate) fn start(link_type: LinkType, span: Span<'_>) -> Result<Start<'_>, Skip> {
    let header = match link_type {
        LinkType::ETHERNET => return Ok(Start::Bare(Next::Ethernet)),
        bare if bare.is_bare_ip() => return Ok(Start::Bare(Next::Ip)),
        LinkType::PPP => return Ok(Start::Bare(Next::Ppp)),
        LinkType::OLD_ATM_RFC1483 | LinkType::ATM_RFC1483 => return Ok(Start::Bare(Next::Llc)),
        LinkType::PPP_ETHER => return Ok(Start::Bare(Next::EtherType(ethernet::PPPOE_SESSION))),
        LinkType::IEEE802_11 => return Ok(Start::Bare(Next::Wlan { padded: false })),
        LinkType::MPLS => return Ok(Start::Bare(Next::Mpls)),
        LinkType::NULL | LinkType::LOOP => bsd::null(span),
        LinkType::ENC => bsd::enc(span),
        LinkType::PFLOG => bsd::pflog(span),
        LinkType::PKTAP => bsd::pktap(span),
        LinkType::PPP_HDLC => ppp::hdlc(span),
        LinkType::C_HDLC | LinkType::OLD_C_HDLC => ppp::cisco_hdlc(span),
        LinkType::IEEE802_5 => llc::token_ring(span),
        LinkType::FDDI => llc::fddi(span),
        LinkType::ARCNET_BSD => prefix::arcnet(span, 3),
        LinkType::ARCNET_LINUX => prefix::arcnet(span, 5),
        LinkType::APPLE_IP_OVER_IEEE1394 => prefix::typed(span, LayerKind::Firewire, 16, 18),
        LinkType::IPOIB => prefix::typed(span, LayerKind::Ipoib, 40, 44),
        LinkType::JUNIPER_ETHER => prefix::juniper_ethernet(span),
        LinkType::ETHERNET_MPACKET => prefix::mpacket(span),
        LinkType::LINUX_SLL => cooked::sll(span),
        LinkType::LINUX_SLL2 => cooked::sll2(span),
        LinkType::NFLOG => nflog::nflog(span),
        LinkType::IEEE802_11_PRISM => radio::prism(span),
        LinkType::IEEE802_11_RADIOTAP => radio::radiotap(span),
        LinkType::IEEE802_11_AVS => radio::avs(span),
        LinkType::PPI => radio::ppi(span),
        LinkType(number) => Err(Skip::LinkType(number)),
    };
    header.map(Start::Header)
}
