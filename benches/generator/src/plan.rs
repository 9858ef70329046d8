//! What can be asked for.

use crate::capture::{Format, Precision};

/// The traffic of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Short connections with every sort of ending, many open at a time.
    Churn {
        /// How many connections.
        connections: u64,
        /// How many are open at a time.
        concurrent: usize,
        /// Pauses within a connection are so many times as long.
        stretch: u64,
    },
    /// A few long connections of full segments.
    Bulk {
        /// How many connections.
        connections: u64,
        /// About how large the capture is.
        octets: u64,
    },
    /// SYNs to many targets that all refuse.
    Scan {
        /// How many connections.
        connections: u64,
    },
}

/// A capture. Equal plans make equal captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its traffic.
    pub profile: Profile,
    /// What all random choices depend on.
    pub seed: u64,
    /// How it is written.
    pub format: Format,
    /// The unit of its timestamps.
    pub precision: Precision,
    /// Octets that are kept of a packet.
    pub snap_len: u32,
}

impl Profile {
    /// 900,000 connections, 4,096 at a time, as [`Profile::Churn`] is asked for without numbers.
    pub const CHURN: Self = Self::Churn { connections: 900_000, concurrent: 4096, stretch: 10 };
    /// 300 connections in a gigabyte.
    pub const BULK: Self = Self::Bulk { connections: 300, octets: 1_000_000_000 };
    /// Two and a half million refusals.
    pub const SCAN: Self = Self::Scan { connections: 2_500_000 };

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Churn { .. } => "churn",
            Self::Bulk { .. } => "bulk",
            Self::Scan { .. } => "scan",
        }
    }
}

impl Plan {
    /// Whole packets of `profile` in a pcap with microseconds.
    #[must_use]
    pub fn new(profile: Profile, seed: u64) -> Self {
        Self { profile, seed, format: Format::Pcap, precision: Precision::Micro, snap_len: 262_144 }
    }
}
