//! The states of a TCP endpoint (RFC 9293 section 3.3.2) and the one function that tells them from what is
//! known (SPEC 3.2).
//!
//! A state is never a fact: it is computed from knowledge, once with what is proved and once with what is
//! expected. This file must not know sequence numbers, segments or time.

use crate::code::coded;

coded! {
    /// A state of RFC 9293 section 3.3.2, or no statement.
    pub enum State {
        /// No statement can be made.
        Unknown = "UNKNOWN",
        /// No connection.
        Closed = "CLOSED",
        /// Waiting for a connection request from any remote peer.
        Listen = "LISTEN",
        /// A connection request was sent.
        SynSent = "SYN-SENT",
        /// A connection request was received and answered.
        SynReceived = "SYN-RECEIVED",
        /// Open: data flows both ways.
        Established = "ESTABLISHED",
        /// The own FIN was sent.
        FinWait1 = "FIN-WAIT-1",
        /// The own FIN was acknowledged; the peer's is awaited.
        FinWait2 = "FIN-WAIT-2",
        /// The peer's FIN was received; the own application has not closed.
        CloseWait = "CLOSE-WAIT",
        /// Both FINs crossed; the acknowledgment of the own one is awaited.
        Closing = "CLOSING",
        /// The own FIN was sent after the peer's; its acknowledgment is awaited.
        LastAck = "LAST-ACK",
        /// Both FINs acknowledged; old segments are waited out for 2 MSL.
        TimeWait = "TIME-WAIT",
    }
}

/// What is known of a peer at one bound: the bits of SPEC 3.1, and those of its own FIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Knowledge(u8);

impl Knowledge {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// SR: it has its peer's SYN.
    pub const HAS_SYN: Self = Self(1);
    /// SA: its own SYN is acknowledged.
    pub const SYN_ACKED: Self = Self(1 << 1);
    /// Its own FIN is sent.
    pub const FIN_SENT: Self = Self(1 << 2);
    /// That FIN already acknowledged the peer's (`fin_after`): LAST-ACK rather than CLOSING.
    pub const FIN_AFTER: Self = Self(1 << 3);
    /// FR: it has its peer's FIN.
    pub const HAS_FIN: Self = Self(1 << 4);
    /// FA: its own FIN is acknowledged.
    pub const FIN_ACKED: Self = Self(1 << 5);

    /// What both peers of an open connection know while nothing closes.
    pub const OPEN: Self = Self::HAS_SYN.union(Self::SYN_ACKED);

    /// Sets of these bits.
    const SETS: usize = 1 << 6;

    pub const fn has(self, bits: Self) -> bool {
        self.0 & bits.0 == bits.0
    }

    pub const fn union(self, bits: Self) -> Self {
        Self(self.0 | bits.0)
    }

    /// `bits` if `condition`, else nothing.
    pub const fn when(condition: bool, bits: Self) -> Self {
        if condition { bits } else { Self::NONE }
    }

    pub const fn learn(&mut self, bits: Self) {
        self.0 |= bits.0;
    }

    pub const fn forget(&mut self, bits: Self) {
        self.0 &= !bits.0;
    }
}

/// The state for every set of bits.
const STATES: [State; Knowledge::SETS] = {
    let mut states = [State::Unknown; Knowledge::SETS];
    let mut bits = 0;
    while bits < states.len() {
        states[bits] = State::by_rules(Knowledge(bits as u8));
        bits += 1;
    }
    states
};

impl State {
    /// The state function of SPEC 3.2 for a peer that opened and was not reset: rules 8 to 11.
    pub(crate) const fn from_knowledge(known: Knowledge) -> Self {
        STATES[known.0 as usize % Knowledge::SETS]
    }

    /// The same, worked out; the numbers are its rules.
    const fn by_rules(known: Knowledge) -> Self {
        let (has_fin, fin_acked) = (known.has(Knowledge::HAS_FIN), known.has(Knowledge::FIN_ACKED));
        let after = known.has(Knowledge::FIN_AFTER);
        match (known.has(Knowledge::FIN_SENT), has_fin, fin_acked) {
            (false, _, _) if !known.has(Knowledge::HAS_SYN) => Self::SynSent, // 8
            (false, true, _) => Self::CloseWait,
            (false, false, _) if known.has(Knowledge::SYN_ACKED) => Self::Established,
            (false, false, _) => Self::SynReceived,
            (true, false, true) => Self::FinWait2, // 9
            (true, false, false) => Self::FinWait1,
            (true, true, true) if after => Self::Closed, // 10
            (true, true, false) if after => Self::LastAck,
            (true, true, true) => Self::TimeWait, // 11
            (true, true, false) => Self::Closing,
        }
    }

    /// True in CLOSED and LISTEN: there is no connection.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::Listen)
    }

    /// True where nothing is left to do but wait: in TIME-WAIT, and where [`Self::is_closed`].
    #[must_use]
    pub const fn is_at_rest(self) -> bool {
        matches!(self, Self::TimeWait | Self::Closed | Self::Listen)
    }
}

/// The two bounds of a peer's state (SPEC 1.5). Serialises as an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "checkpoint", derive(serde::Deserialize))]
pub struct Bounds {
    /// What the peer's own segments prove it had reached when it sent the last of them.
    pub confirmed: State,
    /// What it reaches if every segment seen is delivered and its application does nothing more.
    pub expected: State,
}

impl Bounds {
    /// No statement.
    pub(crate) const UNKNOWN: Self = Self { confirmed: State::Unknown, expected: State::Unknown };

    /// The end.
    pub(crate) const CLOSED: Self = Self { confirmed: State::Closed, expected: State::Closed };
}

/// The bounds of a peer before and after a segment or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "checkpoint", derive(serde::Deserialize))]
pub struct Change {
    /// Before it.
    pub before: Bounds,
    /// After it.
    pub after: Bounds,
}

impl Change {
    /// No statement.
    pub(crate) const UNKNOWN: Self = Self { before: Bounds::UNKNOWN, after: Bounds::UNKNOWN };
}
