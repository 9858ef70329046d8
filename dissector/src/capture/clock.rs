//! From the ticks that a capture counts to nanoseconds since 1970: `if_tsresol` and `if_tsoffset` of pcapng.

const NS_PER_S: i128 = 1_000_000_000;

/// The clock of an interface: how long a tick is and how far its zero is from 1970-01-01 UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    scale: Scale,
    offset_s: i64,
}

/// How ticks become nanoseconds. Never a division of 128 bits: this runs once a packet.
#[derive(Clone, Copy, Debug)]
enum Scale {
    /// A tick is so many nanoseconds.
    Multiply(u64),
    /// So many ticks are a nanosecond.
    Divide(u64),
    /// A tick is this negative power of two of a second.
    Shift(u8),
}

impl Clock {
    /// Microseconds since 1970: what holds without `if_tsresol`.
    pub(super) const MICROSECONDS: u8 = 6;

    /// A clock with the resolution of the octet `tsresol`: 10^-n seconds, or 2^-n seconds if its top bit is set,
    /// n being the lower seven bits.
    pub(super) fn new(tsresol: u8, offset_s: i64) -> Self {
        let exponent = tsresol & 0x7f;
        let scale = match (tsresol >> 7, exponent) {
            (0, 0..=9) => Scale::Multiply(10_u64.pow(u32::from(9 - exponent))),
            // Beyond 10^-28 s all 2^64 ticks pass within a nanosecond.
            (0, _) => 10_u64.checked_pow(u32::from(exponent - 9)).map_or(Scale::Multiply(0), Scale::Divide),
            _ => Scale::Shift(exponent),
        };
        Self { scale, offset_s }
    }

    /// The time of a tick in nanoseconds since 1970, rounded down; the nearest there is when it does not fit.
    pub(super) fn time_ns(&self, ticks: u64) -> i64 {
        let since_zero = match self.scale {
            Scale::Multiply(ns) => i128::from(ticks) * i128::from(ns),
            Scale::Divide(ticks_per_ns) => i128::from(ticks / ticks_per_ns),
            Scale::Shift(bits) => (i128::from(ticks) * NS_PER_S) >> bits,
        };
        let time = since_zero + i128::from(self.offset_s) * NS_PER_S;
        i64::try_from(time).unwrap_or(if time < 0 { i64::MIN } else { i64::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, without regard for speed: floor(ticks · 10⁹ / resolution).
    fn by_definition(tsresol: u8, ticks: u64) -> i64 {
        let numerator = u128::from(ticks) * 1_000_000_000;
        let exponent = u32::from(tsresol & 0x7f);
        let resolution =
            if tsresol & 0x80 == 0 { 10_u128.checked_pow(exponent) } else { Some(1 << exponent) };
        i64::try_from(resolution.map_or(0, |resolution| numerator / resolution)).unwrap_or(i64::MAX)
    }

    #[test]
    fn every_resolution_follows_the_definition() {
        for tsresol in 0..=u8::MAX {
            let clock = Clock::new(tsresol, 0);
            for ticks in [0, 1, 999, 1_000_000, 1_700_000_000_123_456, 0x1234_5678_9abc_def0, u64::MAX] {
                assert_eq!(clock.time_ns(ticks), by_definition(tsresol, ticks), "{tsresol:#x} {ticks}");
            }
        }
    }

    #[test]
    fn the_offset_is_in_seconds_and_may_be_negative() {
        assert_eq!(Clock::new(6, 100).time_ns(1), 100_000_001_000);
        assert_eq!(Clock::new(0x80 | 30, -2).time_ns(1 << 30), -1_000_000_000);
        assert_eq!(Clock::new(6, i64::MAX).time_ns(0), i64::MAX);
        assert_eq!(Clock::new(6, i64::MIN).time_ns(u64::MAX), i64::MIN);
    }
}
