//! pcapng, and what real files do to it.

use super::build::*;
use super::{read_broken, read_whole};
use crate::capture::Endianness::{self, Big, Little};
use crate::capture::{CaptureErrorKind, Reader};

/// A section with one interface, and then `blocks`.
fn file(order: Endianness, options: &[u8], blocks: &[Vec<u8>]) -> Vec<u8> {
    [section(order), interface(order, 1, 65_535, options), blocks.concat()].concat()
}

/// Expects `blocks` to be damage after one good packet.
fn damage(blocks: &[Vec<u8>]) -> String {
    let good = file(Little, &[], &[packet(Little, 0, 1, b"good")]);
    let (packets, offset, kind) = read_broken([good.clone(), blocks.concat()].concat());
    assert_eq!((packets, offset), (1, good.len() as u64));
    assert!(!kind.is_truncated());
    kind.to_string()
}

#[test]
fn sections_of_both_orders_each_with_interfaces_of_its_own() {
    let mut octets = Vec::new();
    for (order, first) in [(Little, 1), (Big, 113), (Little, 228)] {
        octets.extend(section(order));
        octets.extend(interface(order, first, 0, &option(order, 9, &[9])));
        octets.extend(interface(order, first + 1, 0, &[]));
        octets.extend(packet(order, 1, 7, b"second"));
        octets.extend(packet(order, 0, 8, b"first"));
    }
    let packets = read_whole(&octets);
    let seen: Vec<_> =
        packets.iter().map(|packet| (packet.link_type, packet.interface, packet.time_ns)).collect();
    assert_eq!(seen, [(2, 1, 7000), (1, 0, 8), (114, 3, 7000), (113, 2, 8), (229, 5, 7000), (228, 4, 8)]);

    let mut reader = Reader::new(std::io::Cursor::new(octets), "test", 0).unwrap();
    let mut formats = Vec::new();
    while reader.next().unwrap().is_some() {
        formats.push(reader.format().to_string());
    }
    assert_eq!([&formats[0], &formats[2]], ["pcapng, little-endian", "pcapng, big-endian"]);
    assert_eq!(reader.interfaces(), 6);
}

#[test]
fn what_is_told_of_interfaces_is_that_of_the_current_section() {
    let long = [b'x'; 1000];
    let named = [option(Big, 2, b"eth0"), option(Big, 3, &long)].concat();
    let octets =
        [file(Little, &[], &[packet(Little, 0, 1, b"")]), file(Big, &named, &[packet(Big, 0, 2, b"")])]
            .concat();
    let mut reader = Reader::new(std::io::Cursor::new(octets), "test", 0).unwrap();
    let mut told = || {
        assert!(reader.next().unwrap().is_some());
        let [info] = <[_; 1]>::try_from(reader.interface_infos()).unwrap();
        (info.link_type.0, info.name, info.description.map(|text| text.len()))
    };
    assert_eq!(told(), (1, None, None));
    assert_eq!(told(), (1, Some("eth0".into()), Some(256)));
}

#[test]
fn every_time_resolution_with_an_offset() {
    for tsresol in 0..=u8::MAX {
        let options = [
            option(Big, 9, &[tsresol]),
            option(Big, 14, &(-10_i64).to_be_bytes()),
            option(Big, 0, &[]),
            option(Big, 9, &[0]),
        ]
        .concat();
        let ticks = 0x0123_4567_89ab_u64;
        let packets = read_whole(file(Big, &options, &[packet(Big, 0, ticks, b"")]));
        let exponent = u32::from(tsresol & 0x7f);
        let per_second =
            if tsresol < 0x80 { 10_i128.checked_pow(exponent) } else { 1_i128.checked_shl(exponent) };
        let since_zero = per_second.map_or(0, |per_second| i128::from(ticks) * 1_000_000_000 / per_second);
        let time = i64::try_from(since_zero - 10_000_000_000).unwrap_or(i64::MAX);
        assert_eq!(packets[0].time_ns, time, "{tsresol:#x}");
    }
}

#[test]
fn a_clock_that_began_below_zero() {
    let ticks = (-505_425_287_i64).cast_unsigned();
    let packets = read_whole(file(Little, &[], &[packet(Little, 0, ticks, b"")]));
    assert_eq!(packets[0].time_ns, -505_425_287_000);
}

