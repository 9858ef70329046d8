//! The engine: segments in, annotations out (sans-IO: time comes with the segments).

use alloc::vec::Vec;

use fourwave_dissector::Segment;

use crate::annotation::{Annotation, TimeWaitExpired};
use crate::connection::Connection;
use crate::options::Options;
use crate::side::Both;
use crate::state::State;

/// Takes what the engine finds. Every method does nothing by default.
///
/// Order of calls for one segment: the timer events due before it, the connections forgotten before it, then its
/// annotation.
pub trait Observer {
    /// A segment is annotated.
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let _ = (segment, annotation);
    }

    /// A segment annotated before turns out to belong to a new incarnation (SPEC 6.3, 6.4); `annotation` is what
    /// it is there. `segment` is the earlier segment, without its payload.
    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let _ = (segment, annotation);
    }

    /// A segment is settled: no later one can change what is said of it. `path_in_frame` holds the expected states
    /// that each peer passed inside its packet, if more than one. Called by [`Hindsight`](crate::Hindsight) only,
    /// in place of [`Self::segment`].
    fn corrected(
        &mut self,
        segment: &Segment<'_>,
        annotation: &Annotation,
        path_in_frame: &Both<Vec<State>>,
    ) {
        let _ = path_in_frame;
        self.segment(segment, annotation);
    }

    /// A TIME-WAIT ended.
    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        let _ = event;
    }

    /// A connection is over and settled, or given up, or the input ended.
    fn connection(&mut self, connection: &Connection) {
        let _ = connection;
    }
}

/// Follows all connections of one capture.
pub struct Engine {
    options: Options,
}

impl Engine {
    /// An engine that has seen nothing.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Takes in one segment. Call in the order of the capture.
    pub fn push(&mut self, segment: &Segment<'_>, observer: &mut impl Observer) {
        let _ = (segment, observer);
    }

    /// Moves the clock: fires the timers due at `time_ns` without a packet.
    pub fn advance(&mut self, time_ns: i64, observer: &mut impl Observer) {
        let _ = (time_ns, observer);
    }

    /// Ends the input: hands out every connection that is left, by number.
    pub fn finish(self, observer: &mut impl Observer) {
        let _ = (self.options, observer);
    }
}
