//! Segments as seen afterwards: an adaptor between the engine and an observer.
//!
//! The engine's annotations are final when emitted (SPEC 1.7); what later segments show to have been
//! otherwise stands in the connection's `path` and `retro` (SPEC 4.9, 6.3, 6.4, 8.4). This adaptor holds
//! everything back until the connection of each segment and timer event is settled, corrects them by its result,
//! and hands all on in the order in which it came. What it holds is bounded. It must not know how anything was
//! decided.

mod correction;

pub(crate) use correction::correct;

use alloc::boxed::Box;
use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::mem;

use fourwave_dissector::{FrameId, Segment, tcp};

use crate::annotation::{Annotation, TimeWaitExpired};
use crate::connection::Connection;
use crate::modifier::Modifier;
use crate::observer::Observer;
use crate::side::Both;
use crate::state::State;

/// Holds back what the engine says until nothing can change it, then tells an inner observer.
///
/// Segments arrive there by [`Observer::corrected`], without options and payload; a connection arrives after all
/// that is told of it.
#[derive(Debug)]
pub struct Hindsight<O> {
    inner: O,
    most_held: usize,
    held: VecDeque<Held>,
    /// Serial number of the first of `held`; the others count on.
    first: u64,
    /// The serial numbers of what is held of each connection, ascending.
    connections: BTreeMap<u64, VecDeque<u64>>,
    /// Where the last segment stands in the input.
    last: Option<Place>,
}

/// Where a segment stands in the input: its packet, and which of the TCP headers there.
pub(crate) type Place = (FrameId, u8);

/// Something held back.
#[derive(Debug)]
struct Held {
    item: Item,
    /// That of the segment, or of the last one before anything else. It never goes down in the queue.
    place: Option<Place>,
    /// Nothing can change it.
    settled: bool,
}

#[derive(Debug)]
enum Item {
    Segment(Box<Annotated>),
    Event(TimeWaitExpired),
    Connection(Box<Connection>),
}

#[derive(Debug)]
struct Annotated {
    segment: Segment<'static>,
    annotation: Annotation,
    path_in_frame: Both<Vec<State>>,
}

impl<O: Observer> Hindsight<O> {
    /// A bound for callers that have no better one; it stands for some 400 MB.
    pub const MOST_HELD: usize = 1_000_000;

    /// Corrects what goes to `inner`. Beyond `most_held` things held the oldest are handed on as streamed, segments
    /// with [`Modifier::Evicted`].
    #[must_use]
    pub const fn new(inner: O, most_held: usize) -> Self {
        Self { inner, most_held, held: VecDeque::new(), first: 0, connections: BTreeMap::new(), last: None }
    }

    /// Hands on what is left, as if evicted. After [`Engine::finish`](crate::Engine::finish) nothing is.
    pub fn finish(mut self) -> O {
        while self.evict() {}
        self.inner
    }

    /// Holds something that its connection can change.
    fn hold(&mut self, item: Item) {
        let serial = self.first + self.held.len() as u64;
        self.connections.entry(item.connection()).or_default().push_back(serial);
        self.push(item, false);
    }

    fn push(&mut self, item: Item, settled: bool) {
        self.held.push_back(Held { item, place: self.last, settled });
        if self.held.len() > self.most_held {
            self.evict();
        }
    }

    /// Hands on the oldest as streamed, and what it stood in the way of. False if nothing is held.
    fn evict(&mut self) -> bool {
        let Some(Held { mut item, .. }) = self.held.pop_front() else { return false };
        self.unlist(self.first, item.connection());
        self.first += 1;
        if let Item::Segment(annotated) = &mut item {
            annotated.annotation.modifiers.insert(Modifier::Evicted);
        }
        item.tell(&mut self.inner);
        self.hand_on();
        true
    }

    /// Hands on what is settled, up to the first that is not.
    fn hand_on(&mut self) {
        while let Some(held) = self.held.pop_front_if(|held| held.settled) {
            self.first += 1;
            held.item.tell(&mut self.inner);
        }
    }

