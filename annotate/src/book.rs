//! The book: what the rules said of segments that go by the book, each where connections stood before it.
//!
//! A connection that goes by the book ([`fast`]), or does so until it is reset, stands after each of its segments where
//! all others stand that went the same way: in a position. What the rules say of the last segment is then the same, but
//! for packets and the number of the connection. So they judge each position once, at the model of its [`Shape`], when
//! the first connection goes there. That one leaves the book and is followed; the next that comes by need not be.
//!
//! [`precedent`](crate::precedent) does the same for what is said of whole connections. This file must not know any rule,
//! and nothing of what a rule says but where it names packets.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::annotation::Annotation;
use crate::arrival::Arrival;
use crate::clock::elapsed;
use crate::fast;
use crate::incarnation::Incarnation;
use crate::journal::{Entry, Journal, Shelf};
use crate::kind::ClientBasis;
use crate::options::Options;
use crate::precedent::shape::{Sent, Shape, Turn, answers, goes_on, has_usual_ttl, opens, resets};
use crate::seq::Seq;
use crate::side::{Both, Side};
use crate::state::{Change, State};
use crate::table::Slot;

/// Positions that are remembered, two kilobytes each.
const MOST_POSITIONS: usize = 4096;

/// The place of a position.
type PositionId = u32;

/// After a SYN.
const OPENED: PositionId = 0;

/// Out of the book.
const NONE: PositionId = PositionId::MAX;

/// All positions, each behind the one from which it was reached.
#[derive(Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Book(Vec<Position>);

/// What the rules say where connections of one shape stand.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Position {
    shape: Shape,
    /// How far its peers have sent.
    sent: [Sent; 2],
    /// What the model of the shape has come to.
    incarnation: Incarnation,
    /// What is said of its last segment.
    annotation: Annotation,
    /// That goes on in an open connection.
    is_plain: bool,
    /// What happens if the TIME-WAIT of a peer ends.
    expiry: Both<Option<Both<Change>>>,
    /// Where connections went on; [`NONE`] if the rules look at more than a shape there.
    nexts: Vec<(Turn, PositionId)>,
}

/// Where one connection stands.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Way {
    position: PositionId,
    /// The numbers of the next octets of client and server.
    next: [Seq; 2],
}

impl Default for Way {
    /// One out of the book.
    fn default() -> Self {
        Self { position: NONE, next: [Seq(0); 2] }
    }
}

/// What was written down of a connection before a segment.
pub(crate) struct Before<'a> {
    pub journal: &'a Journal,
    pub shelf: &'a Shelf,
    /// The time of its last segment.
    pub time_ns: i64,
}

impl Book {
    /// Where a connection stands that begins with this segment; `None` if that is out of the book.
    pub fn open(&mut self, arrival: &Arrival<'_>, from: Side, options: &Options) -> Option<Way> {
        let turn = opens(&Entry::of(arrival, from)?)?;
        if self.0.is_empty() {
            self.0.push(Position::opened(turn, options)?);
        }
        Some(Way { position: OPENED, next: [arrival.end(), Seq(0)] })
    }

    /// Where a connection that stood at `way` stands after this segment; `None` if that is out of the book.
    pub fn go_on(
        &mut self,
        way: &Way,
        before: &Before<'_>,
        arrival: &Arrival<'_>,
        from: Side,
        options: &Options,
    ) -> Option<Way> {
        let turn = self.get(way)?.turn(way, before, arrival, from, options)?;
        let position = self.next(way.position, turn, options)?;
        let mut next = way.next;
        if !turn.is_reset() {
            next[from as usize] = arrival.end();
        }
        Some(Way { position, next })
    }

    /// What is said of the last segment of the connection in `slot`; `None` if it is out of the book.
    pub fn annotation(&self, slot: &Slot, shelf: &Shelf) -> Option<Annotation> {
        let model = &self.get(&slot.way)?.annotation;
        let entries = shelf.entries(slot.journal()?);
        // The model's kth segment stands in packet k.
        let packet = |k: u64| entries.clone().nth(k.checked_sub(1)? as usize).map(|(_, moment)| moment.at);
        Some(Annotation {
            connection: slot.number,
            incarnation: slot.count,
            acks_fin: model.acks_fin.and_then(|at| packet(at.frame())),
            repeats: model.repeats.and_then(|at| packet(at.frame())),
            answers: model.answers.and_then(|at| packet(at.frame())),
            ..*model
        })
    }

    /// True if the last segment of a connection at `way` goes on in an open connection.
    pub fn is_plain(&self, way: &Way) -> bool {
        self.get(way).is_some_and(|position| position.is_plain)
    }

    /// What happens to both peers of a connection at `way` if the TIME-WAIT of `side` ends; `None` out of the book.
    pub fn expiry(&self, way: &Way, side: Side) -> Option<Both<Change>> {
        self.get(way)?.expiry[side]
    }

