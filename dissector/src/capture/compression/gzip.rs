//! gzip (RFC 1952).

use std::io::{self, ErrorKind};

use flate2::{Decompress, FlushDecompress, Status};

use super::codec::{Codec, Place, Step};

/// Of the octets that a member may refer back to the logarithm to the base 2: the largest (RFC 1951 section 2).
const WINDOW_BITS: u8 = 15;

/// All members of a stream.
///
/// Tapes and disks are written in whole blocks, so zeros up to the end of the stream are padding, as GNU gzip has it.
pub(super) struct Gzip {
    member: Decompress,
    place: Place,
    /// Octets of padding so far.
    padding: u64,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self { member: Decompress::new_gzip(WINDOW_BITS), place: Place::Inside, padding: 0 }
    }

    /// Passes over padding, or begins the next member.
    fn between(&mut self, input: &[u8]) -> Step {
        let zeros = input.iter().take_while(|octet| **octet == 0).count();
        self.padding += zeros as u64;
        let place = match (zeros < input.len(), self.padding) {
            (false, _) => Ok(Place::Between),
            (true, 0) => {
                *self = Self::new();
                Ok(Place::Inside)
            }
            (true, padding) => {
                let found = format!("something else behind {padding} octets of padding");
                Err(io::Error::new(ErrorKind::InvalidData, found))
            }
        };
        Step { read: zeros, written: 0, place }
    }
}

impl Codec for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        if self.place == Place::Between {
            return self.between(input);
        }
        let (before, before_out) = (self.member.total_in(), self.member.total_out());
        let unpacked = self.member.decompress(input, output, FlushDecompress::None);
        if matches!(unpacked, Ok(Status::StreamEnd)) {
            self.place = Place::Between;
        }
        Step {
            read: (self.member.total_in() - before) as usize,
            written: (self.member.total_out() - before_out) as usize,
            place: unpacked.map(|_| self.place).map_err(|_| {
                // Which of the two, and why, zlib says in some calls only.
                io::Error::new(ErrorKind::InvalidData, "corrupt deflate data, or another checksum")
            }),
        }
    }
}
