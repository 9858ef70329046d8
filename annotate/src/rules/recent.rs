//! What is kept of a peer's last segments: their ACKs, their TTLs, and where they began.

use fourwave_dissector::FrameId;

use crate::seq::Seq;

/// The last 8 ACKs of a peer, and whether data came with them.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Recent {
    acks: [Seq; 8],
    with_data: u8,
    turn: Turn,
}

impl Recent {
    pub const fn push(&mut self, ack: Seq, with_data: bool) {
        let index = self.turn.take();
        self.acks[index] = ack;
        self.with_data = self.with_data & !(1 << index) | (with_data as u8) << index;
    }

    /// True if one of them acknowledged `number`.
    pub fn has(&self, number: Seq) -> bool {
        self.acks[..self.turn.len()].contains(&number)
    }

    /// True if one of them acknowledged `number` and came with data.
    pub fn has_with_data(&self, number: Seq) -> bool {
        let acks = &self.acks[..self.turn.len()];
        acks.iter().enumerate().any(|(index, ack)| *ack == number && self.with_data & 1 << index != 0)
    }
}

/// The TTLs of a peer's last 8 segments.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Ttls {
    last: [u8; 8],
    turn: Turn,
}

impl Ttls {
    pub const fn push(&mut self, ttl: u8) {
        self.last[self.turn.take()] = ttl;
    }

    /// The median, from 3 segments on.
    pub fn median(&self) -> Option<u8> {
        let mut sorted = self.last;
        let sorted = &mut sorted[..self.turn.len()];
        sorted.sort_unstable();
        if sorted.len() < 3 { None } else { sorted.get(sorted.len() / 2).copied() }
    }
}

/// Whose turn it is to be overwritten in a ring of 8, and how many places are filled: 0 to 7 as it fills up, then
/// 8 to 15 round and round.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct Turn(u8);

impl Turn {
    /// The place whose turn it is; the next one's comes.
    const fn take(&mut self) -> usize {
        let place = self.0 & 7;
        self.0 = if self.0 < 15 { self.0 + 1 } else { 8 };
        place as usize
    }

    /// Places filled.
    const fn len(self) -> usize {
        if self.0 < 8 { self.0 as usize } else { 8 }
    }
}

/// Where the last segments stand that began at a given number: enough to name what a retransmission repeats
/// while it is recent.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct SentAt {
    /// The oldest first, and so are their places.
    seqs: [Seq; 4],
    at: [Option<FrameId>; 4],
    /// The highest number at which one began that is not known any more.
    forgotten: Option<Seq>,
}

impl SentAt {
    pub fn find(&self, seq: Seq) -> Option<FrameId> {
        let mut known = self.seqs.iter().zip(self.at);
        known.find_map(|(number, at)| if *number == seq { at } else { None })
    }

    /// True if one that began at `seq` would be among them, had there been any.
    pub fn reaches_back_to(&self, seq: Seq) -> bool {
        self.forgotten.is_none_or(|forgotten| seq.after(forgotten))
    }

    /// True if one of them began at `seq`.
    pub fn has(&self, seq: Seq) -> bool {
        self.find(seq).is_some()
    }

    /// Keeps the first copy only.
    pub fn push(&mut self, seq: Seq, at: FrameId) {
        if !self.has(seq) {
            self.push_new(seq, at);
        }
    }

    /// The same where none of them began at `seq`.
    pub fn push_new(&mut self, seq: Seq, at: FrameId) {
        let [oldest, seqs @ ..] = self.seqs;
        let [place, places @ ..] = self.at;
        if place.is_some() && self.forgotten.is_none_or(|forgotten| oldest.after(forgotten)) {
            self.forgotten = Some(oldest);
        }
        self.seqs = [seqs[0], seqs[1], seqs[2], seq];
        self.at = [places[0], places[1], places[2], Some(at)];
    }
}
