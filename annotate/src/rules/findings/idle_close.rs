//! `idle-close`: FIN or RST after a long silence.
//!
//! An idle timeout of an application, a load balancer or a NAT; which, the capture does not tell.

use super::{Asked, Case, Conclusion, ENDING, Note, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::IdleClose,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: ENDING,
    holds,
    conclude,
};

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    let ends = scene.reading.fin || scene.reading.rst;
    ends && scene.silence_ns >= scene.options.thresholds.idle_close
}

fn conclude(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let mut conclusion = Conclusion::about(frames(notes), first.side);
    conclusion.params.duration_ns = Some(first.silence_ns);
    Some(conclusion)
}
