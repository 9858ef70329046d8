//! `fin-retransmitted`: the same FIN again, and not the same packet recorded twice.
//!
//! It does not prove loss: a tail-loss probe (RFC 8985 section 7) comes before a delayed ACK.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, frames};
use crate::connection::elapsed;
use crate::finding::{FindingId, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinRetransmitted,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinRetransmission]),
    holds,
    conclude,
};

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    !scene.has(Modifier::Duplicate)
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let mut conclusion = Conclusion::about(frames(notes), first.side);
    let fin = case.incarnation.peers[first.side].fin?;
    let waves = case.incarnation.waves.iter().flatten();
    conclusion.params.duration_ns =
        waves.filter(|wave| Some(wave.at) == fin.at).map(|wave| elapsed(wave.time_ns, first.time_ns)).next();
    conclusion.params.copies = Some(u64::from(fin.copies));
    Some(conclusion)
}
