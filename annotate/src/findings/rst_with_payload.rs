//! `rst-with-payload`: a RST carries text that says why (RFC 9293 section 3.5.3, RFC 1122 section 4.2.2.12).

use alloc::string::String;
use alloc::vec::Vec;

use super::{Asked, Case, Conclusion, Note, RESETS, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::harmless::harmless;
use crate::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RstWithPayload,
    severity: Severity::Info,
    asked: Asked::IfHeld,
    roles: RESETS,
    holds,
    conclude,
};

/// Octets of the text that are kept.
const MOST_TEXT: usize = 120;

fn holds(_: &Incarnation, scene: &Scene<'_>) -> bool {
    scene.reading.len > 0
}

fn conclude(case: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    let mut conclusion = Conclusion::about(frames(notes), first.side);
    let octets = case.evidence.map_or(&[][..], |evidence| &evidence.reset_text);
    conclusion.params.text = Some(harmless(&String::from_utf8_lossy(octets)).into_owned());
    Some(conclusion)
}

/// What of a payload is kept as text: its beginning, without control characters.
pub(super) fn text(payload: &[u8]) -> Vec<u8> {
    payload.iter().take(MOST_TEXT).copied().filter(|octet| !octet.is_ascii_control()).collect()
}
