//! Whole packets: every way down to a TCP header, and every reason not to get there.

mod packets;

use fourwave_dissector::{Dissector, LayerKind, Packet, Skip, Zone};
use packets::{Seen, dissect, dissect_one, ethernet, ipv4, ipv4_fragment, ipv6, recorded, tcp, udp};

/// Expects one segment, sequence number 7 and payload `A`, and returns the headers before it.
fn one(link_type: u16, data: &[u8]) -> Vec<LayerKind> {
    let (seen, outcome) = dissect_one(link_type, data);
    assert_eq!((outcome.segments, outcome.skipped), (1, None), "link type {link_type}: {seen:?}");
    assert_eq!(seen.segments, [(7, 1, b"A".to_vec(), 0, 0)]);
    let mut headers = seen.headers;
    assert_eq!(headers.pop(), Some(LayerKind::Tcp));
    headers
}

fn skip(link_type: u16, data: &[u8]) -> Skip {
    let (seen, outcome) = dissect_one(link_type, data);
    assert_eq!(seen.segments, []);
    outcome.skipped.expect("a reason")
}

fn packet() -> Vec<u8> {
    ipv4(6, &tcp(7, b"A"))
}

#[test]
fn link_types() {
    let prefixed = |prefix: &[u8]| [prefix, &packet()].concat();
    let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    let wlan = [&[0x08, 1][..], &[0; 22], &snap].concat();
    let radiotap = [&[0, 0, 8, 0, 0, 0, 0, 0][..], &wlan].concat();
    let ppi = [&[0, 0, 8, 0, 105, 0, 0, 0][..], &wlan].concat();
    let sll = [&[0; 14][..], &[8, 0]].concat();
    let sll2 = [&[8, 0][..], &[0; 18]].concat();
    let nflog_len = u8::try_from(4 + packet().len()).unwrap();

    assert_eq!(one(1, &ethernet(0x0800, &packet())), [LayerKind::Ethernet, LayerKind::Ipv4]);
    for raw in [12, 14, 101, 228, 229] {
        assert_eq!(one(raw, &packet()), [LayerKind::Ipv4]);
    }
    assert_eq!(one(0, &prefixed(&[2, 0, 0, 0])), [LayerKind::Loopback, LayerKind::Ipv4]);
    assert_eq!(one(108, &prefixed(&[0, 0, 0, 2])), [LayerKind::Loopback, LayerKind::Ipv4]);
    assert_eq!(one(9, &prefixed(&[0xff, 3, 0, 0x21])), [LayerKind::Ppp, LayerKind::Ipv4]);
    assert_eq!(one(50, &prefixed(&[0x0f, 0, 8, 0])), [LayerKind::CiscoHdlc, LayerKind::Ipv4]);
    assert_eq!(one(104, &prefixed(&[0x0f, 0, 8, 0])), [LayerKind::CiscoHdlc, LayerKind::Ipv4]);
    assert_eq!(one(113, &prefixed(&sll)), [LayerKind::Sll, LayerKind::Ipv4]);
    assert_eq!(one(276, &prefixed(&sll2)), [LayerKind::Sll2, LayerKind::Ipv4]);
    assert_eq!(one(239, &prefixed(&[2, 0, 0, 0, nflog_len, 0, 9, 0])), [LayerKind::Nflog, LayerKind::Ipv4]);
    assert_eq!(one(105, &prefixed(&wlan)), [LayerKind::Wlan, LayerKind::Llc, LayerKind::Ipv4]);
    assert_eq!(one(127, &prefixed(&radiotap))[..2], [LayerKind::Radiotap, LayerKind::Wlan]);
    assert_eq!(one(192, &prefixed(&ppi))[..2], [LayerKind::Ppi, LayerKind::Wlan]);
    assert_eq!(skip(9999, &packet()), Skip::LinkType(9999));
}

#[test]
fn between_ethernet_and_ip() {
    let inner = packet();
    let tags: Vec<u8> = [[0, 1, 0x81, 0]; 7].concat();
    let tagged = ethernet(0x88a8, &[&tags[..], &[0, 9, 8, 0], &inner].concat());
    assert_eq!(one(1, &tagged).len(), 10);

    let label = ethernet(0x8847, &[&[0, 1, 0x01, 64][..], &inner].concat());
    assert_eq!(one(1, &label)[1], LayerKind::Mpls);
    let wire = ethernet(0x8847, &[&[0, 1, 0x01, 64, 0, 0, 0, 0][..], &ethernet(0x0800, &inner)].concat());
    assert_eq!(one(1, &wire)[2..4], [LayerKind::ControlWord, LayerKind::Ethernet]);

    let len = u8::try_from(2 + inner.len()).unwrap();
    let session = ethernet(0x8864, &[&[0x11, 0, 0, 1, 0, len, 0, 0x21][..], &inner].concat());
    assert_eq!(one(1, &session)[1..3], [LayerKind::Pppoe, LayerKind::Ppp]);

    let endless = ethernet(0x8100, &[[0, 1, 0x81, 0]; 20].concat());
    assert_eq!(skip(1, &endless), Skip::TooDeep);
}

