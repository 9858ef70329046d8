//! What holds for any octets: no panic, nothing invented, and agreement with another parser.

mod packets;

use etherparse::{TcpHeaderSlice, TcpOptionElement};
use fourwave_dissector::tcp::{Header, TcpOption};
use fourwave_dissector::{Dissector, Layer, LayerKind, Zone, fields};
use packets::{dissect, dissect_one, ethernet, ipv4, ipv6, tcp, udp};
use proptest::prelude::*;

const LINK_TYPES: [u16; 34] = [
    0, 1, 6, 7, 9, 10, 11, 12, 14, 50, 51, 100, 101, 104, 105, 108, 109, 113, 117, 119, 127, 129, 138, 163,
    178, 192, 219, 228, 229, 239, 242, 258, 274, 276,
];

/// Packets through every kind of header, to be cut and damaged.
fn specimens() -> Vec<(u16, Vec<u8>)> {
    let inner = ipv4(6, &tcp(7, b"ABCD"));
    let frame = ethernet(0x0800, &inner);
    let vxlan = udp(4789, &[&[8, 0, 0, 0, 0, 0, 1, 0][..], &frame].concat());
    let gtp = udp(2152, &[&[0x34, 255, 0, 68, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0][..], &inner].concat());
    let gre = [&[0x30, 0, 0x65, 0x58, 0, 0, 0, 1, 0, 0, 0, 1][..], &frame].concat();
    let extended = [&[43, 0, 0, 0, 0, 0, 0, 0, 6, 2, 0, 1][..], &[0; 20], &tcp(7, b"ABCD")].concat();
    let labels = [&[0, 1, 0, 64, 0, 1, 1, 64, 0, 0, 0, 0][..], &frame].concat();
    let session = [&[0x11, 0, 0, 1, 0, 58, 0, 0x21][..], &inner].concat();
    let snap = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &inner].concat();
    let wlan = [&[0x88, 0x83][..], &[0; 34], &snap].concat();
    vec![
        (1, frame),
        (1, ethernet(0x0800, &ipv4(17, &vxlan))),
        (1, ethernet(0x8100, &[&[0, 1, 8, 0][..], &ipv4(17, &gtp)].concat())),
        (1, ethernet(0x8847, &labels)),
        (1, ethernet(0x8864, &session)),
        (1, ethernet(64, &snap)),
        (101, ipv4(47, &gre)),
        (101, ipv6(0, &extended)),
        (105, wlan),
    ]
}

/// TCP headers with options that both parsers know.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let option = prop_oneof![
        Just(vec![1]),
        any::<[u8; 2]>().prop_map(|mss| [&[2, 4][..], &mss].concat()),
        any::<u8>().prop_map(|shift| vec![3, 3, shift]),
        Just(vec![4, 2]),
        any::<[u8; 16]>().prop_map(|blocks| [&[5, 18][..], &blocks].concat()),
        any::<[u8; 8]>().prop_map(|clocks| [&[8, 10][..], &clocks].concat()),
    ];
    (any::<[u8; 20]>(), prop::collection::vec(option, 0..5)).prop_map(|(mut fixed, options)| {
        let mut options = options.concat();
        options.resize(options.len().next_multiple_of(4).min(40), 1);
        // An option may have been cut at 40 octets: both parsers must say so.
        fixed[12] = ((5 + options.len() / 4) << 4) as u8 | fixed[12] & 0x0f;
        [&fixed[..], &options].concat()
    })
}

/// The same option in our words; `None` for what ended the other's walk.
fn ours(theirs: Result<TcpOptionElement, etherparse::TcpOptionReadError>) -> Option<String> {
    Some(match theirs.ok()? {
        TcpOptionElement::Noop => "nop".into(),
        TcpOptionElement::MaximumSegmentSize(mss) => format!("mss {mss}"),
        TcpOptionElement::WindowScale(shift) => format!("scale {shift}"),
        TcpOptionElement::SelectiveAcknowledgementPermitted => "permitted".into(),
        TcpOptionElement::SelectiveAcknowledgement(first, rest) => {
            let blocks: Vec<_> = std::iter::once(first).chain(rest.into_iter().flatten()).collect();
            format!("sack {blocks:?}")
        }
        TcpOptionElement::Timestamp(value, echo) => format!("clock {value} {echo}"),
    })
}

