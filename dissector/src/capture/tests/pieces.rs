//! Captures piece by piece: nothing is left out, and the packets are those that are handed out alone.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use proptest::sample::Index;

use super::build::samples;
use super::compression::compressed_samples;
use super::{Owned, read};
use crate::capture::Reader;

/// The packets of all pieces, and header, pieces and rest put together; nothing of what is no capture.
fn pieces(file: &[u8]) -> Option<(Vec<Owned>, Vec<u8>)> {
    let mut reader = Reader::new(Cursor::new(file.to_vec()), "test", 7).ok()?;
    let mut octets = reader.file_header().map_or_else(Vec::new, |header| header.octets.to_vec());
    let mut packets = Vec::new();
    while let Ok(Some(piece)) = reader.next_piece() {
        octets.extend_from_slice(piece.octets);
        packets.extend(piece.packet.map(|packet| Owned {
            number: packet.at.frame(),
            time_ns: packet.time_ns,
            link_type: packet.link_type.0,
            interface: packet.interface,
            fcs_len: packet.fcs_len,
            len: packet.len,
            data: packet.data.to_vec(),
        }));
    }
    assert!(reader.next_piece().unwrap().is_none());
    assert_eq!(reader.offset(), octets.len() as u64);
    // What a decompressor says after its error is of no use.
    let _ = reader.into_rest().read_to_end(&mut octets);
    Some((packets, octets))
}

#[test]
fn pieces_make_up_the_file() {
    for file in samples() {
        assert_eq!(pieces(&file).unwrap(), (read(&file).0, file));
    }
}

#[test]
fn pieces_of_a_compressed_file_make_up_what_was_compressed() {
    let plain = samples();
    for (file, _) in compressed_samples() {
        let (packets, octets) = pieces(&file).unwrap();
        assert_eq!(packets, read(&file).0);
        assert!(plain.contains(&octets));
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_of_a_damaged_file(
        file in prop::sample::select(samples()),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..4),
        kept in any::<Index>(),
    ) {
        let mut file = file;
        for (at, octet) in changes {
            let at = at.index(file.len());
            file[at] = octet;
        }
        file.truncate(kept.index(file.len()) + 1);
        if let Some((packets, octets)) = pieces(&file) {
            prop_assert_eq!(packets, read(&file).0);
            prop_assert_eq!(octets, file);
        }
    }
}
