//! The LZ4 frame format.

use std::io::{self, BufRead, ErrorKind, Read};

use lz4_flex::frame::{Error, FrameDecoder};

/// All frames of an LZ4 stream as one.
///
/// [`FrameDecoder`] answers 0 at the end of each frame, and also when the stream ends between two blocks of a
/// frame. The second must not pass for the first. What a skippable frame holds is left to us.
pub(super) struct Lz4<R: BufRead>(FrameDecoder<EndIsError<R>>);

impl<R: BufRead> Read for Lz4<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.0.read(buffer) {
                Ok(0) => {}
                Err(_) if self.0.get_ref().ended => return Err(ErrorKind::UnexpectedEof.into()),
                Err(error) => match skippable(&error) {
                    Some(len) => self.skip(len)?,
                    None => return Err(in_words(error)),
                },
                read => return read,
            }
            if self.0.get_mut().source.fill_buf()?.is_empty() {
                return Ok(0);
            }
        }
    }
}

impl<R: BufRead> Lz4<R> {
    pub(super) fn new(source: R) -> Self {
        Self(FrameDecoder::new(EndIsError { source, ended: false }))
    }

    /// Passes over `len` octets, which must be there.
    fn skip(&mut self, len: u64) -> io::Result<()> {
        let source = &mut self.0.get_mut().source;
        if io::copy(&mut source.take(len), &mut io::sink())? < len {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// How many octets the frame holds that [`FrameDecoder`] found to be one to skip, and whose header it has read.
fn skippable(error: &io::Error) -> Option<u64> {
    let Error::SkippableFrame(len) = error.get_ref()?.downcast_ref()? else { return None };
    Some(u64::from(*len))
}

/// What the decoder says of damage are the names of its own parts.
fn in_words(error: io::Error) -> io::Error {
    if error.get_ref().is_some_and(|inner| inner.is::<Error>()) {
        io::Error::new(ErrorKind::InvalidData, "a corrupt block, or another checksum")
    } else {
        error
    }
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
        if self.ended { Err(ErrorKind::InvalidData.into()) } else { Ok(octets) }
    }
}
