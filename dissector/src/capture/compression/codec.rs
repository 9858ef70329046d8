//! Compressed data undone step by step, so that all counts that could be unpacked before damage.
//!
//! A reader that unpacks for as long as there is room, and then says that there is damage, would lose what it unpacked in that
//! call: how many packets there are would depend on how much is asked for at a time. This file must not know any compression.

use std::io::{self, BufRead, ErrorKind, Read};

/// Undoes a compression.
pub(super) trait Codec {
    /// Unpacks from `input` to `output`, of which neither is empty, or from an empty `input` at the end of the stream.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step;
}

/// What a step did.
pub(super) struct Step {
    /// Octets of the input that are used up.
    pub read: usize,
    /// Octets of the output that are unpacked, also if there is damage behind them.
    pub written: usize,
    /// Where in the stream it is now.
    pub place: io::Result<Place>,
}

/// Where in a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// More must follow.
    Inside,
    /// All parts so far are whole.
    Between,
}

/// Reads a compressed stream.
pub(super) struct Decompressor<C, R> {
    codec: C,
    source: R,
    /// What comes next instead of octets.
    error: Option<io::Error>,
}

impl<C, R> Decompressor<C, R> {
    pub(super) const fn new(codec: C, source: R) -> Self {
        Self { codec, source, error: None }
    }
}

impl<C: Codec, R: BufRead> Read for Decompressor<C, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        loop {
            let input = self.source.fill_buf()?;
            let is_end = input.is_empty();
            let Step { read, written, place } = self.codec.step(input, buffer);
            self.source.consume(read);
            match place {
                Err(error) if written > 0 => self.error = Some(error),
                Err(error) => return Err(error),
                Ok(Place::Inside) if is_end && written == 0 => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(Place::Between) if is_end => return Ok(written),
                Ok(Place::Inside | Place::Between) => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}
