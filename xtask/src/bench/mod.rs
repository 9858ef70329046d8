//! fourwave, the limit of what is possible, and the programs that people use, side by side in one run.

pub mod captures;
mod contest;
mod peers;
mod report;
mod tasks;
pub mod truth;
mod usage;

use std::process::Command;

use contest::Contest;
use peers::Peer;

use crate::command::{cargo, printed, step};

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub struct Bench {
    /// Size of the captures, in hundredths of their full size.
    pub percent: u64,
    /// How often everything is run.
    pub rounds: usize,
}

impl Default for Bench {
    fn default() -> Self {
        Self { percent: 10, rounds: 3 }
    }
}

impl Bench {
    /// Reads the options of `cargo xtask bench`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let mut bench = Self::default();
        for option in words.chunks(2) {
            let [name, value] = option else { return Err(format!("{}: expected a value", option.concat())) };
            let number: u64 = value.parse().map_err(|_| format!("{name} {value}: expected a number"))?;
            match *name {
                "--percent" if number > 0 => bench.percent = number,
                "--rounds" if number > 0 => bench.rounds = number as usize,
                "--percent" | "--rounds" => return Err(format!("{name}: expected more than 0")),
                _ => return Err(format!("{name}: no such option of bench")),
            }
        }
        Ok(bench)
    }

    /// Builds, measures, and prints the tables.
    ///
    /// # Errors
    /// A program that does not build or run.
    pub fn run(self) -> Result<(), String> {
        let packages = ["--package", "fourwave", "--package", "fourwave-stages"];
        cargo("programs", &[&["build", "--release", "--locked"], &packages[..]].concat(), &[])?;
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let contest = Contest::new(self.percent, scratch.path())?;
        for peer in Peer::ALL.into_iter().filter(|peer| !peer.is_there()) {
            step(&format!("absent: {}", peer.name()));
        }
        let results = contest.run(self.rounds)?;
        let machine = printed(Command::new("uname").arg("-srm"))?;
        println!(
            "{} % of the full size, median of {} rounds, {}\n",
            self.percent,
            self.rounds,
            machine.trim()
        );
        report::print(&contest, &results);
        Ok(())
    }
}
