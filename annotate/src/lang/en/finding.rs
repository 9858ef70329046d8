//! The sentences of the findings (SPEC 10).

use alloc::format;
use alloc::string::String;

use crate::finding::{Finding, FindingId, InjectionEvidence, ReuseOutcome, VantageLimit};
use crate::lang::{duration, join, other, reset_text};
use crate::side::Side;

pub fn finding_text(finding: &Finding) -> String {
    let params = &finding.params;
    let peer = params.peer;
    let second = other(params);
    let other = second.map_or("the other peer", |second| object(Some(second)));
    let time = || params.duration_ns.map_or_else(|| String::from("some time"), duration);
    match finding.id {
        FindingId::ThreeSegmentClose => String::from("Waves 2 and 3 share one segment. Normal."),
        FindingId::SimultaneousClose => String::from("Both sides closed before seeing the other's FIN."),
        FindingId::HalfClose => format!(
            "{} sent {} after acknowledging the FIN of {}.",
            subject(peer),
            octets(params.octets),
            other
        ),
        FindingId::CloseWaitDwell => format!(
            "{} stayed in CLOSE-WAIT for {} without sending: its application was slow to close.",
            subject(peer),
            time()
        ),
        FindingId::CloseWaitLeak => {
            format!("{} acknowledged the FIN but never closed: possible socket leak.", subject(peer))
        }
        FindingId::FinUnanswered => {
            format!("The FIN of {} was not acknowledged in this capture.", object(peer))
        }
        FindingId::FinRetransmitted => format!(
            "FIN sent again after {}. This happens without loss too (tail-loss probe before a delayed ACK).",
            time()
        ),
        FindingId::FinRetransmissionStorm => match params.copies {
            Some(copies) => format!("FIN sent {copies} times."),
            None => String::from("FIN sent many times."),
        },
        FindingId::FinalAckLost => String::from(
            "The final ACK was sent but the FIN came again: lost behind the vantage, or both crossed.",
        ),
        FindingId::FinalAckMissing => String::from("Final ACK not seen."),
        FindingId::FinBehindGap => {
            String::from("FIN overtook missing data; it takes effect when the gap is filled.")
        }
        FindingId::FinConflict => String::from("Sequence space after the FIN was used, or the FIN moved."),
        FindingId::RstAbort => format!("{} aborted an open connection.", subject(peer)),
        FindingId::RstUnreadData => {
            String::from("Fits a close() with unread data; SO_LINGER 0 looks the same.")
        }
        FindingId::RstInsteadOfFin => {
            format!("{} answered the close of {} with RST.", subject(peer), other)
        }
        FindingId::RstAfterFin => format!("{} sent FIN, then RST; it skips TIME-WAIT.", subject(peer)),
        FindingId::DataAfterClose => format!(
            "{} sent data after {} had fully closed; {} lost.",
            second.map_or("The other peer", |second| subject(Some(second))),
            object(peer),
            octets(params.octets)
        ),
        FindingId::RstDataLoss => format!(
            "{} from {} {} unacknowledged at the reset: possible loss.",
            params.octets.map_or_else(|| String::from("Octets"), |number| octets(Some(number))),
            object(peer),
            if params.octets == Some(1) { "was" } else { "were" }
        ),
        FindingId::RstWithPayload => match reset_text(params) {
            Some(text) => format!("RST carries text: {text}."),
            None => String::from("RST carries text."),
        },
        FindingId::RstAfterClose => String::from("RST after a complete close; no effect."),
        FindingId::RstIgnored => {
            String::from("RST not at the exact number; conforming stacks do not accept it.")
        }
        FindingId::RstChallenged => String::from("The RST drew a challenge ACK (RFC 5961)."),
        FindingId::ChallengeAckLoop => String::from("Both stacks keep answering each other."),
        FindingId::RstInjectionSuspected => {
            let grounds = join(params.evidence.iter().map(injection_evidence), ", ");
            let claim = format!("The RST may not come from {}", object(peer));
            if grounds.is_empty() { claim + "." } else { format!("{claim}; evidence: {grounds}.") }
        }
        FindingId::IdleClose => format!("Closed after {} of silence.", time()),
        FindingId::HalfOpenDiscovered => format!("{} had no such connection any more.", subject(peer)),
        FindingId::TimeWaitReuse => {
            let reused = match params.duration_ns {
                Some(ns) => format!("Port pair reused {} after the close, in TIME-WAIT", duration(ns)),
                None => String::from("Port pair reused in TIME-WAIT"),
            };
            match params.outcome {
                Some(outcome) => format!("{reused}: {}.", reuse_outcome(outcome)),
                None => reused + ".",
            }
        }
        FindingId::TimeWaitAssassination => String::from(
            "A RST ended TIME-WAIT early (RFC 1337). It also happens without attack: old segment, ACK, RST.",
        ),
        FindingId::ConnectionRefused => String::from("No listener, or a filter."),
        FindingId::HandshakeReset => String::from("Opening cancelled."),
        FindingId::KeepaliveTimeout => format!("{} declared the peer dead.", subject(peer)),
        FindingId::ZeroWindowAtClose => {
            format!("The close came behind a zero window: {} did not read.", other)
        }
        FindingId::RtxTimeout => format!("{} kept retransmitting.", subject(peer)),
        FindingId::VantageLimits => {
            let missing = join(params.what.iter().map(vantage_limit), ", ");
            if missing.is_empty() {
                String::from("The capture is incomplete.")
            } else {
                format!("The capture is incomplete: {missing}.")
            }
        }
    }
}

