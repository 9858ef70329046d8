//! How much room text takes, without asking a font.
//!
//! A picture is laid out before anybody knows in which font it will be shown. So each character counts for the
//! widest that it is in the fonts a viewer is likely to have (Liberation Sans, which is as wide as Arial and
//! Helvetica; DejaVu Sans; Noto Sans CJK), by classes. Real text is narrower, never wider: `tests/shown.rs`
//! measures it in a browser.

use unicode_width::UnicodeWidthChar;

use super::look::Letters;

/// From the baseline to the top of the highest letter, in ems.
pub const ASCENT: f64 = 0.88;
/// From there to the bottom of the lowest, in ems.
pub const HEIGHT: f64 = 1.1;

/// The advance of every character of the monospaced fonts, in ems.
const MONOSPACED: f64 = 0.603;
/// How much wider bold letters are.
const BOLD: f64 = 1.15;

/// The width of `text`.
pub fn width(text: &str, letters: Letters) -> f64 {
    let ems: f64 = if letters.is_monospaced() {
        text.chars().map(|character| if is_wide(character) { 1.0 } else { MONOSPACED }).sum()
    } else {
        text.chars().map(proportional).sum()
    };
    let weight = if letters.is_bold() && !letters.is_monospaced() { BOLD } else { 1.0 };
    ems * letters.size() * weight
}

/// The greatest advance of a character in the proportional fonts, in ems.
fn proportional(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '\'' => 0.30,
        ' ' | '.' | ',' | ':' | ';' | '-' | 'f' | '|' => 0.36,
        '(' | ')' | '[' | ']' | '/' | '!' | 'r' | 't' => 0.41,
        'c' | 's' | 'z' | 'J' | 'L' | '*' | '?' | '_' | '"' | '“' | '”' | '–' => 0.56,
        '0'..='9'
        | 'a'
        | 'b'
        | 'd'
        | 'e'
        | 'g'
        | 'h'
        | 'k'
        | 'n'..='q'
        | 'u'
        | 'v'
        | 'x'
        | 'y'
        | 'F'
        | 'T' => 0.64,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X'..='Z' => 0.70,
        'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'w' | '&' => 0.82,
        '+' | '<' | '=' | '>' | '~' | '#' => 0.84,
        _ => 1.02,
    }
}

/// True for characters of the width of an ideograph.
fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ideographs_are_square_and_digits_equal() {
        assert!((width("挥手", Letters::Label) - 2.0 * 1.02 * Letters::Label.size()).abs() < 0.01);
        let (ones, nines) = (width("1111", Letters::Number), width("9999", Letters::Number));
        assert!((ones - nines).abs() < f64::EPSILON && ones > 0.0);
    }

    #[test]
    fn bold_text_is_wider() {
        assert!(width("FIN-WAIT-1", Letters::Strong) > width("FIN-WAIT-1", Letters::Label));
    }
}
