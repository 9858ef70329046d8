//! Journals read again: from the first segment on, or what stands near the end, and their memory fetched ahead.
//!
//! It must not write, or know any rule.

use core::hint;
use core::slice;

use super::{BLOCK, BlockId, Entry, Journal, NONE, PREFETCHED, Shelf, mark};
use crate::arrival::Arrival;
use crate::connection::Moment;
use crate::seq::Seq;
use crate::side::Side;

impl Shelf {
    /// The segments of a journal in their order, and who sent each.
    pub fn read(&self, journal: &Journal) -> impl Iterator<Item = (Arrival<'static>, Side)> {
        self.entries(journal).map(|(entry, moment)| entry.arrival(moment))
    }

    /// The same as they stand there, and when each came.
    #[inline]
    pub fn entries(&self, journal: &Journal) -> Entries<'_> {
        Entries {
            shelf: self,
            next: self.block(journal.last).map_or(NONE, |last| last.next),
            block: [].iter(),
            left: journal.entries.into(),
            moment: Moment { at: journal.at, time_ns: 0 },
        }
    }

    /// True if the journal begins with a SYN without ACK and of this number.
    pub fn begins_with_syn(&self, journal: &Journal, seq: Seq) -> bool {
        let first = self.read(journal).next();
        first.is_some_and(|(first, _)| first.syn() && !first.has_ack() && first.seq == seq)
    }

    /// When the segment at `place` came, counted from 0, of `count` in a journal that is not closed, the last of them at
    /// `last_ns`.
    #[inline]
    pub fn moment(&self, journal: &Journal, last_ns: i64, place: u8, count: u8) -> Option<Moment> {
        let later = count.checked_sub(place)?.checked_sub(1)?;
        let last = Moment { at: journal.at, time_ns: last_ns };
        let walk = || Some(self.entries(journal).nth(place.into())?.1);
        self.in_last_block(journal, last, later).or_else(walk)
    }

    /// When the segment came behind which there are so many others, the last of them at `last`. `None` if that is not to be
    /// seen from the last block alone, which is at hand where something was just written.
    #[inline]
    fn in_last_block(&self, journal: &Journal, last: Moment, others: u8) -> Option<Moment> {
        let entries = self.block(journal.last)?.entries.get(..BLOCK - usize::from(journal.room))?;
        let from = entries.len().checked_sub(usize::from(others) + 1)?;
        let (_, entries) = entries.split_at(from);
        if entries.iter().any(|entry| entry.has(mark::ANCHOR)) {
            return None;
        }
        let (_, others) = entries.split_first()?;
        let sum = |distance: fn(&Entry) -> u32| others.iter().map(|entry| u64::from(distance(entry))).sum();
        let (frames, ns): (u64, u64) = (sum(|entry| entry.frame), sum(|entry| entry.time));
        Some(Moment { at: last.at.minus(frames)?, time_ns: last.time_ns.saturating_sub_unsigned(ns) })
    }

    /// Reads into the last block of each of these journals and the first ones, `blocks` together, so that the memory of
    /// all is fetched at once. Who reads them one after the other would wait for each of their blocks.
    pub fn prefetch<'a>(&self, journals: impl Iterator<Item = &'a Journal>, blocks: usize) {
        let mut places = [NONE; PREFETCHED];
        let mut count = 0;
        for (place, journal) in places.iter_mut().zip(journals) {
            *place = journal.last;
            count += 1;
        }
        let (places, _) = places.split_at_mut(count);
        let mut seen = 0;
        for _ in 0..blocks {
            for place in &mut *places {
                let Some(block) = self.block(*place) else { continue };
                seen ^= block.entries[0].time;
                *place = block.next;
            }
        }
        hint::black_box(seen);
    }
}

/// The entries of a journal that are segments.
#[derive(Clone)]
pub(crate) struct Entries<'a> {
    shelf: &'a Shelf,
    /// The next block.
    next: BlockId,
    /// What is left of this one.
    block: slice::Iter<'a, Entry>,
    /// Entries left in the next ones.
    left: usize,
    /// Packet and time of the last segment or anchor.
    moment: Moment,
}

impl<'a> Entries<'a> {
    #[inline]
    fn any(&mut self) -> Option<&'a Entry> {
        if self.block.as_slice().is_empty() {
            let block = self.shelf.block(self.next)?;
            let (entries, _) = block.entries.split_at(self.left.min(BLOCK));
            self.left -= entries.len();
            (self.next, self.block) = (block.next, entries.iter());
        }
        self.block.next()
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a Entry, Moment);

    // Always: else each entry would pay for a call.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = self.any()?;
            if let Some(anchor) = entry.anchored() {
                self.moment = anchor;
                continue;
            }
            self.moment.time_ns = self.moment.time_ns.wrapping_add(entry.time.into());
            self.moment.at = self.moment.at.plus(entry.frame.into());
            return Some((entry, self.moment));
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::journal::tests::arrival;

    #[test]
    fn what_stands_in_the_last_block_is_what_a_walk_finds() {
        let mut shelf = Shelf::default();
        let mut journal = shelf.begin(&arrival(49, 0), Side::Client).unwrap();
        let (mut last_ns, mut at_hand) = (0, 0);
        for frame in 8..40 {
            // After a long pause there is an anchor.
            let time_ns = last_ns + if frame % 7 == 0 { 1 << 40 } else { 1 };
            assert!(shelf.add(&mut journal, last_ns, &arrival(frame * frame, time_ns), Side::Server));
            last_ns = time_ns;
            let last = Moment { at: journal.at(), time_ns };
            let walk: Vec<_> = shelf.entries(&journal).map(|(_, moment)| moment).collect();
            let count = walk.len() as u8;
            for (moment, place) in walk.into_iter().zip(0..) {
                assert_eq!(shelf.moment(&journal, last_ns, place, count), Some(moment));
                let found = shelf.in_last_block(&journal, last, count - 1 - place);
                assert!(found == Some(moment) || found.is_none() && place + 1 < count, "{place} of {count}");
                at_hand += usize::from(found.is_some());
            }
            assert_eq!(shelf.moment(&journal, last_ns, count, count), None);
        }
        assert!(at_hand > 40, "{at_hand}");
    }
}
