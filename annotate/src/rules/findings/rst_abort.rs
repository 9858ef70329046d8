//! `rst-abort`: RST without any FIN (RFC 9293 section 3.9.1.6, Abort).
//!
//! SO_LINGER of 0, a close with unread data, a killed process and an explicit abort look the same on the wire.

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstAbort,
    severity: Severity::Warn,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstAbort]),
    holds: always,
    conclude: about_sender,
};
