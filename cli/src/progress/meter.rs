//! How much was read, counted by those who read.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shared by all who read and who look how far they are.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    numbers: Arc<Numbers>,
    /// Those of which these are a part.
    whole: Option<Arc<Numbers>>,
}

#[derive(Debug, Default)]
struct Numbers {
    octets: AtomicU64,
    passed_over: AtomicU64,
    packets: AtomicU64,
    files: AtomicU64,
}

impl Meter {
    /// A part of this one: what is added to it is added to this one, too.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { numbers: Arc::default(), whole: Some(self.numbers.clone()) }
    }

    /// Takes out of the whole what was added to it by this part: that was in vain.
    pub fn take_back(&self) {
        if let Some(whole) = &self.whole {
            let all: [fn(&Numbers) -> &AtomicU64; 4] =
                [|all| &all.octets, |all| &all.passed_over, |all| &all.packets, |all| &all.files];
            for number in all {
                number(whole).fetch_sub(get(number(&self.numbers)), Ordering::Relaxed);
            }
        }
    }

    /// Adds packets that were read.
    pub fn add_packets(&self, packets: u64) {
        self.add(|numbers| &numbers.packets, packets);
    }

    /// Adds a file that nobody will read any more.
    pub fn add_file(&self) {
        self.add(|numbers| &numbers.files, 1);
    }

    /// Adds octets that nobody will read.
    pub fn pass_over(&self, octets: u64) {
        self.add(|numbers| &numbers.passed_over, octets);
    }

    fn add(&self, number: impl Fn(&Numbers) -> &AtomicU64, more: u64) {
        for numbers in [Some(&self.numbers), self.whole.as_ref()].into_iter().flatten() {
            number(numbers).fetch_add(more, Ordering::Relaxed);
        }
    }

    /// Octets that were read: as they are on disk, so compressed ones of what is compressed.
    #[must_use]
    pub fn octets(&self) -> u64 {
        get(&self.numbers.octets)
    }

    /// Octets that were passed over.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        get(&self.numbers.passed_over)
    }

    /// Packets that were read, as far as they were added.
    #[must_use]
    pub fn packets(&self) -> u64 {
        get(&self.numbers.packets)
    }

    /// Files that nobody will read any more.
    #[must_use]
    pub fn files(&self) -> u64 {
        get(&self.numbers.files)
    }
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
        self.meter.add(|numbers| &numbers.octets, octets as u64);
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

    #[test]
    fn what_was_in_vain_is_taken_back() {
        let whole = Meter::default();
        let [one, other] = [whole.part(), whole.part()];
        whole.add_packets(1);
        one.add_packets(10);
        one.add_file();
        other.add_packets(100);
        other.pass_over(5);
        assert_eq!((whole.packets(), whole.files(), whole.passed_over(), one.packets()), (111, 1, 5, 10));
        other.take_back();
        assert_eq!((whole.packets(), whole.files(), whole.passed_over()), (11, 1, 0));
    }
}
