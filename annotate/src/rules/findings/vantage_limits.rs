//! `vantage-limits`: the capture is incomplete, and what is said of the connection rests on inference (SPEC 11).

use super::{ANY, Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::code::Set;
use crate::finding::{FindingId, Severity, VantageLimit};
use crate::modifier::{ConnectionModifier, Modifier};
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::VantageLimits,
    severity: Severity::Info,
    asked: Asked::Always,
    roles: ANY,
    holds,
    conclude,
};

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    // What belongs to no connection says nothing of one.
    scene.has(Modifier::MaybeAcksUnseenFin) && !scene.decision.role.is_outsider()
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let incarnation = case.incarnation;
    let mut what = Set::EMPTY;
    if incarnation.mid_stream {
        what.insert(VantageLimit::MidStream);
    }
    if case.modifiers.contains(ConnectionModifier::OneWay) {
        what.insert(VantageLimit::OneWay);
    }
    let from_the_start = !what.is_empty();
    if case.rests_on_inference() {
        what.insert(VantageLimit::InferredFin);
    }
    if incarnation.peers.iter().any(|(_, peer)| peer.maybe_fin().is_some()) {
        what.insert(VantageLimit::MaybeUnseenFin);
    }
    if what.is_empty() {
        return None;
    }
    let start = from_the_start.then_some(incarnation.first.at);
    let frames = sorted(start.into_iter().chain(notes.iter().map(|note| note.at)));
    let mut conclusion = Conclusion { frames, ..Conclusion::default() };
    conclusion.params.what = what;
    Some(conclusion)
}
