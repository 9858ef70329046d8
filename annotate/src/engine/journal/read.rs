//! Journals read again: from the first segment on, or what stands near the end, and their memory fetched ahead.
//!
//! It must not write, or know any rule.

use core::hint;

use crate::connection::Moment;
use crate::engine::journal::block::{Block, PLACES, Place};
use crate::engine::journal::{Entry, Journal, MOST_PLACES, NONE, PREFETCHED, Shelf};
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::Side;

impl Shelf {
    /// The segments of a journal in their order, and who sent each; the last of them came at `last_ns`.
    pub fn read(&self, journal: &Journal, last_ns: i64) -> impl Iterator<Item = (Arrival<'static>, Side)> {
        let mut entries = self.entries(journal, last_ns);
        let (mut length, mut next) = (Distance::default(), journal.next);
        for step in entries.places.clone().map(|(block, place)| block.step(place)) {
            length.go(step.distance);
            let next = &mut next[step.from as usize];
            *next = next.back(step.octets);
        }
        entries.next = next;
        let first = length.before(entries.last);
        entries.map(move |(entry, distance)| (entry.arrival(distance.behind(first)), entry.from()))
    }

    /// The same as they stand there: both peers begin with the number 0, and instead of times there are distances.
    #[inline]
    pub fn entries(&self, journal: &Journal, last_ns: i64) -> Entries<'_> {
        let places = self.places(journal);
        let last = Moment { at: journal.at, time_ns: last_ns };
        Entries { places, distance: Distance::default(), next: [Seq(0); 2], last }
    }

    #[inline]
    fn places(&self, journal: &Journal) -> Places<'_> {
        Places { shelf: self, block: self.block(journal.last), place: PLACES, left: journal.places }
    }

    /// True if the journal begins with a SYN without ACK and of this number.
    pub fn begins_with_syn(&self, journal: &Journal, seq: Seq) -> bool {
        // No matter when it came.
        let first = self.read(journal, 0).next();
        first.is_some_and(|(first, _)| first.syn() && !first.has_ack() && first.seq == seq)
    }

    /// When the segment came that is the `nth`, counted from 0, of `count` in a journal, the last of them at `last_ns`.
    #[inline]
    pub fn moment(&self, journal: &Journal, last_ns: i64, nth: u8, count: u8) -> Option<Moment> {
        let later = count.checked_sub(nth)?.checked_sub(1)?;
        let last = Moment { at: journal.at, time_ns: last_ns };
        let distance = self.in_last_block(journal, later).or_else(|| self.to_the_end(journal, nth))?;
        Some(distance.before(last))
    }

    /// Which segment, counted from 0, is the first of `side` that ended at `number`.
    pub fn ended_at(&self, journal: &Journal, side: Side, number: Seq) -> Option<u8> {
        // From where `side` began; a segment of the other peer has none.
        let mut ends = [None; MOST_PLACES as usize];
        let mut free = ends.iter_mut();
        let mut end = Seq(0);
        for (block, place) in self.places(journal) {
            let step = block.step(place);
            let is_meant = step.from == side;
            end = end.plus(if is_meant { step.octets } else { 0 });
            if block.is_segment(place) {
                *free.next()? = is_meant.then_some(end);
            }
        }
        let meant = end.back(journal.next[side as usize].0.wrapping_sub(number.0));
        (0..).zip(&ends).find(|(_, end)| **end == Some(meant)).map(|(nth, _)| nth)
    }

    /// How far it is to the end from the segment behind which there are so many others. `None` if that is not to be seen
    /// from the last block alone, which is at hand where something was just written.
    #[inline]
    fn in_last_block(&self, journal: &Journal, others: u8) -> Option<Distance> {
        let block = self.block(journal.last)?;
        let last = usize::from(journal.places.checked_sub(1)?) % PLACES;
        let meant = last.checked_sub(others.into())?;
        if !(meant..=last).all(|place| block.is_segment(place)) {
            return None;
        }
        let mut distance = Distance::default();
        (meant + 1..=last).for_each(|place| distance.go(block.step(place).distance));
        Some(distance)
    }

    /// How far it is to the end from the `nth` segment, counted from 0.
    fn to_the_end(&self, journal: &Journal, nth: u8) -> Option<Distance> {
        let mut segments = 0;
        let mut distance = Distance::default();
        for (block, place) in self.places(journal) {
            if segments > nth {
                distance.go(block.step(place).distance);
            }
            segments += u8::from(block.is_segment(place));
        }
        (segments > nth).then_some(distance)
    }

    /// Reads into the last block of each of these journals and the first ones, `blocks` together, so that the memory of
    /// all is fetched at once. Reading them one after the other would wait for each block.
    pub fn prefetch<'a>(&self, journals: impl Iterator<Item = &'a Journal>, blocks: usize) {
        let mut nexts = [NONE; PREFETCHED];
        let mut count = 0;
        for (next, journal) in nexts.iter_mut().zip(journals) {
            *next = journal.last;
            count += 1;
        }
        let (nexts, _) = nexts.split_at_mut(count);
        for _ in 0..blocks {
            for next in &mut *nexts {
                if let Some(block) = self.block(*next) {
                    *next = block.next;
                }
            }
        }
        hint::black_box(nexts);
    }
}

