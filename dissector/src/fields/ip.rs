//! Fields of the IPv4 header (RFC 791), the IPv6 header (RFC 8200) and its extensions.

use super::{Fields, joined, names};

pub(super) fn v4(fields: &mut Fields<'_>) -> Option<()> {
    let fragment = fields.be16(6)?;
    let header_len = fields.u8(0)? & 0x0f;
    fields.add("version", fields.u8(0)? >> 4)?;
    fields.add("header-length", header_len * 4)?;
    traffic_class(fields, fields.u8(1)?)?;
    fields.add("total-length", fields.be16(2)?)?;
    fields.add_id("identification", fields.be16(4)?)?;
    fields.add(
        "flags",
        names(&[
            (fragment & 0x8000 != 0, "reserved"),
            (fragment & 0x4000 != 0, "DF"),
            (fragment & 0x2000 != 0, "MF"),
        ]),
    )?;
    fields.add("fragment-offset", u32::from(fragment & 0x1fff) * 8)?;
    fields.add("ttl", fields.u8(8)?)?;
    fields.add_protocol("protocol", 9)?;
    fields.add("checksum", format_args!("{:#06x}", fields.be16(10)?))?;
    fields.add("src", fields.ipv4(12)?)?;
    fields.add("dst", fields.ipv4(16)?)?;
    match fields.octets.get(20..)? {
        [] => Some(()),
        options => fields.add("options", joined(options, " ")),
    }
}

pub(super) fn v6(fields: &mut Fields<'_>) -> Option<()> {
    let word = fields.be32(0)?;
    fields.add("version", word >> 28)?;
    traffic_class(fields, (word >> 20) as u8)?;
    fields.add("flow-label", format_args!("{:#07x}", word & 0x000f_ffff))?;
    fields.add("payload-length", fields.be16(4)?)?;
    fields.add_protocol("next-header", 6)?;
    fields.add("hop-limit", fields.u8(7)?)?;
    fields.add("src", fields.ipv6(8)?)?;
    fields.add("dst", fields.ipv6(24)?)
}

/// Differentiated services (RFC 2474) and congestion notification (RFC 3168).
fn traffic_class(fields: &mut Fields<'_>, octet: u8) -> Option<()> {
    fields.add("dscp", octet >> 2)?;
    fields.add("ecn", octet & 3)
}

pub(super) fn extension(fields: &mut Fields<'_>) -> Option<()> {
    fields.add_protocol("next-header", 0)?;
    fields.add("length", fields.octets.len())
}

pub(super) fn authentication(fields: &mut Fields<'_>) -> Option<()> {
    fields.add_protocol("next-header", 0)?;
    fields.add("security-parameters", format_args!("{:#010x}", fields.be32(4)?))?;
    fields.add("sequence", fields.be32(8)?)
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use crate::LayerKind;

    #[test]
    fn every_field_of_v4() {
        let header = [0x45, 0xb9, 0, 40, 0x12, 0x34, 0x40, 0, 64, 6, 0xab, 0xcd, 192, 0, 2, 1, 192, 0, 2, 2];
        assert_eq!(
            text(LayerKind::Ipv4, &header),
            "version 4\nheader-length 20\ndscp 46\necn 1\ntotal-length 40\nidentification 0x1234 (4660)\nflags DF\n\
             fragment-offset 0\nttl 64\nprotocol 6 (TCP)\nchecksum 0xabcd\nsrc 192.0.2.1\ndst 192.0.2.2"
        );
    }

    #[test]
    fn every_field_of_v6() {
        let mut header = [0; 40];
        header[..8].copy_from_slice(&[0x6b, 0x91, 0x23, 0x45, 0, 20, 6, 64]);
        (header[23], header[39]) = (1, 2);
        assert_eq!(
            text(LayerKind::Ipv6, &header),
            "version 6\ndscp 46\necn 1\nflow-label 0x12345\npayload-length 20\nnext-header 6 (TCP)\nhop-limit 64\n\
             src ::1\ndst ::2"
        );
        assert_eq!(
            text(LayerKind::Ipv6Extension, &[6, 0, 0, 0, 0, 0, 0, 0]),
            "next-header 6 (TCP)\nlength 8"
        );
    }
}
