//! Everything that is timed, each in turn, so that a machine that is slow for a while is slow for all.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::captures::{self, Capture, Name};
use super::peers::{Peer, SURICATA_SETTINGS};
use super::tasks::{ALL_SEGMENTS, CONNECTIONS, LIMIT, TASKS, Task};
use super::usage::{Line, Usage, median};
use crate::command::{printed, release, run, step};

/// The medians, by capture and by what was called.
pub type Results = BTreeMap<(Name, String), Usage>;

/// Where and with what it takes place.
pub struct Contest {
    pub captures: BTreeMap<Name, Capture>,
    /// The help of the program, which says what it can do.
    help: String,
    /// Where outputs go.
    scratch: PathBuf,
}

/// The name in [`Results`] of having in a file as many octets as a task prints.
pub fn writing(task: &Task) -> String {
    format!("the octets of {}", task.name)
}

/// The name in [`Results`] of a task with so many threads.
pub fn with_jobs(task: &Task, jobs: u32) -> String {
    format!("{}, `--jobs {jobs}`", task.name)
}

/// The name in [`Results`] of reading what `program` compressed.
pub fn reading(program: &str) -> String {
    format!("`connections` of a {program} file")
}

/// The name in [`Results`] of decompressing alone.
pub fn decompressing(program: &str) -> String {
    format!("`{program} -dc`")
}

/// Programs that compress, and the suffixes of what they write.
pub const COMPRESSIONS: [(&str, &str); 2] = [("gzip", "gz"), ("zstd", "zst")];

impl Contest {
    /// Makes ready: captures of `percent` of their full size, outputs in `scratch`.
    ///
    /// # Errors
    /// A file that cannot be written, or a program that does not run.
    pub fn new(percent: u64, scratch: &Path) -> Result<Self, String> {
        let captures = captures::all(percent)?;
        let settings = scratch.join("suricata.yaml");
        fs::write(&settings, SURICATA_SETTINGS)
            .map_err(|error| format!("{}: {error}", settings.display()))?;
        let help = printed(Command::new(release("fourwave")).args(["annotate", "--help"]))?;
        Ok(Self { captures, help, scratch: scratch.to_owned() })
    }

    /// True if the program's help names `word`.
    pub fn can(&self, word: &str) -> bool {
        self.help.contains(word)
    }

    /// Runs everything so many times.
    ///
    /// # Errors
    /// A program that fails.
    pub fn run(&self, rounds: usize) -> Result<Results, String> {
        // Apart, or its memory would count as that of programs that are started later.
        step("memory that was used before");
        if run(Command::new(release("stages")).arg("warm"), "stages warm").is_err() {
            step("not to be had: what runs first may take longer");
        }
        let entries = self.entries()?;
        let mut usages = vec![Vec::new(); entries.len()];
        for round in 1..=rounds {
            for ((capture, name, line), usages) in entries.iter().zip(&mut usages) {
                eprintln!("round {round} of {rounds}: {}, {name}", capture.name());
                self.clear()?;
                usages.push(line.measure(&self.scratch)?);
            }
        }
        let keys = entries.into_iter().map(|(capture, name, _)| (capture, name));
        Ok(keys.zip(usages.iter().map(|usages| median(usages))).collect())
    }

    /// Removes the last output: who replaces a large file pays for its removal.
    fn clear(&self) -> Result<(), String> {
        match fs::remove_file(self.output()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("{}: {error}", self.output().display()))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn output(&self) -> PathBuf {
        self.scratch.join("output")
    }

    fn entries(&self) -> Result<Vec<(Name, String, Line)>, String> {
        let mut entries = Vec::new();
        for name in Name::TIMED {
            let capture = &self.captures[&name].path;
            let walk = Line::new(release("stages"), &["walk"]).and(capture);
            entries.push((name, LIMIT.to_owned(), walk));
            for task in TASKS.iter().filter(|task| self.can(task.needs)) {
                let line = self.fourwave(task, 1, capture);
                entries.push((name, writing(task), self.writing(&line)?));
                entries.push((name, task.name.to_owned(), line));
            }
            if matches!(name, Name::Churn | Name::Bulk) {
                for peer in Peer::ALL.into_iter().filter(|peer| peer.is_there()) {
                    entries.push((name, peer.name().to_owned(), peer.line(capture, &self.scratch)));
                }
            }
        }
        let churn = &self.captures[&Name::Churn].path;
        if self.can("--jobs") {
            for (task, jobs) in [(CONNECTIONS, 1), (CONNECTIONS, 2), (ALL_SEGMENTS, 1), (ALL_SEGMENTS, 2)] {
                entries.push((Name::Churn, with_jobs(&task, jobs), self.fourwave(&task, jobs, churn)));
            }
        }
        for (program, suffix) in COMPRESSIONS {
            let file = captures::compressed(churn, program, suffix)?;
            let alone = Line::new(program, &["-dc"]).and(&file);
            entries.push((Name::Churn, decompressing(program), alone));
            entries.push((Name::Churn, reading(program), self.fourwave(&CONNECTIONS, 2, &file)));
        }
        for name in [Name::Steady, Name::SteadyTwice] {
            let line = self.fourwave(&CONNECTIONS, 1, &self.captures[&name].path);
            entries.push((name, CONNECTIONS.name.to_owned(), line));
        }
        Ok(entries)
    }

    /// Writes as many octets as `line` does, which is run once.
    fn writing(&self, line: &Line) -> Result<Line, String> {
        self.clear()?;
        line.measure(&self.scratch)?;
        let output = self.output();
        let octets = fs::metadata(&output).map_err(|error| format!("{}: {error}", output.display()))?.len();
        let mut write = Line::new(release("stages"), &["write"]).and(&output);
        write.arguments.push(octets.to_string());
        Ok(write)
    }

    fn fourwave(&self, task: &Task, jobs: u32, capture: &Path) -> Line {
        let mut line = Line::new(release("fourwave"), task.arguments);
        if self.can("--jobs") {
            line.arguments.extend(["--jobs".to_owned(), jobs.to_string()]);
        }
        line.arguments.push("--output".to_owned());
        line.and(&self.output()).and(capture)
    }
}
