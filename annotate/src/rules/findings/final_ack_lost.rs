//! `final-ack-lost`: the second FIN came again although the final ACK was seen: lost behind the vantage, or the two
//! crossed. TIME-WAIT exists for this case (RFC 9293 section 3.6).

use super::{Asked, Rule, Scene, between_sender_and_peer};
use crate::finding::{FindingId, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::role::Wave;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinalAckLost,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinRetransmission]),
    holds,
    conclude: between_sender_and_peer,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    incarnation.wave(Wave::Fourth).is_some()
        && incarnation.first_closer != Some(scene.reading.from)
        && scene.has(Modifier::AlreadyAcked)
        && !scene.has(Modifier::Duplicate)
}
