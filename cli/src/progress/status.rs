//! How far a run is, in words.

use std::fmt::Write as _;
use std::time::Duration;

use indicatif::{DecimalBytes, HumanCount, HumanDuration};

use super::{Goal, Meter};

/// How far a run is on the way to its goal.
pub struct Status {
    meter: Meter,
    goal: Goal,
}

impl Status {
    /// What `meter` says of the way to `goal`.
    pub const fn new(meter: Meter, goal: Goal) -> Self {
        Self { meter, goal }
    }

    /// All octets, if somebody knows.
    pub const fn octets(&self) -> Option<u64> {
        self.goal.octets
    }

    /// Octets that need not be read any more. Files that grow bring no more than was there at first.
    pub fn position(&self) -> u64 {
        let position = self.meter.octets() + self.meter.passed_over();
        self.goal.octets.map_or(position, |octets| position.min(octets))
    }

    /// How far it is after so long.
    pub fn after(&self, elapsed: Duration) -> String {
        let (position, seconds) = (self.position(), elapsed.as_secs_f64());
        let mut text = DecimalBytes(position).to_string();
        // Writing to a string cannot fail.
        if let Some(octets) = self.goal.octets {
            let percent = (position * 100).checked_div(octets).unwrap_or(100);
            let _ = write!(text, " of {} ({percent} %)", DecimalBytes(octets));
        }
        let _ = write!(text, ", {} of {} files", HumanCount(self.meter.files()), HumanCount(self.goal.files));
        let rate = (self.meter.packets() as f64 / seconds) as u64;
        let _ = write!(text, ", {} packets/s", HumanCount(rate));
        if let Some(left) = self.left(elapsed) {
            let _ = write!(text, ", {} left", HumanDuration(left));
        }
        text
    }

    /// The time that the rest will take, if it is read as fast as what was read.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        // What was passed over took no time.
        let (octets, read) = (self.goal.octets?, self.meter.octets());
        let factor = (octets - self.position()) as f64 / read as f64;
        Duration::try_from_secs_f64(elapsed.as_secs_f64() * factor).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::Measured;
    use super::*;

    #[test]
    fn what_was_passed_over_took_no_time() {
        let meter = Meter::default();
        let status = |octets| Status::new(meter.clone(), Goal { octets, files: 3 });
        let after = |octets| status(octets).after(Duration::from_secs(2));
        assert_eq!(after(Some(0)), "0 B of 0 B (100 %), 0 of 3 files, 0 packets/s");
        meter.pass_over(4000);
        meter.add_file();
        meter.add_packets(2048);
        let mut source = Measured::new(&[0; 2000][..], 2000, &meter);
        source.read_exact(&mut [0; 1000]).unwrap();
        assert_eq!(after(None), "5.00 kB, 1 of 3 files, 1,024 packets/s");
        assert_eq!(
            after(Some(10_000)),
            "5.00 kB of 10.00 kB (50 %), 1 of 3 files, 1,024 packets/s, 10 seconds left"
        );
    }
}
