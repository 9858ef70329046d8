//! What is said of a connection and its peers.

use crate::connection::ResetForm;
use crate::finding::Severity;
use crate::kind::{By, Certainty, ClientBasis, Kind, Who};
use crate::lang::Phase;
use crate::modifier::ConnectionModifier;
use crate::side::Side;

pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::StrayOnly => "no connection seen",
        Kind::Refused => "connection refused",
        Kind::Superseded => "end not seen, ports reused",
        Kind::HandshakeReset => "reset during the handshake",
        Kind::ResetDuringClose => "both closed, then reset before the end",
        Kind::Simultaneous => "simultaneous close",
        Kind::HalfClose => "half-close with data",
        Kind::ThreeSegment => "waves 2 and 3 merged",
        Kind::FourWay => "four-way close",
        Kind::FinThenResetByCloser => "FIN, then reset by the closer",
        Kind::FinThenResetByPeer => "FIN, then reset by the peer",
        Kind::OneWayClose => "one direction captured, closed",
        Kind::HalfClosedOpen => "one side closed, no end of the other seen",
        Kind::FinUnanswered => "FIN without answer",
        Kind::Reset => "reset",
        Kind::HandshakeIncomplete => "handshake not completed",
        Kind::OneWayOpen => "one direction captured, open",
        Kind::OpenAtEnd => "no end seen before the capture ends",
    }
}

pub const fn kind_sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::StrayOnly => "Only segments that belong to no connection known to the capture.",
        Kind::Refused => "A RST answered the SYN: nobody listens there, or a filter says so.",
        Kind::Superseded => "A new connection took the pair of ports before an end of the old one was seen.",
        Kind::HandshakeReset => "A RST ended the connection while it was still being opened.",
        Kind::ResetDuringClose => "Both peers sent their FIN, and a RST came before both were through.",
        Kind::Simultaneous => {
            "Both peers sent their FIN before they had the other's: each passes through CLOSING, and both wait in TIME-WAIT."
        }
        Kind::HalfClose => "One peer sent its FIN, and the other went on sending data before its own FIN.",
        Kind::ThreeSegment => "The second FIN acknowledges the first: waves 2 and 3 share a segment.",
        Kind::FourWay => "Each FIN is acknowledged by a segment of its own: four waves.",
        Kind::FinThenResetByCloser => {
            "One peer sent its FIN, then reset the connection itself; no FIN of the other was seen."
        }
        Kind::FinThenResetByPeer => {
            "One peer sent its FIN, and the other reset the connection; no FIN of the other was seen."
        }
        Kind::OneWayClose => "Only one direction was captured, and it has a FIN.",
        Kind::HalfClosedOpen => "The FIN of one peer was acknowledged; no FIN of the other was seen.",
        Kind::FinUnanswered => "One peer sent its FIN, and nothing that was captured acknowledges it.",
        Kind::Reset => "A RST ended the connection; no FIN was seen.",
        Kind::HandshakeIncomplete => "The opening was begun; that it was completed was not seen.",
        Kind::OneWayOpen => "Only one direction was captured, and no end of it.",
        Kind::OpenAtEnd => {
            "No end was seen before the capture ended, or before the connection was given up as idle."
        }
    }
}

pub const fn connection_modifier(modifier: ConnectionModifier) -> &'static str {
    match modifier {
        ConnectionModifier::MidStream => "the capture begins after the handshake",
        ConnectionModifier::OneWay => "only one direction was seen",
        ConnectionModifier::SynNotSeen => "a SYN was not seen",
        ConnectionModifier::SimultaneousOpen => "both peers opened at the same time",
        ConnectionModifier::OooOverflow => "too many gaps to follow; the rest is taken as received",
        ConnectionModifier::Mptcp => "a subflow of Multipath TCP: the states are those of this subflow only",
        ConnectionModifier::TruncatedByEnd => "cut off by the end of the capture",
        ConnectionModifier::Evicted => "no longer followed before an end was seen",
    }
}

pub const fn by(by: By) -> &'static str {
    match by {
        By::Fin => "FIN",
        By::FinInferred => "a FIN that was not seen but follows from acknowledgments",
        By::Rst => "RST",
    }
}

pub const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
    }
}

pub const fn client_basis(basis: ClientBasis) -> &'static str {
    match basis {
        ClientBasis::Syn => "its SYN was seen",
        ClientBasis::SynAck => "the server's SYN-ACK was seen",
        ClientBasis::Port => "likely, by the port numbers",
        ClientBasis::FirstPacket => "a guess: it sent the first packet seen",
    }
}

pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Note => "note",
        Severity::Warn => "warning",
        Severity::Error => "error",
    }
}

pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

pub const fn who(who: Who) -> &'static str {
    match who {
        Who::Client => "client",
        Who::Server => "server",
        Who::Both => "both peers",
    }
}

pub const fn reset_form(form: ResetForm) -> &'static str {
    match form {
        ResetForm::Reply => "has the form of an answer to a segment",
        ResetForm::Active => "does not have the form of an answer",
    }
}

pub const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Fin1Ack => "first FIN to its ACK",
        Phase::CloseWait => "ACK to second FIN (CLOSE-WAIT)",
        Phase::LastAck => "second FIN to its ACK",
        Phase::TimeWait => "TIME-WAIT, assumed",
        Phase::Teardown => "whole close",
    }
}
