//! The TCP checksum (RFC 9293 section 3.1, RFC 8200 section 8.1), verified when asked.
//!
//! A bad one says little of a segment that was recorded by its sender: network cards finish the sum later.

use core::net::IpAddr;

use crate::ip::protocol;
use crate::segment::Segment;
use crate::tcp::Header;

/// What the checksum of a segment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// It matches.
    Good,
    /// It does not match.
    Bad,
    /// It cannot be verified: octets are missing.
    Unknown,
}

impl Segment<'_> {
    /// Verifies the checksum. Reads all of the payload; nothing is kept.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        if self.tcp.cut() || self.payload.len() != self.len as usize {
            return Checksum::Unknown;
        }
        let length = u64::from(self.len) + u64::from(self.tcp.len);
        let pseudo = address(self.src.ip()) + address(self.dst.ip()) + u64::from(protocol::TCP) + length;
        match fold(pseudo + header(&self.tcp) + octets(self.payload)) {
            0xffff => Checksum::Good,
            _ => Checksum::Bad,
        }
    }
}

fn address(ip: IpAddr) -> u64 {
    match ip {
        IpAddr::V4(ip) => octets(&ip.octets()),
        IpAddr::V6(ip) => octets(&ip.octets()),
    }
}

fn header(tcp: &Header<'_>) -> u64 {
    let offset_and_flags = u16::from(tcp.len / 4) << 12 | tcp.flags.0;
    let words = [tcp.src_port, tcp.dst_port, offset_and_flags, tcp.window, tcp.checksum, tcp.urgent];
    words.iter().map(|word| u64::from(*word)).sum::<u64>()
        + u64::from(tcp.seq)
        + u64::from(tcp.ack)
        + octets(tcp.options)
}

/// The sum of 16-bit words, the last one filled up with zeros. Sixteen bits of carry do not matter: a sum of
/// 32-bit words folds to the same.
fn octets(octets: &[u8]) -> u64 {
    let (words, rest) = octets.as_chunks::<4>();
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    words.iter().chain([&last]).map(|word| u64::from(u32::from_be_bytes(*word))).sum()
}

/// Adds the carries back in.
const fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

#[cfg(test)]
mod tests {
    use core::net::SocketAddr;

    use super::*;
    use crate::FrameId;

    /// A segment with a data octet, whose checksum was computed by hand.
    fn segment<'a>(octets: &'a [u8], payload: &'a [u8], len: u32) -> Segment<'a> {
        Segment {
            at: FrameId::new(0, 1),
            layer: 0,
            time_ns: 0,
            zone: 0,
            in_packet: true,
            src: SocketAddr::from(([192, 0, 2, 1], 1)),
            dst: SocketAddr::from(([192, 0, 2, 2], 2)),
            ttl: 64,
            ip_id: None,
            tcp: Header::parse(octets).unwrap(),
            len,
            payload,
        }
    }

    #[test]
    fn verified_on_demand() {
        // Pseudo-header: c000 + 0201 + c000 + 0202 + 0006 + 0015; header: 0001 + 0002 + 5010; data: 4100.
        // Together 2_1531, folded 1533, complement eacc.
        let mut octets = [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 0, 0, 0xea, 0xcc, 0, 0];
        assert_eq!(segment(&octets, b"A", 1).checksum(), Checksum::Good);
        assert_eq!(segment(&octets, b"B", 1).checksum(), Checksum::Bad);
        assert_eq!(segment(&octets, b"A", 2).checksum(), Checksum::Unknown);
        octets[12] = 0x60;
        assert_eq!(segment(&octets, b"A", 1).checksum(), Checksum::Unknown);
    }
}
