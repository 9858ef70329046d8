//! Fields of link-layer headers.

use super::{Fields, names};

pub(super) fn ethernet(fields: &mut Fields<'_>) -> Option<()> {
    fields.add_mac("dst", fields.array::<6>(0)?)?;
    fields.add_mac("src", fields.array::<6>(6)?)?;
    match fields.be16(12)? {
        len @ 0..0x0600 => fields.add("length", len),
        _ => fields.add_ether_type("ether-type", 12),
    }
}

pub(super) fn vlan(fields: &mut Fields<'_>) -> Option<()> {
    let control = fields.be16(0)?;
    fields.add("priority", control >> 13)?;
    fields.add("drop-eligible", control >> 12 & 1)?;
    fields.add("id", control & 0x0fff)?;
    fields.add_ether_type("ether-type", 2)
}

pub(super) fn llc(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("dsap", format_args!("{:#04x}", fields.u8(0)?))?;
    fields.add("ssap", format_args!("{:#04x}", fields.u8(1)?))?;
    fields.add("control", format_args!("{:#04x}", fields.u8(2)?))?;
    fields.add_mac("organization", fields.array::<3>(3)?)?;
    fields.add_ether_type("ether-type", 6)
}

pub(super) fn sll(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("packet-type", fields.be16(0)?)?;
    fields.add("device-type", fields.be16(2)?)?;
    hardware_address(fields, usize::from(fields.be16(4)?), 6)?;
    fields.add_ether_type("protocol", 14)
}

pub(super) fn sll2(fields: &mut Fields<'_>) -> Option<()> {
    fields.add_ether_type("protocol", 0)?;
    fields.add("interface", fields.be32(4)?)?;
    fields.add("device-type", fields.be16(8)?)?;
    fields.add("packet-type", fields.u8(10)?)?;
    hardware_address(fields, usize::from(fields.u8(11)?), 12)
}

/// The sender's address in a cooked header, which has room for eight octets.
fn hardware_address(fields: &mut Fields<'_>, len: usize, at: usize) -> Option<()> {
    match len.min(8) {
        0 => Some(()),
        len => fields.add_mac("src", fields.octets.get(at..at + len)?),
    }
}

pub(super) fn loopback(fields: &mut Fields<'_>) -> Option<()> {
    let family = u32::from_le_bytes(*fields.array(0)?);
    fields.add("family", if family > 0xffff { family.swap_bytes() } else { family })
}

pub(super) fn ppp(fields: &mut Fields<'_>) -> Option<()> {
    let framed = fields.octets.starts_with(&[0xff, 0x03]);
    let protocol = fields.octets.get(if framed { 2 } else { 0 }..)?;
    let number = protocol.iter().fold(0_u32, |number, octet| number << 8 | u32::from(*octet));
    fields.add("protocol", format_args!("{number:#06x}"))
}

pub(super) fn pppoe(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("code", fields.u8(1)?)?;
    fields.add("session", fields.be16(2)?)?;
    fields.add("length", fields.be16(4)?)
}

pub(super) fn mpls(fields: &mut Fields<'_>) -> Option<()> {
    for label in fields.octets.as_chunks::<4>().0 {
        let word = u32::from_be_bytes(*label);
        fields.add("label", word >> 12)?;
        fields.add("traffic-class", word >> 9 & 7)?;
        fields.add("ttl", word & 0xff)?;
    }
    Some(())
}

pub(super) fn wlan(fields: &mut Fields<'_>) -> Option<()> {
    let flags = fields.u8(1)?;
    fields.add("frame-control", format_args!("{:#06x}", fields.be16(0)?))?;
    fields.add(
        "flags",
        names(&[(flags & 1 != 0, "to-ds"), (flags & 2 != 0, "from-ds"), (flags & 8 != 0, "retry")]),
    )?;
    fields.add_mac("receiver", fields.array::<6>(4)?)?;
    fields.add_mac("transmitter", fields.array::<6>(10)?)?;
    fields.add_mac("address-3", fields.array::<6>(16)?)?;
    fields.add("sequence", u16::from_le_bytes(*fields.array(22)?) >> 4)
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use crate::LayerKind;

    #[test]
    fn ethernet_and_vlan() {
        assert_eq!(
            text(LayerKind::Ethernet, &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]),
            "dst 02:00:00:00:00:01\nsrc 02:00:00:00:00:02\nether-type 0x0800 (IPv4)"
        );
        assert_eq!(
            text(LayerKind::Vlan, &[0xa0, 5, 0x86, 0xdd]),
            "priority 5\ndrop-eligible 0\nid 5\nether-type 0x86dd (IPv6)"
        );
    }

    #[test]
    fn cooked() {
        assert_eq!(
            text(LayerKind::Sll, &[0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0]),
            "packet-type 4\ndevice-type 1\nsrc 02:00:00:00:00:01\nprotocol 0x0800 (IPv4)"
        );
        assert_eq!(
            text(LayerKind::Sll2, &[8, 0, 0, 0, 0, 0, 0, 3, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            "protocol 0x0800 (IPv4)\ninterface 3\ndevice-type 772\npacket-type 0"
        );
    }

    #[test]
    fn labels_and_sessions() {
        assert_eq!(text(LayerKind::Mpls, &[0, 1, 0x0b, 64]), "label 16\ntraffic-class 5\nttl 64");
        assert_eq!(text(LayerKind::Pppoe, &[0x11, 0, 0, 9, 0, 40]), "code 0\nsession 9\nlength 40");
        assert_eq!(text(LayerKind::Ppp, &[0xff, 3, 0, 0x21]), "protocol 0x0021");
        assert_eq!(text(LayerKind::Loopback, &[0, 0, 0, 30]), "family 30");
    }
}