#[test]
fn tunnels() {
    let inner = packet();
    let frame = ethernet(0x0800, &inner);
    let vxlan = udp(4789, &[&[8, 0, 0, 0, 0, 0, 1, 0][..], &frame].concat());
    let geneve = udp(6081, &[&[0, 0, 0x65, 0x58, 0, 0, 1, 0][..], &frame].concat());
    let gtp_len = u8::try_from(inner.len()).unwrap();
    let gtp = udp(2152, &[&[0x30, 255, 0, gtp_len, 0, 0, 0, 1][..], &inner].concat());
    let gre = [&[0, 0, 8, 0][..], &inner].concat();

    assert_eq!(one(101, &ipv4(4, &inner)), [LayerKind::Ipv4; 2]);
    assert_eq!(one(101, &ipv4(41, &ipv6(6, &tcp(7, b"A")))), [LayerKind::Ipv4, LayerKind::Ipv6]);
    assert_eq!(one(101, &ipv4(47, &gre)), [LayerKind::Ipv4, LayerKind::Gre, LayerKind::Ipv4]);
    assert_eq!(one(101, &ipv4(17, &vxlan))[2..4], [LayerKind::Vxlan, LayerKind::Ethernet]);
    assert_eq!(one(101, &ipv6(17, &geneve))[2..4], [LayerKind::Geneve, LayerKind::Ethernet]);
    assert_eq!(one(101, &ipv4(17, &gtp))[2], LayerKind::Gtp);
    assert_eq!(one(101, &ipv4(17, &udp(3544, &ipv6(6, &tcp(7, b"A")))))[2], LayerKind::Teredo);

    let nested = (0..4).fold(inner, |inner, _| ipv4(4, &inner));
    assert_eq!(one(101, &nested).len(), 5);
    assert_eq!(skip(101, &ipv4(4, &nested)), Skip::TooDeep);
}

#[test]
fn aggregated_frames_hold_several_segments() {
    let subframe = |seq| {
        let body = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &ipv4(6, &tcp(seq, b"A"))].concat();
        [&[0; 12][..], &u16::try_from(body.len()).unwrap().to_be_bytes(), &body].concat()
    };
    let first = subframe(7);
    let padding = vec![0; first.len().next_multiple_of(4) - first.len()];
    let header = [&[0x88, 1][..], &[0; 22], &[0x80, 0]].concat();
    let (seen, outcome) = dissect_one(105, &[&header[..], &first, &padding, &subframe(8)].concat());
    assert_eq!((outcome.segments, outcome.skipped), (2, None));
    let layers: Vec<_> = seen.segments.iter().map(|segment| (segment.0, segment.3)).collect();
    assert_eq!(layers, [(7, 0), (8, 1)]);
    assert_eq!(skip(105, &header), Skip::Bad(LayerKind::Amsdu));
    let cut = dissect(&mut Dissector::default(), 105, &header, 100).1;
    assert_eq!(cut.skipped, Some(Skip::Cut(LayerKind::Amsdu)));
}

#[test]
fn payload_is_what_ip_says() {
    let mut padded = ethernet(0x0800, &packet());
    padded.extend_from_slice(&[0; 6]);
    one(1, &padded);

    let (seen, _) = dissect(&mut Dissector::default(), 101, &ipv4(6, &tcp(7, b"AB"))[..53], 54);
    assert_eq!(seen.segments, [(7, 2, b"A".to_vec(), 0, 0)], "cut in the payload");
    let (seen, _) = dissect(&mut Dissector::default(), 101, &packet()[..44], 53);
    assert_eq!(seen.segments, [(7, 1, vec![], 0, 0)], "cut in the options");

    let mut offload = packet();
    offload[2..4].copy_from_slice(&[0, 0]);
    let (seen, _) = dissect(&mut Dissector::default(), 101, &offload, 9052);
    assert_eq!(seen.segments[0].1, 9000, "no length yet");
}

