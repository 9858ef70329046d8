//! The teardown roles of segments (SPEC 5.5) and the waves (SPEC 7).

use crate::code::{Set, coded};

coded! {
    /// What a segment does to the end of its connection. 34 roles, and that of the timer event.
    pub enum Role {
        /// The sender will send no more data.
        Fin1 = "fin-1",
        /// First ACK that covers the first FIN.
        AckOfFin1 = "ack-of-fin-1",
        /// FIN of the passive closer, after it acknowledged the first.
        Fin2 = "fin-2",
        /// First ACK that covers the second FIN.
        AckOfFin2 = "ack-of-fin-2",
        /// Second FIN that is also the first ACK of the first FIN.
        FinAckCombined = "fin-ack-combined",
        /// Second FIN, sent before the first FIN arrived.
        FinSimultaneous = "fin-simultaneous",
        /// The same FIN again.
        FinRetransmission = "fin-retransmission",
        /// Data beyond the FIN, or FIN at another number.
        FinConflict = "fin-conflict",
        /// ACK of a FIN repeated because the FIN (or old data) came again.
        ReackOfFin = "reack-of-fin",
        /// Data from the side still open, after it acknowledged the first FIN.
        HalfCloseData = "half-close-data",
        /// New data that crossed the first FIN.
        CrossingData = "crossing-data",
        /// RST that answers a SYN.
        RstRefused = "rst-refused",
        /// RST during the handshake.
        RstHandshake = "rst-handshake",
        /// RST without any FIN.
        RstAbort = "rst-abort",
        /// RST after the peer's FIN, in place of an own FIN.
        RstInsteadOfFin = "rst-instead-of-fin",
        /// Own FIN first, then RST.
        RstAfterFin = "rst-after-fin",
        /// Own FIN first, then RST because data still came.
        RstToLateData = "rst-to-late-data",
        /// RST that answers a segment; its sender has no such connection.
        RstInResponse = "rst-in-response",
        /// RST that ends the peer's TIME-WAIT early.
        RstIntoTimeWait = "rst-into-time-wait",
        /// RST when all is over.
        RstAfterClose = "rst-after-close",
        /// RST that a conforming stack does not accept.
        RstIgnored = "rst-ignored",
        /// Another RST of the same peer.
        RstRepeat = "rst-repeat",
        /// ACK that answers a suspicious RST or SYN.
        ChallengeAck = "challenge-ack",
        /// The sender of a RST goes on.
        AfterOwnRst = "after-own-rst",
        /// Sent before the peer's RST arrived.
        LateSegment = "late-segment",
        /// SYN into a live connection.
        SynInSynchronized = "syn-in-synchronized",
        /// SYN that starts a new incarnation of the 4-tuple.
        ReuseSyn = "reuse-syn",
        /// Matches no connection state.
        Stray = "stray",
        /// SYN with FIN or RST.
        IllegalFlags = "illegal-flags",
        /// Handshake SYN or SYN-ACK.
        Open = "open",
        /// Data.
        Data = "data",
        /// Acknowledgment.
        Ack = "ack",
        /// Keepalive probe.
        Keepalive = "keepalive",
        /// Probe of a closed window.
        ZeroWindowProbe = "zero-window-probe",
        /// Timer event: 2 MSL is over.
        TimeWaitExpired = "time-wait-expired",
    }
}

impl Role {
    /// True for the roles that say something of the end of a connection; false for those of its opening and
    /// its life (`open`, `data`, `ack`, `keepalive`, `zero-window-probe`).
    #[must_use]
    pub const fn is_teardown(self) -> bool {
        match self {
            Self::Open | Self::Data | Self::Ack | Self::Keepalive | Self::ZeroWindowProbe => false,
            Self::Fin1
            | Self::AckOfFin1
            | Self::Fin2
            | Self::AckOfFin2
            | Self::FinAckCombined
            | Self::FinSimultaneous
            | Self::FinRetransmission
            | Self::FinConflict
            | Self::ReackOfFin
            | Self::HalfCloseData
            | Self::CrossingData
            | Self::RstRefused
            | Self::RstHandshake
            | Self::RstAbort
            | Self::RstInsteadOfFin
            | Self::RstAfterFin
            | Self::RstToLateData
            | Self::RstInResponse
            | Self::RstIntoTimeWait
            | Self::RstAfterClose
            | Self::RstIgnored
            | Self::RstRepeat
            | Self::ChallengeAck
            | Self::AfterOwnRst
            | Self::LateSegment
            | Self::SynInSynchronized
            | Self::ReuseSyn
            | Self::Stray
            | Self::IllegalFlags
            | Self::TimeWaitExpired => true,
        }
    }

    /// True for the roles that leave all facts as they are: the segment belongs to no connection.
    #[must_use]
    pub const fn is_outsider(self) -> bool {
        matches!(self, Self::Stray | Self::IllegalFlags)
    }
}

coded! {
    /// One of the four waves of a close (四次挥手, SPEC 7.1). A wave is a function, not a place in the order.
    pub enum Wave {
        /// The first FIN.
        First = "1",
        /// The first segment of the other peer that acknowledges it.
        Second = "2",
        /// The other peer's FIN.
        Third = "3",
        /// The first segment of the first closer that acknowledges that.
        Fourth = "4",
    }
}

impl Wave {
    /// 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}

/// The waves that one segment carries; two at most.
pub type Waves = Set<Wave>;
