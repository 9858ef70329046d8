//! The earlier segments that a segment refers to: the FIN it acknowledges, what it answers, and what it repeats.
//!
//! Read from the facts before the segment changes them.

use fourwave_dissector::FrameId;

use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::reading::Reading;

/// The FIN that this segment is first to acknowledge, or acknowledges again.
pub(crate) fn acknowledged_fin(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    decision: &Decision,
) -> Option<FrameId> {
    let first = reading.first_ack_of_fin && !reading.rst && !decision.role.is_outsider();
    let fin = incarnation.peers[reading.from.other()].fin?;
    if first || decision.role == Role::ReackOfFin { fin.at } else { None }
}

/// The segment that this RST answers: the last of its receiver, if the RST is made of it as RFC 9293 section 3.5.2
/// says.
pub(crate) fn answered(incarnation: &Incarnation, reading: &Reading<'_>) -> Option<FrameId> {
    let last = incarnation.peers[reading.from.other()].last.as_ref().filter(|_| reading.rst)?;
    let answers = if last.has_ack() {
        !reading.has_ack && last.ack == reading.seq
    } else {
        reading.has_ack && last.end() == reading.ack
    };
    answers.then_some(last.at)
}

/// The first copy of what this segment repeats.
pub(crate) fn repeated(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    decision: &Decision,
) -> Option<FrameId> {
    let sender = &incarnation.peers[reading.from];
    if decision.role == Role::FinRetransmission {
        return sender.fin.and_then(|fin| fin.at);
    }
    if decision.role == Role::ReackOfFin {
        return incarnation.wave(incarnation.ack_wave(reading.from.other())).map(|wave| wave.at);
    }
    if decision.role == Role::RstRepeat {
        return incarnation.resets.iter().find(|reset| reset.peer == reading.from).map(|reset| reset.at);
    }
    if decision.role == Role::Open && reading.syn && sender.isn == Some(reading.seq) {
        return sender.syn_at;
    }
    let modifiers = &decision.modifiers;
    if modifiers.contains(Modifier::Retransmission) || modifiers.contains(Modifier::FillsGap) {
        return sender.sent_at.find(reading.seq);
    }
    if modifiers.contains(Modifier::Duplicate) {
        return sender.last.map(|last| last.at);
    }
    None
}
