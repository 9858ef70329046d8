//! `fin-behind-gap`: a FIN overtook data that was not seen before it. Its receiver acts on it only when the gap is filled
//! (RFC 9293 section 3.10.7.4, eighth step).

use super::{Asked, ENDING, Rule, Scene, about_sender};
use crate::finding::{FindingId, Severity};
use crate::modifier::Modifier;
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinBehindGap,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: ENDING,
    holds,
    conclude: about_sender,
};

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    scene.reading.fin && scene.has(Modifier::GapBefore) && scene.decision.role != Role::Stray
}
