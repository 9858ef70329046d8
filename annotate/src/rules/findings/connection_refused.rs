//! `connection-refused`: RST in answer to a SYN (RFC 9293 section 3.10.7.1): no listener, or a filter.

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::ConnectionRefused,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstRefused]),
    holds: always,
    conclude: about_sender,
};
