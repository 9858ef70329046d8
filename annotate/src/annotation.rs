//! What the engine says of one segment and of one timer event.

use fourwave_dissector::FrameId;

use crate::code::{Set, coded};
use crate::finding::FindingSet;
use crate::modifier::Modifiers;
use crate::role::{Role, Waves};
use crate::side::{Both, Side};
use crate::state::Change;

coded! {
    /// What a peer must send whatever its application does (SPEC 9).
    pub enum Duty {
        /// Acknowledge its peer's FIN.
        AckOfFin = "ack-of-fin",
        /// Acknowledge a FIN again.
        ReackOfFin = "reack-of-fin",
        /// Challenge a suspicious RST or SYN.
        ChallengeAck = "challenge-ack",
        /// Retransmit what is unacknowledged.
        Retransmission = "retransmission",
    }
}

/// What a peer owes.
pub type Duties = Set<Duty>;

/// The annotation of one segment. Final when emitted (SPEC 1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Annotation {
    /// The connection: incarnations counted over the whole run in the order of their first segments, from 1.
    pub connection: u64,
    /// Counts the incarnations of one key from 1.
    pub incarnation: u32,
    /// Who sent the segment.
    pub from: Side,
    /// Its role.
    pub role: Role,
    /// The waves it carries.
    pub waves: Waves,
    /// Its modifiers.
    pub modifiers: Modifiers,
    /// Both peers' states before and after.
    pub peers: Both<Change>,
    /// The first copy of the FIN that this segment is first to acknowledge, or acknowledges again.
    pub acks_fin: Option<FrameId>,
    /// The first copy of what this segment repeats.
    pub repeats: Option<FrameId>,
    /// The segment that this RST answers (RFC 9293 section 3.5.2).
    pub answers: Option<FrameId>,
    /// What each peer owes after it.
    pub owes: Both<Duties>,
    /// The findings known at this segment.
    pub findings: FindingSet,
}

/// The end of a TIME-WAIT (SPEC 4.10): a timer event, with no packet of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeWaitExpired {
    /// The connection.
    pub connection: u64,
    /// Its incarnation.
    pub incarnation: u32,
    /// Whose TIME-WAIT ended.
    pub peer: Side,
    /// The deadline, nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// Both peers' states before and after.
    pub peers: Both<Change>,
}