/// By the short way and by the long one, with a frame check sequence and without.
#[test]
fn octets_that_are_there_were_on_the_wire() {
    for frame in [ethernet(0x0800, &packet()), ethernet(0x8847, &[&[0, 1, 1, 64][..], &packet()].concat())] {
        let whole = [&frame[..], b"FCS!"].concat();
        for (data, fcs_len) in [(&frame, 0), (&whole, 4)] {
            for len in [0, 1, 53, data.len() - 1] {
                let recorded = Packet { fcs_len, ..recorded(1, data, len) };
                let mut seen = Seen::default();
                let outcome = Dissector::default().dissect(&recorded, &mut seen);
                assert_eq!((outcome.segments, outcome.skipped), (1, None), "{recorded:?}");
                assert_eq!(seen.segments, [(7, 1, b"A".to_vec(), 0, 0)], "{recorded:?}");
            }
        }
    }
}

#[test]
fn fragments() {
    let whole = tcp(7, b"A");
    let (first, second) = whole.split_at(24);
    let mut dissector = Dissector::default();
    let (seen, outcome) = dissect(&mut dissector, 101, &ipv4_fragment(6, second, 3), 29);
    assert_eq!((seen.segments, outcome.skipped), (vec![], Some(Skip::FragmentWaiting)));
    assert_eq!(dissector.incomplete_datagrams(), 1);
    let (seen, outcome) = dissect(&mut dissector, 101, &ipv4_fragment(6, first, 0x2000), 44);
    assert_eq!((seen.segments, outcome.skipped), (vec![(7, 1, b"A".to_vec(), 0, 0)], None));
    assert_eq!(dissector.incomplete_datagrams(), 0);

    let fragment =
        |offset: u8, octets: &[u8]| ipv6(44, &[&[6, 0, 0, offset, 0, 0, 0, 1][..], octets].concat());
    dissect(&mut dissector, 101, &fragment(1, first), 72);
    let (seen, _) = dissect(&mut dissector, 101, &fragment(24, second), 57);
    assert_eq!(seen.segments, [(7, 1, b"A".to_vec(), 0, 0)]);
}

#[test]
fn zones() {
    let zone = |zone, data: &[u8]| -> u64 {
        let (Seen { segments, .. }, _) = dissect(&mut Dissector::new(zone), 1, data, data.len());
        segments[0].4
    };
    let tagged = |id| ethernet(0x8100, &[&[0, id, 8, 0][..], &packet()].concat());
    assert_eq!(zone(Zone::Addresses, &tagged(5)), 0);
    assert_ne!(zone(Zone::Vlan, &tagged(5)), zone(Zone::Vlan, &tagged(6)));
    assert_eq!(zone(Zone::Tunnel, &ethernet(0x0800, &packet())), 0);
    let tunnel = ethernet(0x0800, &ipv4(4, &packet()));
    assert_ne!(zone(Zone::Tunnel, &tunnel), 0);
    assert_eq!(zone(Zone::Vlan, &tunnel), 0);
}

#[test]
fn reasons() {
    assert_eq!(skip(1, &ethernet(0x0806, &[0; 28])), Skip::NotIp);
    assert_eq!(skip(101, &ipv4(17, &udp(53, &[0; 12]))), Skip::NotTcp(17));
    assert_eq!(skip(101, &ipv4(132, &[0; 12])), Skip::NotTcp(132));
    assert_eq!(skip(101, &ipv4(1, &[&[3, 1, 0, 0, 0, 0, 0, 0][..], &packet()].concat())), Skip::IcmpQuote);
    assert_eq!(skip(101, &ipv6(58, &[&[1; 8][..], &ipv6(6, &tcp(7, b""))].concat())), Skip::IcmpQuote);
    assert_eq!(skip(101, &ipv4(1, &[8, 0, 0, 0])), Skip::NotTcp(1));
    assert_eq!(skip(105, &[&[0x08, 0x41][..], &[0; 30]].concat()), Skip::Encrypted);
    assert_eq!(skip(101, &ipv4(6, &tcp(7, b"")[..19])), Skip::Bad(LayerKind::Tcp));
    assert_eq!(skip(101, &ipv4(6, &tcp(7, b"")[..31])), Skip::Bad(LayerKind::Tcp));
    let cut = dissect(&mut Dissector::default(), 101, &packet()[..39], 53).1;
    assert_eq!(cut.skipped, Some(Skip::TcpCut));
    assert_eq!(skip(101, &[]), Skip::Cut(LayerKind::Ipv4));
    assert_eq!(skip(1, &[0; 13]), Skip::Cut(LayerKind::Ethernet));
}
