//! `rst-ignored`: RST not at the exact number (RFC 9293 section 3.10.7.4, from RFC 5961 section 3).
//!
//! Conforming stacks drop it or challenge it; older ones took any RST in the window.

use super::{Asked, Rule, always, as_noted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstIgnored,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstIgnored]),
    holds: always,
    conclude: as_noted,
};
