//! `rst-after-fin`: a peer sends FIN and then a RST that answers nothing; it skips TIME-WAIT.
//!
//! A way to free ports fast that takes from the other side the proof that all its data arrived.

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstAfterFin,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstAfterFin]),
    holds: always,
    conclude: about_sender,
};
