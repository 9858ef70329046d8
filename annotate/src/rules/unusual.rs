//! What only some connections have: data in the SYN, data on one way when the other is closed, reused ports, inferred FINs,
//! more files, corrections.
//!
//! Kept apart, so that the others stay small: many are in memory at once.

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::connection::{Moment, Retro};
use crate::seq::Seq;
use crate::side::Both;

/// What only some connections have.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Unusual {
    /// Payload octets of each peer's SYN without ACK (RFC 7413).
    pub syn_octets: Both<u32>,
    /// The last `half-close-data`.
    pub half_close_data: Option<Moment>,
    /// How far the passive closer had sent when it acknowledged the FIN, once it sends more.
    pub half_close_from: Option<Seq>,
    pub half_close_bytes: u64,
    /// How long the 4-tuple had been silent when this incarnation took it over in TIME-WAIT.
    pub reuse_gap_ns: Option<i64>,
    /// The segment that inferred a FIN.
    pub inferred_at: Option<FrameId>,
    /// The input files after the first in which it has segments.
    pub more_files: Vec<u32>,
    pub retro: Vec<Retro>,
}

impl Unusual {
    /// Nothing of the kind.
    pub const NONE: Self = Self {
        syn_octets: Both { client: 0, server: 0 },
        half_close_data: None,
        half_close_from: None,
        half_close_bytes: 0,
        reuse_gap_ns: None,
        inferred_at: None,
        more_files: Vec::new(),
        retro: Vec::new(),
    };
}
