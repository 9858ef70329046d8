//! `rst-unread-data`: an abort with an ACK by a peer that had received data since it last sent some.
//!
//! Fits a close with unread data, which must reset (RFC 9293 section 3.6.1, RFC 2525 section 2.17). SO_LINGER of 0 looks
//! the same, so it is likely at most.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstUnreadData,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstAbort]),
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    scene.reading.has_ack && scene.peers(incarnation).0.heard_last
}

fn conclude(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    Some(Conclusion { likely: true, ..Conclusion::about(frames(notes), first.side) })
}
