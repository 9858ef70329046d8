//! `half-close`: data from the passive closer after it acknowledged the FIN (RFC 9293 section 3.6, case 2).
//!
//! Legitimate where a protocol uses it. Together with a RST it shows that the closer had closed both ways.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::HalfClose,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::HalfCloseData, Role::AckOfFin1, Role::Fin2]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    incarnation.half_close_octets(scene.reading, scene.decision) > 0
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let (_, passive) = case.closers().filter(|_| case.incarnation.unusual().half_close_bytes > 0)?;
    let mut conclusion = Conclusion::between(frames(notes), passive);
    conclusion.params.octets = Some(case.incarnation.unusual().half_close_bytes);
    Some(conclusion)
}
