//! Durations as people read them. Unit symbols are the same in every language.

use alloc::format;
use alloc::string::String;

const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A duration of `ns` nanoseconds: `10 ms`, `3.99 s`, `1 min 2 s`, `2 h 5 min`, `1 d 3 h`.
///
/// Three significant digits up to a minute, then two units; never a trailing zero. A minute itself is written
/// `60 s`, as timers are named.
#[must_use]
pub fn duration(ns: i64) -> String {
    let sign = if ns < 0 { "-" } else { "" };
    let exact = ns.unsigned_abs();
    let short = three_digits(exact);
    let text = match short {
        0 => String::from("0 s"),
        1..MICROSECOND => format!("{short} ns"),
        MICROSECOND..MILLISECOND => format!("{} µs", decimal(short, MICROSECOND)),
        MILLISECOND..SECOND => format!("{} ms", decimal(short, MILLISECOND)),
        SECOND..=MINUTE if exact <= MINUTE => format!("{} s", decimal(short, SECOND)),
        _ => two_units(exact),
    };
    format!("{sign}{text}")
}

fn three_digits(ns: u64) -> u64 {
    let digits = ns.checked_ilog10().unwrap_or_default() + 1;
    let step = 10_u64.pow(digits.saturating_sub(3));
    (ns / step + u64::from(ns % step * 2 >= step && step > 1)) * step
}

fn decimal(ns: u64, unit: u64) -> String {
    let (whole, rest) = (ns / unit, ns % unit);
    if rest == 0 {
        return format!("{whole}");
    }
    let places = unit.ilog10() as usize;
    let text = format!("{whole}.{rest:0places$}");
    String::from(text.trim_end_matches('0'))
}

fn two_units(ns: u64) -> String {
    let rounded = |to: u64| (ns / to + u64::from(ns % to * 2 >= to)) * to;
    let (value, large, large_name, small, small_name) = if rounded(SECOND) < HOUR {
        (rounded(SECOND), MINUTE, "min", SECOND, "s")
    } else if rounded(MINUTE) < DAY {
        (rounded(MINUTE), HOUR, "h", MINUTE, "min")
    } else {
        (rounded(HOUR), DAY, "d", HOUR, "h")
    };
    match value % large / small {
        0 => format!("{} {large_name}", value / large),
        rest => format!("{} {large_name} {rest} {small_name}", value / large),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_three_digits_and_no_noise() {
        for (ns, text) in [
            (0, "0 s"),
            (7, "7 ns"),
            (850, "850 ns"),
            (12_345, "12.3 µs"),
            (999_600, "1 ms"),
            (10_000_000, "10 ms"),
            (10_449_000, "10.4 ms"),
            (3_987_000_000, "3.99 s"),
            (59_960_000_000, "60 s"),
            (60_000_000_000, "60 s"),
            (60_040_000_000, "1 min"),
            (62_000_000_000, "1 min 2 s"),
            (3_599_600_000_000, "1 h"),
            (7_500_000_000_000, "2 h 5 min"),
            (97_200_000_000_000, "1 d 3 h"),
            (-10_000_000, "-10 ms"),
            (i64::MAX, "106752 d"),
            (i64::MIN, "-106752 d"),
        ] {
            assert_eq!(duration(ns), text);
        }
    }
}
