//! `challenge-ack-loop`: challenge ACKs in quick succession: each side's answer draws the other's.
//!
//! RFC 5961 section 7 asks stacks to limit their rate; a pair with different ideas of the numbers can loop for ever.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::connection::elapsed;
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::ChallengeAckLoop,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::ChallengeAck]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let thresholds = &scene.options.thresholds;
    let recent = |note: &&Note| elapsed(note.time_ns, scene.reading.time_ns) <= thresholds.challenge_window;
    let before = incarnation
        .evidence
        .as_ref()
        .map_or(0, |evidence| evidence.of_role(Role::ChallengeAck).filter(recent).count());
    before as i64 + 1 >= thresholds.challenge_loop
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    notes.first()?;
    let window = case.thresholds.challenge_window;
    let of_a_loop = |challenge: &&Note| {
        let until =
            |note: &&Note| note.at >= challenge.at && elapsed(challenge.time_ns, note.time_ns) <= window;
        notes.iter().copied().any(|note| until(&note))
    };
    let parts = case.notes(Role::ChallengeAck).filter(of_a_loop).map(|note| note.at);
    Some(Conclusion { frames: sorted(parts), ..Conclusion::default() })
}
