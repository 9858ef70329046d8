//! `three-segment-close`: the passive closer's FIN also carries its first ACK of the other FIN.
//!
//! Normal: it had nothing left to send when the FIN came (RFC 9293 section 3.6). Its stay in CLOSE-WAIT cannot be
//! measured then.

use super::{Asked, Rule, always, as_noted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::ThreeSegmentClose,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::FinAckCombined]),
    holds: always,
    conclude: as_noted,
};
