//! A connection that went as others did, read from its journal: its [`Shape`], and what of it is its own (packets, times and
//! octets).
//!
//! This file must not know any rule.

use core::mem;

use fourwave_dissector::FrameId;

use crate::connection::Moment;
use crate::engine::journal::{Distance, Entries};
use crate::engine::shape::{
    Extent, PLACES, Shape, Turn, answer_turn, first_turn, has_usual_ttl, is_late, next_turn, reset_turn,
};
use crate::options::Thresholds;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// A connection that has a shape, and what of it is its own.
#[derive(Debug)]
pub(crate) struct Course {
    pub shape: Shape,
    /// When its first segment came.
    first: Moment,
    /// How far each segment is behind that.
    distances: [Distance; PLACES],
    /// Where each ended, counted from where its sender began, which need not be known.
    ends: [Seq; PLACES],
    pub bytes: Both<u64>,
}

impl Course {
    /// One without segments.
    pub const fn new() -> Self {
        Self {
            shape: Shape::EMPTY,
            first: Moment { at: FrameId::new(0, 1), time_ns: 0 },
            distances: [Distance { ns: 0, packets: 0 }; PLACES],
            ends: [Seq(0); PLACES],
            bytes: Both { client: 0, server: 0 },
        }
    }

    /// Takes the course of a connection that was opened and is open still, or was closed by both peers, reset or refused,
    /// with nothing sent twice or missing, and no pause in its close that is worth a note. Any other, however regular, is
    /// for the rules. `None` if it is no such connection.
    #[inline(never)]
    pub fn take(&mut self, entries: Entries<'_>, thresholds: &Thresholds) -> Option<()> {
        let last = entries.ends_at();
        self.follow(entries, thresholds)?;
        self.first = self.distance(self.shape.len() - 1).before(last);
        (self.first.at.file() == last.at.file()).then_some(())
    }

    /// Takes the shape, and distances from a first moment that the caller sets. It counts numbers as the journal does, but
    /// knows nothing of what that leaves out.
    #[inline]
    fn follow(&mut self, mut entries: Entries<'_>, thresholds: &Thresholds) -> Option<()> {
        let all = entries.clone();
        let (syn, start) = entries.next()?;
        self.push(first_turn(&syn)?, start, syn.end())?;
        let Some((answer, answered)) = entries.next() else { return Some(()) };
        let turn = answer_turn(&answer, syn.end())?;
        self.push(turn, answered, answer.end())?;
        if turn.is_reset() {
            let is_late = is_late(self.silence_ns(1), 0, thresholds);
            return (!is_late && entries.next().is_none()).then_some(());
        }
        // An array: who comes next cannot be predicted, so that an index is better than a branch.
        let opened = [syn.end(), answer.end()];
        let (mut next, mut peers) = (opened, Extent::OPENED);
        while let Some((entry, distance)) = entries.next() {
            let place_of = |number, side| self.place_of(number, side);
            if let Some(turn) = next_turn(&entry, &next, &peers, place_of) {
                let (from, end) = (entry.from() as usize, entry.end());
                next[from] = end;
                peers[from].send(turn, self.shape.len());
                self.push(turn, distance, end)?;
            } else {
                let turn = reset_turn(entry, &next, &peers, &self.shape, place_of)?;
                self.push(turn, distance, entry.seq())?;
                if entries.next().is_some() || !has_usual_ttl(entry, all.clone(), thresholds) {
                    return None;
                }
            }
        }
        self.bytes = Both::from_fn(|side| {
            let occupied = next[side as usize].0.wrapping_sub(opened[side as usize].0);
            u64::from(occupied) - u64::from(peers[side as usize].fin.is_some())
        });
        let [client, server] = peers;
        let last = self.shape.len() - 1;
        let dwelt_ns = match (client.fin, server.fin) {
            (None, None) => 0,
            (Some(one), Some(other)) => whole(self.distance(one).ns.abs_diff(self.distance(other).ns)),
            (Some(_), None) | (None, Some(_)) if self.shape.is_reset() => 0,
            (Some(_), None) | (None, Some(_)) => return None,
        };
        let reset = self.shape.is_reset().then_some(last);
        let mut ends = [client.fin, server.fin, reset].into_iter().flatten();
        let is_late = ends.any(|end| is_late(self.silence_ns(end), dwelt_ns, thresholds));
        (!is_late).then_some(())
    }

    /// The TIME-WAIT of `side` ended before the packet `at`, after all segments.
    pub fn expire(&mut self, side: Side, at: FrameId) {
        self.shape.expire(side);
        self.distances[PLACES - 1].packets = at.since(self.first.at).unwrap_or_default();
    }

    /// Adds a segment; `None` if there is no place for it.
    #[inline]
    fn push(&mut self, turn: Turn, distance: Distance, end: Seq) -> Option<()> {
        let place = usize::from(self.shape.len());
        self.shape.add(turn)?;
        self.distances[place] = distance;
        self.ends[place] = end;
        Some(())
    }

    /// The first segment of `side` that ended at `number`.
    #[cold]
    fn place_of(&self, number: Seq, side: Side) -> Option<u8> {
        let mut places = self.shape.turns().zip(&self.ends).zip(0..);
        places.find(|((turn, end), _)| turn.from() == side && **end == number).map(|(_, place)| place)
    }

    /// How long there was nothing before the segment at `place`, which is not the first.
    fn silence_ns(&self, place: u8) -> i64 {
        whole(self.distance(place).ns.saturating_sub(self.distance(place - 1).ns))
    }

    #[inline]
    fn distance(&self, place: u8) -> Distance {
        self.distances[usize::from(place) % PLACES]
    }

    /// Packet and time of the segment that stands in packet `k` of the model, and comes at `k` nanoseconds in it.
    #[inline]
    pub fn moment(&self, k: u64) -> Moment {
        self.distance(k.wrapping_sub(1) as u8).behind(self.first)
    }

    /// Octets of the segments that have `sum` in the model.
    pub fn octets(&self, sum: u64) -> u64 {
        let mut next = Both { client: Seq(0), server: Seq(0) };
        let mut octets = 0;
        for ((turn, &end), place) in self.shape.turns().zip(&self.ends).zip(0..) {
            let begin = mem::replace(&mut next[turn.from()], end);
            if sum >> place & 1 == 1 {
                octets += u64::from(end.0.wrapping_sub(begin.0)) - u64::from(turn.has_fin());
            }
        }
        octets
    }
}

/// So many nanoseconds with a sign, as far as these go.
fn whole(ns: u64) -> i64 {
    i64::try_from(ns).unwrap_or(i64::MAX)
}
