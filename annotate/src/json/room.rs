//! The rest of a buffer that is being filled.

use core::fmt;
use core::mem;

/// What is left of a buffer. It goes by value from one writer to the next, so that it stays in registers. After
/// something did not fit, nothing is left.
#[derive(Debug, Default)]
pub(crate) struct Room<'to>(&'to mut [u8]);

impl<'to> Room<'to> {
    /// All of `buffer`.
    pub const fn new(buffer: &'to mut [u8]) -> Self {
        Self(buffer)
    }

    /// How many octets are left; none if something did not fit.
    pub const fn left(&self) -> usize {
        self.0.len()
    }

    /// Nothing is left. It stays at its place, which need not be computed.
    #[inline(always)]
    fn full(self) -> Self {
        Self(&mut self.0[..0])
    }

    /// Adds `octets`, of which the compiler had best know how many they are.
    #[inline(always)]
    pub fn put(self, octets: &[u8]) -> Self {
        if octets.len() > self.left() {
            return self.full();
        }
        let (to, rest) = self.0.split_at_mut(octets.len());
        to.copy_from_slice(octets);
        Self(rest)
    }

    /// Adds a key of an object, `,"key":`, with `separator` in place of the comma.
    #[inline(always)]
    pub fn key(self, separator: u8, key: &'static str) -> Self {
        if key.len() > self.left() {
            return self.full();
        }
        let (to, rest) = self.0.split_at_mut(key.len());
        to.copy_from_slice(key.as_bytes());
        // Where the compiler knows that it is a comma, there is nothing to do.
        if separator != b','
            && let Some(first) = to.first_mut()
        {
            *first = separator;
        }
        Self(rest)
    }

    /// Adds the first `len` octets of a block, at most all. The whole block is copied, which is faster, and must fit.
    #[inline(always)]
    pub fn block<const SIZE: usize>(self, block: [u8; SIZE], len: usize) -> Self {
        self.space(|to| {
            *to = block;
            len
        })
    }

    /// Adds what `write` writes at the beginning of so much space, all of which must be there; it says how long it is.
    #[inline(always)]
    pub fn space<const SIZE: usize>(self, write: impl FnOnce(&mut [u8; SIZE]) -> usize) -> Self {
        let Some(to) = self.0.first_chunk_mut() else { return self.full() };
        let len = write(to);
        Self(&mut self.0[len..])
    }
}

/// Takes text as it stands, without escapes.
impl fmt::Write for Room<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        *self = mem::take(self).put(text.as_bytes());
        Ok(())
    }
}
