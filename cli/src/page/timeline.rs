//! Connections over time. How long the time is turns out at the end only, so the periods grow with it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::explain::Verdict;

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long a period can be. Each is so many times the one before.
const PERIODS: [i64; 17] = [
    MILLISECOND,
    5 * MILLISECOND,
    10 * MILLISECOND,
    50 * MILLISECOND,
    100 * MILLISECOND,
    500 * MILLISECOND,
    SECOND,
    5 * SECOND,
    10 * SECOND,
    MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    6 * HOUR,
    DAY,
    7 * DAY,
    364 * DAY,
];

/// From the first to the last there are at most so many periods.
const MOST: i64 = 120;

type Counts = [u64; Verdict::ALL.len()];

/// Counts by period and verdict.
#[derive(Default)]
pub struct Timeline {
    /// The place in [`PERIODS`] of what is the period now.
    period: usize,
    /// By the number of the period since 1970.
    counts: BTreeMap<i64, Counts>,
}

/// A timeline as a page shows it.
#[derive(Serialize)]
pub struct Shown {
    /// Nanoseconds of a period.
    period_ns: i64,
    /// When the first begins, seconds since 1970-01-01 UTC.
    from_seconds: f64,
    /// The counts of each, in the order of the verdicts.
    counts: Vec<Counts>,
}

impl Timeline {
    /// Counts a connection that was last seen at `time_ns`.
    pub fn add(&mut self, time_ns: i64, verdict: Verdict) {
        self.counts.entry(time_ns.div_euclid(self.period_ns())).or_default()[verdict as usize] += 1;
        while self.length() > MOST && self.period + 1 < PERIODS.len() {
            self.widen();
        }
    }

    /// As a page shows it. What lies too far from the beginning is left out.
    pub fn shown(&self) -> Shown {
        let first = self.counts.keys().next().copied().unwrap_or_default();
        let mut counts =
            vec![Counts::default(); usize::try_from(self.length().min(MOST)).unwrap_or_default()];
        for (number, more) in &self.counts {
            if let Some(counts) = usize::try_from(number - first).ok().and_then(|at| counts.get_mut(at)) {
                *counts = *more;
            }
        }
        let period_ns = self.period_ns();
        Shown { period_ns, from_seconds: first as f64 * period_ns as f64 / SECOND as f64, counts }
    }

    fn period_ns(&self) -> i64 {
        PERIODS[self.period]
    }

    /// Periods from the first to the last.
    fn length(&self) -> i64 {
        match (self.counts.first_key_value(), self.counts.last_key_value()) {
            (Some((first, _)), Some((last, _))) => last - first + 1,
            (None, _) | (_, None) => 0,
        }
    }

    fn widen(&mut self) {
        let before = self.period_ns();
        self.period += 1;
        let factor = self.period_ns() / before;
        for (number, counts) in std::mem::take(&mut self.counts) {
            let sum = self.counts.entry(number.div_euclid(factor)).or_default();
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_period_holds_whole_ones_of_those_before() {
        assert!(PERIODS.windows(2).all(|pair| pair[1] % pair[0] == 0));
    }

    #[test]
    fn nothing_is_lost_when_periods_grow() {
        let mut timeline = Timeline::default();
        for second in 0..10_000 {
            timeline.add(second * SECOND, Verdict::Orderly);
            timeline.add(second * SECOND, Verdict::Reset);
        }
        let shown = timeline.shown();
        assert_eq!((shown.period_ns, shown.counts.len()), (10 * MINUTE, 17));
        let sum: u64 = shown.counts.iter().flatten().sum();
        assert_eq!(sum, 20_000);
        assert_eq!(shown.counts[0], [600, 0, 600, 0, 0]);
    }
}
