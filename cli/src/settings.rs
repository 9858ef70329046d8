//! From the engine's arguments to the options of dissector and engine, and the list of thresholds.

use std::fmt::Write as _;
use std::str::FromStr;

use fourwave_annotate::{Code, Idle, Options, Profile, SECOND, Threshold, Thresholds, Unit};

use crate::args::{EngineArgs, Key, Series};

/// A duration on the command line: seconds with decimals, kept in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub i64);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The limit keeps sums of capture times and durations far from the ends of `i64`.
        const LONGEST: f64 = 1e9;
        match text.parse::<f64>() {
            Ok(seconds) if (0.0..=LONGEST).contains(&seconds) => Ok(Self((seconds * 1e9) as i64)),
            Ok(_) | Err(_) => Err(format!("expected seconds from 0 to {LONGEST}, found `{text}`")),
        }
    }
}

/// `NAME=VALUE` of `--threshold`, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdArg {
    name: String,
    value: f64,
}

impl FromStr for ThresholdArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) =
            text.split_once('=').ok_or_else(|| format!("expected NAME=VALUE, found `{text}`"))?;
        let value =
            value.parse().map_err(|_| format!("expected a number after `{name}=`, found `{value}`"))?;
        Thresholds::default()
            .set(name, value)
            .map_err(|why| format!("{why}; `fourwave help thresholds` lists them"))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

/// The processors that this program may use.
#[must_use]
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Parses a number from 1.
///
/// # Errors
/// A sentence if it is none.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        Ok(_) | Err(_) => Err(format!("expected a number from 1, found `{text}`")),
    }
}

impl EngineArgs {
    /// The options of the engine.
    #[must_use]
    pub fn options(&self) -> Options {
        let mut thresholds = Thresholds::default();
        for ThresholdArg { name, value } in &self.threshold {
            // Checked when it was parsed.
            let _ = thresholds.set(name, *value);
        }
        Options {
            two_msl_ns: self.msl.map_or_else(|| self.profile.two_msl_ns(), |Seconds(msl)| 2 * msl),
            thresholds,
            idle: self.idle.map_or_else(Idle::default, |Seconds(limit)| Idle::all(limit)),
            max_connections: self.max_connections,
        }
    }
}

impl EngineArgs {
    /// The words of a command line that asks for the same, without what is so by default.
    /// No shell changes any of them: they are options, codes, names of thresholds and numbers.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let Self { msl, profile, idle, threshold, key, verify_checksums, series, max_connections } = self;
        let mut words = Vec::new();
        let mut say = |option: &str, value: String| words.extend([option.to_owned(), value]);
        if let Some(Seconds(ns)) = msl {
            say("--msl", seconds(*ns));
        }
        if *profile != Profile::Linux {
            say("--profile", profile.code().to_owned());
        }
        if let Some(Seconds(ns)) = idle {
            say("--idle", seconds(*ns));
        }
        for ThresholdArg { name, value } in threshold {
            say("--threshold", format!("{name}={value}"));
        }
        match key {
            Key::Addresses => {}
            Key::Vlan => say("--key", "vlan".to_owned()),
            Key::Tunnel => say("--key", "tunnel".to_owned()),
        }
        match series {
            Series::Auto => {}
            Series::Off => say("--series", "off".to_owned()),
        }
        if *max_connections != Options::default().max_connections {
            say("--max-connections", max_connections.to_string());
        }
        if *verify_checksums {
            words.push("--verify-checksums".to_owned());
        }
        words
    }
}

fn seconds(ns: i64) -> String {
    (ns as f64 / SECOND as f64).to_string()
}

/// The text of `fourwave help thresholds`.
#[must_use]
pub fn thresholds_table() -> String {
    let mut table = String::from("Thresholds, set with --threshold NAME=VALUE:\n\n");
    for threshold in Thresholds::LIST {
        let Threshold { name, meaning, .. } = threshold;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "  {name} [default: {}]\n      {}", default_of(threshold), meaning.trim());
    }
    table
}

fn default_of(threshold: &Threshold) -> String {
    match threshold.unit {
        Unit::Seconds => format!("{} s", threshold.default as f64 / SECOND as f64),
        Unit::Octets => format!("{} B", threshold.default),
        Unit::Count => threshold.default.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_decimals() {
        assert_eq!("0.25".parse(), Ok(Seconds(SECOND / 4)));
        for wrong in ["", "-1", "NaN", "inf", "1e10", "1s"] {
            assert!(wrong.parse::<Seconds>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn thresholds_are_checked_when_parsed() {
        assert!("fin-storm=5".parse::<ThresholdArg>().is_ok());
        for wrong in ["fin-storm", "fin-storm=", "fin-storm=x", "fin-storm=-1", "fin-strom=5"] {
            assert!(wrong.parse::<ThresholdArg>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_table_lists_every_threshold() {
        let table = thresholds_table();
        for threshold in Thresholds::LIST {
            assert!(table.contains(threshold.name), "{}", threshold.name);
        }
        assert!(table.contains("0.003 s"));
    }
}
