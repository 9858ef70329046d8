//! Batch runs: an output a series in a directory, with a manifest by which a later run does only what is new or
//! changed.
//!
//! | file | what it knows |
//! |---|---|
//! | `manifest` | what was made of what |
//! | `outputs` | what outputs are called |
//!
//! A series is made as a whole or not at all: an output gets its name when it is complete, and is noted after that.
//! What a killed run has left half-written is removed and made again. This module must not know what is written.

mod manifest;
mod outputs;

use std::fs::{self, File, TryLockError};
use std::path::Path;

use anyhow::{Context, bail};

use crate::archive::{Archive, Content, Order};
use crate::args::EngineArgs;
use crate::output::{self, Output, Styles};
use crate::progress::Meter;
use crate::run::{self, End, Outcome};
use crate::stop::Stop;
use crate::totals::Totals;
use manifest::{Entry, Manifest};

/// A batch run.
pub struct Batch<'a> {
    /// What to read.
    pub archive: &'a Archive,
    /// How to read it.
    pub engine: &'a EngineArgs,
    /// Where to write.
    pub directory: &'a Path,
    /// Whether what an earlier run made is kept where it is still valid.
    pub resume: bool,
    /// All else that decides about the content of an output, in any words.
    pub options: String,
    /// The ending of the names of outputs.
    pub ending: &'static str,
    /// How the octets of outputs are treated.
    pub styles: Styles,
    /// Ends the run early.
    pub stop: &'a Stop,
    /// Is told of what is kept.
    pub meter: &'a Meter,
}

/// What a batch came to.
#[derive(Default)]
struct Progress<'a> {
    /// The outputs of the series so far.
    outputs: Vec<&'a str>,
    is_damaged: bool,
    totals: Totals,
}

impl Batch<'_> {
    /// Makes an output of each series that has no valid one: `write` writes the series that begins at the place given.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn run(
        &self,
        write: impl Fn(&Output, usize, &mut Order<'_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<(End, Totals)> {
        let directory = self.directory.display();
        fs::create_dir_all(self.directory).with_context(|| format!("cannot create {directory}"))?;
        let _lock = lock(self.directory)?;
        output::sweep(self.directory).with_context(|| format!("cannot clear {directory}"))?;
        let mut manifest = Manifest::open(self.directory, self.resume, self.stop.clone())?;
        let outputs = outputs::names(&self.archive.names, self.ending);
        let mut progress = Progress { is_damaged: self.archive.incomplete, ..Progress::default() };
        let result = self.all(&outputs, &mut manifest, &mut progress, write);
        run::note(&progress.totals, self.engine);
        let is_stopped = self.stop.requested();
        if result.is_ok() && !is_stopped {
            manifest.prune(&progress.outputs, &self.archive.names)?;
        }
        // Also after an error: what was completed before stays valid.
        let written = manifest.write();
        result.and(written)?;
        let end = match progress.is_damaged {
            _ if is_stopped => End::Stopped,
            true => End::Damaged,
            false => End::Complete,
        };
        Ok((end, progress.totals))
    }

    fn all<'o>(
        &self,
        outputs: &'o [String],
        manifest: &mut Manifest,
        progress: &mut Progress<'o>,
        write: impl Fn(&Output, usize, &mut Order<'_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<()> {
        let mut order = Order::new(self.archive);
        while !self.stop.requested()
            && let Some(first) = order.begin()
        {
            let output = outputs[first].as_str();
            progress.outputs.push(output);
            if let Some(entry) = manifest.get(output)
                && self.is_valid(entry, output, first, &mut order)
            {
                self.keep(entry, progress);
                continue;
            }
            let (entry, outcome) = self.make(output, |to| write(to, first, &mut order))?;
            progress.is_damaged |= outcome.end == End::Damaged;
            progress.totals.merge(outcome.totals);
            if let Some(entry) = entry {
                manifest.put(output, entry)?;
            }
        }
        Ok(())
    }

    /// Leaves an output as it is, and says again what was wrong with its inputs.
    fn keep(&self, entry: &Entry, progress: &mut Progress<'_>) {
        for problem in entry.problems() {
            problem.report();
            progress.is_damaged |= problem.is_damage();
        }
        progress.totals.series_kept += 1;
        for input in &entry.inputs {
            progress.totals.files.kept += 1;
            self.meter.add_file();
            self.meter.pass_over(input.identity.as_ref().map_or(0, |identity| identity.content.size));
        }
    }

    /// Makes an output. It has no entry if the run is stopped before it is complete.
    fn make(
        &self,
        name: &str,
        write: impl FnOnce(&Output) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<(Option<Entry>, Outcome)> {
        let path = self.directory.join(name);
        let output = Output::replacing(&path, self.styles, self.stop.clone())?;
        let outcome = write(&output)?;
        let content = match outcome.end {
            End::Stopped => {
                output.abandon()?;
                return Ok((None, outcome));
            }
            End::Damaged if outcome.totals.tally.packets == 0 => {
                output.abandon()?;
                None
            }
            End::Damaged | End::Complete => {
                output.finish()?;
                Some(Content::of(&path).with_context(|| format!("cannot read {}", path.display()))?)
            }
        };
        let entry = Entry::new(self.options.clone(), &self.archive.names, &outcome, content);
        Ok((Some(entry), outcome))
    }

    /// Whether what was made is what would be made now. If so, the files of the series are passed over.
    fn is_valid(&self, entry: &Entry, output: &str, first: usize, order: &mut Order<'_>) -> bool {
        if entry.options != self.options || !entry.has_output(self.directory, output) {
            return false;
        }
        let mut places = Vec::new();
        let is_valid = self.replay(entry, first, order, &mut places);
        if !is_valid {
            order.restart(first, &places);
        }
        is_valid
    }

    /// Whether the series has the files that it had, and they are what they were. `places` gets those behind the first
    /// that were passed over.
    fn replay(&self, entry: &Entry, first: usize, order: &mut Order<'_>, places: &mut Vec<usize>) -> bool {
        let mut next = Some(first);
        for input in &entry.inputs {
            let is_unchanged = |place: usize| {
                self.archive.names[place] == input.file
                    && input.identity.is_some()
                    && self.archive.identity(place) == input.identity
            };
            if !next.is_some_and(is_unchanged) {
                return false;
            }
            next = order.go_on(input.last_ns);
            places.extend(next);
        }
        next.is_none()
    }
}

/// Keeps other runs out of the directory until the lock is dropped.
fn lock(directory: &Path) -> anyhow::Result<Option<File>> {
    // Not every system opens directories.
    let Ok(handle) = File::open(directory) else { return Ok(None) };
    match handle.try_lock() {
        Ok(()) => Ok(Some(handle)),
        Err(TryLockError::WouldBlock) => bail!("{}: another run is writing to it", directory.display()),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
