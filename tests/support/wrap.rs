//! The same packets as they lie in other captures: behind tags, in tunnels, in fragments, cut, quoted, aggregated.
//!
//! Each way takes Ethernet packets with IPv4 and gives what a capture elsewhere would have held.

use etherparse::icmpv4::TimeExceededCode;
use etherparse::{Icmpv4Header, Icmpv4Type, IpFragOffset, IpNumber, Ipv4Header, ip_number};

use crate::capture::{ETHERNET, Frame};

/// A way in which packets can lie in a capture.
#[derive(Clone, Copy, Debug)]
pub struct Wrap {
    /// What it is, for messages.
    pub name: &'static str,
    /// The link type of what comes out.
    pub link_type: u32,
    /// Does it.
    pub apply: fn(&[Frame]) -> Vec<Frame>,
}

/// All of them.
pub const WRAPS: [Wrap; 9] = [
    Wrap { name: "vlan", link_type: ETHERNET, apply: |frames| each(frames, vlan) },
    Wrap { name: "ip-in-ip", link_type: ETHERNET, apply: |frames| each(frames, ip_in_ip) },
    Wrap { name: "gre", link_type: ETHERNET, apply: |frames| each(frames, gre) },
    Wrap { name: "vxlan", link_type: ETHERNET, apply: |frames| each(frames, vxlan) },
    Wrap {
        name: "gre-in-vxlan",
        link_type: ETHERNET,
        apply: |frames| each(frames, |octets| vxlan(&gre(octets))),
    },
    Wrap { name: "fragments", link_type: ETHERNET, apply: fragments },
    Wrap { name: "cut", link_type: ETHERNET, apply: cut },
    Wrap { name: "quoted", link_type: ETHERNET, apply: quoted },
    Wrap { name: "aggregated", link_type: IEEE_802_11, apply: aggregated },
];

/// Link type of IEEE 802.11 without anything before it.
const IEEE_802_11: u32 = 105;
/// Octets of the Ethernet header.
const LINK: usize = 14;
/// Octets of an IPv4 header without options.
const IP: usize = 20;
/// Octets of a TCP header without options.
const TCP: usize = 20;
/// Hardware addresses of the two ends of a tunnel, and the EtherType of IPv4.
const TUNNEL_LINK: [u8; LINK] = [2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0];
/// The two ends of a tunnel, the second of which is also a router that complains.
const TUNNEL: [[u8; 4]; 2] = [[203, 0, 113, 1], [203, 0, 113, 2]];

fn each(frames: &[Frame], wrap: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Frame> {
    frames.iter().map(|frame| Frame::whole(frame.time_ns, wrap(&frame.octets))).collect()
}

/// A VLAN in a VLAN (IEEE 802.1ad).
fn vlan(octets: &[u8]) -> Vec<u8> {
    let (addresses, rest) = octets.split_at(12);
    [addresses, &[0x88, 0xa8, 0, 7, 0x81, 0, 0, 42], rest].concat()
}

/// RFC 2003.
fn ip_in_ip(octets: &[u8]) -> Vec<u8> {
    tunnelled(ip_number::IPV4, &octets[LINK..])
}

/// RFC 2784, with Ethernet inside.
fn gre(octets: &[u8]) -> Vec<u8> {
    tunnelled(ip_number::GRE, &[&[0, 0, 0x65, 0x58], octets].concat())
}

/// RFC 7348.
fn vxlan(octets: &[u8]) -> Vec<u8> {
    const HEADERS: usize = 16;
    let [len_high, len_low] = ((HEADERS + octets.len()) as u16).to_be_bytes();
    let udp = [0xc0, 0, 0x12, 0xb5, len_high, len_low, 0, 0]; // to port 4789, no checksum
    let vxlan = [8, 0, 0, 0, 0, 0, 42, 0];
    tunnelled(ip_number::UDP, &[&udp, &vxlan, octets].concat())
}

/// Two fragments of each packet, the first with 16 octets of the TCP header. Every other time the last comes first.
fn fragments(frames: &[Frame]) -> Vec<Frame> {
    const FIRST: usize = 16;
    let fragments = frames.iter().enumerate().flat_map(|(index, frame)| {
        let payload = &frame.octets[LINK + IP..];
        let mut parts = [(0, &payload[..FIRST], true), (FIRST, &payload[FIRST..], false)];
        if index % 2 == 1 {
            parts.reverse();
        }
        parts.map(|(offset, part, more)| {
            let (mut ip, _) = Ipv4Header::from_slice(&frame.octets[LINK..]).expect("an IPv4 packet");
            ip.fragment_offset = IpFragOffset::try_new((offset / 8) as u16).expect("an offset that fits");
            ip.more_fragments = more;
            ip.total_len = (IP + part.len()) as u16;
            Frame::whole(frame.time_ns, datagram(&frame.octets[..LINK], ip, part))
        })
    });
    fragments.collect()
}

/// A snap length that keeps nothing behind the TCP header without options.
fn cut(frames: &[Frame]) -> Vec<Frame> {
    let mut frames = frames.to_vec();
    for frame in &mut frames {
        frame.octets.truncate(LINK + IP + TCP);
    }
    frames
}

/// After each packet a router sends it back, whole, in an ICMP message.
fn quoted(frames: &[Frame]) -> Vec<Frame> {
    let quotes = frames.iter().flat_map(|frame| {
        let quote = &frame.octets[LINK..];
        let kind = Icmpv4Type::TimeExceeded(TimeExceededCode::TtlExceededInTransit);
        let icmp = Icmpv4Header::with_checksum(kind, quote).to_bytes();
        let message = tunnelled(ip_number::ICMP, &[&icmp, quote].concat());
        [frame.clone(), Frame::whole(frame.time_ns + 1, message)]
    });
    quotes.collect()
}

/// Two packets in one frame of IEEE 802.11 (IEEE 802.11-2020 section 9.3.2.2).
fn aggregated(frames: &[Frame]) -> Vec<Frame> {
    const SNAP: [u8; 6] = [0xaa, 0xaa, 3, 0, 0, 0];
    let frames = frames.chunks(2).map(|pair| {
        let mut octets = vec![0x88, 0, 0, 0]; // QoS data
        octets.extend([2; 18]); // addresses
        octets.extend([0, 0, 0x80, 0]); // sequence control, QoS control: aggregated
        for Frame { octets: packet, .. } in pair {
            while octets.len() % 4 != 26 % 4 {
                octets.push(0);
            }
            let len = (SNAP.len() + packet.len() - 12) as u16;
            let parts: [&[u8]; 4] = [&packet[..12], &len.to_be_bytes(), &SNAP, &packet[12..]];
            octets.extend(parts.concat());
        }
        Frame::whole(pair[0].time_ns, octets)
    });
    frames.collect()
}

/// `payload` between the two ends of the tunnel.
fn tunnelled(protocol: IpNumber, payload: &[u8]) -> Vec<u8> {
    let [source, destination] = TUNNEL;
    let ip = Ipv4Header::new(payload.len() as u16, 64, protocol, source, destination);
    datagram(&TUNNEL_LINK, ip.expect("a payload that fits"), payload)
}

fn datagram(link: &[u8], mut ip: Ipv4Header, payload: &[u8]) -> Vec<u8> {
    ip.header_checksum = ip.calc_header_checksum();
    [link, &ip.to_bytes(), payload].concat()
}
