//! `rst-challenged`: a RST that was not at the exact number drew a challenge ACK (RFC 9293 section 3.10.7.4, from RFC 5961
//! section 3.2).

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstChallenged,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::ChallengeAck, Role::RstIgnored]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    scene.seen(incarnation, Role::RstIgnored) && scene.seen(incarnation, Role::ChallengeAck)
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    notes.first()?;
    let parts = case.notes(Role::RstIgnored).chain(case.notes(Role::ChallengeAck));
    Some(Conclusion { frames: sorted(parts.map(|note| note.at)), ..Conclusion::default() })
}
