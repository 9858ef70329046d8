//! The connections that pass the filters, one by one as the engine hands them out.

use fourwave_annotate::{Annotation, Connection, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use crate::filter::Filter;
use crate::follow::Consumer;

/// Hands each connection that passes `filter` to `take`.
pub struct Selection<F> {
    pub filter: Filter,
    pub take: F,
}

impl<F: FnMut(&Connection)> Observer for Selection<F> {
    fn wants_segments(&self) -> bool {
        self.filter.asks_for_roles()
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.filter.note_event(event);
    }

    fn connection(&mut self, connection: &Connection) {
        if self.filter.keeps_connection(connection) {
            (self.take)(connection);
        }
    }
}

impl<F: FnMut(&Connection)> Consumer for Selection<F> {}
