//! Zstandard (RFC 8878).

use std::io;

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::codec::{Codec, Place, Step};

/// Octets by which a frame is known.
const MAGIC: usize = 4;

/// Octets of the header of a block (RFC 8878 section 3.1.1.2).
const BLOCK_HEADER: usize = 3;

/// All frames of a stream.
pub(super) struct Zstd {
    decoder: Decoder<'static>,
    place: Place,
    /// Octets that the decoder gets next, at most a block: what it has unpacked it drops if there is damage behind it.
    wanted: usize,
    /// The last step had no room for all that was unpacked, or just enough.
    is_full: bool,
}

impl Zstd {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { decoder: Decoder::new()?, place: Place::Inside, wanted: MAGIC, is_full: false })
    }

    /// Unpacks what is wanted of the input.
    fn run(&mut self, input: &mut InBuffer<'_>, output: &mut OutBuffer<'_, [u8]>) -> io::Result<Place> {
        (self.place, self.wanted) = match self.decoder.run(input, output)? {
            0 => (Place::Between, MAGIC),
            // With a block it would like the header of the next one.
            more @ ..=BLOCK_HEADER => (Place::Inside, more),
            more => (Place::Inside, more - BLOCK_HEADER),
        };
        self.is_full = self.place == Place::Inside && output.pos() == output.capacity();
        Ok(self.place)
    }
}

impl Codec for Zstd {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        if self.place == Place::Between {
            let place = if input.is_empty() { Ok(()) } else { self.decoder.reinit() };
            if input.is_empty() || place.is_err() {
                return Step { read: 0, written: 0, place: place.map(|()| Place::Between) };
            }
        }
        let wanted = if self.is_full { 0 } else { input.len().min(self.wanted) };
        let (mut input, mut output) = (InBuffer::around(&input[..wanted]), OutBuffer::around(output));
        let place = self.run(&mut input, &mut output);
        Step { read: input.pos(), written: output.pos(), place }
    }
}
