//! The book: a cache of annotations. Connections whose segments came in the same order get the same annotation, worked out
//! once.
//!
//! After each segment a connection whose segments are regular ([`fast`]), all or up to a RST, stands where all others stand
//! whose segments had the same [`Shape`] so far: in a position. What the rules say of its last segment is the same, too, but
//! for packets and the number of the connection. So they judge each position once, at the model of its shape, and only when
//! a second connection reaches it, as many positions are reached by one alone. The first leaves the book and is followed by
//! the rules, as does every connection where shapes end ([`Shape::add`]).
//!
//! [`precedent`](super::precedent) does the same for what is said of whole connections. This file must not know any rule,
//! and nothing of what a rule says but where it names packets.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::mem;

use crate::annotation::Annotation;
use crate::connection::elapsed;
use crate::engine::journal::{Entry, Journal, Shelf};
use crate::engine::shape::{
    Extent, Shape, Turn, answer_turn, first_turn, has_usual_ttl, is_late, next_turn, reset_turn,
};
use crate::engine::table::Slot;
use crate::kind::ClientBasis;
use crate::options::Options;
use crate::rules::arrival::Arrival;
use crate::rules::fast;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};
use crate::state::{Change, State};

/// Turns that are known; two kilobytes each if they lead to a position.
const MOST_TURNS: usize = 4096;

/// The number of a position. None has that of another before it.
type PositionId = u32;

/// Out of the book.
const NONE: PositionId = PositionId::MAX;

/// Where one connection went, and left the book.
const NEW: PositionId = PositionId::MAX - 1;

/// All positions, each behind the one from which it was reached. The first is that after a SYN.
#[derive(Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Book {
    positions: Vec<Position>,
    /// The number of the first one: those with lower numbers were given up.
    first: PositionId,
    /// Turns that are known, those that lead to no position among them.
    turns: usize,
    /// How often it was too full for another.
    missed: usize,
    worth: Worth,
}

/// Whether the book is worth its while. A connection that leaves it in the middle is worked out again from its first
/// segment, which costs about as much as one that stays saves. Where more leave than stay, few are opened by it, to see
/// whether that is still so.
#[derive(Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Worth {
    /// Connections that could have been opened.
    seen: u32,
    /// Those of late that were.
    opened: u32,
    /// Those of late that left.
    left: u32,
}

impl Worth {
    /// With fewer it is too early to tell.
    const LEAST: u32 = 256;
    /// Half of so many count no more.
    const MOST: u32 = 1024;
    /// One of so many is opened in any case.
    const PROBED: u32 = 16;

    /// Whether the next connection is opened.
    const fn opens(&mut self) -> bool {
        self.seen = self.seen.wrapping_add(1);
        let is_worthless = self.opened >= Self::LEAST && self.left > self.opened / 2;
        let opens = !is_worthless || self.seen.is_multiple_of(Self::PROBED);
        if opens {
            self.opened = self.opened.saturating_add(1);
        }
        if self.opened >= Self::MOST {
            (self.opened, self.left) = (self.opened / 2, self.left / 2);
        }
        opens
    }
}

/// What the rules say where connections of one shape stand.
#[derive(Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Position {
    shape: Shape,
    /// How far its peers have sent: what follows from the shape.
    sent: [Extent; 2],
    /// What the model of the shape has come to.
    incarnation: Incarnation,
    /// What is said of its last segment.
    annotation: Annotation,
    /// That segment goes on in an open connection.
    is_plain: bool,
    /// What happens if the TIME-WAIT of a peer ends.
    expiry: Both<Option<Both<Change>>>,
    /// Where connections went on: a position, [`NEW`], or [`NONE`] if the rules look at more than a shape there.
    nexts: Vec<(Turn, PositionId)>,
}

/// Where one connection stands.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Standing(PositionId);

