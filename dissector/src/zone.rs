//! What sets two connections with equal addresses and ports apart: the VLANs or the tunnels they run in.

use core::net::IpAddr;

use crate::layer::{Layer, LayerKind};

/// How much of a packet's path takes part in [`crate::Segment::zone`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Zone {
    /// Nothing: equal addresses and ports are one connection.
    #[default]
    Addresses,
    /// The identifiers of the VLAN tags.
    Vlan,
    /// Those, and the tunnels: the addresses of the outer packets, network identifiers, keys and sessions as far as
    /// both directions have the same.
    Tunnel,
}

impl Zone {
    /// The zone behind a header, given the one before it.
    pub(crate) fn enter(self, zone: u64, layer: &Layer<'_>) -> u64 {
        let takes_part = match self {
            Self::Addresses => false,
            Self::Vlan => layer.kind == LayerKind::Vlan,
            Self::Tunnel => true,
        };
        if !takes_part {
            return zone;
        }
        let number = |at: usize, len: usize| {
            let octets = layer.octets.get(at..at + len).unwrap_or_default();
            octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet))
        };
        let identifier = match layer.kind {
            LayerKind::Vlan => number(0, 2) & 0x0fff,
            LayerKind::Vxlan | LayerKind::Geneve => number(4, 3),
            LayerKind::Pppoe => number(2, 2),
            LayerKind::Gre => gre_key(layer.octets),
            // What these have differs from one direction to the other, if they have anything.
            LayerKind::Mpls
            | LayerKind::ControlWord
            | LayerKind::Erspan
            | LayerKind::EtherIp
            | LayerKind::Gtp
            | LayerKind::Teredo
            | LayerKind::Ayiya
            | LayerKind::L2tp => return zone,
            // No tunnels.
            LayerKind::Ethernet
            | LayerKind::ServiceTag
            | LayerKind::PortTag
            | LayerKind::FabricPath
            | LayerKind::Mpacket
            | LayerKind::Llc
            | LayerKind::Fddi
            | LayerKind::TokenRing
            | LayerKind::Arcnet
            | LayerKind::Ipoib
            | LayerKind::Firewire
            | LayerKind::Sll
            | LayerKind::Sll2
            | LayerKind::Loopback
            | LayerKind::Ppp
            | LayerKind::CiscoHdlc
            | LayerKind::Nflog
            | LayerKind::Ppi
            | LayerKind::Pktap
            | LayerKind::Pflog
            | LayerKind::Enc
            | LayerKind::Juniper
            | LayerKind::Radiotap
            | LayerKind::Prism
            | LayerKind::Avs
            | LayerKind::Wlan
            | LayerKind::Amsdu
            | LayerKind::Ipv4
            | LayerKind::Ipv6
            | LayerKind::Ipv6Extension
            | LayerKind::Authentication
            | LayerKind::Udp
            | LayerKind::Tcp => return zone,
        };
        mix(zone, identifier)
    }

    /// The zone inside an IP packet that carries another, given the one around it.
    pub(crate) fn enter_ip(self, zone: u64, src: IpAddr, dst: IpAddr) -> u64 {
        match self {
            Self::Addresses | Self::Vlan => zone,
            // A sum, because it must not know the direction.
            Self::Tunnel => mix(zone, address(src).wrapping_add(address(dst))),
        }
    }
}

fn address(ip: IpAddr) -> u64 {
    match ip {
        IpAddr::V4(ip) => mix(0, u64::from(ip.to_bits())),
        IpAddr::V6(ip) => mix(mix(0, (ip.to_bits() >> 64) as u64), ip.to_bits() as u64),
    }
}

/// The key of version 0, which both directions share; calls of version 1 have one for each.
fn gre_key(header: &[u8]) -> u64 {
    match *header {
        [flags, version, _, _, ref rest @ ..] if version & 7 == 0 && flags & 0x20 != 0 => {
            let at = if flags & 0xc0 != 0 { 4 } else { 0 };
            rest.get(at..at + 4)
                .map_or(0, |key| key.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
        }
        _ => 0,
    }
}

/// Mixes a number into a hash (the finaliser of SplitMix64). Equal on every run and machine.
const fn mix(hash: u64, number: u64) -> u64 {
    let mut z = (hash ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(zone: Zone, kind: LayerKind, octets: &[u8]) -> u64 {
        zone.enter(0, &Layer { kind, offset: 0, octets })
    }

    #[test]
    fn vlans_by_identifier_not_priority() {
        let tag = |octets: [u8; 4]| enter(Zone::Vlan, LayerKind::Vlan, &octets);
        assert_eq!(tag([0x00, 5, 8, 0]), tag([0xe0, 5, 8, 0]));
        assert_ne!(tag([0x00, 5, 8, 0]), tag([0x00, 6, 8, 0]));
        assert_eq!(enter(Zone::Addresses, LayerKind::Vlan, &[0, 5, 8, 0]), 0);
    }

    #[test]
    fn tunnels_do_not_know_directions() {
        let (a, b) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert_eq!(Zone::Tunnel.enter_ip(0, a, b), Zone::Tunnel.enter_ip(0, b, a));
        assert_ne!(Zone::Tunnel.enter_ip(0, a, b), Zone::Tunnel.enter_ip(0, a, a));
        assert_eq!(Zone::Vlan.enter_ip(7, a, b), 7);
    }

    #[test]
    fn keys_and_identifiers() {
        let key = |octets: &[u8]| enter(Zone::Tunnel, LayerKind::Gre, octets);
        assert_ne!(key(&[0x20, 0, 8, 0, 0, 0, 0, 1]), key(&[0x20, 0, 8, 0, 0, 0, 0, 2]));
        assert_eq!(key(&[0x20, 1, 0x88, 0x0b, 0, 0, 0, 1]), key(&[0x20, 1, 0x88, 0x0b, 0, 0, 0, 2]));
        let vni = |octets: [u8; 8]| enter(Zone::Tunnel, LayerKind::Vxlan, &octets);
        assert_ne!(vni([8, 0, 0, 0, 0, 0, 1, 0]), vni([8, 0, 0, 0, 0, 0, 2, 0]));
    }
}
