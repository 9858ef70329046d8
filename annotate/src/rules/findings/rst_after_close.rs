//! `rst-after-close`: RST when all four waves were seen, or to a peer that is closed. Without effect.

use super::{Asked, Rule, always, as_noted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstAfterClose,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstAfterClose]),
    holds: always,
    conclude: as_noted,
};
