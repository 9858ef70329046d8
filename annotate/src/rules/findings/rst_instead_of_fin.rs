//! `rst-instead-of-fin`: RST where the second FIN was due.
//!
//! Often a close with unread data (RFC 9293 section 3.6.1, RFC 1122 section 4.2.2.13): what the other side sent last was
//! not read.

use super::{Asked, Rule, always, between_sender_and_peer};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstInsteadOfFin,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstInsteadOfFin]),
    holds: always,
    conclude: between_sender_and_peer,
};
