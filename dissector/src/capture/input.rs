//! A buffer over a stream: what is at hand, what is consumed, and where in the stream that is.

use std::io::{self, ErrorKind, Read};

/// Octets of one `read`. Small enough to stay in a second-level cache, so that the copy out of the kernel is
/// still there when the records are walked; large enough that system calls do not matter.
const PIECE: usize = 256 << 10;

pub(super) struct Input {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// The octets at hand are `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Octets consumed since the start of the stream.
    offset: u64,
}

impl Input {
    pub(super) fn new(source: Box<dyn Read + Send>) -> Self {
        Self { source, buffer: vec![0; PIECE], start: 0, end: 0, offset: 0 }
    }

    /// What was read and not consumed.
    #[inline]
    pub(super) fn at_hand(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Octets from the start of the stream to what is at hand.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes `size` octets off the front of what is at hand (or all, if there are fewer).
    #[inline]
    pub(super) fn consume(&mut self, size: usize) -> &[u8] {
        let from = self.start;
        self.start = self.end.min(from + size);
        self.offset += (self.start - from) as u64;
        &self.buffer[from..self.start]
    }

    /// Reads until `needed` octets are at hand, and no longer: a live capture hands out each packet as soon as it
    /// is there. `false` when the stream ends before.
    pub(super) fn fill(&mut self, needed: usize) -> io::Result<bool> {
        while self.end - self.start < needed {
            self.make_room();
            match self.source.read(&mut self.buffer[self.end..])? {
                0 => return Ok(false),
                octets => self.end += octets,
            }
        }
        Ok(true)
    }

    /// Makes sure that there is space behind what is at hand. The buffer grows with what has arrived, not with
    /// what a length field promises.
    fn make_room(&mut self) {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(2 * self.end, 0);
        }
    }

    /// Goes on with what `source` makes of the rest of the stream.
    pub(super) fn through(self, source: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>) -> Self {
        Self { source: source(self.source), ..self }
    }

    /// Puts what is at hand in front of the rest of the stream and hands both over.
    pub(super) fn into_source(self) -> Box<dyn Read + Send> {
        let Self { source, mut buffer, start, end, .. } = self;
        buffer.truncate(end);
        let mut front = io::Cursor::new(buffer);
        front.set_position(start as u64);
        Box::new(front.chain(source))
    }
}

/// A stream that goes on after a signal. At the very bottom, because not every decompressor survives an interruption.
pub(super) struct Uninterrupted<R>(pub(super) R);

impl<R: Read> Read for Uninterrupted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}
