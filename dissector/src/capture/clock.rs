//! From the ticks that a capture counts to nanoseconds since 1970: `if_tsresol` and `if_tsoffset` of pcapng.

const NS_PER_S: i128 = 1_000_000_000;

/// The clock of an interface: how long a tick is and how far its zero is from 1970-01-01 UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    scale: Scale,
    offset_s: i64,
    /// The same in nanoseconds, if there are not too many.
    offset_ns: Option<i64>,
}

/// How ticks become nanoseconds.
#[derive(Clone, Copy, Debug)]
enum Scale {
    /// A tick is so many nanoseconds.
    Multiply(i64),
    /// So many ticks are a nanosecond.
    Divide(i128),
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
            (0, 0..=9) => Scale::Multiply(10_i64.pow(u32::from(9 - exponent))),
            // Beyond 10^-47 s all that can be counted is less than a nanosecond, as it is at 10^-47 s.
            (0, _) => Scale::Divide(10_i128.pow(u32::from(exponent - 9).min(38))),
            _ => Scale::Shift(exponent),
        };
        Self { scale, offset_s, offset_ns: offset_s.checked_mul(NS_PER_S as i64) }
    }

    /// The time of a tick in nanoseconds since 1970, rounded down.
    ///
    /// A count beyond what nanoseconds can hold is taken as a negative one: some writers have clocks that begin
    /// below zero. What fits in neither way becomes the nearest time that there is.
    #[inline]
    pub(super) fn time_ns(&self, ticks: u64) -> i64 {
        self.plain(ticks).unwrap_or_else(|| self.any(ticks))
    }

    /// The time where ticks are whole nanoseconds and nothing comes near a limit.
    #[inline]
    fn plain(&self, ticks: u64) -> Option<i64> {
        match self.scale {
            Scale::Multiply(ns) => i64::try_from(ticks).ok()?.checked_mul(ns)?.checked_add(self.offset_ns?),
            Scale::Divide(_) | Scale::Shift(_) => None,
        }
    }

    #[cold]
    fn any(&self, ticks: u64) -> i64 {
        let time = self.at(i128::from(ticks));
        i64::try_from(time)
            .or_else(|_| i64::try_from(self.at(i128::from(ticks.cast_signed()))))
            .unwrap_or(if time < 0 { i64::MIN } else { i64::MAX })
    }

    fn at(&self, ticks: i128) -> i128 {
        let since_zero = match self.scale {
            Scale::Multiply(ns) => ticks * i128::from(ns),
            Scale::Divide(ticks_per_ns) => ticks.div_euclid(ticks_per_ns),
            Scale::Shift(bits) => (ticks * NS_PER_S) >> bits,
        };
        since_zero + i128::from(self.offset_s) * NS_PER_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition in other words: floor(ticks · 10⁹ / ticks in a second), if that fits.
    fn by_definition(tsresol: u8, ticks: u64) -> Option<i64> {
        let numerator = u128::from(ticks) * 1_000_000_000;
        let exponent = u32::from(tsresol & 0x7f);
        let per_second =
            if tsresol & 0x80 == 0 { 10_u128.checked_pow(exponent) } else { Some(1 << exponent) };
        i64::try_from(per_second.map_or(0, |per_second| numerator / per_second)).ok()
    }

    #[test]
    fn every_resolution_follows_the_definition() {
        for tsresol in 0..=u8::MAX {
            let clock = Clock::new(tsresol, 0);
            for ticks in [0, 1, 999, 1_000_000, 1_700_000_000_123_456, 0x1234_5678_9abc_def0, u64::MAX] {
                if let Some(time) = by_definition(tsresol, ticks) {
                    assert_eq!(clock.time_ns(ticks), time, "{tsresol:#x} {ticks}");
                }
            }
        }
    }

    #[test]
    fn the_offset_is_in_seconds_and_may_be_negative() {
        assert_eq!(Clock::new(6, 100).time_ns(1), 100_000_001_000);
        assert_eq!(Clock::new(0x80 | 30, -2).time_ns(1 << 30), -1_000_000_000);
    }

    #[test]
    fn what_does_not_fit_is_negative_or_the_nearest() {
        assert_eq!(Clock::new(6, 0).time_ns((-7_i64).cast_unsigned()), -7000);
        assert_eq!(Clock::new(12, i64::MAX).time_ns(0), i64::MAX);
        assert_eq!(Clock::new(6, i64::MIN).time_ns(u64::MAX), i64::MIN);
        assert_eq!(Clock::new(6, 0).time_ns(u64::MAX / 4), i64::MAX);
    }
}
