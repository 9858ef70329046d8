//! `simultaneous-close`: both FINs were sent before either arrived (RFC 9293 section 3.6, figure 13).
//!
//! Both peers pass CLOSING and both end in TIME-WAIT. Which was first is known for the vantage only.

use super::{Asked, Rule, always, as_noted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::SimultaneousClose,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinSimultaneous]),
    holds: always,
    conclude: as_noted,
};
