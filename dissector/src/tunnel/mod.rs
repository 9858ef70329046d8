//! Tunnels: headers that carry packets or frames above IP.
//!
//! UDP says nothing of what it carries; a tunnel is assumed where a registered port and the tunnel's own header
//! agree. What does not look like one is plain UDP.

mod gre;
mod l2tp;
mod mobile;
mod overlay;

pub(crate) use gre::{erspan, gre};

use crate::ip::protocol;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// The tunnels that are read in UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tunnel {
    Vxlan,
    VxlanGpe,
    Geneve,
    Gtp,
    Teredo,
    Ayiya,
    L2tp,
    Gre,
    Mpls,
}

impl Tunnel {
    const fn at_port(port: u16) -> Option<Self> {
        Some(match port {
            // 8472 is what Linux used before the port was registered.
            4789 | 8472 => Self::Vxlan,
            4790 => Self::VxlanGpe,
            6081 => Self::Geneve,
            2152 => Self::Gtp,
            3544 => Self::Teredo,
            5072 => Self::Ayiya,
            1701 => Self::L2tp,
            4754 => Self::Gre,
            6635 => Self::Mpls,
            _ => return None,
        })
    }
}

/// A UDP header (RFC 768) with a tunnel behind it.
pub(crate) fn udp(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [s0, s1, d0, d1, l0, l1, _, _] = *span.head().ok_or(Skip::Cut(LayerKind::Udp))?;
    let by_destination = Tunnel::at_port(u16::from_be_bytes([d0, d1]));
    let by_source = || Tunnel::at_port(u16::from_be_bytes([s0, s1]));
    let tunnel = by_destination.or_else(by_source).ok_or(Skip::NotTcp(protocol::UDP))?;
    let step = Step::new(LayerKind::Udp, span, 8, Next::Tunnel(tunnel))?;
    Ok(match u32::from(u16::from_be_bytes([l0, l1])) {
        // A jumbogram (RFC 2675 section 4).
        0 => step,
        len => step.limit(len.checked_sub(8).ok_or(Skip::Bad(LayerKind::Udp))?),
    })
}

/// The header of a tunnel in UDP.
pub(crate) fn tunnel(tunnel: Tunnel, span: Span<'_>) -> Result<Step<'_>, Skip> {
    match tunnel {
        Tunnel::Vxlan => overlay::vxlan(span),
        Tunnel::VxlanGpe => overlay::vxlan_gpe(span),
        Tunnel::Geneve => overlay::geneve(span),
        Tunnel::Gtp => mobile::gtp(span),
        Tunnel::Teredo => mobile::teredo(span),
        Tunnel::Ayiya => mobile::ayiya(span),
        Tunnel::L2tp => l2tp::l2tp(span),
        Tunnel::Gre => gre(span),
        Tunnel::Mpls => crate::link::mpls(span),
    }
}

/// Ethernet in IP (RFC 3378): a version and reserved bits.
pub(crate) fn ether_ip(span: Span<'_>) -> Result<Step<'_>, Skip> {
    match span.head().ok_or(Skip::Cut(LayerKind::EtherIp))? {
        [0x30, 0] => Step::new(LayerKind::EtherIp, span, 2, Next::Ethernet),
        _ => Err(Skip::Bad(LayerKind::EtherIp)),
    }
}

/// The packet is UDP but not the tunnel that its port stands for.
const PLAIN_UDP: Skip = Skip::NotTcp(protocol::UDP);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_in_both_directions() {
        let to = [0, 9, 0x12, 0xb5, 0, 12, 0, 0, 8, 0, 0, 0, 0, 0];
        let step = udp(Span::new(&to, 14)).unwrap();
        assert_eq!((step.next, step.rest.len), (Next::Tunnel(Tunnel::Vxlan), 4));
        let from = [0x12, 0xb5, 0, 9, 0, 0, 0, 0];
        assert_eq!(udp(Span::new(&from, 8)).unwrap().next, Next::Tunnel(Tunnel::Vxlan));
        assert_eq!(udp(Span::new(&[0; 8], 8)).unwrap_err(), PLAIN_UDP);
        assert_eq!(
            udp(Span::new(&[0x12, 0xb5, 0, 9, 0, 7, 0, 0], 8)).unwrap_err(),
            Skip::Bad(LayerKind::Udp)
        );
        assert_eq!(udp(Span::new(&to[..7], 14)).unwrap_err(), Skip::Cut(LayerKind::Udp));
    }

    #[test]
    fn ethernet_in_ip() {
        assert_eq!(ether_ip(Span::new(&[0x30, 0, 1], 3)).unwrap().next, Next::Ethernet);
        assert_eq!(ether_ip(Span::new(&[0x40, 0], 3)).unwrap_err(), Skip::Bad(LayerKind::EtherIp));
    }
}
