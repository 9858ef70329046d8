//! The sentences of the findings (SPEC 10).

use alloc::borrow::Cow;
use alloc::format;
use core::fmt::{self, from_fn};

use crate::finding::{Finding, FindingId, InjectionEvidence, ReuseOutcome, VantageLimit};
use crate::lang::{duration, join, other, reset_text};
use crate::side::Side;

pub fn finding_text(finding: &Finding) -> Cow<'static, str> {
    let params = &finding.params;
    let peer = params.peer.map_or("one peer", the);
    let other = other(params).map_or("the other peer", the);
    let time = from_fn(|f| match params.duration_ns {
        Some(ns) => f.write_str(&duration(ns)),
        None => f.write_str("some time"),
    });
    let octets = octets(params.octets);
    capitalised(match finding.id {
        FindingId::ThreeSegmentClose => "Waves 2 and 3 share one segment. Normal.".into(),
        FindingId::SimultaneousClose => "Both sides closed before seeing the other's FIN.".into(),
        FindingId::HalfClose => format!("{peer} sent {octets} after acknowledging the FIN of {other}.").into(),
        FindingId::CloseWaitDwell => format!(
            "{peer} stayed in CLOSE-WAIT for {time} without sending: its application was slow to close."
        ).into(),
        FindingId::CloseWaitLeak => {
            format!("{peer} acknowledged the FIN but never closed: possible socket leak.").into()
        }
        FindingId::FinUnanswered => format!("The FIN of {peer} was not acknowledged in this capture.").into(),
        FindingId::FinRetransmitted => format!(
            "FIN sent again after {time}. This happens without loss too (tail-loss probe before a delayed ACK)."
        ).into(),
        FindingId::FinRetransmissionStorm => match params.copies {
            Some(copies) => format!("FIN sent {copies} times.").into(),
            None => "FIN sent many times.".into(),
        },
        FindingId::FinalAckLost => "The final ACK was sent but the FIN came again: lost behind the vantage, or both crossed.".into(),
        FindingId::FinalAckMissing => "Final ACK not seen.".into(),
        FindingId::FinBehindGap => {
            "FIN overtook missing data; it takes effect when the gap is filled.".into()
        }
        FindingId::FinConflict => "Sequence space after the FIN was used, or the FIN moved.".into(),
        FindingId::RstAbort => format!("{peer} aborted an open connection.").into(),
        FindingId::RstUnreadData => {
            "Fits a close() with unread data; SO_LINGER 0 looks the same.".into()
        }
        FindingId::RstInsteadOfFin => format!("{peer} answered the close of {other} with RST.").into(),
        FindingId::RstAfterFin => format!("{peer} sent FIN, then RST; it skips TIME-WAIT.").into(),
        FindingId::DataAfterClose => {
            format!("{other} sent data after {peer} had fully closed; {octets} lost.").into()
        }
        FindingId::RstDataLoss => {
            let were = if params.octets.is_none_or(|number| number == 1) { "was" } else { "were" };
            format!("{octets} from {peer} {were} unacknowledged at the reset: possible loss.").into()
        }
        FindingId::RstWithPayload => match reset_text(params) {
            Some(text) => format!("RST carries text: {text}.").into(),
            None => "RST carries text.".into(),
        },
        FindingId::RstAfterClose => "RST after a complete close; no effect.".into(),
        FindingId::RstIgnored => {
            "RST not at the exact number; conforming stacks do not accept it.".into()
        }
        FindingId::RstChallenged => "The RST drew a challenge ACK (RFC 5961).".into(),
        FindingId::ChallengeAckLoop => "Both stacks keep answering each other.".into(),
        FindingId::RstInjectionSuspected => {
            match join(params.evidence.iter().map(injection_evidence), ", ").as_str() {
                "" => format!("The RST may not come from {peer}.").into(),
                grounds => format!("The RST may not come from {peer}; evidence: {grounds}.").into(),
            }
        }
        FindingId::IdleClose => format!("Closed after {time} of silence.").into(),
        FindingId::HalfOpenDiscovered => format!("{peer} had no such connection any more.").into(),
        FindingId::TimeWaitReuse => match params.outcome.map(reuse_outcome) {
            Some(outcome) => format!("Port pair reused {time} after the close, in TIME-WAIT: {outcome}.").into(),
            None => format!("Port pair reused {time} after the close, in TIME-WAIT.").into(),
        },
        FindingId::TimeWaitAssassination => "A RST ended TIME-WAIT early (RFC 1337). It also happens without attack: old segment, ACK, RST.".into(),
        FindingId::ConnectionRefused => "No listener, or a filter.".into(),
        FindingId::HandshakeReset => "Opening cancelled.".into(),
        FindingId::KeepaliveTimeout => format!("{peer} declared the peer dead.").into(),
        FindingId::ZeroWindowAtClose => {
            format!("The close came behind a zero window: {other} did not read.").into()
        }
        FindingId::RtxTimeout => format!("{peer} kept retransmitting.").into(),
        FindingId::VantageLimits => match join(params.what.iter().map(vantage_limit), ", ").as_str() {
            "" => "The capture is incomplete.".into(),
            missing => format!("The capture is incomplete: {missing}.").into(),
        },
    })
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

const fn the(peer: Side) -> &'static str {
    match peer {
        Side::Client => "the client",
        Side::Server => "the server",
    }
}

fn octets(number: Option<u64>) -> impl fmt::Display {
    from_fn(move |f| match number {
        Some(1) => f.write_str("1 octet"),
        Some(number) => write!(f, "{number} octets"),
        None => f.write_str("data"),
    })
}

/// The sentence with a capital; one that is always the same has it.
fn capitalised(mut sentence: Cow<'static, str>) -> Cow<'static, str> {
    if let Cow::Owned(sentence) = &mut sentence
        && let Some(first) = sentence.get_mut(..1)
    {
        first.make_ascii_uppercase();
    }
    sentence
}
