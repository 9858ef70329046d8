//! What is said of a segment: roles, waves, modifiers, states, and what is expected next.

use crate::annotation::Duty;
use crate::modifier::Modifier;
use crate::next::{Cause, On};
use crate::role::{Role, Wave};
use crate::state::State;

pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Fin1 => "First FIN: the sender will send no more data.",
        Role::AckOfFin1 => "First ACK that covers the first FIN.",
        Role::Fin2 => "FIN of the passive closer, after it acknowledged the first.",
        Role::AckOfFin2 => {
            "First ACK that covers the second FIN; the final ACK unless the close is simultaneous."
        }
        Role::FinAckCombined => "Second FIN that is also the first ACK of the first FIN.",
        Role::FinSimultaneous => "Second FIN, sent before the first FIN arrived.",
        Role::FinRetransmission => "The same FIN again.",
        Role::FinConflict => {
            "Data beyond the FIN, or FIN at another number: contradicts the FIN seen before."
        }
        Role::ReackOfFin => {
            "ACK of a FIN repeated because the FIN (or old data) came again. From TIME-WAIT it restarts 2MSL."
        }
        Role::HalfCloseData => "Data from the side still open, after it acknowledged the first FIN.",
        Role::CrossingData => "New data that crossed the first FIN.",
        Role::RstRefused => "RST that answers a SYN.",
        Role::RstHandshake => "RST during the handshake.",
        Role::RstAbort => "RST without any FIN: the connection is aborted.",
        Role::RstInsteadOfFin => "RST after the peer's FIN, in place of an own FIN.",
        Role::RstAfterFin => "Own FIN first, then RST.",
        Role::RstToLateData => "Own FIN first, then RST because data still came.",
        Role::RstInResponse => "RST that answers a segment; its sender has no such connection.",
        Role::RstIntoTimeWait => "RST that ends the peer's TIME-WAIT early.",
        Role::RstAfterClose => "RST when all is over.",
        Role::RstIgnored => "RST that a conforming stack does not accept.",
        Role::RstRepeat => "Another RST of the same peer.",
        Role::ChallengeAck => "ACK that answers a suspicious RST or SYN.",
        Role::AfterOwnRst => "The sender of a RST goes on.",
        Role::LateSegment => "Sent before the peer's RST arrived.",
        Role::SynInSynchronized => "SYN into a live connection.",
        Role::ReuseSyn => "SYN that starts a new incarnation of the 4-tuple.",
        Role::Stray => "Matches no connection state.",
        Role::IllegalFlags => "SYN with FIN or RST.",
        Role::Open => "Handshake SYN or SYN-ACK.",
        Role::Data => "Data.",
        Role::Ack => "ACK.",
        Role::Keepalive => "Keepalive.",
        Role::ZeroWindowProbe => "Window probe.",
        Role::TimeWaitExpired => "2MSL is over.",
    }
}

pub const fn role_short(role: Role) -> &'static str {
    match role {
        Role::Fin1 => "first FIN",
        Role::AckOfFin1 => "ACK of first FIN",
        Role::Fin2 => "second FIN",
        Role::AckOfFin2 => "ACK of second FIN",
        Role::FinAckCombined => "second FIN + ACK of first",
        Role::FinSimultaneous => "second FIN, crossing",
        Role::FinRetransmission => "FIN again",
        Role::FinConflict => "contradicts the FIN",
        Role::ReackOfFin => "ACK of FIN again",
        Role::HalfCloseData => "data after half-close",
        Role::CrossingData => "data crossing the FIN",
        Role::RstRefused => "RST: refused",
        Role::RstHandshake => "RST in handshake",
        Role::RstAbort => "RST: abort",
        Role::RstInsteadOfFin => "RST instead of FIN",
        Role::RstAfterFin => "RST after own FIN",
        Role::RstToLateData => "RST to late data",
        Role::RstInResponse => "RST: no such connection",
        Role::RstIntoTimeWait => "RST into TIME-WAIT",
        Role::RstAfterClose => "RST after close",
        Role::RstIgnored => "RST, not acceptable",
        Role::RstRepeat => "RST again",
        Role::ChallengeAck => "challenge ACK",
        Role::AfterOwnRst => "goes on after own RST",
        Role::LateSegment => "crossed the RST",
        Role::SynInSynchronized => "SYN into connection",
        Role::ReuseSyn => "SYN: ports reused",
        Role::Stray => "stray",
        Role::IllegalFlags => "illegal flags",
        Role::Open => "handshake",
        Role::Data => "data",
        Role::Ack => "ACK",
        Role::Keepalive => "keepalive",
        Role::ZeroWindowProbe => "window probe",
        Role::TimeWaitExpired => "2MSL over",
    }
}

