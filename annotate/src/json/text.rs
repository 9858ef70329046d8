//! Text in quotes, with escapes where JSON asks for them.

use alloc::borrow::Cow;
use core::fmt::{Display, Write as _};

use crate::json::{Json, Room};

impl Room<'_> {
    /// Adds text in quotes that needs no escapes.
    pub fn quoted(self, text: &str) -> Self {
        self.put(b"\"").put(text.as_bytes()).put(b"\"")
    }

    #[cold]
    fn escaped(self, text: &str) -> Self {
        let mut to = self.put(b"\"");
        for character in text.chars() {
            to = match character {
                '"' => to.put(b"\\\""),
                '\\' => to.put(b"\\\\"),
                '\u{8}' => to.put(b"\\b"),
                '\u{c}' => to.put(b"\\f"),
                '\n' => to.put(b"\\n"),
                '\r' => to.put(b"\\r"),
                '\t' => to.put(b"\\t"),
                control @ '\0'..' ' => to.display(&format_args!("\\u{:04x}", u32::from(control))),
                other => to.put(other.encode_utf8(&mut [0; 4]).as_bytes()),
            };
        }
        to.put(b"\"")
    }

    /// Adds what `value` displays, as it stands.
    pub fn display(mut self, value: &impl Display) -> Self {
        // A room takes what it is given; a value that fails to display shows as far as it came.
        let _ = write!(self, "{value}");
        self
    }
}

impl Json for str {
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        if needs_escape(self.as_bytes()) { to.escaped(self) } else { to.quoted(self) }
    }
}

impl Json for Cow<'_, str> {
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        (**self).json(to)
    }
}

/// True if JSON text cannot hold `octets` as they are.
#[inline]
fn needs_escape(octets: &[u8]) -> bool {
    let Some(last) = octets.last_chunk() else {
        return octets.iter().any(|octet| matches!(octet, 0..b' ' | b'"' | b'\\'));
    };
    // The last eight may be looked at twice: that is cheaper than what is left over one by one.
    octets.as_chunks().0.iter().fold(escapes(last), |found, word| found | escapes(word)) != 0
}

/// Not zero if one of the octets needs an escape, and only then.
#[inline(always)]
const fn escapes(octets: &[u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let octets = u64::from_le_bytes(*octets);
    // With the second bit turned round, a quote stands next to the control characters, where the space was.
    let control_or_quote = (octets ^ (EACH * 2)).wrapping_sub(EACH * (b' ' as u64 + 1));
    let backslash = (octets ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
    // An octet that was at least 128 is none of these.
    (control_or_quote | backslash) & !octets & (EACH * 0x80)
}
