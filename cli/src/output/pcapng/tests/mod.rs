//! Copies and what they were copied from, on captures made here octet by octet.

mod build;

use std::fs;
use std::io::Cursor;

use fourwave_dissector::capture::Endianness::{Big, Little};
use fourwave_dissector::capture::Reader;
use proptest::prelude::*;
use proptest::sample::Index;

use self::build::{block, comment, interface, option, packet, samples, section};
use super::block::{Block, KEPT, split_option};
use super::note::{Note, put_kept};
use super::{Annotator, LeftOut, Stripper, Unstrippable};
use crate::output::{Buffer, Output, Styles};
use crate::stop::Stop;

const HEAD: &str = "about the capture";

fn reader(file: &[u8]) -> Option<Reader> {
    Reader::new(Cursor::new(file.to_vec()), "test", 0).ok()
}

/// The copy, with comments on each packet whose first octet asks for them, and what is missing in it; nothing of what
/// cannot be copied.
fn annotated(file: &[u8]) -> Option<(Vec<u8>, LeftOut)> {
    let mut reader = reader(file)?;
    let mut annotator = Annotator::new(HEAD.to_owned());
    let mut copy = Buffer::default();
    annotator.begin(&reader, &mut copy);
    loop {
        match reader.next_piece() {
            Ok(Some(piece)) => {
                let wants = piece.packet.is_some_and(|packet| packet.data.starts_with(b"!"));
                let comments: &[_] = if wants { &["one\n", "двa 二"] } else { &[] };
                annotator.piece(&piece, comments, &mut copy);
            }
            Ok(None) => break,
            Err(_) => {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("rest");
                let output = Output::open(Some(&path), Styles::Untouched, Stop::default()).unwrap();
                annotator.keep_rest(&mut reader.into_rest(), &output);
                output.finish().unwrap();
                copy.extend_from_slice(&fs::read(path).unwrap());
                break;
            }
        }
    }
    annotator.has_begun().then(|| (copy.as_bytes().to_vec(), annotator.left_out()))
}

fn stripped(file: &[u8]) -> Result<Vec<u8>, Unstrippable> {
    let mut reader = reader(file).ok_or(Unstrippable::NotAnnotated)?;
    let mut stripper = Stripper::default();
    let mut original = Buffer::default();
    while let Some(piece) = reader.next_piece().unwrap() {
        stripper.piece(&piece, &mut original)?;
    }
    stripper.end().map(|()| original.as_bytes().to_vec())
}

/// All that is said of packets: number, time, link type, interface, frame check sequence, length, octets.
fn packets(file: &[u8]) -> Vec<String> {
    let mut reader = reader(file).unwrap();
    let mut packets = Vec::new();
    while let Ok(Some(packet)) = reader.next() {
        packets.push(format!("{packet:?}"));
    }
    packets
}

/// The comments of each block that has options, in their order.
fn comments(file: &[u8]) -> Vec<Vec<String>> {
    let mut reader = reader(file).unwrap();
    let mut comments = Vec::new();
    while let Ok(Some(piece)) = reader.next_piece() {
        let block = Block { octets: piece.octets, endianness: piece.endianness };
        let Some((_, mut options)) = block.parts() else { continue };
        let mut here = Vec::new();
        while let Some((code, value, rest)) = split_option(piece.endianness, options) {
            if code == 1 {
                here.push(String::from_utf8(value.to_vec()).unwrap());
            }
            options = if code == 0 { &[] } else { rest };
        }
        comments.push(here);
    }
    comments
}

#[test]
fn a_copy_has_the_packets_of_the_capture_and_gives_it_back() {
    for file in samples() {
        let (copy, _) = annotated(&file).unwrap();
        assert_eq!(packets(&copy), packets(&file));
        assert_eq!(stripped(&copy).unwrap(), file);
    }
}

#[test]
fn what_cannot_carry_comments_is_counted() {
    // The simple packet of the sections in each order.
    let left_out: u64 = samples().iter().map(|file| annotated(file).unwrap().1.comments).sum();
    assert_eq!(left_out, 2 * 2);
}

#[test]
fn comments_stand_before_those_that_are_there() {
    let file = [
        section(Big, [0xff; 8], &comment(Big, "of the capture")),
        interface(Big, &[]),
        packet(Big, b"!", &comment(Big, "mine")),
        packet(Big, b"", &comment(Big, "mine")),
        packet(Big, b"!", &[]),
        packet(Big, b"", &[]),
    ]
    .concat();
    let (copy, _) = annotated(&file).unwrap();
    assert_eq!(
        comments(&copy),
        [&[HEAD, "of the capture"][..], &["one\n", "двa 二", "mine"], &["mine"], &["one\n", "двa 二"], &[],]
    );
}

