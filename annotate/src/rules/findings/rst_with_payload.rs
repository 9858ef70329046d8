//! `rst-with-payload`: a RST carries text that says why (RFC 9293 section 3.5.3, RFC 1122 section 4.2.2.12).

use alloc::string::String;
use alloc::vec::Vec;

use super::{Asked, Case, Conclusion, Note, RESETS, Rule, Scene, frames};
use crate::finding::{FindingId, Severity};
use crate::harmless::harmless;
use crate::rules::incarnation::Incarnation;

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

/// What of a payload is kept as text: its beginning, without control characters, to the end of a character.
pub(super) fn text(payload: &[u8]) -> Vec<u8> {
    let goes_on = |at: &usize| payload.get(*at).is_some_and(|octet| octet & 0xc0 == 0x80);
    let end = (MOST_TEXT - 3..=MOST_TEXT).rev().find(|at| !goes_on(at)).unwrap_or(MOST_TEXT);
    payload.iter().take(end).copied().filter(|octet| !octet.is_ascii_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_with_a_whole_character() {
        let long = |before: usize| [&b"x"[..before], "挥手".repeat(50).as_bytes()].concat();
        for before in [0, 1] {
            let kept = String::from_utf8(text(&long(before))).unwrap();
            assert!((MOST_TEXT - 3..=MOST_TEXT).contains(&kept.len()), "{}", kept.len());
        }
        assert_eq!(text(b"why\x07 not\n"), b"why not");
        assert_eq!(text(&[0x80; 200]).len(), MOST_TEXT);
    }
}
