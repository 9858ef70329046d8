//! How far a peer has sent, and what is missing before that (SPEC 2: `max`, `contig`, `ooo`).
//!
//! Ranges of octets on the circle of sequence numbers (RFC 9293 section 3.4). This file must not know segments.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::seq::Seq;

/// Gaps that are kept; beyond, the rest is taken as filled.
const MOST_RANGES: usize = 16;

/// How far a peer has sent.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Sent {
    /// Highest `end` sent, seen or proven by an ACK (`max`).
    pub max: Seq,
    /// First octet not seen without gap and not acknowledged (`contig`).
    pub contig: Seq,
    /// There once something came behind a gap.
    ahead: Option<Box<Ahead>>,
}

/// What came behind gaps.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Ahead {
    /// Ranges above `contig` (`ooo`).
    ranges: Vec<(Seq, Seq)>,
}

impl Sent {
    pub const fn to(number: Seq) -> Self {
        Self { max: number, contig: number, ahead: None }
    }

    /// True if everything sent is there.
    pub fn is_whole(&self) -> bool {
        self.max == self.contig && self.ahead.as_ref().is_none_or(|ahead| ahead.ranges.is_empty())
    }

    /// True if one single range above `contig` holds `[seq, end)`.
    pub fn holds(&self, seq: Seq, end: Seq) -> bool {
        self.ahead
            .as_ref()
            .is_some_and(|ahead| ahead.ranges.iter().any(|&(from, to)| !from.after(seq) && !end.after(to)))
    }

    /// Octets of `[seq, end)` that are not there yet.
    pub fn missing(&self, seq: Seq, end: Seq) -> u32 {
        let ranges = self.ahead.as_ref().map_or(&[][..], |ahead| &ahead.ranges);
        let mut at = seq.or_later(self.contig);
        let mut octets = 0;
        while end.after(at) {
            if let Some(&(_, to)) = ranges.iter().find(|(from, to)| !from.after(at) && to.after(at)) {
                at = to;
                continue;
            }
            let begins = ranges.iter().map(|&(from, _)| from).filter(|from| from.after(at));
            let next = begins.fold(end, |next, from| if next.after(from) { from } else { next });
            octets += next.minus(at).cast_unsigned();
            at = next;
        }
        octets
    }

    /// Adds `[seq, end)`. False if there were too many gaps and the rest was taken as filled.
    pub fn add(&mut self, seq: Seq, end: Seq) -> bool {
        if end.after(self.max) {
            self.max = end;
        }
        if !seq.after(self.contig) {
            self.fill_to(end);
            return true;
        }
        if self.holds(seq, end) {
            return true;
        }
        let ranges = &mut self.ahead.get_or_insert_default().ranges;
        if ranges.len() >= MOST_RANGES {
            join(ranges, self.contig);
        }
        if ranges.len() >= MOST_RANGES {
            self.contig = self.max;
            ranges.clear();
            return false;
        }
        ranges.push((seq, end));
        true
    }

    /// Everything before `end` is there: seen, or acknowledged.
    pub fn fill_to(&mut self, end: Seq) {
        if end.after(self.contig) {
            self.contig = end;
        }
        let Some(ahead) = &mut self.ahead else { return };
        let ranges = &mut ahead.ranges;
        while let Some(index) = ranges.iter().position(|&(from, _)| !from.after(self.contig)) {
            let (_, to) = ranges.swap_remove(index);
            if to.after(self.contig) {
                self.contig = to;
            }
        }
    }
}

/// Makes one range of those that touch; all lie above `contig`.
fn join(ranges: &mut Vec<(Seq, Seq)>, contig: Seq) {
    ranges.sort_unstable_by_key(|&(from, _)| from.minus(contig));
    ranges.dedup_by(|&mut (from, to), (_, end)| {
        let touches = !from.after(*end);
        if touches && to.after(*end) {
            *end = to;
        }
        touches
    });
}
