//! What is noted of a series: what was read, what was in it, and what was made of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::archive::{Content, Identity};
use crate::problem::Problem;
use crate::run::FileRead;
use crate::tally::Tally;

/// A series that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The command that made the output; none if it is not noted.
    #[serde(default)]
    pub command: Option<String>,
    /// What else than the inputs decides about the output.
    pub options: String,
    /// The inputs, in the order in which they were read.
    pub inputs: Vec<InputEntry>,
    /// The output; none where nothing could be read.
    pub output: Option<Content>,
    /// What was in the inputs.
    pub counts: Counts,
    /// Whether a longer series would be gone on with where there is a checkpoint. Else it is made again.
    #[serde(default)]
    pub goes_on: bool,
}

/// An input that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputEntry {
    /// Its name.
    pub file: String,
    /// What it was; none if that could not be told.
    pub identity: Option<Identity>,
    /// The time of its last packet.
    pub last_ns: Option<i64>,
    /// What was wrong with it.
    pub problem: Option<Problem>,
}

/// What was in the inputs of a series.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Packets read.
    pub packets: u64,
    packets_with_segments: u64,
    segments: u64,
    skipped: BTreeMap<String, u64>,
    /// Connections told of.
    pub connections: u64,
}

/// What was read of a series up to some place.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Read {
    /// The inputs, in the order in which they were read.
    pub inputs: Vec<InputEntry>,
    /// The number of each in frames.
    pub numbers: Vec<u32>,
    /// The number of the last frame that was read of the last one.
    pub last_frame: u64,
    /// The last one was not read to its end, or perhaps not.
    pub is_inside: bool,
    /// What was in them.
    pub counts: Counts,
    /// Packets before the last checkpoint that was due.
    pub due: u64,
}

impl Read {
    /// Takes note of one more input, or of more of the last one if that was not read to its end.
    pub fn add(&mut self, input: InputEntry, number: u32, last_frame: u64, is_inside: bool) {
        if self.is_inside {
            self.leave_last();
        }
        self.inputs.push(input);
        self.numbers.push(number);
        (self.last_frame, self.is_inside) = (last_frame, is_inside);
    }

    /// Leaves out the last input, which is to be read again.
    pub fn leave_last(&mut self) {
        self.inputs.pop();
        self.numbers.pop();
        (self.last_frame, self.is_inside) = (0, false);
    }
}

impl Entry {
    /// Whether the output is what it was when it was completed.
    #[must_use]
    pub fn has_output(&self, directory: &Path, output: &str) -> bool {
        self.output.is_none() || Content::of(&directory.join(output)).ok() == self.output
    }
}

impl InputEntry {
    /// What is noted of a file that was read; `names` are those of all files by their places.
    #[must_use]
    pub fn new(names: &[String], file: &FileRead) -> Self {
        Self {
            file: names[file.place].clone(),
            identity: file.identity.clone(),
            last_ns: file.last_ns,
            problem: file.problem.clone(),
        }
    }
}

impl Counts {
    /// What is noted of packets and connections.
    #[must_use]
    pub fn new(tally: &Tally, connections: u64) -> Self {
        Self {
            packets: tally.packets,
            packets_with_segments: tally.with_segments,
            segments: tally.segments,
            skipped: tally.skipped.sorted(ToString::to_string).into_iter().collect(),
            connections,
        }
    }

    /// The same of both.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut skipped = self.skipped.clone();
        for (reason, count) in &other.skipped {
            let sum = skipped.entry(reason.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
        Self {
            packets: self.packets.saturating_add(other.packets),
            packets_with_segments: self.packets_with_segments.saturating_add(other.packets_with_segments),
            segments: self.segments.saturating_add(other.segments),
            skipped,
            connections: self.connections.saturating_add(other.connections),
        }
    }
}
