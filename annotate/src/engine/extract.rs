//! What an engine reads of a segment, so that a segment can wait while its packet is gone.

use fourwave_dissector::Segment;

use crate::engine::ends::{Seed, SocketPair};
use crate::rules::arrival::Arrival;

/// All that an engine reads of a segment. It can be made where the segment is found, by another thread than that of the
/// engine.
#[derive(Clone, Copy, Debug)]
pub struct Extract<'a> {
    pub(super) pair: SocketPair,
    /// As if the clock of the capture stood at its time; the engine knows better.
    pub(super) arrival: Arrival<'a>,
}

// Many wait at once.
const _: () = assert!(size_of::<Extract<'_>>() <= 128);

impl<'a> Extract<'a> {
    /// That of `segment`, for engines of this seed.
    // Always: it is made where it is kept.
    #[must_use]
    #[inline(always)]
    pub fn of(segment: &Segment<'a>, seed: &Seed) -> Self {
        Self { pair: SocketPair::of(segment, seed), arrival: Arrival::new(segment, segment.time_ns) }
    }

    /// All that it borrows of the packet: what was captured of the text of a RST (RFC 9293 section 3.5.3).
    #[must_use]
    #[inline]
    pub const fn text(&self) -> &'a [u8] {
        self.arrival.text
    }

    /// The same with `text` in the place of its own, which can be kept in another place than the packet.
    #[must_use]
    #[inline]
    pub const fn with_text<'b>(&self, text: &'b [u8]) -> Extract<'b> {
        Extract { pair: self.pair, arrival: Arrival { text, ..self.arrival } }
    }
}
