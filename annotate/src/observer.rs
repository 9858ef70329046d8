//! What the engine reports to, as it goes.

use alloc::vec::Vec;

use fourwave_dissector::Segment;

use crate::annotation::{Annotation, TimeWaitExpired};
use crate::connection::Connection;
use crate::side::Both;
use crate::state::State;

/// Takes what the engine finds. Every method does nothing by default.
///
/// Order of calls for one segment: the timer events due before it and the connections forgotten before it, by
/// deadline; then revisions that it brings; then its annotation.
///
/// A reference to an observer is one, too. So one that is chosen at run time can be handed over:
///
/// ```
/// use fourwave_annotate::{Connection, Engine, Observer};
///
/// #[derive(Default)]
/// struct Count(u64);
///
/// impl Observer for Count {
///     fn connection(&mut self, _: &Connection) {
///         self.0 += 1;
///     }
/// }
///
/// fn finish(engine: Engine, mut observer: &mut dyn Observer) {
///     engine.finish(&mut observer);
/// }
///
/// let mut count = Count::default();
/// finish(Engine::default(), &mut count);
/// assert_eq!(count.0, 0);
/// ```
pub trait Observer {
    /// Whether it looks at segments. If not, the engine tells nothing of them, nor of the incarnations that they turn out
    /// to belong to, and works a connection out only when it must. The answer must never change.
    fn wants_segments(&self) -> bool {
        true
    }

    /// Whether it looks at regular data and acknowledgments while nothing closes: role
    /// [`Data`](crate::Role::Data) or [`Ack`](crate::Role::Ack), no findings. If not, it may be told nothing of them. The
    /// answer must never change.
    fn wants_data(&self) -> bool {
        self.wants_segments()
    }

    /// Whether it looks at connections. If not, no record of them is made. The answer must never change.
    fn wants_connections(&self) -> bool {
        true
    }

    /// A segment is annotated.
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let _ = (segment, annotation);
    }

    /// A segment annotated before turns out to belong to a new incarnation (SPEC 6.3, 6.4); `annotation` is what
    /// it is there. `segment` is the earlier segment, without options and payload.
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

    /// A TIME-WAIT ended. Of some, one that does not look at segments is not told.
    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        let _ = event;
    }

    /// A connection is over and settled, or given up, or the input ended.
    fn connection(&mut self, connection: &Connection) {
        let _ = connection;
    }
}

impl<O: Observer + ?Sized> Observer for &mut O {
    #[inline]
    fn wants_segments(&self) -> bool {
        (**self).wants_segments()
    }

    #[inline]
    fn wants_data(&self) -> bool {
        (**self).wants_data()
    }

    #[inline]
    fn wants_connections(&self) -> bool {
        (**self).wants_connections()
    }

    #[inline]
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        (**self).segment(segment, annotation);
    }

    #[inline]
    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        (**self).revised(segment, annotation);
    }

    #[inline]
    fn corrected(
        &mut self,
        segment: &Segment<'_>,
        annotation: &Annotation,
        path_in_frame: &Both<Vec<State>>,
    ) {
        (**self).corrected(segment, annotation, path_in_frame);
    }

    #[inline]
    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        (**self).time_wait_expired(event);
    }

    #[inline]
    fn connection(&mut self, connection: &Connection) {
        (**self).connection(connection);
    }
}
