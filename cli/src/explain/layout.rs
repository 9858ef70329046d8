//! Text in columns of a terminal: width, padding, wrapping, colour. It must not know what the text says.
//!
//! Width is counted in columns, where a Chinese character takes two (Unicode Standard Annex 11).

use anstream::adapter::strip_str;
use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::terminal::style::{FAINT, STRONG};

/// Columns that a page is made for.
pub const WIDTH: usize = 80;

/// Characters that no line begins with.
const CLOSING: &str = "，。；：、！？）」』》.,;:!?)";
/// Characters that no line ends with.
const OPENING: &str = "（「『《(";

/// A page of text that grows from top to bottom. Colours are always in it; the stream takes them out where there
/// is no terminal.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// The whole page.
    pub fn into_text(self) -> String {
        self.0
    }

    /// One line as it is, without blanks at its end.
    pub fn line(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    /// An empty line; two never follow each other.
    pub fn blank(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    /// The title of a section, underlined.
    pub fn section(&mut self, title: &str) {
        self.blank();
        self.line(&paint(STRONG, title));
        self.line(&paint(FAINT, &"-".repeat(title.width())));
    }

    /// A paragraph in `style`, wrapped. The first line begins with `lead`, the others with as many blanks.
    pub fn paragraph(&mut self, lead: &str, style: Style, text: &str) {
        self.paragraph_within(WIDTH, lead, style, text);
    }

    /// The same within so many columns.
    pub fn paragraph_within(&mut self, columns: usize, lead: &str, style: Style, text: &str) {
        let indent = strip_str(lead).to_string().width();
        let mut lead = lead.to_owned();
        for line in wrap(text, columns.saturating_sub(indent).max(1)) {
            self.line(&format!("{lead}{}", paint(style, &line)));
            lead = " ".repeat(indent);
        }
    }
}

/// `text` in `style`.
pub fn paint(style: Style, text: &str) -> String {
    if text.trim().is_empty() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

/// Columns of `text`.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text`, filled up with blanks at its end to `columns`.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// `text`, filled up with blanks before it to `columns`.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Lines of at most `columns` columns. Breaks at blanks and beside Chinese characters, never before punctuation; a
/// word that is too long for any line is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    wrap_by(text, |line| line.width() <= columns)
}

/// `text` in lines that `fit`: breaks at blanks, and beside Chinese characters unless punctuation forbids it. What
/// has no place to break is cut.
pub fn wrap_by(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for unit in units(text) {
        if !line.is_empty() && !fits(&format!("{line}{}", unit.trim_end())) {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let mut unit = unit;
        while !fits(unit.trim_end()) {
            let cut = prefix(unit, &fits);
            if cut == unit.len() {
                break;
            }
            lines.push(unit[..cut].to_owned());
            unit = &unit[cut..];
        }
        line.push_str(unit);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Octets of the longest start of `text` that fits; at least one character.
fn prefix(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
    let mut ends = ends.enumerate().take_while(|&(place, end)| place == 0 || fits(&text[..end]));
    ends.by_ref().last().map_or(text.len(), |(_, end)| end)
}

/// The pieces of `text` that stay together, each with the blanks after it.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if before.is_some_and(|before| breaks(before, character)) {
            units.push(&text[start..at]);
            start = at;
        }
        before = Some(character);
    }
    units.push(&text[start..]);
    units
}

/// True if a line may end between the two characters.
fn breaks(before: char, after: char) -> bool {
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_counts_columns() {
        assert_eq!(left("挥手", 6), "挥手  ");
        assert_eq!(right("挥手", 6), "  挥手");
        assert_eq!(right("too long", 3), "too long");
    }

    #[test]
    fn english_breaks_at_blanks() {
        assert_eq!(wrap("the server sends its FIN", 12), ["the server", "sends its", "FIN"]);
        assert_eq!(wrap("", 12), [""]);
    }

    #[test]
    fn chinese_breaks_beside_characters_but_not_before_punctuation() {
        assert_eq!(wrap("服务器发送，然后", 10), ["服务器发", "送，然后"]);
        assert_eq!(wrap("进入 TIME-WAIT 状态", 10), ["进入", "TIME-WAIT", "状态"]);
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("四次挥手", 1), ["四", "次", "挥", "手"]);
    }
}
