//! `time-wait-reuse`: a SYN on a 4-tuple whose last connection was in TIME-WAIT (RFC 9293 section 3.6.1, MAY-2; RFC 6191).
//!
//! What the answer was says whether the new connection was accepted.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, ReuseOutcome, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::TimeWaitReuse,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::ReuseSyn]),
    holds,
    conclude,
};

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    scene.has(Modifier::FromTimeWait)
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let incarnation = case.incarnation;
    let answerer = &incarnation.peers[first.side.other()];
    let outcome = if answerer.isn.is_some() {
        Some(ReuseOutcome::Accepted)
    } else if answerer.reset().is_some() {
        None // refused, which is a finding of its own
    } else if answerer.last.is_some() {
        Some(ReuseOutcome::Challenged)
    } else {
        Some(ReuseOutcome::Ignored)
    };
    let mut conclusion = Conclusion::about(sorted([first.at]), first.side);
    conclusion.params.duration_ns = incarnation.unusual().reuse_gap_ns;
    conclusion.params.outcome = outcome;
    Some(conclusion)
}
