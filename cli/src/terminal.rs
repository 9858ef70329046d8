//! What the terminal and the environment say: language, colour, room, width of text.

use std::env;
use std::fmt;
use std::io;

use anstyle::{AnsiColor, Style};
use fourwave_annotate::Lang;
use terminal_size::{Height, Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

/// The language of the environment (POSIX: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set and not
/// empty).
#[must_use]
pub fn language() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .map_or(Lang::En, |locale| Lang::from_locale(&locale))
}

/// How much is seen at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Columns of a line.
    pub columns: usize,
    /// Lines, where there are only so many.
    pub lines: Option<usize>,
}

impl Room {
    /// That of text which is not for a terminal.
    pub const PAGE: Self = Self { columns: 80, lines: None };

    /// That of the terminal to which standard output goes, if it is one.
    #[must_use]
    pub fn of_output() -> Self {
        match terminal_size_of(io::stdout()) {
            Some((Width(columns), Height(lines))) => {
                Self { columns: columns.into(), lines: Some(lines.into()) }
            }
            None => Self::PAGE,
        }
    }
}

/// Text in a field of `width` columns, left-aligned. East Asian characters take two columns.
pub struct Padded<'a>(pub &'a str, pub usize);

impl fmt::Display for Padded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, width) = *self;
        write!(f, "{text}{:1$}", "", width.saturating_sub(text.width()))
    }
}

/// Styles of text lines. Written always; the stream takes them out where there is no terminal (`anstream`).
pub mod style {
    use super::{AnsiColor, Style};

    /// What is to be seen first.
    pub const STRONG: Style = Style::new().bold();
    /// What is there for completeness.
    pub const FAINT: Style = Style::new().dimmed();
    /// A close in good order.
    pub const CLOSE: Style = AnsiColor::Cyan.on_default();
    /// A reset, or a fault.
    pub const RESET: Style = AnsiColor::Red.on_default();
    /// Something unusual.
    pub const NOTE: Style = AnsiColor::Yellow.on_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(Padded("挥手", 6).to_string(), "挥手  ");
        assert_eq!(Padded("wave", 6).to_string(), "wave  ");
        assert_eq!(Padded("long", 2).to_string(), "long");
    }
}