fn word(option: TcpOption<'_>) -> Option<String> {
    if let TcpOption::Sack(blocks) = option {
        return Some(format!("sack {:?}", blocks.collect::<Vec<_>>()));
    }
    if let TcpOption::MaximumSegmentSize(mss) = option {
        return Some(format!("mss {mss}"));
    }
    if let TcpOption::WindowScale(shift) = option {
        return Some(format!("scale {shift}"));
    }
    if let TcpOption::Timestamps { value, echo_reply } = option {
        return Some(format!("clock {value} {echo_reply}"));
    }
    if option == TcpOption::NoOperation {
        return Some("nop".into());
    }
    (option == TcpOption::SackPermitted).then(|| "permitted".into())
}

proptest! {
    #[test]
    fn headers_read_as_etherparse_reads_them(octets in header()) {
        let (ours_, theirs) = (Header::parse(&octets).unwrap(), TcpHeaderSlice::from_slice(&octets).unwrap());
        prop_assert_eq!(ours_.src_port, theirs.source_port());
        prop_assert_eq!(ours_.dst_port, theirs.destination_port());
        prop_assert_eq!(ours_.seq, theirs.sequence_number());
        prop_assert_eq!(ours_.ack, theirs.acknowledgment_number());
        prop_assert_eq!(ours_.flags.0 & 0xff, u16::from(octets[13]));
        prop_assert_eq!(ours_.flags.0 & 0x100 != 0, theirs.ns());
        prop_assert_eq!(ours_.window, theirs.window_size());
        prop_assert_eq!(ours_.checksum, theirs.checksum());
        prop_assert_eq!(ours_.urgent, theirs.urgent_pointer());
        prop_assert_eq!(usize::from(ours_.len), theirs.slice().len());
        let theirs: Vec<_> = theirs.options_iterator().map_while(ours).collect();
        let ours_: Vec<_> = ours_.options().map_while(word).collect();
        prop_assert_eq!(ours_, theirs);
    }

    #[test]
    fn any_options_end(options in prop::collection::vec(any::<u8>(), 0..=40), words in 5..=15_u8) {
        let octets = [&[0; 12][..], &[words << 4, 0, 0, 0, 0, 0, 0, 0], &options].concat();
        let header = Header::parse(&octets).unwrap();
        prop_assert!(header.options().count() <= header.options.len());
        let layer = Layer { kind: LayerKind::Tcp, offset: 0, octets: &octets };
        prop_assert!(fields::fields(&layer).len() >= 10);
    }

    #[test]
    fn any_octets_of_any_link_type(data in prop::collection::vec(any::<u8>(), 0..200), more in 0..2000_usize) {
        for link_type in LINK_TYPES {
            let (seen, outcome) = dissect(&mut Dissector::new(Zone::Tunnel), link_type, &data, data.len() + more);
            prop_assert_eq!(seen.segments.len(), outcome.segments as usize);
            prop_assert!(outcome.segments > 0 || outcome.skipped.is_some());
        }
    }

    #[test]
    fn any_damage(which in 0..9_usize, at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let (link_type, mut data) = specimens().swap_remove(which);
        let at = at.index(data.len());
        data[at] = octet;
        let (seen, outcome) = dissect_one(link_type, &data);
        prop_assert!(outcome.segments > 0 || outcome.skipped.is_some());
        for segment in seen.segments {
            prop_assert!(segment.2.len() <= data.len() && segment.2.len() <= segment.1 as usize);
        }
    }
}

/// A shorter capture of the same packet shows less, never something else.
#[test]
fn a_cut_never_invents() {
    for (link_type, data) in specimens() {
        let (whole, outcome) = dissect_one(link_type, &data);
        assert_eq!(outcome.segments, 1, "link type {link_type}: {:?} {:?}", outcome.skipped, whole.headers);
        for cut in 0..data.len() {
            let (seen, outcome) = dissect(&mut Dissector::default(), link_type, &data[..cut], data.len());
            assert!(whole.headers.starts_with(&seen.headers), "link type {link_type} cut at {cut}");
            match &seen.segments[..] {
                [] => assert!(outcome.skipped.is_some()),
                [(seq, len, payload, ..)] => {
                    let (whole_seq, whole_len, whole_payload, ..) = &whole.segments[0];
                    assert_eq!((seq, len), (whole_seq, whole_len), "link type {link_type} cut at {cut}");
                    assert!(whole_payload.starts_with(payload));
                }
                more => panic!("{} segments in one", more.len()),
            }
        }
    }
}

/// Fields of any header read from any number of its octets.
#[test]
fn fields_of_cut_headers() {
    for (link_type, data) in specimens() {
        for kind in dissect_one(link_type, &data).0.headers {
            for cut in 0..data.len() {
                let whole = fields::fields(&Layer { kind, offset: 0, octets: &data });
                assert!(
                    fields::fields(&Layer { kind, offset: 0, octets: &data[..cut] }).len()
                        <= whole.len().max(1)
                );
            }
        }
    }
}