    /// The states that both peers of a connection at `way` are expected in; `None` out of the book.
    pub fn states(&self, way: &Way) -> Option<Both<State>> {
        self.get(way).map(|position| position.incarnation.states())
    }

    fn get(&self, way: &Way) -> Option<&Position> {
        self.0.get(way.position as usize)
    }

    /// The position that `turn` leads to, if some connection went there before. If not, the next one can.
    fn next(&mut self, from: PositionId, turn: Turn, options: &Options) -> Option<PositionId> {
        let position = self.0.get(from as usize)?;
        if let Some((_, next)) = position.nexts.iter().find(|(known, _)| *known == turn) {
            return (*next != NONE).then_some(*next);
        }
        let is_full = self.0.len() >= MOST_POSITIONS;
        if !is_full {
            let new = position.after(turn, options);
            let id = if new.is_some() { self.0.len() as PositionId } else { NONE };
            self.0[from as usize].nexts.push((turn, id));
            self.0.extend(new);
        }
        None
    }
}

impl Position {
    /// That of a connection of which there is a SYN.
    fn opened(turn: Turn, options: &Options) -> Option<Self> {
        let mut shape = Shape::EMPTY;
        shape.add(turn)?;
        let (syn, from) = shape.model().last()?;
        let incarnation = Incarnation::new(0, 1, ClientBasis::Syn, &syn, from);
        Self::judged(shape, incarnation, &syn, from, options)
    }

    /// That to which `turn` leads from here; `None` if the rules would look at more than a shape.
    #[cold]
    fn after(&self, turn: Turn, options: &Options) -> Option<Self> {
        let mut shape = self.shape;
        shape.add(turn)?;
        let (arrival, from) = shape.model().last()?;
        Self::judged(shape, self.incarnation.clone(), &arrival, from, options)
    }

    /// What the rules say of `arrival`, the last segment of the model of `shape`, which came to `incarnation` before.
    fn judged(
        shape: Shape,
        mut incarnation: Incarnation,
        arrival: &Arrival<'_>,
        from: Side,
        options: &Options,
    ) -> Option<Self> {
        // A RST in a shape is what its sender sends next.
        if !fast::is_by_the_book(&incarnation, arrival, from) && !arrival.rst() {
            return None;
        }
        let is_plain = fast::is_plain(&incarnation, arrival) && fast::is_orderly(&incarnation, arrival, from);
        let verdict = incarnation.step(arrival, from, None, options);
        let annotation = incarnation.annotation(from, &verdict);
        let expiry = Both::from_fn(|side| {
            let waits = incarnation.bounds[side].expected == State::TimeWait;
            waits.then(|| incarnation.clone().expire(side, None))
        });
        let is_corrected = !incarnation.unusual().retro.is_empty();
        let sent = shape.sent();
        (!is_corrected).then(|| Self {
            shape,
            sent,
            incarnation,
            annotation,
            is_plain,
            expiry,
            nexts: Vec::new(),
        })
    }

    /// What a segment of a connection that stands here at `way` adds to its shape; `None` if it does not go by the book,
    /// or if there was a pause that the rules weigh.
    fn turn(
        &self,
        way: &Way,
        before: &Before<'_>,
        arrival: &Arrival<'_>,
        from: Side,
        options: &Options,
    ) -> Option<Turn> {
        let Before { journal, shelf, time_ns } = *before;
        let last = journal.at();
        let is_next = arrival.at > last && arrival.at.file() == last.file() && arrival.time_ns >= time_ns;
        if !is_next || journal.is_closed() || self.shape.is_reset() {
            return None;
        }
        let entry = &Entry::of(arrival, from)?;
        let limits = &options.thresholds;
        let is_late = elapsed(time_ns, arrival.time_ns) >= limits.idle_close;
        if self.shape.len() == 1 {
            return answers(entry, way.next[Side::Client as usize])
                .filter(|turn| !(turn.is_reset() && is_late));
        }
        let place_of = |number, side| {
            let mut entries = shelf.entries(journal).zip(0..);
            let is_meant = |(sent, _): (&Entry, _)| sent.from() == side && sent.end() == number;
            entries.find(|(entry, _)| is_meant(*entry)).map(|(_, place)| place)
        };
        let Some(turn) = goes_on(entry, &way.next, &self.sent, place_of) else {
            return resets(entry, &way.next, &self.sent, &self.shape, place_of)
                .filter(|_| !is_late && has_usual_ttl(entry, shelf.entries(journal), limits));
        };
        if turn.has_fin() {
            let other = self.sent[from.other() as usize].fin;
            let first = other.and_then(|place| shelf.entries(journal).nth(place.into()));
            let dwelt_ns = first.map_or(0, |(_, fin)| elapsed(fin.time_ns, arrival.time_ns));
            if is_late || dwelt_ns >= limits.close_wait_note {
                return None;
            }
        }
        Some(turn)
    }
}
