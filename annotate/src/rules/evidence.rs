//! What findings rest on: the segments of a connection that are worth noting, in order and bounded.
//!
//! A connection of data and acknowledgments alone has none of it.

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::code::Set;
use crate::finding::{FindingId, FindingSet, InjectionEvidence};
use crate::role::Role;
use crate::rules::reading::Reading;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// Notes kept of each role; later ones still count where a count is asked for, but are not listed.
const MOST_NOTES_A_ROLE: usize = 64;
/// Notes that most connections with any come by with.
const FEW_NOTES: usize = 2;
/// Segments whose copies are counted at a time.
const MOST_COPIED: usize = 8;
/// Frames kept of a series of keepalives or copies.
const MOST_FRAMES: usize = 64;

/// The evidence of one connection.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Evidence {
    /// Segments worth noting, in order.
    pub notes: Vec<Note>,
    /// Keepalives of one peer with no other segment between.
    pub keepalives: Option<Series>,
    /// Keepalives that went unanswered until their sender reset the connection.
    pub unanswered: Vec<FrameId>,
    /// Segments that came again.
    pub copies: Vec<Copies>,
    /// Text that a RST carried.
    pub reset_text: Vec<u8>,
    /// Grounds for suspecting injection.
    pub injection: Set<InjectionEvidence>,
}

/// A segment worth noting.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Note {
    pub at: FrameId,
    pub time_ns: i64,
    pub side: Side,
    pub role: Role,
    /// The findings known at it.
    pub findings: FindingSet,
    /// Time without packets before it.
    pub silence_ns: i64,
    /// Octets of each peer that were unacknowledged after it, FINs excluded.
    pub unacked: Both<u32>,
}

/// Frames of one kind in a row.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Series {
    pub side: Side,
    pub frames: Vec<FrameId>,
    pub count: i64,
}

impl Series {
    fn add(&mut self, at: FrameId) {
        self.count = self.count.saturating_add(1);
        if self.frames.len() < MOST_FRAMES {
            self.frames.push(at);
        }
    }
}

/// Copies of one segment: the same peer, the same SEG.SEQ.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Copies {
    pub seq: Seq,
    pub series: Series,
}

/// Which segment before a copy began at its number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Original {
    /// This one, the first.
    At(FrameId),
    /// One that is not known any more, as many came since.
    Forgotten,
    /// None: what comes again was a part of one that began before it.
    None,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            notes: Vec::with_capacity(FEW_NOTES),
            keepalives: None,
            unanswered: Vec::new(),
            copies: Vec::new(),
            reset_text: Vec::new(),
            injection: Set::EMPTY,
        }
    }
}

impl Evidence {
    /// Adds a note. Of many of its role the oldest goes at which nothing was found; if there is none, the new one.
    pub fn note(&mut self, note: Note) {
        if self.of_role(note.role).count() >= MOST_NOTES_A_ROLE {
            let idle = |old: &Note| old.role == note.role && old.findings.is_empty();
            let Some(oldest) = self.notes.iter().position(idle) else { return };
            self.notes.remove(oldest);
        }
        self.notes.push(note);
    }

    /// The findings known at any segment noted.
    pub fn findings(&self) -> FindingSet {
        let mut findings = FindingSet::EMPTY;
        for note in &self.notes {
            findings.extend(note.findings);
        }
        findings
    }

    /// The notes of one role.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.role == role)
    }

    /// The notes at which a finding was known.
    pub fn of_finding(&self, id: FindingId) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.findings.contains(id))
    }

    /// Counts a keepalive.
    pub fn count_keepalive(&mut self, reading: &Reading<'_>) {
        match &mut self.keepalives {
            Some(series) if series.side == reading.from => series.add(reading.at),
            _ => {
                let frames = alloc::vec![reading.at];
                self.keepalives = Some(Series { side: reading.from, frames, count: 1 });
            }
        }
    }

    /// Counts a segment that comes again, or a part of one: `original` began at the same number. How often one that begins
    /// there was sent so far.
    pub fn count_copy(&mut self, reading: &Reading<'_>, original: Original) -> i64 {
        let known = |copies: &&mut Copies| copies.seq == reading.seq && copies.series.side == reading.from;
        if let Some(copies) = self.copies.iter_mut().find(known) {
            copies.series.add(reading.at);
            return copies.series.count;
        }
        if self.copies.len() >= MOST_COPIED {
            // Those that came again most are what a finding may rest on.
            let least = self.copies.iter().enumerate().min_by_key(|(_, copies)| copies.series.count);
            if let Some((index, _)) = least {
                self.copies.remove(index);
            }
        }
        let (frames, count) = match original {
            Original::At(first) => (alloc::vec![first, reading.at], 2),
            Original::Forgotten => (alloc::vec![reading.at], 2),
            Original::None => (alloc::vec![reading.at], 1),
        };
        let series = Series { side: reading.from, frames, count };
        let count = series.count;
        self.copies.push(Copies { seq: reading.seq, series });
        count
    }

    /// How often this segment was sent, as far as it is known to have come again.
    pub fn times_sent(&self, reading: &Reading<'_>) -> i64 {
        let known = |copies: &&Copies| copies.seq == reading.seq && copies.series.side == reading.from;
        self.copies.iter().find(known).map_or(1, |copies| copies.series.count)
    }
}
