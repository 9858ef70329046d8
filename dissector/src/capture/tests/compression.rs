//! Every compression, whole, in parts and damaged.

use std::io::{self, Cursor, Read, Write};

use super::build::samples;
use super::{read, read_broken, read_whole};
use crate::capture::Compression::{self, Gzip, Lz4, Xz, Zstd};
use crate::capture::{CaptureErrorKind, Reader};

const ALL: [Compression; 4] = [Gzip, Zstd, Xz, Lz4];

/// With checksums where the format leaves them to the writer.
fn compress(compression: Compression, octets: &[u8]) -> Vec<u8> {
    match compression {
        Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(octets).unwrap();
            encoder.finish().unwrap()
        }
        Zstd => {
            let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
            encoder.include_checksum(true).unwrap();
            encoder.write_all(octets).unwrap();
            encoder.finish().unwrap()
        }
        Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
            encoder.write_all(octets).unwrap();
            encoder.finish().unwrap()
        }
        Lz4 => {
            let checked = lz4_flex::frame::FrameInfo::new()
                .block_checksums(true)
                .block_size(lz4_flex::frame::BlockSize::Max64KB);
            let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(checked, Vec::new());
            encoder.write_all(octets).unwrap();
            encoder.finish().unwrap()
        }
    }
}

/// A small file of each format in each compression.
pub(super) fn compressed_samples() -> Vec<(Vec<u8>, Compression)> {
    let samples = samples();
    let of_each_format = [samples.first(), samples.last()].into_iter().flatten();
    of_each_format.flat_map(|sample| ALL.map(|by| (compress(by, sample), by))).collect()
}

/// A file that was cut inside a packet before it was compressed.
pub(super) fn cut_samples() -> Vec<(Vec<u8>, Compression)> {
    let sample = &samples()[0];
    ALL.map(|by| (compress(by, &sample[..sample.len() - 1]), by)).into()
}

#[test]
fn compressed_files_give_the_same_packets() {
    for sample in samples() {
        let whole = read_whole(&sample);
        for by in ALL {
            let compressed = compress(by, &sample);
            assert_eq!(read_whole(&compressed), whole);
            let reader = Reader::new(Cursor::new(compressed), "test", 0).unwrap();
            assert!(reader.format().to_string().ends_with(&format!(", {by}")));
        }
    }
}

#[test]
fn parts_that_were_compressed_one_by_one_are_one_stream() {
    for sample in samples() {
        let whole = read_whole(&sample);
        for by in ALL {
            for cut in [1, 23, 60, sample.len()] {
                let (front, back) = sample.split_at(cut);
                assert_eq!(
                    read_whole([compress(by, front), compress(by, back)].concat()),
                    whole,
                    "{by} {cut}"
                );
            }
        }
    }
}

/// A frame of zstd and of LZ4 that holds so many octets for somebody else.
fn skippable(kind: u8, len: usize) -> Vec<u8> {
    let length = u32::try_from(len).unwrap().to_le_bytes();
    [&[0x50 + kind, 0x2a, 0x4d, 0x18][..], &length, &vec![9; len]].concat()
}

#[test]
fn skippable_frames_are_passed_over() {
    let sample = &samples()[0];
    let whole = read_whole(sample);
    let (front, back) = sample.split_at(60);
    for by in [Zstd, Lz4] {
        let file = [
            skippable(0, 0),
            skippable(15, 40_000),
            compress(by, front),
            skippable(3, 100_000),
            compress(by, back),
            skippable(0, 2),
        ]
        .concat();
        let reader = Reader::new(Cursor::new(file.clone()), "test", 0).unwrap();
        assert_eq!(reader.format().compression, Some(by));
        assert_eq!(read_whole(file), whole);

        let file = [skippable(0, 2), compress(by, sample), skippable(0, 2)].concat();
        let ends = file.len() - skippable(0, 2).len();
        for len in (1..file.len()).filter(|len| *len != ends) {
            let (packets, error) = read(&file[..len]);
            assert_eq!(packets, whole[..packets.len()]);
            assert!(error.unwrap().kind.is_truncated(), "{by} cut to {len}");
        }
    }
    // Nothing is behind them, or nothing near enough to look at.
    let (_, _, kind) = read_broken(skippable(0, 2));
    assert!(matches!(kind, CaptureErrorKind::Empty), "{kind}");
    assert_eq!(read_whole([skippable(0, 70_000), compress(Zstd, sample)].concat()), whole);
}

#[test]
fn zeros_behind_gzip_are_padding_up_to_the_end() {
    let (file, whole) = (&samples()[0], read_whole(&samples()[0]));
    let (front, back) = file.split_at(60);
    let members = [compress(Gzip, front), compress(Gzip, back)].concat();
    // More than is read at once, too.
    for zeros in [1, 2, 511, 200_000].map(|zeros| vec![0; zeros]) {
        assert_eq!(read_whole([&members[..], &zeros].concat()), whole, "{} zeros", zeros.len());
        for more in [&compress(Gzip, back)[..], b"garbage", &[1]] {
            let (packets, error) = read([&members[..], &zeros, more].concat());
            let error = error.unwrap();
            assert!(packets == whole && matches!(error.kind, CaptureErrorKind::Damaged { .. }), "{error}");
            let padding = format!("found something else behind {} octets of padding", zeros.len());
            assert!(error.to_string().ends_with(&padding), "{error}");
        }
    }
}

