//! Which file continues a capture that was read up to some time: the rules by which a series is recognised.
//!
//! A rotated capture goes on where it stopped: the same interfaces, and times that follow on. At the edge two files
//! may overlap a little, since packets are not always written in the order of their times. Much overlap means two
//! captures of the same traffic, which must not be merged: each of its segments would look like a retransmission.
//! Names are no proof, but decide where times leave a choice.

use super::head::Head;
use super::name::Name;

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

/// A file that can be of a series.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What its head tells.
    pub head: Head,
    /// What it is called.
    pub name: Name,
}

/// The capture that is to be continued.
#[derive(Clone, Copy, Debug)]
pub struct Tail<'a> {
    /// Its last file so far.
    pub last: &'a Candidate,
    /// The time of its first packet.
    pub first_ns: i64,
    /// The time of its last packet.
    pub last_ns: i64,
}

/// Answers what only a look into files can tell; asked rarely.
pub trait Look {
    /// Whether the candidate has a packet at `time_ns` or later.
    fn reaches(&self, candidate: usize, time_ns: i64) -> bool;

    /// Whether the candidate is a copy of the last file.
    fn is_copy(&self, candidate: usize) -> bool;
}

impl Tail<'_> {
    /// The one that continues the capture among those that begin no earlier than its last file, in the order of
    /// their first packets: the first one that is named alike, else the first one. `passed_over` are those before that
    /// are of no series yet; what one of them is more like is not taken from it.
    pub fn successor<'c>(
        &self,
        candidates: impl Iterator<Item = (usize, &'c Candidate)>,
        passed_over: impl Iterator<Item = &'c Candidate>,
        look: &impl Look,
    ) -> Option<usize> {
        let mut rivals: Vec<_> = passed_over.collect();
        let mut first = None;
        let mut alike: Option<Alike> = None;
        for (place, candidate) in candidates {
            let begins_ns = candidate.head.first_ns;
            let silence = begins_ns.saturating_sub(self.last_ns);
            let too_late = alike.is_some_and(|best| begins_ns > best.until_ns);
            if too_late || silence > SILENCE_ALIKE {
                break;
            }
            let distance = candidate.name.distance(&self.last.name);
            let is_useless = distance.is_none() && (first.is_some() || silence > SILENCE);
            let is_nearer = |rival: &&Candidate| {
                rival
                    .name
                    .distance(&candidate.name)
                    .is_some_and(|of_rival| distance.is_none_or(|own| of_rival < own))
            };
            // Two that begin at once are rather two views of the same.
            let is_twin = distance.is_none() && begins_ns == self.last.head.first_ns;
            if is_useless
                || is_twin
                || rivals.iter().any(is_nearer)
                || !self.can_go_on_with(place, candidate, look)
            {
                rivals.push(candidate);
                continue;
            }
            match distance {
                Some(distance) if alike.is_none_or(|best| distance < best.distance) => {
                    let until_ns = begins_ns.saturating_add(SIMULTANEOUS);
                    let until_ns = alike.map_or(until_ns, |best| best.until_ns);
                    alike = Some(Alike { place, distance, until_ns });
                }
                Some(_) => {}
                None => first = Some(place),
            }
        }
        alike.map(|best| best.place).or(first)
    }

    fn can_go_on_with(&self, place: usize, candidate: &Candidate, look: &impl Look) -> bool {
        if !candidate.head.may_be_of_the_interfaces_of(&self.last.head) {
            return false;
        }
        let overlap = self.last_ns.saturating_sub(candidate.head.first_ns);
        if overlap < 0 {
            return true;
        }
        let share = overlap.saturating_mul(SHARE);
        overlap <= OVERLAP
            && self.last_ns.saturating_sub(self.first_ns) >= share
            && !look.is_copy(place)
            && (overlap == 0 || look.reaches(place, self.last_ns.saturating_add(share)))
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
