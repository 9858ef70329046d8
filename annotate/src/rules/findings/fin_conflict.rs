//! `fin-conflict`: sequence space after a FIN was used, or the FIN came at another number.
//!
//! No conforming stack does this (RFC 9293 section 3.9.1.4): a broken middlebox, a forged FIN before the real one, or a
//! bug.

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinConflict,
    severity: Severity::Error,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinConflict]),
    holds: always,
    conclude: about_sender,
};
