//! `rst-injection-suspected`: a RST may not come from the peer whose address it bears.
//!
//! Grounds: that peer goes on as if it had sent none (SPEC 4.6), or the RST's TTL differs from that of its other segments.
//! Either can have innocent reasons, a proxy for one.

use super::{Asked, Case, Conclusion, ENDING, Note, Rule, Scene, frames};
use crate::code::Set;
use crate::finding::{FindingId, InjectionEvidence, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;
use crate::rules::peer::Peer;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstInjectionSuspected,
    severity: Severity::Error,
    asked: Asked::IfHeld,
    roles: ENDING.union(Role::set(&[Role::AckOfFin1, Role::AckOfFin2])),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    !grounds(scene.peers(incarnation).0, scene).is_empty()
}

/// The grounds that a segment gives for holding a RST of `sender` to be forged.
pub(super) fn grounds(sender: &Peer, scene: &Scene<'_>) -> Set<InjectionEvidence> {
    let role = scene.decision.role;
    let mut grounds = Set::EMPTY;
    // A segment that gives away a FIN as well (4.9) has the role of what it acknowledges.
    let goes_on =
        role == Role::AfterOwnRst || scene.reading.after_own_rst && scene.has(Modifier::InfersUnseenFin);
    if goes_on && !scene.has(Modifier::Reordered) {
        grounds.insert(InjectionEvidence::SenderContinued);
    }
    let differs =
        |median: u8| i64::from(median.abs_diff(scene.arrival.ttl)) > scene.options.thresholds.ttl_difference;
    if scene.reading.rst && !role.is_outsider() && sender.ttls.median().is_some_and(differs) {
        grounds.insert(InjectionEvidence::TtlDiffers);
    }
    grounds
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let mut conclusion = Conclusion::about(frames(notes), first.side);
    conclusion.params.evidence = case.evidence.map_or(Set::EMPTY, |evidence| evidence.injection);
    Some(conclusion)
}
