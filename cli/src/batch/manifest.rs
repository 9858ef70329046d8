//! The manifest of a batch: what each output was made of, so that a later run can tell what is still valid.
//!
//! It holds nothing that differs between two runs over the same archive: no time of the day, and no order but that
//! of names.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::checkpoint;
use super::entry::{Entry, InputEntry};
use crate::output::{self, Output, Styles};
use crate::stop::Stop;

/// The name of the file.
const NAME: &str = "manifest.json";
/// The version of its format.
const VERSION: u32 = 1;
/// It is written this often: after a kill what was completed meanwhile is done again.
const INTERVAL: Duration = Duration::from_secs(1);
/// So many checkpoints of a series are kept besides one at its end: the file behind the last one may have been still
/// written to.
const CHECKPOINTS: usize = 2;

/// The manifest in its directory.
pub struct Manifest {
    directory: PathBuf,
    stop: Stop,
    content: Series,
    /// Checkpoints of series of which it is not certain that there are such: they are not noted yet.
    held: BTreeMap<String, Vec<String>>,
    /// When it was written last, if it was.
    written: Option<Instant>,
}

#[derive(Serialize, Deserialize)]
struct Series {
    manifest: u32,
    /// By the name of the output.
    series: BTreeMap<String, Entry>,
    /// The files from which series can be gone on with, the oldest first, by the name of the output.
    #[serde(default)]
    checkpoints: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// That of `directory`; an empty one where there is none yet, or what was done before is not to count. What killed runs
    /// have left of `outputs`, or of those that it speaks of, is removed where nobody can go on with it.
    ///
    /// # Errors
    /// When it cannot be read, or something cannot be removed.
    pub fn open(directory: &Path, resume: bool, outputs: &[String], stop: Stop) -> anyhow::Result<Self> {
        let found = match load(&directory.join(NAME)) {
            Err(error) if resume => return Err(error),
            // What is not to count may be damaged.
            found => found.ok().flatten().unwrap_or_else(Series::empty),
        };
        let known = found.series.keys().chain(found.checkpoints.keys()).chain(outputs);
        let known: HashSet<_> = known.cloned().chain([NAME.to_owned()]).collect();
        let content = if resume { found } else { Series::empty() };
        let (directory, held) = (directory.to_owned(), BTreeMap::new());
        let manifest = Self { directory, stop, content, held, written: None };
        let cleared = manifest.sweep(&known);
        cleared.with_context(|| format!("cannot clear {}", manifest.directory.display()))?;
        Ok(manifest)
    }

    /// What was made under the name `output`.
    #[must_use]
    pub fn get(&self, output: &str) -> Option<&Entry> {
        self.content.series.get(output)
    }

    /// All that was made, by the names of outputs.
    pub fn series(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.content.series.iter().map(|(output, entry)| (output.as_str(), entry))
    }

    /// The checkpoints of all series that have some, the oldest first, by the names of outputs.
    pub fn begun(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.content.checkpoints.iter().map(|(output, files)| (output.as_str(), files.as_slice()))
    }

    /// Notes what was made under the name `output`.
    pub fn put(&mut self, output: &str, entry: Entry) {
        self.content.series.insert(output.to_owned(), entry);
        if self.written.is_none_or(|written| written.elapsed() > INTERVAL) {
            // What cannot be written now may be at the end, or that is said then.
            let _ = self.write();
        }
    }