#[test]
fn an_interface_is_read_whatever_its_reserved_field_name_and_options_hold() {
    let options = [
        option(Little, 2, b"\xff\xfe not UTF-8"),
        option(Little, 9, &[9, 9]),
        option(Little, 14, &[1]),
        option(Little, 13, &[4]),
        // Longer than the block.
        vec![9, 0, 0xff, 0],
    ]
    .concat();
    let mut octets = file(Little, &options, &[packet(Little, 0, 1, b"x")]);
    let reserved = section(Little).len() + 10;
    octets[reserved..reserved + 2].fill(0xff);
    let packets = read_whole(octets);
    assert_eq!((packets[0].time_ns, packets[0].fcs_len), (1000, 4));
}

#[test]
fn options_of_packets_that_do_not_matter_may_be_malformed() {
    for options in [
        option(Little, 1, b"\xff\xfe not UTF-8"),
        option(Little, 2, &[0xff, 0xff]),
        vec![2, 0, 0xff, 0xff],
        vec![2],
    ] {
        let block = packet_with(Little, 0, 1, b"abcde", 2, &options);
        let packets = read_whole(file(Little, &option(Little, 13, &[4]), &[block]));
        assert_eq!((packets[0].len, packets[0].fcs_len, &packets[0].data[..]), (2, 4, &b"abcde"[..]));
    }
}

#[test]
fn flags_of_a_packet_may_give_the_length_of_its_frame_check_sequence() {
    for order in [Little, Big] {
        for (flags, fcs_len) in [(2 << 5, 2), (0xf << 5 | 1, 15), (1, 4)] {
            let options = [option(order, 1, b"note"), option(order, 2, &order.n32(flags))].concat();
            let block = packet_with(order, 0, 1, b"abc", 3, &options);
            assert_eq!(read_whole(file(order, &option(order, 13, &[4]), &[block]))[0].fcs_len, fcs_len);
        }
    }
}

#[test]
fn an_obsolete_packet_has_a_drop_count_beside_its_interface() {
    for order in [Little, Big] {
        let body = [order.n16(0), order.n16(0xffff)].concat();
        let body =
            [body, order.n32s(&[0, 9, 3, 70]), b"abc\0".to_vec(), option(order, 2, &order.n32(6 << 5))];
        let packets = read_whole(file(order, &[], &[block(order, OBSOLETE_PACKET, &body.concat())]));
        let packet = &packets[0];
        assert_eq!(
            (packet.time_ns, packet.len, &packet.data[..], packet.fcs_len),
            (9000, 70, &b"abc"[..], 6)
        );
    }
}

#[test]
fn a_simple_packet_is_cut_at_the_snap_length() {
    let simple = |len: u32, data: &[u8]| block(Little, SIMPLE_PACKET, &[&Little.n32(len)[..], data].concat());
    for (snaplen, len, data, captured) in
        [(0, 5, &b"abcde"[..], 5), (4, 100, b"abcd", 4), (65_535, 3, b"abc", 3), (2, 3, b"ab", 2)]
    {
        let octets = [section(Little), interface(Little, 1, snaplen, &[]), simple(len, data)].concat();
        let packets = read_whole(octets);
        assert_eq!((packets[0].time_ns, packets[0].len, packets[0].data.len()), (0, len, captured));
    }
    assert!(damage(&[simple(9, b"abcd")]).contains("expected 9 octets of the packet, found 4 in the block"));
    let no_interface = [section(Little), simple(1, b"a")].concat();
    assert!(matches!(read_broken(no_interface), (0, 28, CaptureErrorKind::Damaged { .. })));
}

#[test]
fn other_blocks_are_skipped_and_numbered_as_in_wireshark() {
    let (resolution, statistics, secrets, unknown) = (4, 5, 10, 0x77);
    let (custom, custom_local, journal, sysdig) = (0x0bad, 0x4000_0bad, 9, 0x204);
    let mut blocks = vec![packet(Little, 0, 1, b"1")];
    for (block_type, next_number) in [
        (resolution, 2),
        (statistics, 3),
        (secrets, 4),
        (unknown, 5),
        (custom, 7),
        (custom_local, 9),
        (journal, 11),
        (sysdig, 13),
    ] {
        blocks.push(block(Little, block_type, b"\xff\xff\xff"));
        blocks.push(packet(Little, 0, 1, &[next_number]));
    }
    for packet in &read_whole(file(Little, &[], &blocks))[1..] {
        assert_eq!(packet.number, u64::from(packet.data[0]));
    }
}

