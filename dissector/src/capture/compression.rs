//! Which compression a stream has, by its first octets, and what undoes it: one file a compression.

mod codec;
mod gzip;
mod lz4;
mod xz;
mod zstd;

use std::fmt;
use std::io::{self, BufReader, Read};

use super::input::Input;
use codec::Decompressor;

/// Compressions that are undone while reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// RFC 1952, any number of members, padded with zeros or not.
    Gzip,
    /// RFC 8878, any number of frames.
    Zstd,
    /// The .xz format, any number of streams.
    Xz,
    /// The LZ4 frame format, any number of frames.
    Lz4,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Lz4 => "lz4",
        })
    }
}

impl Compression {
    /// What the first four octets of `input` tell, and those behind them where that is not enough. All stay at hand.
    pub(super) fn detect(magic: [u8; 4], input: &mut Input) -> io::Result<Option<Self>> {
        Ok(match magic {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd] => Some(Self::Zstd),
            [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Self::behind_skippable(input)?),
            [0xfd, b'7', b'z', b'X'] => Some(Self::Xz),
            [0x04, 0x22, 0x4d, 0x18] => Some(Self::Lz4),
            _ => None,
        })
    }

    /// zstd and LZ4 have the same skippable frames. Of a stream that begins with some, the frame behind them tells which
    /// it is, if it is near; else it passes for zstd, since the parallel compressors of that begin so.
    fn behind_skippable(input: &mut Input) -> io::Result<Self> {
        /// Octets of a skippable frame before what it holds: magic number and length.
        const HEADER: usize = 8;
        const NEAR: usize = 64 << 10;

        let mut at = 0_usize;
        while at < NEAR {
            input.fill(at + HEADER)?;
            match *input.at_hand().get(at..).unwrap_or_default() {
                [0x50..=0x5f, 0x2a, 0x4d, 0x18, l0, l1, l2, l3, ..] => {
                    let len = u32::from_le_bytes([l0, l1, l2, l3]);
                    at = (at + HEADER).saturating_add(len as usize);
                }
                // No frame of zstd begins with this octet, and the others may be cut off.
                [0x04, ..] => return Ok(Self::Lz4),
                _ => break,
            }
        }
        Ok(Self::Zstd)
    }

    /// The uncompressed stream.
    pub(super) fn undo(self, source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let source = BufReader::with_capacity(64 << 10, source);
        Ok(match self {
            Self::Gzip => until_error(Decompressor::new(gzip::Gzip::new(), source)),
            Self::Zstd => until_error(Decompressor::new(zstd::Zstd::new()?, source)),
            Self::Xz => until_error(Decompressor::new(xz::Xz::new()?, source)),
            Self::Lz4 => until_error(lz4::Lz4::new(source)),
        })
    }
}

/// `stream` until its first error, which is its end: what decompressors say after damage is of no use.
fn until_error(stream: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(UntilError(Some(stream)))
}

/// A stream, or nothing after its first error.
struct UntilError<R>(Option<R>);

impl<R: Read> Read for UntilError<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.as_mut().map_or(Ok(0), |stream| stream.read(buffer));
        if read.is_err() {
            self.0 = None;
        }
        read
    }
}
