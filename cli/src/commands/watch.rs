//! Connections that are told of as soon as they end, not when it is settled that nothing more belongs to them.

use std::collections::HashSet;

use fourwave_annotate::{Annotation, Both, Connection, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use crate::filter::Filter;
use crate::follow::{Consumer, Ended, Pieces};

/// Hands each connection that passes `filter` to `take`, once: when neither peer has anything left to do but wait. One
/// that ends otherwise is handed on when the engine gives it up.
pub struct Watch<F> {
    filter: Filter,
    take: F,
    /// What has just ended.
    ended: Option<Ended>,
    /// It is told of now.
    is_early: bool,
    /// Connections that were told of and are not settled.
    told: HashSet<u64>,
}

impl<F: FnMut(&Connection)> Watch<F> {
    /// Watches for connections that pass `filter`.
    pub fn new(filter: Filter, take: F) -> Self {
        Self { filter, take, ended: None, is_early: false, told: HashSet::new() }
    }

    /// Takes note of a segment.
    fn see(&mut self, segment: &Segment<'_>, said: &Annotation) {
        self.filter.note(segment, said);
        let is_over = said.peers.iter().all(|(_, change)| change.after.expected.is_at_rest());
        if is_over && !said.role.is_outsider() && !self.told.contains(&said.connection) {
            let ends = Both { client: segment.src, server: segment.dst };
            self.ended = Some(Ended { number: said.connection, ends, zone: segment.zone });
        }
    }
}

impl<F: FnMut(&Connection)> Observer for Watch<F> {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.see(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.filter.note_event(event);
    }

    fn connection(&mut self, connection: &Connection) {
        let is_new = if std::mem::take(&mut self.is_early) {
            self.told.insert(connection.number)
        } else {
            !self.told.remove(&connection.number)
        };
        if is_new && self.filter.keeps_connection(connection) {
            (self.take)(connection);
        }
        self.filter.forget(connection.number);
    }
}

impl<F: FnMut(&Connection)> Pieces for Watch<F> {}

impl<F: FnMut(&Connection)> Consumer for Watch<F> {
    fn ended(&mut self) -> Option<Ended> {
        let ended = self.ended.take();
        self.is_early = ended.is_some();
        ended
    }
}
