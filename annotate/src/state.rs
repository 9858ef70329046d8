//! The states of a TCP endpoint (RFC 9293 section 3.3.2) and the one function that tells them from what is
//! known (SPEC 3.2).
//!
//! A state is never a fact: it is computed from knowledge, once with what is proved and once with what is
//! expected. This file must not know sequence numbers, segments or time.

use serde::Serialize;

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

/// What is known of a peer at one bound: the bits of SPEC 3.1 and the facts that decide beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Knowledge {
    /// It sent a RST that counts.
    pub reset: bool,
    /// A state forced upon it: by an accepted RST of its peer, or by the end of TIME-WAIT. Expected bound only.
    pub forced: Option<State>,
    /// No statement is possible before the handshake: the state it then has.
    pub unopened: Option<State>,
    /// SR: it has its peer's SYN.
    pub has_syn: bool,
    /// SA: its own SYN is acknowledged.
    pub syn_acked: bool,
    /// Its own FIN is sent.
    pub fin_sent: bool,
    /// That FIN already acknowledged the peer's (`fin_after`): LAST-ACK rather than CLOSING.
    pub fin_after: bool,
    /// FR: it has its peer's FIN.
    pub has_fin: bool,
    /// FA: its own FIN is acknowledged.
    pub fin_acked: bool,
}

impl State {
    /// The state function of SPEC 3.2; the numbers are its rules.
    #[must_use]
    pub const fn from_knowledge(known: &Knowledge) -> Self {
        if known.reset {
            return Self::Closed; // 1
        }
        if let Some(forced) = known.forced {
            return forced; // 2, 3
        }
        if let Some(unopened) = known.unopened {
            return unopened; // 4, 5, 6
        }
        match (known.fin_sent, known.has_fin, known.fin_acked) {
            (false, _, _) if !known.has_syn => Self::SynSent, // 8
            (false, true, _) => Self::CloseWait,
            (false, false, _) if known.syn_acked => Self::Established,
            (false, false, _) => Self::SynReceived,
            (true, false, true) => Self::FinWait2, // 9
            (true, false, false) => Self::FinWait1,
            (true, true, true) if known.fin_after => Self::Closed, // 10
            (true, true, false) if known.fin_after => Self::LastAck,
            (true, true, true) => Self::TimeWait, // 11
            (true, true, false) => Self::Closing,
        }
    }

    /// True in CLOSED and LISTEN: there is no connection.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::Listen)
    }
}

/// The two bounds of a peer's state (SPEC 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Bounds {
    /// What the peer's own segments prove it had reached when it sent the last of them.
    pub confirmed: State,
    /// What it reaches if every segment seen is delivered and its application does nothing more.
    pub expected: State,
}

impl Bounds {
    /// No statement.
    pub(crate) const UNKNOWN: Self = Self { confirmed: State::Unknown, expected: State::Unknown };
}

/// The bounds of a peer before and after a segment or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Change {
    /// Before it.
    pub before: Bounds,
    /// After it.
    pub after: Bounds,
}