pub const fn wave(wave: Wave) -> &'static str {
    match wave {
        Wave::First => "wave 1",
        Wave::Second => "wave 2",
        Wave::Third => "wave 3",
        Wave::Fourth => "wave 4",
    }
}

pub const fn wave_name(wave: Wave) -> &'static str {
    match wave {
        Wave::First => "the first FIN",
        Wave::Second => "the other peer acknowledges it",
        Wave::Third => "the other peer's FIN",
        Wave::Fourth => "the first closer acknowledges that",
    }
}

pub const fn modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Data => "carries data",
        Modifier::FillsGap => "fills a gap in what was seen",
        Modifier::Retransmission => "repeats octets seen before",
        Modifier::AlreadyAcked => "what it repeats was already acknowledged",
        Modifier::GapBefore => "octets before it were not seen",
        Modifier::AcksUnseen => "acknowledges octets that were not seen",
        Modifier::MaybeAcksUnseenFin => "the one unseen octet it acknowledges may be a FIN",
        Modifier::InfersUnseenFin => "shows that a FIN was sent that was not seen",
        Modifier::LateCapture => "recorded after its own acknowledgment",
        Modifier::OldSeq => "too old: its receiver does not look at its ACK",
        Modifier::AckInvalid => "its ACK number cannot be meant",
        Modifier::Repeat => "a copy; the first one counts",
        Modifier::Duplicate => "the same packet again",
        Modifier::ZeroWindow => "announces a closed window",
        Modifier::Exact => "RST at exactly the expected number",
        Modifier::ExactFin1 => "RST at the number of its sender's own FIN",
        Modifier::InWindow => "RST in the window, but not at the expected number",
        Modifier::OutOfWindow => "outside the window",
        Modifier::Unknown => "the expected number was not seen",
        Modifier::AnswersBadAck => "answers an ACK that does not fit the handshake",
        Modifier::Reordered => "out of order",
        Modifier::RstNotReceived => "its sender has not accepted the peer's RST",
        Modifier::FromTimeWait => "its receiver is expected in TIME-WAIT",
        Modifier::Evicted => "its connection was dropped from memory",
    }
}

pub const fn state_phrase(state: State) -> &'static str {
    match state {
        State::Unknown => "nothing can be said",
        State::Closed => "no connection",
        State::Listen => "waits for a SYN",
        State::SynSent => "sent a SYN and waits for the answer",
        State::SynReceived => "has the peer's SYN and waits for the ACK of its own",
        State::Established => "open: data flows both ways",
        State::FinWait1 => "sent its FIN and waits for the ACK of it",
        State::FinWait2 => "its FIN is acknowledged; waits for the peer's FIN",
        State::CloseWait => "has the peer's FIN; its own application has not closed",
        State::Closing => "both FINs crossed; waits for the ACK of its own",
        State::LastAck => "sent its FIN as the second and waits for the ACK of it",
        State::TimeWait => "all is acknowledged; waits 2MSL for old segments to die out",
    }
}

pub const fn duty(duty: Duty) -> &'static str {
    match duty {
        Duty::AckOfFin => "the ACK of the peer's FIN",
        Duty::ReackOfFin => "another ACK of the FIN",
        Duty::ChallengeAck => "a challenge ACK",
        Duty::Retransmission => "retransmission of what is not acknowledged",
    }
}

pub const fn on(on: On) -> &'static str {
    match on {
        On::Syn => "SYN",
        On::SynAck => "SYN-ACK",
        On::Ack => "ACK",
        On::Data => "data",
        On::Fin => "FIN",
        On::AckOfFin => "ACK of the FIN",
        On::FinAndAck => "FIN with the ACK of the FIN",
        On::Rst => "RST",
        On::TwoMsl => "2MSL over",
        On::GiveUp => "gives up silently",
    }
}

pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Own => "itself",
        Cause::Peer => "its peer",
        Cause::Timer => "a timer",
    }
}