#[test]
fn the_section_length_is_not_used() {
    let mut octets = file(Little, &[], &[packet(Little, 0, 1, b"x"), section(Little)]);
    octets[16..24].copy_from_slice(&3_u64.to_le_bytes());
    assert_eq!(read_whole(octets).len(), 1);
}

#[test]
fn a_packet_must_fit_into_its_block_and_have_an_interface() {
    let wrong = damage(&[packet(Little, 1, 1, b"x")]);
    assert_eq!(wrong, "damaged: expected one of the 1 interfaces of the section, found 1");
    let mut block = packet(Little, 0, 1, b"abcd");
    block[20..24].copy_from_slice(&Little.n32(5));
    assert_eq!(damage(&[block.clone()]), "damaged: expected 5 octets of the packet, found 4 in the block");
    block[20..24].copy_from_slice(&Little.n32(262_145));
    assert_eq!(damage(&[block]), "damaged: expected a packet of at most 262144 octets, found 262145");
}

#[test]
fn interfaces_end_with_their_section() {
    let good = file(Little, &[], &[packet(Little, 0, 1, b"good"), section(Little)]);
    let (packets, offset, kind) = read_broken([good.clone(), packet(Little, 0, 1, b"x")].concat());
    assert_eq!((packets, offset), (1, good.len() as u64));
    assert_eq!(kind.to_string(), "damaged: expected one of the 0 interfaces of the section, found 0");
}

#[test]
fn a_section_has_no_more_interfaces_than_memory_is_for() {
    let most = interface(Little, 1, 0, &[]).repeat(1 << 16);
    let sections = [section(Little), most.clone(), section(Little), most].concat();
    let (packets, offset, kind) = read_broken([sections.clone(), interface(Little, 1, 0, &[])].concat());
    assert_eq!((packets, offset), (0, sections.len() as u64));
    assert_eq!(kind.to_string(), "damaged: expected at most 65536 interfaces in a section, found another");
}

#[test]
fn broken_frames_of_blocks_are_damage() {
    let whole = packet(Little, 0, 1, b"abcd");
    let with_length = |at: usize, length: u32| {
        let mut block = whole.clone();
        block[at..at + 4].copy_from_slice(&Little.n32(length));
        damage(&[block])
    };
    let trailer = whole.len() - 4;
    assert!(with_length(trailer, 0).contains("Block length fields don't match"));
    assert!(with_length(4, 37).contains("not a multiple of 4"));
    assert!(with_length(4, 8).contains("too short"));
    let too_long = "damaged: expected a block of at most 16777216 octets, found 4294967292";
    assert_eq!(with_length(4, 0xffff_fffc), too_long);
}

#[test]
fn bodies_that_are_too_short_are_damage() {
    for (block_type, body, says) in [
        (ENHANCED_PACKET, &[0; 16][..], "a packet block with a body of at least 20 octets, found 16"),
        (OBSOLETE_PACKET, &[], "a packet block with a body of at least 20 octets, found 0"),
        (SIMPLE_PACKET, &[], "a simple packet block with a body of at least 4 octets, found 0"),
        (INTERFACE, &[0; 4], "an interface description with a body of at least 8 octets, found 4"),
        (SECTION, &[0x4d, 0x3c, 0x2b, 0x1a], "a section header with a body of at least 16 octets, found 4"),
        (SECTION, &[0; 16], "a well-formed block, found Invalid magic number: 0x0"),
        (
            SECTION,
            &[&[0x4d, 0x3c, 0x2b, 0x1a, 2, 0, 1, 0][..], &[0xff; 8]].concat(),
            "a section of pcapng version 1, found 2.1",
        ),
    ] {
        assert_eq!(damage(&[block(Little, block_type, body)]), format!("damaged: expected {says}"));
    }
}
