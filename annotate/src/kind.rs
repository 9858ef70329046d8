//! How a connection ended (SPEC 8.1) and who began it (SPEC 8.2, 8.3).

use serde::Serialize;

use crate::code::coded;
use crate::side::Side;

coded! {
    /// The kind of an ending; the first that fits, in this order.
    pub enum Kind {
        /// Only segments that belong to no connection.
        StrayOnly = "stray-only",
        /// A RST answered the SYN.
        Refused = "refused",
        /// No end seen, ports reused.
        Superseded = "superseded",
        /// Reset during the handshake.
        HandshakeReset = "handshake-reset",
        /// Both closed, then reset before the end.
        ResetDuringClose = "reset-during-close",
        /// The FINs crossed.
        Simultaneous = "simultaneous",
        /// Data flowed after one side had closed.
        HalfClose = "half-close",
        /// Waves 2 and 3 merged.
        ThreeSegment = "three-segment",
        /// Four waves.
        FourWay = "four-way",
        /// FIN, then reset by the same peer.
        FinThenResetByCloser = "fin-then-reset-by-closer",
        /// FIN, then reset by the other peer.
        FinThenResetByPeer = "fin-then-reset-by-peer",
        /// One direction captured, closed.
        OneWayClose = "one-way-close",
        /// One side closed, no end of the other seen.
        HalfClosedOpen = "half-closed-open",
        /// FIN without answer.
        FinUnanswered = "fin-unanswered",
        /// Reset.
        Reset = "reset",
        /// The handshake was not completed.
        HandshakeIncomplete = "handshake-incomplete",
        /// One direction captured, no end seen.
        OneWayOpen = "one-way-open",
        /// No end seen.
        OpenAtEnd = "open-at-end",
    }
}

coded! {
    /// What the roles of client and server rest on.
    pub enum ClientBasis {
        /// The client's SYN was seen. Certain.
        Syn = "syn",
        /// The server's SYN-ACK was seen. Certain.
        SynAck = "syn-ack",
        /// Port numbers. Likely.
        Port = "port",
        /// The sender of the first packet is taken for the client. A guess.
        FirstPacket = "first-packet",
    }
}

coded! {
    /// How firm a statement is.
    pub enum Certainty {
        /// Follows from what was seen.
        Certain = "certain",
        /// The best reading of an incomplete or doubtful capture.
        Likely = "likely",
    }
}

coded! {
    /// Who began the close.
    pub enum Who {
        /// The client.
        Client = "client",
        /// The server.
        Server = "server",
        /// Both at once.
        Both = "both",
    }
}

impl From<Side> for Who {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => Self::Client,
            Side::Server => Self::Server,
        }
    }
}

coded! {
    /// What shows who began.
    pub enum By {
        /// A FIN.
        Fin = "fin",
        /// A FIN that was not seen but follows from acknowledgments.
        FinInferred = "fin-inferred",
        /// A RST.
        Rst = "rst",
    }
}

/// Who began the close, and how we know (SPEC 8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Initiator {
    /// Who; `None` if nobody began one.
    pub peer: Option<Who>,
    /// In a simultaneous close: whose FIN was recorded first. Otherwise the same as `peer`.
    pub first_seen: Option<Side>,
    /// What shows it.
    pub by: Option<By>,
    /// Likely when mid-stream, inferred, or under suspicion of injection.
    pub certainty: Certainty,
}
