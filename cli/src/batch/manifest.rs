//! The manifest of a batch: what each output was made of, so that a later run can tell what is still valid.
//!
//! It holds nothing that differs between two runs over the same archive: no time of the day, and no order but that
//! of names.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::archive::{Content, Identity};
use crate::output::{Output, Styles};
use crate::problem::Problem;
use crate::run::Outcome;
use crate::stop::Stop;

/// The name of the file.
const NAME: &str = "manifest.json";
/// The version of its format.
const VERSION: u32 = 1;
/// It is written this often: after a kill what was completed meanwhile is done again.
const INTERVAL: Duration = Duration::from_secs(1);

/// The manifest in its directory.
pub struct Manifest {
    directory: PathBuf,
    stop: Stop,
    content: Series,
    /// When it was written last, if it was.
    written: Option<Instant>,
}

#[derive(Serialize, Deserialize)]
struct Series {
    manifest: u32,
    /// By the name of the output.
    series: BTreeMap<String, Entry>,
}

/// A series that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// What else than the inputs decides about the output.
    pub options: String,
    /// The inputs, in the order in which they were read.
    pub inputs: Vec<InputEntry>,
    /// The output; none where nothing could be read.
    pub output: Option<Content>,
    /// What was in the inputs.
    pub counts: Counts,
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counts {
    packets: u64,
    packets_with_segments: u64,
    segments: u64,
    skipped: BTreeMap<String, u64>,
    connections: u64,
}

impl Manifest {
    /// That of `directory`; an empty one where there is none yet, or what was done before is not to count.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(directory: &Path, resume: bool, stop: Stop) -> anyhow::Result<Self> {
        let empty = Series { manifest: VERSION, series: BTreeMap::new() };
        let content = if resume { load(&directory.join(NAME))?.unwrap_or(empty) } else { empty };
        Ok(Self { directory: directory.to_owned(), stop, content, written: None })
    }

    /// What was made under the name `output`.
    #[must_use]
    pub fn get(&self, output: &str) -> Option<&Entry> {
        self.content.series.get(output)
    }

    /// Notes what was made under the name `output`.
    ///
    /// # Errors
    /// When the manifest cannot be written.
    pub fn put(&mut self, output: &str, entry: Entry) -> anyhow::Result<()> {
        self.content.series.insert(output.to_owned(), entry);
        if self.written.is_none_or(|written| written.elapsed() > INTERVAL) { self.write() } else { Ok(()) }
    }

    /// Removes the outputs of series that are no more: they are not among `outputs`, but were made of one of `inputs`.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn prune(&mut self, outputs: &[&str], inputs: &[String]) -> anyhow::Result<()> {
        let directory = &self.directory;
        let outputs: HashSet<&str> = outputs.iter().copied().collect();
        let inputs: HashSet<&str> = inputs.iter().map(String::as_str).collect();
        let mut result = Ok(());
        self.content.series.retain(|output, entry| {
            let is_made_of_one = entry.inputs.iter().any(|input| inputs.contains(input.file.as_str()));
            let keep = outputs.contains(output.as_str()) || !is_made_of_one;
            if !keep && result.is_ok() && entry.has_output(directory, output) {
                let path = directory.join(output);
                result = fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()));
            }
            keep
        });
        result
    }

    /// Writes it.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn write(&mut self) -> anyhow::Result<()> {
        let output = Output::replacing(&self.directory.join(NAME), Styles::Untouched, self.stop.clone())?;
        let mut text = serde_json::to_vec_pretty(&self.content)?;
        text.push(b'\n');
        output.write(&text);
        output.finish()?;
        self.written = Some(Instant::now());
        Ok(())
    }
}

impl Entry {
    /// What is noted of a series.
    #[must_use]
    pub fn new(options: String, names: &[String], outcome: &Outcome, output: Option<Content>) -> Self {
        let inputs = outcome.files.iter().map(|file| InputEntry {
            file: names[file.place].clone(),
            identity: file.identity.clone(),
            last_ns: file.last_ns,
            problem: file.problem.clone(),
        });
        let tally = &outcome.totals.tally;
        let counts = Counts {
            packets: tally.packets,
            packets_with_segments: tally.with_segments,
            segments: tally.segments,
            skipped: tally.skipped.sorted(ToString::to_string).into_iter().collect(),
            connections: outcome.totals.endings.connections,
        };
        Self { options, inputs: inputs.collect(), output, counts }
    }

    /// Whether the output is what it was when it was completed.
    #[must_use]
    pub fn has_output(&self, directory: &Path, output: &str) -> bool {
        self.output.is_none() || Content::of(&directory.join(output)).ok() == self.output
    }

    /// What was wrong with the inputs.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.inputs.iter().filter_map(|input| input.problem.as_ref())
    }
}

fn load(path: &Path) -> anyhow::Result<Option<Series>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let content: Series =
        serde_json::from_slice(&text).with_context(|| format!("{}: damaged", path.display()))?;
    if content.manifest != VERSION {
        bail!("{}: expected a manifest of version {VERSION}, found {}", path.display(), content.manifest);
    }
    Ok(Some(content))
}
