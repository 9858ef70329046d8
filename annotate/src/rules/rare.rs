//! What only some peers have: resets, FINs that were not seen, repetitions without an answer.
//!
//! Kept apart, so that a peer of which there is nothing of the kind stays small and is quickly told.

use fourwave_dissector::FrameId;

use crate::role::Role;
use crate::seq::Seq;
use crate::state::State;

/// The rare facts of one peer. `Q` is its peer.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Rare {
    /// Its RST that counts.
    pub reset: Option<OwnReset>,
    /// The state that Q's accepted RST forced upon it.
    pub forced: Option<Forced>,
    /// Q acknowledged exactly one octet never seen: its number and where.
    pub maybe_fin: Option<(Seq, FrameId)>,
    /// It skipped exactly one octet itself: its number, and whether its ACK then covered Q's FIN.
    pub own_fin: Option<(Seq, bool)>,
    /// What it repeated since its peer last sent anything.
    pub unanswered: Unanswered,
}

/// A RST that counts.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct OwnReset {
    pub seq: Seq,
    pub time_ns: i64,
    pub role: Role,
}

/// What an accepted RST of Q did to a peer.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Forced {
    pub state: State,
    pub time_ns: i64,
    /// The greater of Q's highest number and the RST's: an ACK beyond speaks against the reset.
    pub beyond: Seq,
}

/// Repetitions, of data or a FIN, that a peer sent and that its peer must answer.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Unanswered {
    pub count: i64,
    pub since_ns: i64,
    pub until_ns: i64,
}

impl Unanswered {
    pub const fn add(&mut self, time_ns: i64) {
        if self.count == 0 {
            self.since_ns = time_ns;
        }
        self.count = self.count.saturating_add(1);
        self.until_ns = time_ns;
    }
}