#[test]
fn blocks_without_comments_stay_as_they_are() {
    let plain =
        [interface(Little, &[]), packet(Little, b"plain", &[]), block(Little, 0xbad, b"unknown")].concat();
    let file = [section(Little, [0xff; 8], &[]), plain.clone()].concat();
    let (copy, _) = annotated(&file).unwrap();
    assert!(copy.ends_with(&plain));
}

#[test]
fn a_section_gets_the_length_that_it_had() {
    let file = section(Little, [8, 0, 0, 0, 0, 0, 0, 0], &[]);
    let (copy, _) = annotated(&file).unwrap();
    assert_eq!(copy[16..24], [0xff; 8]);
    assert_eq!(stripped(&copy).unwrap(), file);
}

#[test]
fn each_strip_takes_one_layer() {
    for file in samples() {
        let mut layers = vec![file];
        for _ in 0..3 {
            layers.push(annotated(layers.last().unwrap()).unwrap().0);
        }
        for pair in layers.windows(2).rev() {
            assert_eq!(stripped(&pair[1]).unwrap(), pair[0]);
        }
        assert_eq!(stripped(&layers[0]), Err(Unstrippable::NotAnnotated));
    }
}

#[test]
fn what_looks_like_ours_is_kept() {
    let mut kept = Buffer::default();
    put_kept(&mut kept, Little, b"not ours");
    let note = option(Little, 0xe677, b"fourwave\x01\x01\x00");
    let file = [
        section(Little, [0xff; 8], &note),
        interface(Little, &[]),
        kept.as_bytes().to_vec(),
        block(Little, KEPT, b"of another program"),
        packet(Little, b"", &note),
        packet(Little, b"!", &[&note[..], &comment(Little, "mine")].concat()),
    ]
    .concat();
    let (copy, _) = annotated(&file).unwrap();
    assert_eq!(stripped(&copy).unwrap(), file);
}

#[test]
fn a_packet_too_long_for_a_block_is_kept_for_the_way_back() {
    // DLT_DBUS may have packets of 128 MiB.
    let data = vec![7; 17 << 20];
    let mut file = build::words(Little, &[0xa1b2_c3d4, 0x0004_0002, 0, 0, 0, 231, 1, 1]);
    file.extend(build::words(Little, &[data.len() as u32, data.len() as u32]));
    file.extend(data);
    let (copy, left_out) = annotated(&file).unwrap();
    assert_eq!(left_out, LeftOut { comments: 0, packets: 1 });
    assert!(packets(&copy).is_empty());
    assert!(stripped(&copy).unwrap() == file);
}

#[test]
fn what_was_changed_since_is_refused() {
    let file = [section(Little, [0xff; 8], &[]), interface(Little, &[]), packet(Little, b"!", &[])].concat();
    let (copy, _) = annotated(&file).unwrap();
    // The comments of the packet become options of another kind.
    let at = copy.windows(4).rposition(|octets| octets == [1, 0, 4, 0]).unwrap();
    let mut changed = copy.clone();
    changed[at] = 2;
    assert_eq!(stripped(&changed), Err(Unstrippable::Changed));

    // A block that no record of a pcap becomes.
    let (mut copy, _) = annotated(&samples()[0]).unwrap();
    copy.extend(block(Little, build::STATISTICS, &[0; 12]));
    assert_eq!(stripped(&copy), Err(Unstrippable::Changed));
}

#[test]
fn a_note_of_another_version_is_none() {
    let options = option(Little, 0xe677, b"fourwave\x02\x01\x00");
    assert_eq!(Note::of(Little, &options), None);
}

proptest! {
    #[test]
    fn damage_does_not_keep_a_copy_from_giving_back(
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
        if let Some((copy, _)) = annotated(&file) {
            prop_assert_eq!(packets(&copy), packets(&file));
            prop_assert_eq!(stripped(&copy).unwrap(), file);
        }
    }

    #[test]
    fn a_changed_copy_is_stripped_or_refused(
        file in prop::sample::select(samples()),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let (mut copy, _) = annotated(&file).unwrap();
        for (at, octet) in changes {
            let at = at.index(copy.len());
            copy[at] = octet;
        }
        // Whatever comes of it: it ends, and nothing panics.
        let Some(mut reader) = reader(&copy) else { return Ok(()) };
        let (mut stripper, mut original) = (Stripper::default(), Buffer::default());
        while let Ok(Some(piece)) = reader.next_piece() {
            if stripper.piece(&piece, &mut original).is_err() {
                break;
            }
        }
    }
}
