//! Ethernet, VLAN tags, IPv4 or IPv6, TCP: a packet as octets, with right checksums.

use std::net::IpAddr;

use crate::address::Ends;
use crate::script::Peer;

/// TCP flags, as in the header.
pub mod flag {
    pub const FIN: u8 = 1;
    pub const SYN: u8 = 2;
    pub const RST: u8 = 4;
    pub const PSH: u8 = 8;
    pub const ACK: u8 = 16;
}

const TCP: u8 = 6;
const TTL: u8 = 64;

/// What a packet says above IP.
pub struct Segment<'a> {
    pub from: Peer,
    pub flags: u8,
    pub seq: u32,
    pub ack: u32,
    pub window: u16,
    pub options: &'a [u8],
    pub payload: &'a [u8],
}

/// Writes the packet of `segment` over `packet`.
pub fn build(packet: &mut Vec<u8>, ends: &Ends, ip_id: u16, segment: &Segment<'_>) {
    let (src, dst) = match segment.from {
        Peer::Client => (ends.client, ends.server),
        Peer::Server => (ends.server, ends.client),
    };
    packet.clear();
    link_header(packet, ends, segment.from);
    let tcp_len = (20 + segment.options.len() + segment.payload.len()) as u16;
    match (src.ip(), dst.ip()) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            packet.extend([0x08, 0x00]);
            ipv4_header(packet, ip_id, tcp_len, src.octets(), dst.octets());
        }
        (src, dst) => {
            packet.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
            packet.extend(tcp_len.to_be_bytes());
            packet.extend([TCP, TTL]);
            packet.extend(octets(src));
            packet.extend(octets(dst));
        }
    }
    let at = packet.len();
    packet.extend(src.port().to_be_bytes());
    packet.extend(dst.port().to_be_bytes());
    packet.extend(segment.seq.to_be_bytes());
    packet.extend(segment.ack.to_be_bytes());
    packet.push((((20 + segment.options.len()) / 4) as u8) << 4);
    packet.push(segment.flags);
    packet.extend(segment.window.to_be_bytes());
    packet.extend([0; 4]);
    packet.extend(segment.options);
    packet.extend(segment.payload);
    let pseudo_header = sum(&octets(src.ip())) + sum(&octets(dst.ip())) + u64::from(TCP) + u64::from(tcp_len);
    let checksum = checksum(sum(&packet[at..]) + pseudo_header);
    packet[at + 16..at + 18].copy_from_slice(&checksum.to_be_bytes());
}

/// Hardware addresses are made of the last octets of the network ones.
fn link_header(packet: &mut Vec<u8>, ends: &Ends, from: Peer) {
    let hardware = |kind, address: IpAddr| {
        let octets = octets(address);
        let tail = &octets[octets.len() - 3..];
        [2, kind, 0, tail[0], tail[1], tail[2]]
    };
    let (client, server) = (hardware(0, ends.client.ip()), hardware(1, ends.server.ip()));
    let (dst, src) = match from {
        Peer::Client => (server, client),
        Peer::Server => (client, server),
    };
    packet.extend(dst);
    packet.extend(src);
    if ends.vlan_tags == 2 {
        packet.extend([0x88, 0xa8, 0, 100]);
    }
    if ends.vlan_tags >= 1 {
        packet.extend([0x81, 0x00, 0, 42]);
    }
}

fn ipv4_header(packet: &mut Vec<u8>, ip_id: u16, tcp_len: u16, src: [u8; 4], dst: [u8; 4]) {
    let at = packet.len();
    packet.extend([0x45, 0]);
    packet.extend((20 + tcp_len).to_be_bytes());
    packet.extend(ip_id.to_be_bytes());
    packet.extend([0x40, 0, TTL, TCP, 0, 0]);
    packet.extend(src);
    packet.extend(dst);
    let checksum = checksum(sum(&packet[at..]));
    packet[at + 10..at + 12].copy_from_slice(&checksum.to_be_bytes());
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// The sum of big-endian words, not folded yet.
fn sum(octets: &[u8]) -> u64 {
    let mut words = octets.chunks_exact(4);
    let whole: u64 =
        words.by_ref().map(|word| u64::from(u32::from_be_bytes([word[0], word[1], word[2], word[3]]))).sum();
    let mut last = [0; 4];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    whole + u64::from(u32::from_be_bytes(last))
}

fn checksum(mut sum: u64) -> u16 {
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
