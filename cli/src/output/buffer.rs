//! Records between the format that writes them and the output that takes them.

use std::io::{self, Write};

/// Octets that grow at the end, in a buffer that is kept.
///
/// Unlike a vector it hands out what is behind its end, so that text can be written in place without asking for
/// each piece whether it fits.
#[derive(Debug, Default)]
pub struct Buffer {
    octets: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// How much room there is at first.
    const SIZE: usize = 4 << 10;

    /// What was written.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    /// How many octets were written.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Forgets what was written.
    pub const fn clear(&mut self) {
        self.len = 0;
    }

    /// Forgets the first `octets`.
    pub fn drop_first(&mut self, octets: usize) {
        let octets = octets.min(self.len);
        self.octets.copy_within(octets..self.len, 0);
        self.len -= octets;
    }

    /// Adds one octet.
    pub fn push(&mut self, octet: u8) {
        self.extend_from_slice(&[octet]);
    }

    /// Adds `octets`.
    pub fn extend_from_slice(&mut self, octets: &[u8]) {
        self.fill(|rest| {
            rest.get_mut(..octets.len())?.copy_from_slice(octets);
            Some(octets.len())
        });
    }

    /// Adds what `write` writes at the beginning of what it is given. It says how much, or `None` if that was too
    /// short; then it is asked again, with more.
    pub fn fill(&mut self, mut write: impl FnMut(&mut [u8]) -> Option<usize>) {
        loop {
            if let Some(rest) = self.octets.get_mut(self.len..)
                && let Some(written) = write(rest)
            {
                self.len += written;
                return;
            }
            let size = (self.octets.len() * 2).max(Self::SIZE);
            self.octets.resize(size, 0);
        }
    }
}

impl Write for Buffer {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_until_it_fits() {
        let mut buffer = Buffer::default();
        buffer.extend_from_slice(b"one ");
        let mut asked = Vec::new();
        buffer.fill(|rest| {
            asked.push(rest.len());
            rest.get_mut(..10_000)?.fill(b'x');
            Some(10_000)
        });
        assert_eq!(asked, [4092, 8188, 16380]);
        buffer.push(b'!');
        assert_eq!(buffer.len(), 10_005);
        assert!(buffer.as_bytes().starts_with(b"one xx") && buffer.as_bytes().ends_with(b"x!"));
        buffer.clear();
        assert_eq!(buffer.as_bytes(), b"");
    }
}