impl Default for Standing {
    /// Out of the book.
    fn default() -> Self {
        Self(NONE)
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
    pub fn open(&mut self, arrival: &Arrival<'_>, from: Side, options: &Options) -> Option<Standing> {
        let turn = first_turn(&Entry::of(arrival, from)?)?;
        if !self.worth.opens() {
            return None;
        }
        if self.positions.is_empty() {
            self.positions.push(Position::opened(turn, options)?);
            self.turns = self.turns.saturating_add(1);
        }
        Some(Standing(self.first))
    }

    /// Where a connection that stood at `standing` stands after this segment; `None` if that is out of the book.
    pub fn go_on(
        &mut self,
        standing: Standing,
        before: &Before<'_>,
        arrival: &Arrival<'_>,
        from: Side,
        options: &Options,
    ) -> Option<Standing> {
        let position = self.get(standing)?;
        let is_over = position.is_over();
        let turn = position.turn(before, arrival, from, options);
        let reached = turn.and_then(|turn| self.next(standing, turn, options)).map(Standing);
        if reached.is_none() && !is_over {
            self.worth.left = self.worth.left.saturating_add(1);
        }
        reached
    }

    /// What is said of the last segment of the connection in `slot`; `None` if it is out of the book.
    pub fn annotation(&self, slot: &Slot, shelf: &Shelf) -> Option<Annotation> {
        let Position { shape, annotation: model, .. } = self.get(slot.standing)?;
        let journal = slot.journal()?;
        // The model's kth segment stands in packet k.
        let packet = |k: u64| {
            let place = u8::try_from(k.checked_sub(1)?).ok()?;
            shelf.moment(journal, slot.seen_ns, place, shape.len()).map(|moment| moment.at)
        };
        Some(Annotation {
            connection: slot.number,
            incarnation: slot.count,
            acks_fin: model.acks_fin.and_then(|at| packet(at.frame())),
            repeats: model.repeats.and_then(|at| packet(at.frame())),
            answers: model.answers.and_then(|at| packet(at.frame())),
            ..*model
        })
    }

    /// True if the last segment of a connection that stands there goes on in an open connection.
    pub fn is_plain(&self, standing: Standing) -> bool {
        self.get(standing).is_some_and(|position| position.is_plain)
    }

    /// The states that both peers of a connection are expected in; `None` out of the book.
    pub fn states(&self, standing: Standing) -> Option<Both<State>> {
        self.get(standing).map(|position| position.incarnation.states())
    }

    /// What happens to both peers of a connection if the TIME-WAIT of `side` ends; `None` out of the book.
    pub fn expiry(&self, standing: Standing, side: Side) -> Option<Both<Change>> {
        self.get(standing)?.expiry[side]
    }

    fn get(&self, standing: Standing) -> Option<&Position> {
        self.positions.get(standing.0.wrapping_sub(self.first) as usize)
    }

    /// The position that `turn` leads to, if a connection went there before.
    fn next(&mut self, from: Standing, turn: Turn, options: &Options) -> Option<PositionId> {
        let position = self.get(from)?;
        match position.nexts.iter().find(|(known, _)| *known == turn) {
            Some((_, NONE)) => None,
            Some((_, NEW)) => self.judge(from, turn, options),
            Some((_, id)) => Some(*id),
            None if self.turns < MOST_TURNS => {
                self.turns += 1;
                self.get_mut(from)?.nexts.push((turn, NEW));
                None
            }
            None => {
                self.miss();
                None
            }
        }
    }

    /// Has the rules judge the position that a known `turn` leads to.
    #[cold]
    fn judge(&mut self, from: Standing, turn: Turn, options: &Options) -> Option<PositionId> {
        let judged = self.get(from)?.after(turn, options);
        let new = self.first.wrapping_add(self.positions.len() as PositionId);
        let id = if judged.is_some() { new } else { NONE };
        let mut nexts = self.get_mut(from)?.nexts.iter_mut();
        nexts.find(|(known, _)| *known == turn)?.1 = id;
        self.positions.extend(judged);
        (id != NONE).then_some(id)
    }

    fn get_mut(&mut self, standing: Standing) -> Option<&mut Position> {
        self.positions.get_mut(standing.0.wrapping_sub(self.first) as usize)
    }

    /// Counts a turn for which there is no room. A book that was of no use to as many connections as it has turns was
    /// written for others, and begins anew.
    #[cold]
    fn miss(&mut self) {
        self.missed = self.missed.saturating_add(1);
        let first = self.first.checked_add(self.positions.len() as PositionId);
        // The numbers suffice for ever, nearly.
        if let Some(first) = first.filter(|first| *first < NEW / 2)
            && self.missed >= MOST_TURNS
        {
            let worth = mem::take(&mut self.worth);
            *self = Self { first, worth, ..Self::default() };
        }
    }
}

impl Position {
    /// That of a connection of which there is a SYN.
    fn opened(turn: Turn, options: &Options) -> Option<Self> {
        let mut shape = Shape::EMPTY;
        shape.add(turn)?;
        let (syn, from) = last_of(&shape)?;
        let incarnation = Incarnation::new(0, 1, ClientBasis::Syn, &syn, from);
        Self::judged(shape, incarnation, &syn, from, options)
    }

