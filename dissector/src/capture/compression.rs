//! Which compression a stream has, by its first octets, and how to undo it.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use lz4_flex::frame::{Error, FrameDecoder};

use super::input::Input;

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
            Self::Gzip => Box::new(Steps(GzipMembers(Some(GzDecoder::new(source))))),
            Self::Zstd => Box::new(Steps(zstd::Decoder::with_buffer(source)?)),
            Self::Xz => Box::new(Steps(XzDecoder::new_multi_decoder(source))),
            Self::Lz4 => Box::new(Lz4Frames(FrameDecoder::new(EndIsError { source, ended: false }))),
        })
    }
}

/// A decompressor that is asked for little at a time: when it meets damage, it drops what it has unpacked in the
/// same call, and packets before the damage should count.
struct Steps<R>(R);

impl<R: Read> Read for Steps<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const STEP: usize = 4 << 10;
        let len = buffer.len().min(STEP);
        self.0.read(&mut buffer[..len])
    }
}

/// All members of a gzip stream as one. There is none any more at the end, and after damage.
///
/// Tapes and disks are written in whole blocks, so zeros up to the end of the stream are padding, as GNU gzip has it.
struct GzipMembers<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(mut member) = self.0.take() {
            let octets = member.read(buffer)?;
            if octets > 0 {
                self.0 = Some(member);
                return Ok(octets);
            }
            let mut source = member.into_inner();
            if !is_padding(&mut source)? {
                self.0 = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

/// Whether nothing follows but zeros up to the end of `source`; zeros are passed over.
fn is_padding(source: &mut impl BufRead) -> io::Result<bool> {
    let mut passed = 0;
    loop {
        let octets = source.fill_buf()?;
        let (len, zeros) = (octets.len(), octets.iter().take_while(|octet| **octet == 0).count());
        source.consume(zeros);
        passed += zeros;
        if len == 0 {
            return Ok(true);
        }
        if passed == 0 {
            return Ok(false);
        }
        if zeros < len {
            let found = format!("something else behind {passed} octets of padding");
            return Err(io::Error::new(io::ErrorKind::InvalidData, found));
        }
    }
}

/// All frames of an LZ4 stream as one.
///
/// [`FrameDecoder`] answers 0 at the end of each frame, and also when the stream ends between two blocks of a
/// frame. The second must not pass for the first. What a skippable frame holds is left to us.
struct Lz4Frames<R: BufRead>(FrameDecoder<EndIsError<R>>);

impl<R: BufRead> Read for Lz4Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.0.read(buffer) {
                Ok(0) => {}
                Err(_) if self.0.get_ref().ended => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) => self.skip(skippable(&error).ok_or(error)?)?,
                read => return read,
            }
            if self.0.get_mut().source.fill_buf()?.is_empty() {
                return Ok(0);
            }
        }
    }
}

impl<R: BufRead> Lz4Frames<R> {
    /// Passes over `len` octets, which must be there.
    fn skip(&mut self, len: u64) -> io::Result<()> {
        let source = &mut self.0.get_mut().source;
        if io::copy(&mut source.take(len), &mut io::sink())? < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// How many octets the frame holds that [`FrameDecoder`] found to be one to skip, and whose header it has read.
fn skippable(error: &io::Error) -> Option<u64> {
    let Error::SkippableFrame(len) = error.get_ref()?.downcast_ref()? else { return None };
    Some(u64::from(*len))
}

/// A stream of which the decoder is only asked to read what must be there, so that its end is an error, of another
/// kind than the one that [`FrameDecoder`] takes for the end of a frame.
struct EndIsError<R> {
    source: R,
    ended: bool,
}

impl<R: BufRead> Read for EndIsError<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let octets = self.source.read(buffer)?;
        self.ended = octets == 0 && !buffer.is_empty();
        if self.ended { Err(io::ErrorKind::InvalidData.into()) } else { Ok(octets) }
    }
}
