//! The distribution of a duration in bounded room: counts by its first digits, in which percentiles are right
//! within 1 %.

use std::collections::BTreeMap;

use serde::Serialize;

/// Binary digits of a value that are told apart.
const DIGITS: u32 = 6;

/// Counts by leading digits, and the extreme.
#[derive(Default)]
pub struct Spread {
    /// By the lowest value with these digits, in order.
    counts: BTreeMap<i64, u64>,
    /// By bar.
    bars: BTreeMap<u32, u64>,
    max: i64,
}

/// A distribution as a page shows it; nanoseconds.
#[derive(Serialize)]
pub struct Shown {
    count: u64,
    p50: Option<i64>,
    p90: Option<i64>,
    p99: Option<i64>,
    max: Option<i64>,
    /// The lower bounds of the bars, three in each power of ten.
    bounds: Vec<i64>,
    counts: Vec<u64>,
}

impl Spread {
    /// Counts a duration.
    pub fn add(&mut self, ns: i64) {
        *self.counts.entry(lowest_alike(ns.max(0))).or_default() += 1;
        *self.bars.entry(bar(ns)).or_default() += 1;
        self.max = self.max.max(ns);
    }

    /// As a page shows it.
    pub fn shown(&self) -> Shown {
        let count = self.counts.values().sum();
        let [first, last] = [self.bars.first_key_value(), self.bars.last_key_value()];
        let range = first.zip(last).map_or(0..0, |((first, _), (last, _))| *first..last + 1);
        Shown {
            count,
            p50: self.percentile(count, 50),
            p90: self.percentile(count, 90),
            p99: self.percentile(count, 99),
            max: (count > 0).then_some(self.max),
            bounds: range.clone().map(lower_bound).collect(),
            counts: range.map(|bar| self.bars.get(&bar).copied().unwrap_or_default()).collect(),
        }
    }

    /// By nearest rank.
    fn percentile(&self, count: u64, percent: u64) -> Option<i64> {
        let rank = (count * percent).div_ceil(100);
        let mut seen = 0;
        let alike = self.counts.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        // The middle of those that count as alike.
        alike.map(|(&lowest, _)| (lowest + (width(lowest) - 1) / 2).min(self.max))
    }
}

/// The lowest value that has the same leading digits.
const fn lowest_alike(ns: i64) -> i64 {
    ns - ns % width(ns)
}

/// How many values have the same leading digits.
const fn width(ns: i64) -> i64 {
    match ns.checked_ilog2() {
        Some(highest) => 1 << highest.saturating_sub(DIGITS),
        None => 1,
    }
}

/// The bar of a duration: from 1, 2 and 5 of each power of ten on.
const fn bar(ns: i64) -> u32 {
    let Some(power) = ns.checked_ilog10() else { return 0 };
    let first_digit = ns / 10_i64.pow(power);
    1 + 3 * power
        + match first_digit {
            1 => 0,
            2..5 => 1,
            _ => 2,
        }
}

/// The least duration of a bar.
const fn lower_bound(bar: u32) -> i64 {
    if bar == 0 {
        return 0;
    }
    let (power, third) = ((bar - 1) / 3, (bar - 1) % 3);
    10_i64.pow(power) * if third == 2 { 5 } else { third as i64 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_where_they_say() {
        for ns in [0, 1, 9, 10, 19, 20, 49, 50, 99, 100, 12_345, i64::MAX] {
            let bar = bar(ns);
            assert!(lower_bound(bar) <= ns, "{ns}");
            assert!(bar == 57 || lower_bound(bar + 1) > ns, "{ns}");
        }
    }

    #[test]
    fn percentiles_are_near() {
        let mut spread = Spread::default();
        (1..=100_000).rev().for_each(|number| spread.add(number * 10_000));
        let shown = spread.shown();
        for (percent, found) in [(50, shown.p50), (90, shown.p90), (99, shown.p99)] {
            let exact = percent * 10_000_000;
            assert!((found.unwrap() - exact).abs() < exact / 100, "{percent}: {found:?}");
        }
        assert_eq!((shown.count, shown.max), (100_000, Some(1_000_000_000)));
        assert_eq!(shown.counts.iter().sum::<u64>(), 100_000);
        assert_eq!(shown.bounds.first(), Some(&10_000));
    }

    #[test]
    fn nothing_has_no_percentiles() {
        let shown = Spread::default().shown();
        assert_eq!((shown.count, shown.p50, shown.max, shown.bounds.len()), (0, None, None, 0));
    }
}
