//! Text that others wrote, such as the name of a file or the payload of a RST, made fit to be shown among ours.

use alloc::borrow::Cow;
use alloc::string::String;

/// Whether a character does something to what shows it or to the text around it: control characters (terminals obey
/// them), ends of lines, and those that change the direction of text (Unicode's `Bidi_Control`).
#[must_use]
pub const fn is_harmful(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// The text with an escape, such as `\u{1b}`, in place of each character that [`is_harmful`]. What is harmless already
/// stays as it is.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmful(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_escaped() {
        let text = "\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\n\u{2028}";
        assert_eq!(harmless(text), r"\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\n\u{2028}");
        assert_eq!(harmless(&harmless(text)), harmless(text));
    }

    #[test]
    fn what_is_written_stays() {
        for text in ["a\\b 'c' \"d\"", "挥手，é e\u{301} 👩\u{200d}💻", ""] {
            assert!(matches!(harmless(text), Cow::Borrowed(same) if same == text));
        }
    }
}
