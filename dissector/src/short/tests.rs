//! The short way against the long way: on packets of the common shape, near it, and damaged.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::{Dissector, FrameId, Layer, LinkType, Outcome, Packet, Segment, Visitor, Zone};

/// Everything that a visitor is told, in words.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told(Vec<String>);

impl Visitor for Told {
    fn header(&mut self, layer: Layer<'_>) {
        self.0.push(format!("{layer:?}"));
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        self.0.push(format!("{segment:?}"));
    }
}

/// What the short way tells, if it takes the packet.
fn short(packet: &Packet<'_>, zone: Zone) -> Option<(Told, Outcome)> {
    let mut told = Told::default();
    let taken = super::dissect(packet, zone, &mut told);
    assert!(taken || told.0.is_empty(), "told of a packet that it leaves to the long way");
    taken.then_some((told, Outcome { segments: 1, skipped: None }))
}

fn long(packet: &Packet<'_>, zone: Zone) -> (Told, Outcome) {
    let mut told = Told::default();
    let outcome = Dissector::new(zone).dissect_any(packet, &mut told);
    (told, outcome)
}

/// A packet with these octets and what a capture says of it.
#[derive(Clone, Debug)]
struct Recorded {
    link_type: u16,
    octets: Vec<u8>,
    /// Octets on the wire beyond those captured; below 0 where a capture claims fewer.
    beyond: i32,
    fcs_len: u8,
}

impl Recorded {
    fn packet(&self) -> Packet<'_> {
        Packet {
            at: FrameId::new(2, 7),
            time_ns: 1_700_000_000_000_000_001,
            link_type: LinkType(self.link_type),
            interface: 0,
            fcs_len: self.fcs_len,
            len: (self.octets.len() as u32).saturating_add_signed(self.beyond),
            data: &self.octets,
        }
    }
}

/// A header of the link type with so many tags; the last type is `ether_type`.
fn link(link_type: u16, tags: &[u16], ether_type: u16) -> Vec<u8> {
    let types: Vec<_> = tags.iter().copied().chain([ether_type]).map(u16::to_be_bytes).collect();
    let behind = types[1..].iter().enumerate().flat_map(|(tag, [hi, lo])| [0x20, tag as u8, *hi, *lo]);
    let first = match link_type {
        1 => [&[2; 12][..], &types[0]].concat(),
        113 => [&[0; 14][..], &types[0]].concat(),
        276 => [&types[0][..], &[0; 18]].concat(),
        _ => return Vec::new(),
    };
    first.into_iter().chain(behind).collect()
}

fn ipv4(options: usize, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = ((20 + options + payload.len()) as u16).to_be_bytes();
    let [f0, f1] = fragment.to_be_bytes();
    let first = 0x45 + (options / 4) as u8;
    let fixed = [first, 0, l0, l1, 0, 7, f0, f1, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2];
    [&fixed[..], &[1; 40][..options], payload].concat()
}

fn ipv6(payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (payload.len() as u16).to_be_bytes();
    [&[0x60, 0, 0, 0, l0, l1, 6, 64][..], &[0x20; 16], &[0x26; 16], payload].concat()
}

fn tcp(options: usize, payload: &[u8]) -> Vec<u8> {
    let words = ((5 + options / 4) as u8) << 4;
    let fixed = [1, 187, 195, 202, 0, 0, 1, 44, 0, 0, 0, 101, words, 0x18, 0xff, 0xff, 0, 0, 0, 0];
    [&fixed[..], &[1; 40][..options], payload].concat()
}

fn recorded() -> impl Strategy<Value = Recorded> {
    let link_type = prop::sample::select(alloc::vec![1, 1, 1, 12, 14, 101, 113, 228, 229, 276]);
    let tag = prop::sample::select(alloc::vec![0x8100, 0x88a8, 0x9100, 0x9200, 0x9300]);
    let tags = prop::collection::vec(tag, 0..4);
    let fragment = prop::sample::select(alloc::vec![0, 0x4000, 0x8000, 0x2000, 1]);
    let network = (any::<bool>(), any::<bool>(), 0..=10_usize, fragment);
    let transport = (0..=10_usize, prop::collection::vec(any::<u8>(), 0..20));
    let beyond = prop::sample::select(alloc::vec![0, 0, 0, 1, 2, -1, i32::MIN]);
    let recording = (0..8_usize, beyond, prop::sample::select(alloc::vec![0_u8, 0, 0, 4, 200]));
    (link_type, tags, network, transport, recording).prop_map(
        |(link_type, tags, (v6, type_fits, ip_options, fragment), (options, payload), recording)| {
            let tcp = tcp(options * 4, &payload);
            let ip = if v6 { ipv6(&tcp) } else { ipv4(ip_options * 4, fragment, &tcp) };
            let link = link(link_type, &tags, if v6 == type_fits { 0x86dd } else { 0x0800 });
            let (padding, beyond, fcs_len) = recording;
            Recorded { link_type, octets: [&link[..], &ip, &[0; 8][..padding]].concat(), beyond, fcs_len }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_ways_tell_the_same(
        mut recorded in recorded(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in prop::option::of(any::<prop::sample::Index>()),
        zone in prop::sample::select(alloc::vec![Zone::Addresses, Zone::Vlan, Zone::Tunnel]),
    ) {
        for (at, octet) in damage {
            let at = at.index(recorded.octets.len());
            recorded.octets[at] = octet;
        }
        if let Some(cut) = cut {
            let len = recorded.octets.len();
            recorded.octets.truncate(cut.index(len));
            recorded.beyond = recorded.beyond.saturating_add((len - recorded.octets.len()) as i32);
        }
        let packet = recorded.packet();
        if let Some(short) = short(&packet, zone) {
            prop_assert_eq!(short, long(&packet, zone));
        }
    }
}

#[test]
fn the_common_shapes_are_taken() {
    let tcp = tcp(12, b"ABCD");
    for link_type in [1, 12, 14, 101, 113, 228, 229, 276] {
        for tags in [&[][..], &[0x8100], &[0x88a8, 0x8100]] {
            for (ether_type, ip) in
                [(0x0800, ipv4(0, 0x4000, &tcp)), (0x0800, ipv4(8, 0, &tcp)), (0x86dd, ipv6(&tcp))]
            {
                let octets = [link(link_type, tags, ether_type), ip].concat();
                let recorded = Recorded { link_type, octets, beyond: 0, fcs_len: 0 };
                assert!(short(&recorded.packet(), Zone::Vlan).is_some(), "{recorded:?}");
            }
        }
    }
}

#[test]
fn what_is_not_common_is_left() {
    let taken = |link_type, octets: Vec<u8>| {
        short(&Recorded { link_type, octets, beyond: 0, fcs_len: 0 }.packet(), Zone::Addresses).is_some()
    };
    let ip = ipv4(0, 0, &tcp(0, &[]));
    assert!(!taken(1, [link(1, &[0x8100; 3], 0x0800), ip.clone()].concat()), "three tags");
    assert!(!taken(1, [link(1, &[], 0x8847), ip.clone()].concat()), "not IP");
    assert!(!taken(105, ip), "another link type");
    assert!(!taken(101, ipv4(0, 0x2000, &tcp(0, &[]))), "a fragment");
    assert!(!taken(101, ipv4(0, 0, &tcp(0, &[])[..19])), "a TCP header that is cut");
    assert!(!taken(101, Vec::new()), "nothing");
}
