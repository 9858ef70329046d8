//! Fields of tunnel headers.

use super::{Fields, names};

pub(super) fn udp(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("src-port", fields.be16(0)?)?;
    fields.add("dst-port", fields.be16(2)?)?;
    fields.add("length", fields.be16(4)?)?;
    fields.add("checksum", format_args!("{:#06x}", fields.be16(6)?))
}

pub(super) fn gre(fields: &mut Fields<'_>) -> Option<()> {
    let flags = fields.be16(0)?;
    let (checksum, routing) = (flags & 0x8000 != 0, flags & 0x4000 != 0);
    let (key, sequence) = (flags & 0x2000 != 0, flags & 0x1000 != 0);
    fields.add("flags", names(&[(checksum, "C"), (routing, "R"), (key, "K"), (sequence, "S")]))?;
    fields.add("version", flags & 7)?;
    fields.add_ether_type("protocol", 2)?;
    let at = if (checksum || routing) && flags & 7 == 0 { 8 } else { 4 };
    if key {
        fields.add("key", format_args!("{:#010x}", fields.be32(at)?))?;
    }
    if sequence && !routing {
        fields.add("sequence", fields.be32(if key { at + 4 } else { at })?)?;
    }
    Some(())
}

pub(super) fn vxlan(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("flags", format_args!("{:#04x}", fields.u8(0)?))?;
    fields.add("network", fields.be32(4)? >> 8)
}

pub(super) fn geneve(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("options-length", u32::from(fields.u8(0)? & 0x3f) * 4)?;
    fields.add_ether_type("protocol", 2)?;
    fields.add("network", fields.be32(4)? >> 8)
}

pub(super) fn gtp(fields: &mut Fields<'_>) -> Option<()> {
    fields.add("message-type", fields.u8(1)?)?;
    fields.add("length", fields.be16(2)?)?;
    fields.add("endpoint", format_args!("{:#010x}", fields.be32(4)?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use crate::LayerKind;

    #[test]
    fn overlays() {
        assert_eq!(text(LayerKind::Vxlan, &[8, 0, 0, 0, 0, 0, 5, 0]), "flags 0x08\nnetwork 5");
        assert_eq!(
            text(LayerKind::Geneve, &[1, 0, 0x65, 0x58, 0, 0, 5, 0]),
            "options-length 4\nprotocol 0x6558 (Ethernet)\nnetwork 5"
        );
        assert_eq!(
            text(LayerKind::Gtp, &[0x30, 255, 0, 40, 0, 0, 0, 1]),
            "message-type 255\nlength 40\nendpoint 0x00000001"
        );
    }

    #[test]
    fn gre_with_key_and_sequence() {
        assert_eq!(
            text(LayerKind::Gre, &[0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9]),
            "flags C,K,S\nversion 0\nprotocol 0x0800 (IPv4)\nkey 0x00000007\nsequence 9"
        );
        assert_eq!(
            text(LayerKind::Udp, &[0, 1, 0, 2, 0, 8, 0, 0]),
            "src-port 1\ndst-port 2\nlength 8\nchecksum 0x0000"
        );
    }
}
