//! `half-open-discovered`: a peer answered with RST because it had no such connection any more (RFC 9293 section 3.5.1,
//! figures 9 to 11): it restarted, or its stack had given up in silence.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::HalfOpenDiscovered,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstInResponse]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, _: &Scene<'_>) -> bool {
    let reopened = incarnation.roles.contains(Role::SynInSynchronized);
    let suspected = incarnation
        .evidence
        .as_ref()
        .is_some_and(|evidence| evidence.of_finding(FindingId::RstInjectionSuspected).next().is_some());
    reopened || incarnation.fins() == 0 && !incarnation.roles.contains(Role::RstIgnored) && !suspected
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let reopened = case.notes(Role::SynInSynchronized).next().is_some();
    let contradicted = case.incarnation.fins() > 0
        || case.notes(Role::RstIgnored).next().is_some()
        || case.suspects(FindingId::RstInjectionSuspected);
    if contradicted && !reopened {
        return None;
    }
    let parts = case.notes(Role::SynInSynchronized).chain(case.notes(Role::RstInResponse));
    Some(Conclusion::about(sorted(parts.map(|note| note.at)), first.side))
}
