//! Capture files from their fields.

use crate::capture::Endianness::{self, Big, Little};

pub(super) const MICROSECONDS: u32 = 0xa1b2_c3d4;
pub(super) const NANOSECONDS: u32 = 0xa1b2_3c4d;
pub(super) const MODIFIED: u32 = 0xa1b2_cd34;

pub(super) const SECTION: u32 = 0x0a0d_0d0a;
pub(super) const INTERFACE: u32 = 1;
pub(super) const OBSOLETE_PACKET: u32 = 2;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const ENHANCED_PACKET: u32 = 6;

/// Writes numbers in one order.
pub(super) trait Order {
    fn n16(self, number: u16) -> [u8; 2];
    fn n32(self, number: u32) -> [u8; 4];
    fn n32s(self, numbers: &[u32]) -> Vec<u8>;
}

impl Order for Endianness {
    fn n16(self, number: u16) -> [u8; 2] {
        match self {
            Little => number.to_le_bytes(),
            Big => number.to_be_bytes(),
        }
    }

    fn n32(self, number: u32) -> [u8; 4] {
        match self {
            Little => number.to_le_bytes(),
            Big => number.to_be_bytes(),
        }
    }

    fn n32s(self, numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| self.n32(*number)).collect()
    }
}

/// The header of a pcap file of version 2.4.
pub(super) fn pcap_header(order: Endianness, magic: u32, snaplen: u32, link_type: u32) -> Vec<u8> {
    [&order.n32(magic)[..], &order.n16(2), &order.n16(4), &order.n32s(&[0, 0, snaplen, link_type])].concat()
}

/// A pcap record: seconds, fraction, captured length, original length; `extra` belongs to the modified format.
pub(super) fn record(order: Endianness, header: [u32; 4], extra: &[u8], data: &[u8]) -> Vec<u8> {
    [&order.n32s(&header)[..], extra, data].concat()
}

/// A block with its body padded.
pub(super) fn block(order: Endianness, block_type: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = order.n32(u32::try_from(12 + padded).unwrap());
    let padding = vec![0; padded - body.len()];
    [&order.n32(block_type)[..], &length, body, &padding, &length].concat()
}

/// A section header of version 1.0 that does not know its length.
pub(super) fn section(order: Endianness) -> Vec<u8> {
    let body = [order.n32s(&[0x1a2b_3c4d]), order.n16(1).into(), order.n16(0).into(), vec![0xff; 8]].concat();
    block(order, SECTION, &body)
}

pub(super) fn interface(order: Endianness, link_type: u16, snaplen: u32, options: &[u8]) -> Vec<u8> {
    let body = [&order.n16(link_type)[..], &[0, 0], &order.n32(snaplen), options].concat();
    block(order, INTERFACE, &body)
}

pub(super) fn option(order: Endianness, code: u16, value: &[u8]) -> Vec<u8> {
    let padding = vec![0; value.len().next_multiple_of(4) - value.len()];
    let length = order.n16(u16::try_from(value.len()).unwrap());
    [&order.n16(code)[..], &length, value, &padding].concat()
}

/// An enhanced packet block of a packet that was captured whole.
pub(super) fn packet(order: Endianness, interface: u32, ticks: u64, data: &[u8]) -> Vec<u8> {
    packet_with(order, interface, ticks, data, u32::try_from(data.len()).unwrap(), &[])
}

pub(super) fn packet_with(
    order: Endianness,
    interface: u32,
    ticks: u64,
    data: &[u8],
    len: u32,
    options: &[u8],
) -> Vec<u8> {
    let captured = u32::try_from(data.len()).unwrap();
    let [high, low] = [ticks >> 32, ticks & 0xffff_ffff].map(|half| u32::try_from(half).unwrap());
    let padding = vec![0; data.len().next_multiple_of(4) - data.len()];
    let fixed = order.n32s(&[interface, high, low, captured, len]);
    block(order, ENHANCED_PACKET, &[&fixed[..], data, &padding, options].concat())
}

/// Small files of all formats, uncompressed, with three packets or more each.
pub(super) fn samples() -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    for order in [Little, Big] {
        for (magic, extra) in [(MICROSECONDS, &[][..]), (NANOSECONDS, &[]), (MODIFIED, &[0xee; 8])] {
            let mut file = pcap_header(order, magic, 65_535, 1);
            for (seconds, data) in [(1, &b"one"[..]), (2, b""), (3, b"three")] {
                let len = u32::try_from(data.len()).unwrap();
                file.extend(record(order, [seconds, 5, len, 60], extra, data));
            }
            samples.push(file);
        }
    }
    let mut file = Vec::new();
    for order in [Little, Big, Little] {
        file.extend(section(order));
        file.extend(interface(order, 1, 4, &option(order, 9, &[9])));
        file.extend(interface(order, 101, 0, &[]));
        file.extend(packet(order, 1, 1_700_000_000_000_000, b"one"));
        file.extend(block(order, 0x0bad, b"custom"));
        file.extend(block(order, SIMPLE_PACKET, &[&order.n32(100)[..], b"four"].concat()));
        file.extend(packet_with(order, 0, 5, b"three", 99, &option(order, 1, b"comment")));
    }
    samples.push(file);
    samples
}
