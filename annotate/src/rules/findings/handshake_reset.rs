//! `handshake-reset`: RST before the handshake was complete: opening cancelled, a half-open scan, or a SYN-ACK that
//! came after the client had given up (RFC 9293 section 3.5.2).

use super::{Asked, Rule, about_sender, always};
use crate::finding::{FindingId, Severity};
use crate::role::Role;

pub(super) const RULE: Rule = Rule {
    id: FindingId::HandshakeReset,
    severity: Severity::Note,
    asked: Asked::IfHeld,
    roles: Role::set(&[Role::RstHandshake]),
    holds: always,
    conclude: about_sender,
};
