//! Text that the compiler writes.

use crate::json::Room;

/// JSON text of at most `SIZE` octets, known when the program is compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constant<const SIZE: usize> {
    block: [u8; SIZE],
    len: u16,
}

/// A word of a vocabulary in quotes; 32 octets with its length.
pub(crate) type Word = Constant<30>;

impl Word {
    /// `word` in quotes. Words need no escapes.
    pub const fn of(word: &str) -> Self {
        Self::EMPTY.put(b"\"").put(word.as_bytes()).put(b"\"")
    }
}

impl<const SIZE: usize> Constant<SIZE> {
    /// No text.
    pub const EMPTY: Self = Self { block: [0; SIZE], len: 0 };

    /// With `octets` behind it. For constants: what does not fit does not compile.
    pub const fn put(mut self, octets: &[u8]) -> Self {
        let mut place = 0;
        while place < octets.len() {
            self.block[self.len as usize] = octets[place];
            self.len += 1;
            place += 1;
        }
        self
    }

    /// With a key of an object behind it.
    pub const fn key(self, name: &str) -> Self {
        self.put(b"\"").put(name.as_bytes()).put(b"\":")
    }

    /// Its octets.
    pub const fn as_bytes(&self) -> &[u8] {
        self.block.split_at(self.len as usize).0
    }

    /// Writes it as a block at the beginning of `to`, which must have room for it. Its length.
    #[inline(always)]
    pub fn copy_into(&self, to: &mut [u8]) -> usize {
        to[..SIZE].copy_from_slice(&self.block);
        self.len.into()
    }

    /// Adds it to `to` as a block; for short ones.
    #[inline(always)]
    pub fn copy<'to>(&self, to: Room<'to>) -> Room<'to> {
        to.block(self.block, usize::from(self.len))
    }
}