    /// Takes an item off the list of its connection.
    fn unlist(&mut self, serial: u64, connection: u64) {
        if let Entry::Occupied(mut entry) = self.connections.entry(connection) {
            let serials = entry.get_mut();
            if let Ok(index) = serials.binary_search(&serial) {
                serials.remove(index);
            }
            if serials.is_empty() {
                entry.remove();
            }
        }
    }

    /// Puts an item on the list of its connection.
    fn list(&mut self, serial: u64, connection: u64) {
        let serials = self.connections.entry(connection).or_default();
        let index = serials.partition_point(|earlier| *earlier < serial);
        serials.insert(index, serial);
    }
}

impl<O: Observer> Observer for Hindsight<O> {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.last = Some(place_of(segment));
        self.hold(Item::Segment(Box::new(Annotated {
            segment: without_octets(segment),
            annotation: *annotation,
            path_in_frame: Both::default(),
        })));
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let place = Some(place_of(segment));
        // A segment comes before what else has its place.
        let index = self.held.partition_point(|held| held.place < place);
        let streamed = self.held.get_mut(index).and_then(|held| held.item.annotation_of(segment));
        let found = streamed.map(|streamed| (index, mem::replace(streamed, *annotation)));
        if let Some((index, streamed)) = found {
            let serial = self.first + index as u64;
            self.unlist(serial, streamed.connection);
            self.list(serial, annotation.connection);
        } else {
            self.inner.revised(segment, annotation);
        }
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.hold(Item::Event(*event));
    }

    fn connection(&mut self, connection: &Connection) {
        for serial in self.connections.remove(&connection.number).unwrap_or_default() {
            if let Some(held) = self.held.get_mut((serial - self.first) as usize) {
                held.item.correct(connection);
                held.settled = true;
            }
        }
        self.hand_on();
        if self.held.is_empty() {
            self.inner.connection(connection);
        } else {
            self.push(Item::Connection(Box::new(connection.clone())), true);
        }
    }
}

impl Item {
    const fn connection(&self) -> u64 {
        match self {
            Self::Segment(annotated) => annotated.annotation.connection,
            Self::Event(event) => event.connection,
            Self::Connection(connection) => connection.number,
        }
    }

    /// The annotation, if it is that of `segment`.
    fn annotation_of(&mut self, segment: &Segment<'_>) -> Option<&mut Annotation> {
        match self {
            Self::Segment(annotated) => {
                let Annotated { segment: held, annotation, .. } = &mut **annotated;
                (place_of(held) == place_of(segment)).then_some(annotation)
            }
            Self::Event(_) | Self::Connection(_) => None,
        }
    }

    /// Corrects a segment. A timer event has no packet to look up in a path: it stays as it was.
    fn correct(&mut self, connection: &Connection) {
        match self {
            Self::Segment(annotated) => {
                let Annotated { segment, annotation, path_in_frame } = &mut **annotated;
                *path_in_frame = correct(annotation, segment.at, connection);
            }
            Self::Event(_) | Self::Connection(_) => {}
        }
    }

    fn tell(&self, observer: &mut impl Observer) {
        match self {
            Self::Segment(annotated) => {
                let Annotated { segment, annotation, path_in_frame } = &**annotated;
                observer.corrected(segment, annotation, path_in_frame);
            }
            Self::Event(event) => observer.time_wait_expired(event),
            Self::Connection(connection) => observer.connection(connection),
        }
    }
}

pub(crate) const fn place_of(segment: &Segment<'_>) -> Place {
    (segment.at, segment.layer)
}

/// `segment` without options and payload, so that it can be kept.
pub(crate) fn without_octets(segment: &Segment<'_>) -> Segment<'static> {
    Segment { tcp: tcp::Header { options: &[], ..segment.tcp }, payload: &[], ..*segment }
}

#[cfg(test)]
mod tests;
