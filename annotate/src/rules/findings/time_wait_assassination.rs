//! `time-wait-assassination`: a RST ended TIME-WAIT early (RFC 1337).
//!
//! It happens without attack too: an old segment draws an ACK from TIME-WAIT, and a peer that is gone answers that with
//! RST. With `tcp_rfc1337` set, Linux ignores the RST; that cannot be seen.

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::TimeWaitAssassination,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstIntoTimeWait]),
    holds: always,
    conclude: about_sender,
};
