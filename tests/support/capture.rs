//! A flow script as a capture: pcap with nanoseconds, Ethernet, IPv4 or IPv6, TCP, every checksum right.
//!
//! The same octets on every machine: nothing but the script decides them.

use std::net::SocketAddr;

use etherparse::{IpHeaders, Ipv4Header, Ipv6Header, PacketBuilder, TcpHeader, ip_number};

use crate::flow::{Flow, Packet};
use fourwave_dissector::tcp::Flags;

/// One packet of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// What was captured of it, from the link layer on.
    pub octets: Vec<u8>,
    /// Its length on the wire.
    pub len: usize,
}

impl Frame {
    /// A packet captured whole.
    #[must_use]
    pub const fn whole(time_ns: i64, octets: Vec<u8>) -> Self {
        let len = octets.len();
        Self { time_ns, octets, len }
    }
}

/// The octets of a capture file with the packets of `flow`. What only the clock does is not in it.
#[must_use]
pub fn pcap(flow: &Flow) -> Vec<u8> {
    file(ETHERNET, &frames(flow))
}

/// Link type of [`frames`].
pub const ETHERNET: u32 = 1;

/// The packets of `flow`, on Ethernet.
#[must_use]
pub fn frames(flow: &Flow) -> Vec<Frame> {
    let packets = flow.packets().zip(1..);
    packets.map(|(packet, frame)| Frame::whole(packet.time_ns, ethernet(flow, packet, frame))).collect()
}

/// The octets of a capture file of this link type.
#[must_use]
pub fn file(link_type: u32, frames: &[Frame]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_3c4d_u32.to_le_bytes()); // nanoseconds
    file.extend([2, 0, 4, 0]); // version 2.4
    file.extend([0; 8]); // time zone, accuracy
    file.extend(0x4_0000_u32.to_le_bytes()); // snap length
    file.extend(link_type.to_le_bytes());
    for Frame { time_ns, octets, len } in frames {
        let (seconds, rest) = (time_ns.div_euclid(SECOND), time_ns.rem_euclid(SECOND));
        for field in [seconds as u32, rest as u32, octets.len() as u32, *len as u32] {
            file.extend(field.to_le_bytes());
        }
        file.extend(octets);
    }
    file
}

const SECOND: i64 = 1_000_000_000;

/// One packet of `flow`, the `frame`-th, from its Ethernet header on.
fn ethernet(flow: &Flow, packet: &Packet, frame: u64) -> Vec<u8> {
    let (sender, receiver) = (flow.hosts[packet.from], flow.hosts[packet.from.other()]);
    let ttl = packet.ttl.unwrap_or(sender.ttl);
    let ip = match (sender.address, receiver.address) {
        (SocketAddr::V4(source), SocketAddr::V4(destination)) => {
            let (source, destination) = (source.ip().octets(), destination.ip().octets());
            let header = Ipv4Header::new(0, ttl, ip_number::TCP, source, destination);
            let mut header = header.expect("an empty payload fits");
            header.identification = packet.ip_id(frame);
            IpHeaders::Ipv4(header, Default::default())
        }
        (source, destination) => {
            let header = Ipv6Header {
                hop_limit: ttl,
                next_header: ip_number::TCP,
                source: ipv6(source),
                destination: ipv6(destination),
                ..Default::default()
            };
            IpHeaders::Ipv6(header, Default::default())
        }
    };
    let builder = PacketBuilder::ethernet2(sender.mac, receiver.mac).ip(ip).tcp_header(tcp(flow, packet));
    let mut octets = Vec::with_capacity(builder.size(packet.payload.len()));
    builder.write_to_vec(&mut octets, &packet.payload).expect("a segment of a script fits into a packet");
    octets
}

fn tcp(flow: &Flow, packet: &Packet) -> TcpHeader {
    let (sender, receiver) = (flow.hosts[packet.from], flow.hosts[packet.from.other()]);
    let is_set = |flag| packet.flags.contains(flag);
    let mut header =
        TcpHeader::new(sender.address.port(), receiver.address.port(), packet.seq, packet.window);
    header.acknowledgment_number = packet.ack;
    header.fin = is_set(Flags::FIN);
    header.syn = is_set(Flags::SYN);
    header.rst = is_set(Flags::RST);
    header.psh = is_set(Flags::PSH);
    header.ack = is_set(Flags::ACK);
    header.urg = is_set(Flags::URG);
    header.ece = is_set(Flags::ECE);
    header.cwr = is_set(Flags::CWR);
    header.set_options_raw(&packet.options).expect("the notation bounds the options");
    header
}

fn ipv6(address: SocketAddr) -> [u8; 16] {
    match address {
        SocketAddr::V4(address) => address.ip().to_ipv6_mapped().octets(),
        SocketAddr::V6(address) => address.ip().octets(),
    }
}