pub const fn finding_title(id: FindingId) -> &'static str {
    match id {
        FindingId::ThreeSegmentClose => "Three-segment close",
        FindingId::SimultaneousClose => "Simultaneous close",
        FindingId::HalfClose => "Half-close",
        FindingId::CloseWaitDwell => "Slow to close",
        FindingId::CloseWaitLeak => "Possible socket leak",
        FindingId::FinUnanswered => "FIN without answer",
        FindingId::FinRetransmitted => "FIN retransmitted",
        FindingId::FinRetransmissionStorm => "FIN sent again and again",
        FindingId::FinalAckLost => "Final ACK perhaps lost",
        FindingId::FinalAckMissing => "Final ACK not seen",
        FindingId::FinBehindGap => "FIN ahead of missing data",
        FindingId::FinConflict => "Contradicting FIN",
        FindingId::RstAbort => "Aborted by RST",
        FindingId::RstUnreadData => "Perhaps closed with unread data",
        FindingId::RstInsteadOfFin => "RST in answer to a close",
        FindingId::RstAfterFin => "FIN, then RST",
        FindingId::DataAfterClose => "Data to a closed peer",
        FindingId::RstDataLoss => "Unacknowledged data at a reset",
        FindingId::RstWithPayload => "RST with a text",
        FindingId::RstAfterClose => "Harmless RST after the close",
        FindingId::RstIgnored => "RST at a wrong number",
        FindingId::RstChallenged => "RST challenged",
        FindingId::ChallengeAckLoop => "Loop of challenge ACKs",
        FindingId::RstInjectionSuspected => "RST perhaps forged",
        FindingId::IdleClose => "Closed after silence",
        FindingId::HalfOpenDiscovered => "Half-open connection",
        FindingId::TimeWaitReuse => "Ports reused in TIME-WAIT",
        FindingId::TimeWaitAssassination => "TIME-WAIT ended by RST",
        FindingId::ConnectionRefused => "Connection refused",
        FindingId::HandshakeReset => "Handshake cancelled",
        FindingId::KeepaliveTimeout => "Keepalives without answer",
        FindingId::ZeroWindowAtClose => "Closed behind a zero window",
        FindingId::RtxTimeout => "Retransmissions without answer",
        FindingId::VantageLimits => "Incomplete capture",
    }
}

pub const fn injection_evidence(evidence: InjectionEvidence) -> &'static str {
    match evidence {
        InjectionEvidence::SenderContinued => "its supposed sender went on as if it had sent none",
        InjectionEvidence::TtlDiffers => "its TTL differs from that of the sender's other segments",
    }
}

pub const fn reuse_outcome(outcome: ReuseOutcome) -> &'static str {
    match outcome {
        ReuseOutcome::Accepted => "accepted",
        ReuseOutcome::Challenged => "challenged",
        ReuseOutcome::Ignored => "ignored",
    }
}

pub const fn vantage_limit(limit: VantageLimit) -> &'static str {
    match limit {
        VantageLimit::MidStream => "it begins after the handshake",
        VantageLimit::OneWay => "it shows one direction only",
        VantageLimit::InferredFin => "a FIN was not seen but inferred",
        VantageLimit::MaybeUnseenFin => "an acknowledged octet was not seen and may be a FIN",
    }
}

const fn subject(peer: Option<Side>) -> &'static str {
    match peer {
        Some(Side::Client) => "The client",
        Some(Side::Server) => "The server",
        None => "One peer",
    }
}

const fn object(peer: Option<Side>) -> &'static str {
    match peer {
        Some(Side::Client) => "the client",
        Some(Side::Server) => "the server",
        None => "one peer",
    }
}

fn octets(number: Option<u64>) -> String {
    match number {
        Some(1) => String::from("1 octet"),
        Some(number) => format!("{number} octets"),
        None => String::from("data"),
    }
}
