//! Headers field by field, for people who want to read them.
//!
//! Names are stable kebab-case codes, so that a caller can translate them; values are numbers, addresses and
//! flag names, which read the same in every language. Nothing here takes part in finding segments.

mod ip;
mod link;
mod tcp;
mod tunnel;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::net::{Ipv4Addr, Ipv6Addr};

use crate::layer::{Layer, LayerKind};

/// One field of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A stable kebab-case name.
    pub name: &'static str,
    /// Its value; empty for what has none, such as an option without a body.
    pub value: String,
}

/// The fields of a header in the order in which they stand. What was not captured is left out, and a header
/// whose fields are not known in detail has only its `length`.
#[must_use]
pub fn fields(layer: &Layer<'_>) -> Vec<Field> {
    let mut fields = Fields { octets: layer.octets, list: Vec::new() };
    // `None` stands for a header that ends early: the fields before that are there.
    let _: Option<()> = match layer.kind {
        LayerKind::Ethernet => link::ethernet(&mut fields),
        LayerKind::Vlan => link::vlan(&mut fields),
        LayerKind::Llc => link::llc(&mut fields),
        LayerKind::Sll => link::sll(&mut fields),
        LayerKind::Sll2 => link::sll2(&mut fields),
        LayerKind::Loopback => link::loopback(&mut fields),
        LayerKind::Ppp => link::ppp(&mut fields),
        LayerKind::Pppoe => link::pppoe(&mut fields),
        LayerKind::Mpls => link::mpls(&mut fields),
        LayerKind::Wlan => link::wlan(&mut fields),
        LayerKind::Ipv4 => ip::v4(&mut fields),
        LayerKind::Ipv6 => ip::v6(&mut fields),
        LayerKind::Ipv6Extension => ip::extension(&mut fields),
        LayerKind::Authentication => ip::authentication(&mut fields),
        LayerKind::Gre => tunnel::gre(&mut fields),
        LayerKind::Udp => tunnel::udp(&mut fields),
        LayerKind::Vxlan => tunnel::vxlan(&mut fields),
        LayerKind::Geneve => tunnel::geneve(&mut fields),
        LayerKind::Gtp => tunnel::gtp(&mut fields),
        LayerKind::Tcp => tcp::tcp(&mut fields),
        LayerKind::ServiceTag
        | LayerKind::PortTag
        | LayerKind::FabricPath
        | LayerKind::Mpacket
        | LayerKind::Fddi
        | LayerKind::TokenRing
        | LayerKind::Arcnet
        | LayerKind::Ipoib
        | LayerKind::Firewire
        | LayerKind::CiscoHdlc
        | LayerKind::ControlWord
        | LayerKind::Nflog
        | LayerKind::Ppi
        | LayerKind::Pktap
        | LayerKind::Pflog
        | LayerKind::Enc
        | LayerKind::Juniper
        | LayerKind::Radiotap
        | LayerKind::Prism
        | LayerKind::Avs
        | LayerKind::Amsdu
        | LayerKind::Erspan
        | LayerKind::EtherIp
        | LayerKind::Teredo
        | LayerKind::Ayiya
        | LayerKind::L2tp => fields.add("length", layer.octets.len()),
    };
    fields.list
}

/// A header and what was read of it so far. Readers end with `None` where the octets end.
struct Fields<'a> {
    octets: &'a [u8],
    list: Vec<Field>,
}

impl<'a> Fields<'a> {
    fn add(&mut self, name: &'static str, value: impl Display) -> Option<()> {
        self.list.push(Field { name, value: value.to_string() });
        Some(())
    }

    fn array<const N: usize>(&self, at: usize) -> Option<&'a [u8; N]> {
        self.octets.get(at..)?.first_chunk()
    }

    fn u8(&self, at: usize) -> Option<u8> {
        self.octets.get(at).copied()
    }

    fn be16(&self, at: usize) -> Option<u16> {
        self.array(at).map(|octets| u16::from_be_bytes(*octets))
    }

    fn be32(&self, at: usize) -> Option<u32> {
        self.array(at).map(|octets| u32::from_be_bytes(*octets))
    }

    fn ipv4(&self, at: usize) -> Option<Ipv4Addr> {
        self.array::<4>(at).map(|octets| Ipv4Addr::from(*octets))
    }

    fn ipv6(&self, at: usize) -> Option<Ipv6Addr> {
        self.array::<16>(at).map(|octets| Ipv6Addr::from(*octets))
    }

    /// A number that is customarily written in hexadecimal, and in decimal beside it.
    fn add_id(&mut self, name: &'static str, value: u16) -> Option<()> {
        self.add(name, format_args!("{value:#06x} ({value})"))
    }

    /// An Ethernet type, with the name of those that matter here.
    fn add_ether_type(&mut self, name: &'static str, at: usize) -> Option<()> {
        let number = self.be16(at)?;
        let known = match number {
            0x0800 => " (IPv4)",
            0x0806 => " (ARP)",
            0x8100 => " (802.1Q)",
            0x88a8 => " (802.1ad)",
            0x86dd => " (IPv6)",
            0x8847 => " (MPLS)",
            0x8864 => " (PPPoE)",
            0x6558 => " (Ethernet)",
            _ => "",
        };
        self.add(name, format_args!("{number:#06x}{known}"))
    }

    /// An IP protocol number, with the name of those that matter here.
    fn add_protocol(&mut self, name: &'static str, at: usize) -> Option<()> {
        let number = self.u8(at)?;
        let known = match number {
            0 => " (hop-by-hop options)",
            4 => " (IPv4)",
            6 => " (TCP)",
            17 => " (UDP)",
            41 => " (IPv6)",
            43 => " (routing)",
            44 => " (fragment)",
            47 => " (GRE)",
            51 => " (AH)",
            60 => " (destination options)",
            _ => "",
        };
        self.add(name, format_args!("{number}{known}"))
    }

    /// A hardware address.
    fn add_mac(&mut self, name: &'static str, octets: &[u8]) -> Option<()> {
        self.add(name, joined(octets, ":"))
    }
}

/// Octets in hexadecimal with something between them.
fn joined(octets: &[u8], between: &str) -> String {
    let hex: Vec<String> = octets.iter().map(|octet| alloc::format!("{octet:02x}")).collect();
    hex.join(between)
}

/// Names of the flags that are set, `-` for none.
fn names(flags: &[(bool, &str)]) -> String {
    let set: Vec<&str> = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
    if set.is_empty() { "-".to_string() } else { set.join(",") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a header, one a line.
    pub(super) fn text(kind: LayerKind, octets: &[u8]) -> String {
        let lines: Vec<String> = fields(&Layer { kind, offset: 0, octets })
            .into_iter()
            .map(|field| alloc::format!("{} {}", field.name, field.value))
            .collect();
        lines.join("\n")
    }

    #[test]
    fn headers_without_detail_have_a_length() {
        assert_eq!(text(LayerKind::Radiotap, &[0; 18]), "length 18");
    }

    #[test]
    fn what_was_not_captured_is_left_out() {
        assert_eq!(text(LayerKind::Udp, &[0, 80, 0]), "src-port 80");
    }
}
