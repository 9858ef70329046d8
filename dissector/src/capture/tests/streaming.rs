//! Streams that end too early, come in pieces, or fail.

use std::collections::VecDeque;
use std::io::{self, Cursor, ErrorKind, Read};

use super::build::*;
use super::compression::{compressed_samples, cut_samples};
use super::{read, read_broken, read_from, read_whole};
use crate::capture::Endianness::Little;
use crate::capture::{CaptureErrorKind, Reader};

#[test]
fn a_file_cut_anywhere_gives_all_packets_before_and_says_so() {
    for sample in samples() {
        let whole = read_whole(&sample);
        for len in 0..sample.len() {
            let (packets, error) = read(&sample[..len]);
            assert_eq!(packets, whole[..packets.len()]);
            let kind = error.map(|error| error.kind);
            assert!(kind.as_ref().is_none_or(CaptureErrorKind::is_truncated), "cut to {len}");
            match kind {
                Some(CaptureErrorKind::Empty) => assert_eq!(len, 0),
                Some(CaptureErrorKind::Truncated { expected, found, .. }) => assert!(found < expected),
                Some(other) => panic!("{other}"),
                // Cut between two records or blocks: nothing tells that there were more.
                None => {
                    let mut reader = Reader::new(Cursor::new(sample[..len].to_vec()), "test", 0).unwrap();
                    while reader.next().unwrap().is_some() {}
                    assert_eq!(reader.offset(), len as u64);
                }
            }
        }
    }
}

#[test]
fn a_compressed_file_cut_anywhere_says_so() {
    for (sample, compression) in compressed_samples() {
        let whole = read_whole(&sample);
        for len in 1..sample.len() {
            let (packets, error) = read(&sample[..len]);
            assert_eq!(packets, whole[..packets.len()]);
            let kind = error.unwrap_or_else(|| panic!("{compression} cut to {len} octets")).kind;
            assert!(kind.is_truncated(), "{compression} cut to {len} of {} octets: {kind}", sample.len());
            // With less than a magic number, nobody knows that it is compressed.
            let says = format!(", as the {compression} data ends early");
            assert_eq!(kind.to_string().ends_with(&says), len >= 4, "cut to {len}: {kind}");
        }
    }
}

#[test]
fn a_cut_capture_in_whole_compressed_data_says_so() {
    for (sample, compression) in cut_samples() {
        let (_, _, kind) = read_broken(sample);
        assert!(
            matches!(kind, CaptureErrorKind::Truncated { compressed: None, .. }),
            "{compression}: {kind}"
        );
    }
}

/// Gives one octet at a time, and is interrupted before each.
struct Trickle(Cursor<Vec<u8>>, bool);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 { Err(ErrorKind::Interrupted.into()) } else { self.0.read(&mut buffer[..1]) }
    }
}

#[test]
fn one_octet_at_a_time_gives_the_same_packets() {
    for sample in samples().into_iter().chain(compressed_samples().into_iter().map(|(sample, _)| sample)) {
        let whole = read_whole(&sample);
        assert!(whole.len() >= 3);
        let (packets, error) = read_from(Trickle(Cursor::new(sample), false));
        assert!(error.is_none(), "{error:?}");
        assert_eq!(packets, whole);
    }
}

/// Gives a piece for each read and fails when there are no more.
struct Pieces(VecDeque<Vec<u8>>, fn() -> io::Error);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.0.pop_front().ok_or_else(self.1)?;
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[test]
fn a_packet_is_handed_out_before_anything_behind_it_is_asked_for() {
    let pcap = vec![
        pcap_header(Little, MICROSECONDS, 65_535, 1),
        record(Little, [0, 0, 1, 1], &[], b"1"),
        record(Little, [0, 0, 1, 1], &[], b"2"),
    ];
    let pcapng = vec![
        [section(Little), interface(Little, 1, 0, &[])].concat(),
        packet(Little, 0, 1, b"1"),
        packet(Little, 0, 1, b"2"),
    ];
    for pieces in [pcap, pcapng] {
        let nothing_yet = || ErrorKind::WouldBlock.into();
        let (packets, error) = read_from(Pieces(pieces.into(), nothing_yet));
        assert_eq!(packets.len(), 2);
        assert!(
            matches!(error.unwrap().kind, CaptureErrorKind::Io(error) if error.kind() == ErrorKind::WouldBlock)
        );
    }
}

#[test]
fn an_error_of_the_operating_system_stays_one_under_compression() {
    for (sample, _) in compressed_samples() {
        let pieces = [sample[..sample.len() / 2].to_vec()];
        let (_, error) = read_from(Pieces(pieces.into(), || io::Error::from_raw_os_error(5)));
        let kind = error.unwrap().kind;
        assert!(matches!(&kind, CaptureErrorKind::Io(error) if error.raw_os_error() == Some(5)), "{kind}");
    }
}

#[test]
fn records_larger_and_smaller_than_the_buffer_alternate() {
    let mut file = pcap_header(Little, MICROSECONDS, 0, 249);
    for len in [1, 300_000, 0, 262_144, 2_000_000, 5, 131_072, 131_072, 131_056, 1_u32] {
        let data: Vec<u8> = (0..len).map(|n| n.to_le_bytes()[0]).collect();
        file.extend(record(Little, [len, 0, len, len], &[], &data));
    }
    let packets = read_whole(file);
    assert_eq!(packets.len(), 10);
    for packet in packets {
        assert_eq!(packet.time_ns / 1_000_000_000, i64::from(packet.len));
        assert_eq!(packet.data.len(), packet.len as usize);
        assert!(packet.data.iter().zip(0_u32..).all(|(octet, n)| *octet == n.to_le_bytes()[0]));
    }
}

#[test]
fn what_is_not_a_capture_is_refused_by_name() {
    for (octets, says) in [
        (&b""[..], "not in a format that is read here, but an empty file"),
        (b"snoop\0\0\0\0\0\0\x02", "not in a format that is read here, but snoop (Solaris)"),
        (b"hello\n", "not in a format that is read here, but text"),
        (b"\xd4\xc3", "cut short in a magic number: expected at least 4 octets, found 2"),
        (b"\xd4\xc3\xb2\xa1\x02", "cut short in a file header: expected at least 24 octets, found 5"),
    ] {
        let (packets, _, kind) = read_broken(octets);
        assert_eq!((packets, kind.to_string()), (0, says.to_owned()));
    }
    // It is the beginning that counts, however much of the rest has arrived.
    let page = [&[b'x'; 600][..], b"\0"].concat();
    let [at_once, trickling] = [read(&page), read_from(Trickle(Cursor::new(page), false))]
        .map(|(_, error)| error.unwrap().kind.to_string());
    assert_eq!([at_once.as_str(), trickling.as_str()], ["not in a format that is read here, but text"; 2]);
}

#[test]
fn a_file_that_cannot_be_opened_is_named() {
    let error = Reader::open("no/such/file.pcap", 0).unwrap_err();
    assert!(error.to_string().starts_with("no/such/file.pcap: cannot be read: "));
}
