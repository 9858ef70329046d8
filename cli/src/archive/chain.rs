//! Which file continues a capture that was read up to some time: the rules by which a series is recognised.
//!
//! A rotated capture goes on where it stopped: the same interfaces, and times that follow on. At the edge two files
//! may overlap a little, since packets are not always written in the order of their times. Much overlap means two
//! captures of the same traffic, which must not be merged: each of its segments would look like a retransmission. Where
//! the clocks of these differ by more than they last, one seems to follow the other, but begins with the same segments.
//! Names are no proof, but decide where times leave a choice.
//!
//! Archives can have thousands of files, and each of them is asked for what continues it. So only those are looked at
//! that begin at about the right time, and tests that cost more come last.

use super::head::PRECISION;
use super::lineup::{Candidate, Lineup};

const SECOND: i64 = 1_000_000_000;
/// Most overlap of two files of one series.
const OVERLAP: i64 = SECOND;
/// How many times as long as their overlap both sides of it must be.
const SHARE: i64 = 10;
/// Longest silence between files that are not named alike: a rotated capture goes on at once, and who begins another
/// one takes longer.
const SILENCE: i64 = 10 * SECOND;
/// Longest silence between files that are: captures named by the day can have quiet ones.
pub const SILENCE_ALIKE: i64 = 24 * 3600 * SECOND;
/// Files that begin within this time of each other compete by name for being the next.
const SIMULTANEOUS: i64 = SECOND;

/// The capture that is to be continued.
#[derive(Clone, Copy, Debug)]
pub struct Tail<'a> {
    /// All files.
    pub lineup: &'a Lineup,
    /// None before this place is left.
    pub from: usize,
    /// The place of its last file so far.
    pub place: usize,
    /// That file.
    pub last: &'a Candidate,
    /// The time of its first packet.
    pub first_ns: i64,
    /// The time of its last packet.
    pub last_ns: i64,
}

/// Answers what only a look at other series, or into files, can tell.
pub trait Look {
    /// Whether the candidate is of no series yet.
    fn is_left(&self, candidate: usize) -> bool;

    /// Whether the candidate begins with segments with which a file of the capture began.
    fn begins_again(&self, candidate: usize) -> bool;

    /// Whether the candidate has a packet at `time_ns` or later; asked rarely.
    fn reaches(&self, candidate: usize, time_ns: i64) -> bool;

    /// Whether the candidate is a copy of the last file, perhaps in another format; asked rarely.
    fn is_copy(&self, candidate: usize) -> bool;
}

impl Tail<'_> {
    /// The one that continues the capture among those behind its last file: the first one that is named alike, else the
    /// first one. One is not taken from what stands before it, is of no series yet, and is more like it.
    pub fn successor(&self, look: &impl Look) -> Option<usize> {
        self.first_alike(look).or_else(|| self.first_unlike(look))
    }

    fn first_alike(&self, look: &impl Look) -> Option<usize> {
        let lineup = self.lineup;
        let is_over = |place: &usize| {
            *place <= self.place
                || lineup.get(*place).is_some_and(|candidate| self.overlap(candidate) > OVERLAP)
        };
        let family = self.kin(self.place);
        let (before, behind) = family.split_at(family.partition_point(is_over));
        let left = |place: &usize| lineup.get(*place).filter(|_| look.is_left(*place));
        // Those behind that were passed over.
        let mut rivals: Vec<&Candidate> = Vec::new();
        let mut best: Option<Alike> = None;
        for &place in behind {
            let Some(candidate) = left(&place) else { continue };
            let begins_ns = candidate.head.first_ns;
            let is_too_late = best.is_some_and(|best| begins_ns > best.until_ns);
            if is_too_late || self.overlap(candidate) < -SILENCE_ALIKE {
                break;
            }
            let Some(distance) = candidate.name.distance(&self.last.name) else { continue };
            // It is not better, and could not be nearer to what is.
            if best.is_some_and(|best| best.distance <= 2 && distance >= best.distance) {
                continue;
            }
            let is_nearer = |rival: &Candidate| {
                rival.name.distance(&candidate.name).is_some_and(|of_rival| of_rival < distance)
            };
            // None is nearer than 1. One that is near stands shortly before, as a rule.
            let has_rival = || {
                distance > 1
                    && (rivals.iter().rev().any(|rival| is_nearer(rival))
                        || before.iter().rev().filter_map(left).any(is_nearer))
            };
            if !self.may_go_on_with(candidate) || has_rival() || !self.goes_on_with(place, candidate, look) {
                rivals.push(candidate);
            } else if best.is_none_or(|best| distance < best.distance) {
                let until_ns = best.map_or(begins_ns.saturating_add(SIMULTANEOUS), |best| best.until_ns);
                best = Some(Alike { place, distance, until_ns });
            }
        }
        best.map(|best| best.place)
    }

    fn first_unlike(&self, look: &impl Look) -> Option<usize> {
        let goes_on_with = |&(place, candidate): &(usize, &Candidate)| {
            look.is_left(place)
                && candidate.name.distance(&self.last.name).is_none()
                // Two that begin at once are rather two views of the same.
                && candidate.head.first_ns != self.last.head.first_ns
                && self.may_go_on_with(candidate)
                && !self.has_kin_before(place, candidate, look)
                && !look.begins_again(place)
                && self.goes_on_with(place, candidate, look)
        };
        let behind = self.lineup.behind(self.place, self.last, |candidate| self.overlap(candidate) > OVERLAP);
        let mut in_time = behind.take_while(|(_, candidate)| self.overlap(candidate) >= -SILENCE);
        in_time.find(goes_on_with).map(|(place, _)| place)
    }

    /// Whether one that is left and named like the candidate stands before it.
    fn has_kin_before(&self, place: usize, candidate: &Candidate, look: &impl Look) -> bool {
        let family = self.kin(place);
        let before = &family[..family.partition_point(|other| *other < place)];
        before.iter().rev().filter(|place| look.is_left(**place)).any(|place| {
            self.lineup.get(*place).is_some_and(|other| other.name.distance(&candidate.name).is_some())
        })
    }

    /// The places of those that are named like the candidate at `place` and may be left.
    fn kin(&self, place: usize) -> &[usize] {
        let family = self.lineup.family(place);
        &family[family.partition_point(|other| *other < self.from)..]
    }

    /// For how long the capture goes on after the candidate begins; less than 0 where there is silence.
    const fn overlap(&self, candidate: &Candidate) -> i64 {
        self.last_ns.saturating_sub(candidate.head.first_ns)
    }

    /// Whether the candidate can go on with the capture as far as is known without a look into it.
    fn may_go_on_with(&self, candidate: &Candidate) -> bool {
        let overlap = self.overlap(candidate);
        let lasts = self.last_ns.saturating_sub(self.first_ns);
        overlap <= OVERLAP
            && (overlap < 0 || lasts >= overlap.saturating_mul(SHARE))
            && candidate.head.may_be_of_the_interfaces_of(&self.last.head)
    }

    /// Whether one that may can go on with the capture.
    fn goes_on_with(&self, place: usize, candidate: &Candidate, look: &impl Look) -> bool {
        let overlap = self.overlap(candidate);
        let until_ns = self.last_ns.saturating_add(overlap.saturating_mul(SHARE));
        overlap <= -PRECISION || !look.is_copy(place) && (overlap <= 0 || look.reaches(place, until_ns))
    }
}

/// The best of those named alike.
#[derive(Clone, Copy)]
struct Alike {
    place: usize,
    distance: usize,
    /// Until when another one must begin to be taken instead.
    until_ns: i64,
}

#[cfg(test)]
mod tests;
