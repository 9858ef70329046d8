//! The result for one connection (SPEC 8): who closed, how, how long each phase took, what was wrong.
//!
//! Plain data; `close.rs` derives it from an incarnation.

use alloc::vec::Vec;
use core::net::SocketAddr;

use fourwave_dissector::FrameId;

use crate::code::{Set, coded};
use crate::finding::Finding;
use crate::kind::{ClientBasis, Initiator, Kind};
use crate::list::List;
use crate::modifier::ConnectionModifier;
use crate::role::{Role, Wave};
use crate::side::{Both, Side};
use crate::state::{Bounds, State};

/// A packet and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Moment {
    /// The packet.
    pub at: FrameId,
    /// Its time, nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
}

/// Nanoseconds from one instant to another; negative if the clock of the capture ran backwards.
pub(crate) const fn elapsed(from_ns: i64, to_ns: i64) -> i64 {
    to_ns.saturating_sub(from_ns)
}

/// How long the phases of a close took at the vantage, in nanoseconds (SPEC 8.5); `None` if a wave is missing or
/// the clock ran backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Durations {
    /// Wave 1 to wave 2.
    pub fin1_ack: Option<i64>,
    /// Wave 2 to wave 3; `None` if they share a segment or the close is simultaneous.
    pub close_wait: Option<i64>,
    /// Wave 3 to wave 4.
    pub last_ack: Option<i64>,
    /// First to last of the waves and counted resets.
    pub teardown: Option<i64>,
}

/// A peer's stay in TIME-WAIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeWait {
    /// When it last began.
    pub from_ns: i64,
    /// When it ends: 2 MSL later.
    pub until_ns: i64,
}

/// A state that a peer was in, and the packet at which it got there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Step {
    /// The state.
    pub state: State,
    /// The packet; `None` for where it began, and for a timer that fired at the end of the input. For a timer:
    /// the packet before which it fired.
    pub at: Option<FrameId>,
}

coded! {
    /// The shape of a RST (SPEC 5.4): evidence, not proof.
    pub enum ResetForm {
        /// It answers a segment: no ACK flag, and its number is that segment's ACK (RFC 9293 section 3.5.2).
        Reply = "reply",
        /// Anything else.
        Active = "active",
    }
}

/// A RST that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Reset {
    /// Where.
    pub at: FrameId,
    /// Who sent it.
    pub peer: Side,
    /// Its role.
    pub role: Role,
    /// Its form.
    pub form: ResetForm,
}

/// Something that a later segment showed to have been otherwise than annotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Retro {
    /// The segment concerned.
    pub at: FrameId,
    /// What is corrected.
    pub what: Revision,
}

/// A correction in hindsight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub enum Revision {
    /// The segment's role was `was` and is `is`; its wave follows.
    Role {
        /// As annotated.
        was: Role,
        /// In hindsight.
        is: Role,
    },
    /// The segment belongs to a new incarnation, where its role is `is`.
    Moved {
        /// As annotated.
        was: Role,
        /// In hindsight.
        is: Role,
        /// The connection it belongs to.
        connection: u64,
    },
    /// The FIN inferred before is withdrawn at this segment.
    InferenceWithdrawn,
}

/// One connection, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// Its number over the whole run, from 1.
    pub number: u64,
    /// Its incarnation, from 1.
    pub incarnation: u32,
    /// The addresses and ports of both ends.
    pub addresses: Both<SocketAddr>,
    /// What the roles of client and server rest on.
    pub client_basis: ClientBasis,
    /// How it ended.
    pub kind: Kind,
    /// What else is to be said of it.
    pub modifiers: Set<ConnectionModifier>,
    /// Who began the close.
    pub initiator: Initiator,
    /// Its first segment.
    pub first: Moment,
    /// Its last segment.
    pub last: Moment,
    /// The input files in which it has segments.
    pub files: List<u32, 2>,
    /// Waves 1 to 4.
    pub waves: [Option<Moment>; 4],
    /// How long each phase took.
    pub durations: Durations,
    /// Waves 2 and 3 share a segment.
    pub close_wait_merged: bool,
    /// Each peer's TIME-WAIT.
    pub time_wait: Both<Option<TimeWait>>,
    /// New octets of the passive closer after its first ACK of the first FIN.
    pub half_close_bytes: u64,
    /// Where it left each peer.
    pub end: Both<Bounds>,
    /// Segments of each peer, strays excepted.
    pub segments: Both<u64>,
    /// New payload octets of each peer.
    pub bytes: Both<u64>,
    /// The expected states of each peer in order, corrected (SPEC 8.4).
    pub path: Both<List<Step, 8>>,
    /// What was annotated otherwise at the time.
    pub retro: Vec<Retro>,
    /// The resets that count.
    pub resets: List<Reset, 2>,
    /// What is to be said of it, sorted by first frame, then id.
    pub findings: Vec<Finding>,
}

impl Connection {
    /// The moment of a wave.
    #[must_use]
    pub const fn wave(&self, wave: Wave) -> Option<Moment> {
        self.waves[wave as usize]
    }
}
