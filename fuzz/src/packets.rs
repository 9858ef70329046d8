//! Octets as packets.

use fourwave_dissector::fields::fields;
use fourwave_dissector::{Dissector, FrameId, Layer, LinkType, Packet, Segment, Visitor, Zone};

/// Link types of which there is a header to read are all below this.
const LINK_TYPES: u16 = 512;

/// Each packet holds the segments that are counted, or there is a reason why it holds none; and all that is shown can be
/// read field by field.
///
/// Two octets say the link type and one what sets equal addresses apart. Then there is a packet after the other, each behind
/// two octets that say how many follow, and one that says how many more there were on the wire.
///
/// # Panics
/// If not.
pub fn packets(octets: &[u8]) {
    let Some((&[upper, lower, settings], mut rest)) = octets.split_first_chunk() else { return };
    let link_type = LinkType(u16::from_be_bytes([upper, lower]) % LINK_TYPES);
    let zone = match settings & 3 {
        0 | 1 => Zone::Addresses,
        2 => Zone::Vlan,
        _ => Zone::Tunnel,
    };
    let mut dissector = Dissector::new(zone);
    let mut frame = 0;
    while let Some((&[upper, lower, cut], behind)) = rest.split_first_chunk() {
        let (data, behind) = behind.split_at(behind.len().min(u16::from_be_bytes([upper, lower]).into()));
        rest = behind;
        frame += 1;
        let packet = Packet {
            at: FrameId::new(0, frame),
            time_ns: 0,
            link_type,
            interface: 0,
            fcs_len: settings >> 4,
            len: data.len() as u32 + u32::from(cut),
            data,
        };
        let mut shown = Shown(0);
        let outcome = dissector.dissect(&packet, &mut shown);
        assert_eq!(outcome.segments, shown.0);
        assert!(outcome.segments > 0 || outcome.skipped.is_some());
    }
}

/// How many segments were shown.
struct Shown(u32);

impl Visitor for Shown {
    fn header(&mut self, layer: Layer<'_>) {
        let fields = fields(&layer);
        assert!(fields.iter().all(|field| !field.name.is_empty()));
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        self.0 += 1;
        assert!(segment.payload.len() <= segment.len as usize);
        let _ = (segment.checksum(), segment.tcp.options().count());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4096) })]

        #[test]
        fn any_octets_hold(octets in prop::collection::vec(any::<u8>(), 0..400)) {
            packets(&octets);
        }
    }
}
