//! The connections that pass the filters, one by one as the engine hands them out.

use fourwave_annotate::{Annotation, Connection, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use crate::filter::Filter;
use crate::follow::{Consumer, Pieces};

/// Takes connections.
pub trait Take {
    /// Takes the next one.
    fn take(&mut self, connection: &Connection);

    /// Hands on all that were taken.
    fn settle(&mut self) {}
}

/// Hands each connection that passes `filter` to `to`.
pub struct Selection<T> {
    pub filter: Filter,
    pub to: T,
}

impl<T: Take> Observer for Selection<T> {
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
            self.to.take(connection);
        }
    }
}

impl<T: Take> Pieces for Selection<T> {}

impl<T: Take> Consumer for Selection<T> {
    fn settle(&mut self) {
        self.to.settle();
    }
}