#[test]
fn damaged_compression_is_named() {
    // So much that every decompressor has given something before it meets the damage.
    let mut noise = 1_u32;
    let mut file = samples()[0].clone();
    for _ in 0..20_000 {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        file.extend([&[0; 8][..], &4_u32.to_le_bytes(), &[60, 0, 0, 0], &noise.to_be_bytes()].concat());
    }
    let whole = read_whole(&file).len();
    for by in ALL {
        // In the middle it may be a while before damage shows, and what comes until then looks like a damaged capture.
        let mut compressed = compress(by, &file);
        let middle = compressed.len() / 2;
        compressed[middle..middle + 64].fill(0xff);
        let (packets, error) = read(&compressed);
        let error = error.unwrap_or_else(|| panic!("{by}"));
        let is_damage =
            matches!(error.kind, CaptureErrorKind::Damaged { .. } | CaptureErrorKind::RecordTooLong { .. });
        assert!(is_damage && packets.len() > 3, "{by}: {error}");
        // In words, not by the names that errors have in its decoder.
        assert!(by != Lz4 || error.to_string().ends_with("found a corrupt block, or another checksum"));

        let mut compressed = compress(by, &file);
        let end = compressed.len() - 2;
        compressed[end] ^= 1;
        let (packets, error) = read(&compressed);
        let error = error.unwrap_or_else(|| panic!("{by}"));
        assert!(error.to_string().contains(&format!("{by} data")), "{by}: {error}");
        assert_eq!(packets.len(), whole, "{by}: {error}");
    }
    for by in ALL {
        let garbage_behind = [compress(by, &samples()[0]), b"garbage".to_vec()].concat();
        let (packets, _, kind) = read_broken(garbage_behind);
        assert_eq!(packets, 3, "{by}: {kind}");
    }
}

#[test]
fn an_error_says_that_its_place_is_one_in_the_unpacked_data() {
    for (file, by) in cut_samples() {
        let (_, error) = read(file);
        let error = error.unwrap().to_string();
        let expected = format!("test: packet 3 at octet 59 of the unpacked {by} data: cut short in a packet");
        assert!(error.starts_with(&expected), "{error}");
    }
}

/// A stream of which so many octets arrive at a time.
struct Dripping(Cursor<Vec<u8>>, usize);

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = buffer.len().min(self.1);
        self.0.read(&mut buffer[..size])
    }
}

/// What is unpacked of a stream, of which so many octets arrive at a time, if so many are asked for; and why it ended.
fn unpacked(by: Compression, octets: &[u8], arrive: usize, asked: usize) -> (Vec<u8>, String) {
    let mut stream = by.undo(Box::new(Dripping(Cursor::new(octets.to_vec()), arrive))).unwrap();
    let (mut unpacked, mut buffer) = (Vec::new(), vec![0_u8; asked]);
    let error = loop {
        match stream.read(&mut buffer) {
            Ok(octets) => unpacked.extend(&buffer[..octets]),
            Err(error) => break error,
        }
    };
    assert_eq!(stream.read(&mut buffer).unwrap(), 0, "{by}");
    (unpacked, error.to_string())
}

/// How many octets arrive at a time, and how many are asked for.
const WAYS: [(usize, usize); 3] = [(1 << 20, 1 << 20), (61, 4_093), (1, 3)];

/// Octets that every compression needs several blocks for.
fn much() -> Vec<u8> {
    (0..300_000_u32).flat_map(|number| number.wrapping_mul(number).to_le_bytes()).collect()
}

#[test]
fn what_is_unpacked_before_damage_does_not_depend_on_how_much_is_asked_for() {
    let file = much();
    for by in ALL {
        let whole = compress(by, &file);
        let mut given = 0;
        for part in 1..20 {
            let end = whole.len() * part / 20;
            let damaged = [&whole[..end], &[0xff; 64]].concat();
            let [once, others @ ..] = WAYS.map(|(arrive, asked)| unpacked(by, &damaged, arrive, asked));
            assert!(others.iter().all(|other| *other == once), "{by} {part}");
            given += once.0.len();
        }
        assert!(given > file.len(), "{by} {given}");
    }
}

/// The decompressor would like the header of the next block together with a block.
#[test]
fn a_block_of_zstd_counts_if_the_next_is_damaged() {
    const BLOCK: usize = 128 << 10;
    const HEADER: usize = 3;
    let file = much();
    let mut frame = compress(Zstd, &file);
    // Magic number, descriptor of the frame, which says that there is nothing else but a checksum, and of the window.
    assert_eq!(frame[4], 1 << 2);
    let first = 6;
    let [b0, b1, b2] = *frame[first..].first_chunk().unwrap();
    let second = first + HEADER + (u32::from_le_bytes([b0, b1, b2, 0]) >> 3) as usize;
    // A type that is reserved.
    frame[second] |= 3 << 1;
    for (arrive, asked) in WAYS {
        let (unpacked, error) = unpacked(Zstd, &frame, arrive, asked);
        assert!(unpacked == file[..BLOCK], "{} {error}", unpacked.len());
    }
}

/// The header of a file in a tar archive.
fn tar() -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..6].copy_from_slice(b"a.pcap");
    header[257..263].copy_from_slice(b"ustar\0");
    header
}

#[test]
fn what_is_inside_is_recognised_too() {
    for by in ALL {
        for (inside, name) in [
            (b"some text".to_vec(), "text".to_owned()),
            (compress(by, &samples()[0]), format!("{by} within another compression")),
            (tar(), "a tar archive, which has to be unpacked before".to_owned()),
        ] {
            let (_, _, kind) = read_broken(compress(by, &inside));
            let CaptureErrorKind::UnknownFormat { name: found } = kind else { panic!("{by}: {kind}") };
            assert_eq!(found, name);
        }
        let (_, _, kind) = read_broken(compress(by, b""));
        assert!(matches!(kind, CaptureErrorKind::Empty), "{by}: {kind}");
    }
}
