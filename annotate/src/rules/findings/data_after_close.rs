//! `data-after-close`: data for a peer that had closed both ways; it answered with RST and the data was lost
//! (RFC 9293 section 3.6.1, RFC 1122 section 4.2.2.13).

use super::{Asked, Case, Conclusion, Note, Rule, always, frames};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::DataAfterClose,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstToLateData]),
    holds: always,
    conclude,
};

fn conclude(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let mut conclusion = Conclusion::between(frames(notes), first.side);
    conclusion.params.octets = Some(u64::from(first.unacked[first.side.other()]));
    Some(conclusion)
}
