//! `keepalive-timeout`: keepalives of one peer without any answer, then its RST (RFC 9293 section 3.8.4).

use super::{Asked, Case, Conclusion, Note, RESETS, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::KeepaliveTimeout,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: RESETS,
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let series = incarnation.evidence.as_ref().and_then(|evidence| evidence.keepalives.as_ref());
    series.is_some_and(|series| {
        series.side == scene.reading.from && series.count >= scene.options.thresholds.keepalives
    })
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let probes = case.evidence.map_or(&[][..], |evidence| &evidence.unanswered);
    let parts = probes.iter().copied().chain(notes.iter().map(|note| note.at));
    Some(Conclusion::about(sorted(parts), first.side))
}
