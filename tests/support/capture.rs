//! A flow script as a capture: pcap with nanoseconds, Ethernet, IPv4 or IPv6, TCP, every checksum right.
//!
//! The same octets on every machine: nothing but the script decides them.

use std::net::SocketAddr;

use etherparse::{IpHeaders, Ipv4Header, Ipv6Header, PacketBuilder, TcpHeader, ip_number};

use crate::flow::{Flow, Packet};
use fourwave_dissector::tcp::Flags;

/// The octets of a capture file with the packets of `flow`. What only the clock does is not in it.
#[must_use]
pub fn pcap(flow: &Flow) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_3c4d_u32.to_le_bytes()); // nanoseconds
    file.extend([2, 0, 4, 0]); // version 2.4
    file.extend([0; 8]); // time zone, accuracy
    file.extend(0x4_0000_u32.to_le_bytes()); // snap length
    file.extend(1_u32.to_le_bytes()); // Ethernet
    for (packet, frame) in flow.packets().zip(1..) {
        let octets = ethernet(flow, packet, frame);
        let (seconds, rest) = (packet.time_ns.div_euclid(SECOND), packet.time_ns.rem_euclid(SECOND));
        for field in [seconds as u32, rest as u32, octets.len() as u32, octets.len() as u32] {
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