    /// That to which `turn` leads from here; `None` if the rules would look at more than a shape.
    #[cold]
    fn after(&self, turn: Turn, options: &Options) -> Option<Self> {
        let mut shape = self.shape;
        shape.add(turn)?;
        let (arrival, from) = last_of(&shape)?;
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
        if !fast::is_regular(&incarnation, arrival, from) && !arrival.rst() {
            return None;
        }
        let is_plain = fast::is_plain(&incarnation, arrival) && fast::is_orderly(&incarnation, arrival, from);
        let verdict = incarnation.step(arrival, from, None, options);
        let annotation = incarnation.annotation(from, &verdict);
        let expiry = Both::from_fn(|side| {
            let waits = incarnation.bounds[side].expected == State::TimeWait;
            waits.then(|| incarnation.clone().expire(side, None))
        });
        // A correction would name a packet of the model.
        let is_final = incarnation.unusual().retro.is_empty();
        let (sent, nexts) = (shape.sent(), Vec::new());
        is_final.then_some(Self { shape, sent, incarnation, annotation, is_plain, expiry, nexts })
    }

    /// True if nothing more is likely to come.
    fn is_over(&self) -> bool {
        self.shape.is_reset() || self.sent.iter().all(|peer| peer.fin.is_some())
    }

    /// What a segment adds to the shape of a connection that stands here; `None` if it is not regular, or if a
    /// rule looks at the pause before it.
    fn turn(
        &self,
        before: &Before<'_>,
        arrival: &Arrival<'_>,
        from: Side,
        options: &Options,
    ) -> Option<Turn> {
        let Before { journal, shelf, time_ns } = *before;
        let (last, next) = (journal.at(), journal.next());
        let is_next = arrival.at > last && arrival.at.file() == last.file() && arrival.time_ns >= time_ns;
        if !is_next || journal.is_closed() || self.shape.is_reset() {
            return None;
        }
        let entry = Entry::of(arrival, from)?;
        let limits = &options.thresholds;
        let silence_ns = elapsed(time_ns, arrival.time_ns);
        if self.shape.len() == 1 {
            return answer_turn(&entry, next[Side::Client as usize])
                .filter(|turn| !(turn.is_reset() && is_late(silence_ns, 0, limits)));
        }
        let place_of = |number, side| shelf.ended_at(journal, side, number);
        let Some(turn) = next_turn(&entry, next, &self.sent, place_of) else {
            return reset_turn(entry, next, &self.sent, &self.shape, place_of).filter(|_| {
                !is_late(silence_ns, 0, limits)
                    && has_usual_ttl(entry, shelf.entries(journal, time_ns), limits)
            });
        };
        if turn.has_fin() {
            let other = self.sent[from.other() as usize].fin;
            let fin = other.and_then(|place| shelf.moment(journal, time_ns, place, self.shape.len()));
            let dwelt_ns = fin.map_or(0, |fin| elapsed(fin.time_ns, arrival.time_ns));
            if is_late(silence_ns, dwelt_ns, limits) {
                return None;
            }
        }
        Some(turn)
    }
}

/// The last segment of the model of `shape`. All of them come at once: no pause is part of a shape.
fn last_of(shape: &Shape) -> Option<(Arrival<'static>, Side)> {
    let (arrival, from) = shape.model().last()?;
    Some((Arrival { time_ns: 0, clock_ns: 0, ..arrival }, from))
}
