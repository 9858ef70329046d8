//! pcap, and what real files do to it.

use super::build::*;
use super::{read_broken, read_whole};
use crate::capture::Endianness::{Big, Little};
use crate::capture::{CaptureErrorKind, Reader};

const S: i64 = 1_000_000_000;

#[test]
fn all_magic_numbers_in_both_orders() {
    for order in [Little, Big] {
        for (magic, ns, extra, name) in [
            (MICROSECONDS, 1000, &[][..], "pcap, ORDER, µs"),
            (NANOSECONDS, 1, &[], "pcap, ORDER, ns"),
            (MODIFIED, 1000, &[1, 2, 3, 4, 5, 6, 7, 8], "modified pcap, ORDER, µs"),
        ] {
            let mut file = pcap_header(order, magic, 65_535, 113);
            file.extend(record(order, [1_700_000_000, 7, 3, 60], extra, b"abc"));
            file.extend(record(order, [1_700_000_001, 8, 0, 0], extra, b""));
            let packets = read_whole(&file);
            assert_eq!(packets.len(), 2);
            assert_eq!((packets[0].number, packets[0].time_ns), (1, 1_700_000_000 * S + 7 * ns));
            assert_eq!((packets[0].len, &packets[0].data[..]), (60, &b"abc"[..]));
            assert_eq!((packets[0].link_type, packets[0].interface, packets[0].fcs_len), (113, 0, 0));
            assert_eq!((packets[1].number, packets[1].time_ns), (2, 1_700_000_001 * S + 8 * ns));
            let reader = Reader::new(std::io::Cursor::new(file), "test", 0).unwrap();
            assert_eq!(reader.format().to_string(), name.replace("ORDER", &order.to_string()));
            assert_eq!(reader.interfaces(), 1);
        }
    }
}

#[test]
fn fields_that_contradict_each_other_are_taken_as_they_are() {
    for snaplen in [0, 2] {
        let mut file = pcap_header(Little, MICROSECONDS, snaplen, 1);
        // Captured more than the snap length and than there was; more than a million microseconds; after 2038.
        file.extend(record(Little, [u32::MAX, 1_000_001, 4, 3], &[], b"abcd"));
        let packets = read_whole(file);
        assert_eq!(packets[0].time_ns, (i64::from(u32::MAX) + 1) * S + 1000);
        assert_eq!((packets[0].len, packets[0].data.len()), (3, 4));
    }
}

#[test]
fn the_captured_length_is_the_smaller_in_version_2_3() {
    for order in [Little, Big] {
        let mut file = pcap_header(order, MICROSECONDS, 65_535, 1);
        file[6..8].copy_from_slice(&order.n16(3));
        // The last one claims more than there is, if that is taken for the captured length.
        for (lens, data) in [([3, 60], "one"), ([60, 3], "two"), ([5, 5], "three"), ([60, 4], "four")] {
            file.extend(record(order, [1, 2, lens[0], lens[1]], &[], data.as_bytes()));
        }
        let packets = read_whole(file);
        let found: Vec<_> = packets.iter().map(|packet| (packet.len, &packet.data[..])).collect();
        assert_eq!(found, [(60, &b"one"[..]), (60, b"two"), (5, b"three"), (60, b"four")]);
    }
}

#[test]
fn link_type_and_frame_check_sequence_share_a_field() {
    for (field, link_type, fcs_len) in [
        (0x1400_0001, 1, 2),
        (0x2400_0069, 105, 4),
        (0x2000_0001, 1, 0),
        (0x03ff_0001, 1, 0),
        (0xf400_ffff, 0xffff, 30),
    ] {
        let mut file = pcap_header(Big, NANOSECONDS, 65_535, field);
        file.extend(record(Big, [0, 0, 1, 1], &[], b"a"));
        let packets = read_whole(file);
        assert_eq!((packets[0].link_type, packets[0].fcs_len), (link_type, fcs_len), "{field:#x}");
    }
}

/// Its lengths count when all of the header is there, however much of it has arrived before.
#[test]
fn a_record_header_of_the_modified_format_is_cut_up_to_its_end() {
    let mut file = pcap_header(Little, MODIFIED, 65_535, 1);
    file.extend(record(Little, [0, 0, u32::MAX, 2], &[0; 7], b""));
    let (_, _, kind) = read_broken(&file);
    assert_eq!(kind.to_string(), "cut short in a record header: expected at least 24 octets, found 23");
    file.push(0);
    let (_, _, kind) = read_broken(file);
    assert!(matches!(kind, CaptureErrorKind::RecordTooLong { .. }), "{kind}");
}

#[test]
fn packets_have_a_limit() {
    let with = |link_type, len: u32, there: usize| {
        let mut file = pcap_header(Little, MICROSECONDS, 0, link_type);
        file.extend(record(Little, [0, 0, 2, 2], &[], b"ok"));
        file.extend(record(Little, [0, 0, len, len], &[], &vec![0xaa; there]));
        file
    };
    assert_eq!(read_whole(with(1, 262_144, 262_144))[1].data.len(), 262_144);
    assert_eq!(read_whole(with(249, 262_145, 262_145))[1].data.len(), 262_145);
    for (len, there) in [(262_145, 262_145), (u32::MAX, 0), (u32::MAX, 100)] {
        let (packets, offset, kind) = read_broken(with(1, len, there));
        assert_eq!((packets, offset), (1, 42));
        let CaptureErrorKind::RecordTooLong { length, limit, .. } = kind else { panic!("{kind:?}") };
        assert_eq!((length, limit), (u64::from(len), 262_144));
    }
}

#[test]
fn an_error_says_where_and_what() {
    let mut file = pcap_header(Little, MICROSECONDS, 0, 1);
    file.extend(record(Little, [0, 0, 2, 2], &[], b"ok"));
    file.extend(record(Little, [0, 0, 100, 100], &[], b"cut"));
    let mut reader = Reader::new(std::io::Cursor::new(file), "a.pcap", 0).unwrap();
    assert!(reader.next().unwrap().is_some());
    let error = reader.next().unwrap_err();
    assert!(error.kind.is_truncated());
    assert_eq!(
        error.to_string(),
        "a.pcap: packet 2 at octet 42: cut short in a packet record: expected at least 116 octets, found 19"
    );
}

#[test]
fn versions_with_other_records_are_refused_by_name() {
    for (major, minor, refused) in
        [(1, 0, true), (2, 2, true), (543, 0, true), (2, 3, false), (2, 4, false), (3, 0, false)]
    {
        let mut file = pcap_header(Big, MICROSECONDS, 65_535, 1);
        file[4..6].copy_from_slice(&Big.n16(major));
        file[6..8].copy_from_slice(&Big.n16(minor));
        let reader = Reader::new(std::io::Cursor::new(file), "old.pcap", 0);
        assert_eq!(reader.is_err(), refused);
        if let Err(error) = reader {
            let says = format!("pcap of version {major}.{minor}, whose records differ");
            assert_eq!(error.to_string(), format!("old.pcap: not in a format that is read here, but {says}"));
        }
    }
}
