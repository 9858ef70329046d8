//! What a finding is: an id of the closed list of SPEC 10, its evidence and its parameters.
//!
//! How each is detected stands in `findings/`; what it says in words in `lang/`.

use alloc::string::String;

use fourwave_dissector::FrameId;

use crate::code::{Set, coded};
use crate::kind::Certainty;
use crate::list::List;
use crate::side::Side;

coded! {
    /// How much a finding matters.
    pub enum Severity {
        /// Normal; good to know.
        Info = "info",
        /// Unusual.
        Note = "note",
        /// Likely a problem.
        Warn = "warn",
        /// A fault, or loss of data.
        Error = "error",
    }
}

/// A severity that a finding has in some circumstances, beside that of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The severity.
    pub severity: Severity,
    /// The name of the [threshold](crate::Thresholds) from which on it has it.
    pub threshold: &'static str,
}

coded! {
    /// The closed list of findings, in the order of SPEC 10.
    pub enum FindingId {
        /// Waves 2 and 3 share one segment.
        ThreeSegmentClose = "three-segment-close",
        /// Both sides closed before seeing the other's FIN.
        SimultaneousClose = "simultaneous-close",
        /// Data after acknowledging the peer's FIN.
        HalfClose = "half-close",
        /// Long stay in CLOSE-WAIT.
        CloseWaitDwell = "close-wait-dwell",
        /// The FIN was acknowledged, but no end followed.
        CloseWaitLeak = "close-wait-leak",
        /// The FIN was not acknowledged.
        FinUnanswered = "fin-unanswered",
        /// FIN sent again.
        FinRetransmitted = "fin-retransmitted",
        /// FIN sent again and again, `fin-storm` times or more.
        FinRetransmissionStorm = "fin-retransmission-storm",
        /// The FIN came again after its ACK was sent.
        FinalAckLost = "final-ack-lost",
        /// No final ACK in the capture.
        FinalAckMissing = "final-ack-missing",
        /// FIN overtook missing data.
        FinBehindGap = "fin-behind-gap",
        /// Sequence space after the FIN was used, or the FIN moved.
        FinConflict = "fin-conflict",
        /// An open connection was aborted.
        RstAbort = "rst-abort",
        /// Abort that fits a close with unread data.
        RstUnreadData = "rst-unread-data",
        /// RST as answer to a FIN.
        RstInsteadOfFin = "rst-instead-of-fin",
        /// FIN, then RST by the same peer.
        RstAfterFin = "rst-after-fin",
        /// Data came after a full close.
        DataAfterClose = "data-after-close",
        /// Octets were unacknowledged at the reset.
        RstDataLoss = "rst-data-loss",
        /// RST carries text.
        RstWithPayload = "rst-with-payload",
        /// RST after a complete close.
        RstAfterClose = "rst-after-close",
        /// RST not at the exact number.
        RstIgnored = "rst-ignored",
        /// RST drew a challenge ACK.
        RstChallenged = "rst-challenged",
        /// Challenge ACKs answer each other.
        ChallengeAckLoop = "challenge-ack-loop",
        /// The RST may be forged.
        RstInjectionSuspected = "rst-injection-suspected",
        /// Closed after a long silence.
        IdleClose = "idle-close",
        /// A peer had no such connection any more.
        HalfOpenDiscovered = "half-open-discovered",
        /// Ports reused in TIME-WAIT.
        TimeWaitReuse = "time-wait-reuse",
        /// A RST ended TIME-WAIT early.
        TimeWaitAssassination = "time-wait-assassination",
        /// No listener, or a filter.
        ConnectionRefused = "connection-refused",
        /// Opening cancelled.
        HandshakeReset = "handshake-reset",
        /// A peer declared the other dead.
        KeepaliveTimeout = "keepalive-timeout",
        /// The close came behind a zero window.
        ZeroWindowAtClose = "zero-window-at-close",
        /// A peer kept retransmitting.
        RtxTimeout = "rtx-timeout",
        /// The capture is incomplete.
        VantageLimits = "vantage-limits",
    }
}

/// The findings known at one segment.
pub type FindingSet = Set<FindingId>;

coded! {
    /// What came of a SYN to a peer in TIME-WAIT (SPEC 6.5).
    pub enum ReuseOutcome {
        /// SYN-ACK.
        Accepted = "accepted",
        /// Challenge ACK.
        Challenged = "challenged",
        /// Silence.
        Ignored = "ignored",
    }
}

coded! {
    /// Why a RST is held to be forged.
    pub enum InjectionEvidence {
        /// Its supposed sender went on as if nothing had been sent.
        SenderContinued = "sender-continued",
        /// Its TTL differs from that of its supposed sender's other segments.
        TtlDiffers = "ttl-differs",
    }
}

coded! {
    /// In what way a capture is incomplete.
    pub enum VantageLimit {
        /// It begins after the handshake.
        MidStream = "mid-stream",
        /// It shows one direction only.
        OneWay = "one-way",
        /// A FIN was inferred.
        InferredFin = "inferred-fin",
        /// A FIN may have been missed.
        MaybeUnseenFin = "maybe-unseen-fin",
    }
}

/// The parameters of a finding; each is set where SPEC 10 names it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Params {
    /// Whom the finding is about.
    pub peer: Option<Side>,
    /// The other one, where both are named.
    pub other: Option<Side>,
    /// A duration in nanoseconds; printed as `seconds`.
    pub duration_ns: Option<i64>,
    /// Octets.
    pub octets: Option<u64>,
    /// Copies of a segment.
    pub copies: Option<u64>,
    /// Text that a RST carried.
    pub text: Option<String>,
    /// Outcome of a reuse.
    pub outcome: Option<ReuseOutcome>,
    /// Grounds for suspecting injection.
    pub evidence: Set<InjectionEvidence>,
    /// What is missing.
    pub what: Set<VantageLimit>,
}

/// One finding of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// How much it matters.
    pub severity: Severity,
    /// How firm it is.
    pub certainty: Certainty,
    /// The segments that its condition names, in order.
    pub frames: List<FrameId, 2>,
    /// Its parameters.
    pub params: Params,
}

impl Finding {
    /// A finding of which nothing is known but that it was made: what is said of this one can be said of any.
    #[must_use]
    pub fn bare(id: FindingId) -> Self {
        Self {
            id,
            severity: id.severity(),
            certainty: Certainty::Certain,
            frames: List::default(),
            params: Params::default(),
        }
    }
}
