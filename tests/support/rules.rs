//! The labels by which the specification calls its rules: `4.7`, `8.3`, `D3`, `D8e`.
//!
//! This file knows where labels stand in `docs/SPEC.md`. It must not know what the rules say.

use std::collections::BTreeSet;

/// The rules that begin a line or a heading with their number.
#[must_use]
pub fn numbered(spec: &str) -> BTreeSet<String> {
    let first_words = spec.lines().map(|line| first_word(line.strip_prefix("### ").unwrap_or(line)));
    let is_number = |word: &&str| {
        word.split_once('.').is_some_and(|(section, rule)| [section, rule].iter().all(|part| is_digits(part)))
    };
    first_words.filter(is_number).map(String::from).collect()
}

/// The decision list of section 5.2: each decision, or where it has letters below it, each of those. Several can
/// stand in a line, three spaces apart.
#[must_use]
pub fn decisions(spec: &str) -> BTreeSet<String> {
    let list = spec.split("\n### ").find(|section| section.starts_with("5.2 ")).unwrap_or_default();
    let mut labels = BTreeSet::new();
    let mut decision = "";
    for item in list.lines().skip(1).flat_map(|line| line.split("   ")) {
        let label = first_word(item.trim());
        if label.strip_prefix('D').is_some_and(is_digits) {
            decision = label;
            labels.insert(decision.into());
        } else if let Some(letter) = label.strip_suffix('.') {
            labels.remove(decision);
            labels.insert(format!("{decision}{letter}"));
        }
    }
    labels
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit())
}
