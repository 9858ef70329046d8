//! Batch runs: an output a series in a directory, with a manifest by which a later run does only what is new or
//! changed.
//!
//! | file | what it knows |
//! |---|---|
//! | `walk` | the walk through all series, one after the other |
//! | `abreast` | several series side by side |
//! | `row` | tasks side by side |
//! | `manifest` | what was made of what |
//! | `entry` | what is noted of a series |
//! | `outputs` | what outputs are called |
//! | `resume` | what of a series need not be read again |
//! | `ring` | series that have lost their first files |
//! | `checkpoint`, `keeper` | how to go on within a series, and where that is written down |
//!
//! An output gets its name when it is complete, and is noted after that. Behind a file of a series, or inside it behind so
//! many packets, a checkpoint may be written, which holds all that is known there and says how long the output was. Then the
//! incomplete output stays after a kill, and a later run goes on with it; and with a copy of the complete one when the
//! series has grown, for what was said of connections at its end is no longer so. This module must not know what is written.

mod abreast;
mod checkpoint;
mod entry;
mod keeper;
mod manifest;
mod outputs;
mod resume;
mod ring;
mod row;
mod walk;

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};

use crate::archive::{Archive, Forecast};
use crate::args::EngineArgs;
use crate::output::{Output, Styles};
use crate::progress::Meter;
use crate::run::{self, End, Made, Outcome};
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::usage::Usage;
use checkpoint::Maker;
use manifest::Manifest;
use resume::Resume;
use ring::Rings;
use walk::{Progress, Shared, Walk};

pub use outputs::names as output_names;

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
    /// Whose outputs are made.
    pub command: &'static str,
    /// All else that decides about the content of an output, in any words.
    pub options: String,
    /// Whether a series can be gone on with where another run ended.
    pub goes_on: bool,
    /// The ending of the names of outputs.
    pub ending: &'static str,
    /// How the octets of outputs are treated.
    pub styles: Styles,
    /// Ends the run early.
    pub stop: &'a Stop,
    /// Is told of what is kept.
    pub meter: &'a Meter,
    /// Threads that may work side by side.
    pub jobs: usize,
}

/// With what a series is written.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Threads that may work side by side.
    pub jobs: usize,
    /// Is told how much is read.
    pub meter: &'a Meter,
}

/// Writes a series, or what is left of it.
pub trait Write: Fn(&Output, Stretch<'_, '_>, Means<'_>) -> anyhow::Result<Outcome> + Sync {}

impl<F: Fn(&Output, Stretch<'_, '_>, Means<'_>) -> anyhow::Result<Outcome> + Sync> Write for F {}

impl Batch<'_> {
    /// Makes an output of each series that has no valid one: `write` writes it.
    ///
    /// # Errors
    /// When nothing can be written, or an output of another command stands where one is to be made.
    pub fn run(&self, write: &impl Write) -> anyhow::Result<Made> {
        let directory = self.directory.display();
        fs::create_dir_all(self.directory).with_context(|| format!("cannot create {directory}"))?;
        let _lock = lock(self.directory)?;
        let outputs = outputs::names(&self.archive.names, self.ending);
        let manifest = Manifest::open(self.directory, self.resume, &outputs, self.stop.clone())?;
        self.spare_others(&manifest, &outputs)?;
        let resume = Resume::new(self.archive, self.directory);
        let maker = if self.goes_on { Maker::of(&self.options) } else { None };
        let maker = maker.as_ref();
        let rings = Rings::new(&manifest, self.directory, &self.options, maker, &outputs);
        let forecast = if manifest.is_empty() { self.forecast() } else { None };
        let manifest = Mutex::new(manifest);
        let mut walk = Walk::new(Shared { batch: self, maker, manifest: &manifest }, &outputs);
        let abreast = forecast.map_or(Ok(()), |forecast| walk.go_abreast(&forecast, write));
        let result = abreast.and_then(|()| walk.go_in_turn(&resume, &rings, write));
        let Progress { outputs: made, is_damaged, totals } = walk.progress;
        run::note(&totals);
        let is_stopped = self.stop.requested();
        let mut manifest = manifest.into_inner().unwrap_or_else(PoisonError::into_inner);
        let result = result.and_then(|()| match is_stopped {
            true => Ok(()),
            false => manifest.prune(&made, &outputs, &self.options, |input| resume.is_there(input)),
        });
        // Also after an error: what was completed before stays valid.
        let written = manifest.write();
        let end = match is_damaged {
            _ if is_stopped => End::Stopped,
            true => End::Damaged,
            false => End::Complete,
        };
        Ok(Made { end: result.and(written).map(|()| end), totals })
    }

    /// Makes sure that no output of another command is replaced by one of the same name: who goes on wants to keep what is
    /// there.
    fn spare_others(&self, manifest: &Manifest, outputs: &[String]) -> Result<(), Usage> {
        for output in outputs {
            if let Some(other) = manifest.get(output).and_then(|entry| entry.command.as_ref())
                && other != self.command
            {
                let path = self.directory.join(output);
                return Err(Usage(format!(
                    "{}: was made by {other}; expected another directory for --resume with {}",
                    path.display(),
                    self.command
                )));
            }
        }
        Ok(())
    }

    /// Which series to read side by side; none if one should come after the other.
    fn forecast(&self) -> Option<Forecast<'_>> {
        if self.jobs == 1 || self.archive.is_live() {
            return None;
        }
        let forecast = Forecast::new(self.archive);
        let (all, most) = forecast.octets();
        // Several threads read a series alone half as fast again as one.
        (forecast.len() > 1 && 2 * all >= 3 * most).then_some(forecast)
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
