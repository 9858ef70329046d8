//! The .xz format.

use std::io;

use liblzma::stream::{Action, CONCATENATED, Status, Stream};

use super::codec::{Codec, Place, Step};

/// All streams of a file.
pub(super) struct Xz(Stream);

impl Xz {
    pub(super) fn new() -> io::Result<Self> {
        const NO_LIMIT: u64 = u64::MAX;
        Ok(Self(Stream::new_auto_decoder(NO_LIMIT, CONCATENATED)?))
    }
}

impl Codec for Xz {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        // Whether another stream follows is known at the end alone.
        let action = if input.is_empty() { Action::Finish } else { Action::Run };
        let (before, before_out) = (self.0.total_in(), self.0.total_out());
        let unpacked = self.0.process(input, output, action);
        let place = match unpacked {
            Ok(Status::StreamEnd) => Ok(Place::Between),
            Ok(Status::Ok | Status::GetCheck | Status::MemNeeded) => Ok(Place::Inside),
            Err(error) => Err(error.into()),
        };
        Step {
            read: (self.0.total_in() - before) as usize,
            written: (self.0.total_out() - before_out) as usize,
            place,
        }
    }
}
