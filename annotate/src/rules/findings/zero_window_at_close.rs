//! `zero-window-at-close`: FIN or RST after a zero-window probe: the close waited for an application that did not read
//! (RFC 9293 section 3.8.6.1).

use alloc::vec::Vec;

use super::{Asked, Case, Conclusion, ENDING, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::ZeroWindowAtClose,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: ENDING,
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let ends = scene.reading.fin || scene.reading.rst;
    ends && incarnation.roles.contains(Role::ZeroWindowProbe)
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let last = notes.last()?;
    let probes: Vec<&Note> = case.notes(Role::ZeroWindowProbe).filter(|probe| probe.at < last.at).collect();
    let prober = probes.first().unwrap_or(last).side;
    let parts = probes.iter().chain(notes).map(|note| note.at);
    Some(Conclusion::between(sorted(parts), prober))
}
