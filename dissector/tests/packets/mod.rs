//! Builds packets from the inside out, and collects what the dissector says of them.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use fourwave_dissector::{
    Dissector, FrameId, Layer, LayerKind, LinkType, Outcome, Packet, Segment, Visitor, Zone,
};

/// What a visitor was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub headers: Vec<LayerKind>,
    /// Sequence number, length, captured payload, layer, zone.
    pub segments: Vec<(u32, u32, Vec<u8>, u8, u64)>,
}

impl Visitor for Seen {
    fn header(&mut self, layer: Layer<'_>) {
        self.headers.push(layer.kind);
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        let payload = segment.payload.to_vec();
        self.segments.push((segment.tcp.seq, segment.len, payload, segment.layer, segment.zone));
    }
}

/// A packet that was `len` octets long on the wire.
pub fn recorded(link_type: u16, data: &[u8], len: usize) -> Packet<'_> {
    Packet {
        at: FrameId::new(0, 1),
        time_ns: 0,
        link_type: LinkType(link_type),
        interface: 0,
        fcs_len: 0,
        len: u32::try_from(len).unwrap(),
        data,
    }
}

/// Dissects one packet that was `len` octets long on the wire.
pub fn dissect(dissector: &mut Dissector, link_type: u16, data: &[u8], len: usize) -> (Seen, Outcome) {
    let mut seen = Seen::default();
    let outcome = dissector.dissect(&recorded(link_type, data, len), &mut seen);
    (seen, outcome)
}

/// Dissects a packet that was captured whole, by itself.
pub fn dissect_one(link_type: u16, data: &[u8]) -> (Seen, Outcome) {
    dissect(&mut Dissector::new(Zone::Addresses), link_type, data, data.len())
}

/// A FIN with this sequence number and payload.
pub fn tcp(seq: u32, payload: &[u8]) -> Vec<u8> {
    let fixed = [0x01, 0xbb, 0xc3, 0xca];
    let rest = [0, 0, 0, 9, 0x80, 0x11, 0xff, 0xff, 0, 0, 0, 0, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
    [&fixed[..], &seq.to_be_bytes(), &rest, payload].concat()
}

pub fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ipv4_fragment(protocol, payload, 0)
}

/// `field` holds the flags and the offset.
pub fn ipv4_fragment(protocol: u8, payload: &[u8], field: u16) -> Vec<u8> {
    let [l0, l1] = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let [f0, f1] = field.to_be_bytes();
    let header = [0x45, 0, l0, l1, 0, 7, f0, f1, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    [&header[..], payload].concat()
}

pub fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = u16::try_from(payload.len()).unwrap().to_be_bytes();
    let address = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    [&[0x60, 0, 0, 0, l0, l1, next, 64][..], &address, &address, payload].concat()
}

pub fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let [p0, p1] = port.to_be_bytes();
    let [l0, l1] = u16::try_from(8 + payload.len()).unwrap().to_be_bytes();
    [&[0x80, 0, p0, p1, l0, l1, 0, 0][..], payload].concat()
}

pub fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2][..], &ether_type.to_be_bytes(), payload].concat()
}
