//! `fin-retransmission-storm`: a peer sent its FIN `fin-storm` times or more, and not all of them are copies of a packet.
//!
//! Nobody answers: the peer is gone, or its answers are lost (RFC 6298).

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;
use crate::side::Side;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinRetransmissionStorm,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinRetransmission]),
    holds,
    conclude,
};

/// Real retransmissions needed among the copies.
const RETRANSMISSIONS: usize = 2;

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let from = scene.reading.from;
    let this = usize::from(!scene.has(Modifier::Duplicate));
    let before = incarnation.evidence.as_ref().map_or(0, |evidence| {
        evidence.of_finding(FindingId::FinRetransmitted).filter(|note| note.side == from).count()
    });
    let enough = i64::from(incarnation.peers[from].fin.map_or(0, |fin| fin.copies))
        >= scene.options.thresholds.fin_storm;
    enough && before + this >= RETRANSMISSIONS
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let stormed = |side: Side| notes.iter().any(|note| note.side == side);
    let firsts = case.incarnation.peers.iter().filter(|(side, _)| stormed(*side));
    let firsts = firsts.filter_map(|(_, peer)| peer.fin?.at);
    let copies = case.notes(Role::FinRetransmission).filter(|note| stormed(note.side)).map(|note| note.at);
    let mut conclusion = Conclusion::about(sorted(firsts.chain(copies)), first.side);
    conclusion.params.copies = case.incarnation.peers[first.side].fin.map(|fin| u64::from(fin.copies));
    Some(conclusion)
}
