//! How much was read, counted by those who read.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shared by all who read and who look how far they are.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    octets: AtomicU64,
    passed_over: AtomicU64,
    packets: AtomicU64,
    files: AtomicU64,
}

impl Meter {
    /// Adds packets that were read.
    pub fn add_packets(&self, packets: u64) {
        add(&self.0.packets, packets);
    }

    /// Adds a file that nobody will read any more.
    pub fn add_file(&self) {
        add(&self.0.files, 1);
    }

    /// Adds octets that nobody will read.
    pub fn pass_over(&self, octets: u64) {
        add(&self.0.passed_over, octets);
    }

    /// Octets that were read: as they are on disk, so compressed ones of what is compressed.
    #[must_use]
    pub fn octets(&self) -> u64 {
        get(&self.0.octets)
    }

    /// Octets that were passed over.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        get(&self.0.passed_over)
    }

    /// Packets that were read, as far as they were added.
    #[must_use]
    pub fn packets(&self) -> u64 {
        get(&self.0.packets)
    }

    /// Files that nobody will read any more.
    #[must_use]
    pub fn files(&self) -> u64 {
        get(&self.0.files)
    }
}

fn add(number: &AtomicU64, more: u64) {
    number.fetch_add(more, Ordering::Relaxed);
}

fn get(number: &AtomicU64) -> u64 {
    number.load(Ordering::Relaxed)
}

/// A source whose octets are counted as they are read. What is left of it when it is dropped is passed over.
pub struct Measured<R> {
    source: R,
    left: u64,
    meter: Meter,
}

impl<R> Measured<R> {
    /// Counts what is read of `source`, which has `size` octets, or 0 if nobody knows.
    pub fn new(source: R, size: u64, meter: &Meter) -> Self {
        Self { source, left: size, meter: meter.clone() }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let octets = self.source.read(buffer)?;
        add(&self.meter.0.octets, octets as u64);
        self.left = self.left.saturating_sub(octets as u64);
        Ok(octets)
    }
}

impl<R> Drop for Measured<R> {
    fn drop(&mut self) {
        self.meter.pass_over(self.left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_what_is_left_make_the_whole() {
        let meter = Meter::default();
        let mut measured = Measured::new(&b"abcdefgh"[..], 8, &meter);
        measured.read_exact(&mut [0; 3]).unwrap();
        assert_eq!((meter.octets(), meter.passed_over()), (3, 0));
        drop(measured);
        assert_eq!((meter.octets(), meter.passed_over()), (3, 5));
        // It has grown.
        let mut grown = Measured::new(&b"abcdefgh"[..], 2, &meter);
        assert_eq!(grown.read_to_end(&mut Vec::new()).unwrap(), 8);
        drop(grown);
        assert_eq!((meter.octets(), meter.passed_over()), (11, 5));
    }
}
