//! `rst-data-loss`: octets of a peer were unacknowledged when a RST ended the connection: possibly lost.
//!
//! They may have arrived all the same; only the acknowledgment is missing.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;
use crate::side::Side;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstDataLoss,
    severity: Severity::Error,
    asked: Asked::IfHeld,
    roles: Role::set(&[
        Role::RstAbort,
        Role::RstInsteadOfFin,
        Role::RstAfterFin,
        Role::RstToLateData,
        Role::RstInResponse,
    ]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let (sender, receiver) = scene.peers(incarnation);
    let unacked = sender.unacked_octets(receiver).max(receiver.unacked_octets(sender));
    unacked > 0 && !scene.has(Modifier::AnswersBadAck)
}

fn conclude(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let loser = if first.unacked.client >= first.unacked.server { Side::Client } else { Side::Server };
    let mut conclusion = Conclusion::about(frames(notes), loser);
    conclusion.params.octets = Some(u64::from(first.unacked[loser]));
    Some(conclusion)
}