/// How far one segment is behind another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Distance {
    pub ns: u64,
    /// As [`FrameId::since`](fourwave_dissector::FrameId::since) counts them.
    pub packets: u64,
}

impl Distance {
    #[inline]
    const fn go(&mut self, step: Self) {
        // No journal is so long; one that was read back may be.
        self.ns = self.ns.wrapping_add(step.ns);
        self.packets = self.packets.wrapping_add(step.packets);
    }

    /// The moment that is so far behind `first`.
    #[inline]
    pub const fn behind(self, first: Moment) -> Moment {
        let time_ns = first.time_ns.wrapping_add_unsigned(self.ns);
        Moment { at: first.at.plus(self.packets), time_ns }
    }

    /// The moment that `last` is so far behind.
    #[inline]
    pub fn before(self, last: Moment) -> Moment {
        let at = last.at.minus(self.packets).unwrap_or(last.at);
        Moment { at, time_ns: last.time_ns.wrapping_sub_unsigned(self.ns) }
    }
}

/// The places of a journal, each with its block.
#[derive(Clone)]
struct Places<'a> {
    shelf: &'a Shelf,
    /// The block of the next place, or the one before it. At first that is the last one, which comes before the first.
    block: Option<&'a Block>,
    /// The next place in it.
    place: usize,
    /// How many there are still, in all blocks.
    left: u8,
}

impl<'a> Iterator for Places<'a> {
    type Item = (&'a Block, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        if self.place == PLACES {
            (self.block, self.place) = (self.shelf.block(self.block?.next), 0);
        }
        let place = self.place;
        self.place += 1;
        Some((self.block?, place))
    }
}

/// The segments of a journal, and how far each is behind the first.
#[derive(Clone)]
pub(crate) struct Entries<'a> {
    places: Places<'a>,
    distance: Distance,
    /// The numbers with which client and server go on.
    next: [Seq; 2],
    last: Moment,
}

impl Entries<'_> {
    /// When the last segment came.
    pub const fn ends_at(&self) -> Moment {
        self.last
    }
}

impl Iterator for Entries<'_> {
    type Item = (Entry, Distance);

    // Always: else each entry would pay for a call.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let mut ack_skip = 0;
        loop {
            let (block, place) = self.places.next()?;
            let step = block.step(place);
            self.distance.go(step.distance);
            let (seq, other_next) = (self.next[step.from as usize], self.next[step.from.other() as usize]);
            self.next[step.from as usize] = seq.plus(step.octets);
            match step.place {
                Place::Segment => {
                    return Some((block.entry(place, seq, other_next, ack_skip), self.distance));
                }
                Place::Far => {}
                Place::Skip(ack) => ack_skip = ack,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::engine::journal::tests::arrival;

    #[test]
    fn what_stands_in_the_last_block_is_what_a_walk_finds() {
        let mut shelf = Shelf::default();
        let mut journal = shelf.begin(&arrival(49, 0), Side::Client).unwrap();
        let (mut last_ns, mut at_hand) = (0, 0);
        for frame in 8..40 {
            // After a long pause there is a place without a segment.
            let time_ns = last_ns + if frame % 7 == 0 { 1 << 40 } else { 1 };
            let [ack, seq] = journal.next;
            let next = Arrival { seq, ack, ..arrival(frame * frame, time_ns) };
            assert!(shelf.add(&mut journal, last_ns, &next, Side::Server));
            last_ns = time_ns;
            let walk: Vec<_> = shelf.read(&journal, last_ns).map(|(arrival, _)| arrival.moment()).collect();
            let count = walk.len() as u8;
            for (moment, nth) in walk.into_iter().zip(0..) {
                assert_eq!(shelf.moment(&journal, last_ns, nth, count), Some(moment));
                let found = shelf.in_last_block(&journal, count - 1 - nth);
                assert!(found.is_none() || found == shelf.to_the_end(&journal, nth), "{nth} of {count}");
                at_hand += usize::from(found.is_some());
            }
            assert_eq!(shelf.moment(&journal, last_ns, count, count), None);
        }
        assert!(at_hand > 40, "{at_hand}");
    }
}