    /// True if nothing was made, nor begun.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.series.is_empty() && self.content.checkpoints.is_empty()
    }

    /// The checkpoints of the series that is written to `output`, the oldest first.
    #[must_use]
    pub fn checkpoints(&self, output: &str) -> &[String] {
        self.content.checkpoints.get(output).map_or(&[], Vec::as_slice)
    }

    /// Notes one more checkpoint, and removes those that are too old.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn add_checkpoint(&mut self, output: &str, checkpoint: String) -> anyhow::Result<()> {
        self.release_checkpoints(output);
        let checkpoints = self.content.checkpoints.entry(output.to_owned()).or_default();
        let is_at_end = checkpoint::is_at_end(&checkpoint);
        let old = push(checkpoints, checkpoint);
        // A killed run must not leave a note of what is removed. Where nothing is, one at the end can wait to be noted with
        // the output, which is completed now.
        if !(is_at_end && old.is_empty()) {
            self.write()?;
        }
        old.iter().try_for_each(|checkpoint| remove(&self.directory.join(checkpoint)))
    }

    /// Holds one more checkpoint, and removes those that are too old.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn hold_checkpoint(&mut self, output: &str, checkpoint: String) -> anyhow::Result<()> {
        let old = push(self.held.entry(output.to_owned()).or_default(), checkpoint);
        old.iter().try_for_each(|checkpoint| remove(&self.directory.join(checkpoint)))
    }

    /// Notes the checkpoints that were held. False if there are none.
    pub fn release_checkpoints(&mut self, output: &str) -> bool {
        let held = self.held.remove(output);
        let has_some = held.is_some();
        if let Some(held) = held {
            self.content.checkpoints.entry(output.to_owned()).or_default().extend(held);
        }
        has_some
    }

    /// Removes a checkpoint of the series that is written to `output`.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn drop_checkpoint(&mut self, output: &str, checkpoint: &str) -> anyhow::Result<()> {
        if let Some(checkpoints) = self.content.checkpoints.get_mut(output) {
            checkpoints.retain(|other| other != checkpoint);
        }
        remove(&self.directory.join(checkpoint))
    }

    /// Removes all that is there to go on with `output`.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn forget(&mut self, output: &str) -> anyhow::Result<()> {
        self.release_checkpoints(output);
        for checkpoint in self.content.checkpoints.remove(output).unwrap_or_default() {
            remove(&self.directory.join(checkpoint))?;
        }
        remove(&output::incomplete(&self.directory.join(output)))
    }

    /// Removes what killed runs have left of `outputs` and nobody can go on with. Other files may be somebody else's.
    fn sweep(&self, outputs: &HashSet<String>) -> io::Result<()> {
        let begun = self.content.checkpoints.iter();
        let kept: HashSet<PathBuf> = begun
            .flat_map(|(output, checkpoints)| {
                let checkpoints = checkpoints.iter().map(|checkpoint| self.directory.join(checkpoint));
                checkpoints.chain([output::incomplete(&self.directory.join(output))])
            })
            .collect();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_ours = name.to_str().and_then(left_of).is_some_and(|output| outputs.contains(output));
            if is_ours && entry.file_type()?.is_file() && !kept.contains(&entry.path()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes what belongs to series that are no more. Such a one is not among `outputs`, but was made with the same
    /// `options` of inputs that are all there, or was to be called as a series that begins with one of them (`names`). What
    /// was made of one that is gone cannot be made again, and what was made with other options somebody wants beside this:
    /// both stay, and their entries, so that a later run can go on with them.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn prune(
        &mut self,
        outputs: &[String],
        names: &[String],
        options: &str,
        is_there: impl Fn(&InputEntry) -> bool,
    ) -> anyhow::Result<()> {
        let [outputs, names]: [HashSet<&str>; 2] =
            [outputs, names].map(|names| names.iter().map(String::as_str).collect());
        let is_no_more = |output: &&String| !outputs.contains(output.as_str());
        let can_be_made = |entry: &Entry| entry.options == options && entry.inputs.iter().all(&is_there);
        let is_free = |output: &&String| self.get(output).is_none_or(can_be_made);
        let made = self.content.series.keys();
        let begun = self.content.checkpoints.keys().filter(|output| names.contains(output.as_str()));
        let known: BTreeSet<_> = made.chain(begun).filter(is_no_more).filter(is_free).cloned().collect();
        for output in &known {
            if self.get(output).is_some_and(|entry| entry.has_output(&self.directory, output)) {
                remove(&self.directory.join(output))?;
            }
            self.forget(output)?;
            self.content.series.remove(output);
        }
        Ok(())
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
        self.keep_names();
        self.written = Some(Instant::now());
        Ok(())
    }

    /// Waits until the names of all that it speaks of are on the disk: what they belong to is there already. Where that
    /// cannot be had, a later run may miss some of them, and makes them again.
    fn keep_names(&self) {
        #[cfg(unix)]
        let _ = fs::File::open(&self.directory).and_then(|directory| directory.sync_all());
    }
}

impl Series {
    const fn empty() -> Self {
        Self { manifest: VERSION, series: BTreeMap::new(), checkpoints: BTreeMap::new() }
    }

    /// A name that no run gives to an output or to one of its checkpoints: what is called so is not ours.
    fn wrong_name(&self) -> Option<&String> {
        let is_plain = |name: &str| Path::new(name).file_name().is_some_and(|file| file == name);
        let outputs = self.series.keys().chain(self.checkpoints.keys());
        let checkpoints = self.checkpoints.iter().flat_map(|(output, files)| {
            files.iter().filter(move |file| checkpoint::output_of(file) != Some(output))
        });
        outputs.filter(|output| !is_plain(output)).chain(checkpoints).next()
    }
}

/// Adds a checkpoint to those of a series. Those that are too old are taken out: one at what was the end before, and of the
/// others the first ones.
fn push(checkpoints: &mut Vec<String>, checkpoint: String) -> Vec<String> {
    let end = checkpoints.pop_if(|last| checkpoint::is_at_end(last));
    // Where nothing but the file grew, the new one has the name of the old one, and its place.
    let end = end.filter(|end| *end != checkpoint);
    let others = checkpoints.len() + usize::from(!checkpoint::is_at_end(&checkpoint));
    let old = checkpoints.drain(..others.saturating_sub(CHECKPOINTS)).chain(end).collect();
    checkpoints.push(checkpoint);
    old
}

/// The output of which a killed run can have left a file with this name: an incomplete one, or a checkpoint.
fn left_of(name: &str) -> Option<&str> {
    match output::completed(name) {
        Some(completed) => Some(checkpoint::output_of(completed).unwrap_or(completed)),
        None => checkpoint::output_of(name),
    }
}

/// Removes a file, if there is one.
fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
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
    if let Some(name) = content.wrong_name() {
        bail!("{}: expected names of outputs and their checkpoints, found {name}", path.display());
    }
    Ok(Some(content))
}
