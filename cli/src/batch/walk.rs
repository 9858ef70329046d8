//! The walk through all series: what is known of each, what is to be made of it, and what was.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use super::checkpoint::Maker;
use super::entry::{Counts, Entry, InputEntry, Read};
use super::keeper::Keeper;
use super::manifest::Manifest;
use super::resume::{Found, Resume};
use super::ring::{Older, Rings};
use super::{Batch, Means, Write};
use crate::archive::{Content, Order};
use crate::output::Output;
use crate::report;
use crate::run::{End, Outcome};
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::totals::Totals;

/// Where the walk is.
pub struct Walk<'w, 'a> {
    pub shared: Shared<'w, 'a>,
    /// What the output of a series is called that begins with the input at each place.
    pub outputs: &'w [String],
    /// Behind the last series that was settled.
    pub order: Order<'a>,
    pub progress: Progress,
}

/// What all have who write a series.
#[derive(Clone, Copy)]
pub struct Shared<'w, 'a> {
    pub batch: &'w Batch<'a>,
    pub maker: Option<&'w Maker>,
    pub manifest: &'w Mutex<Manifest>,
}

/// What a batch came to.
#[derive(Default)]
pub struct Progress {
    /// The outputs of the series so far.
    pub outputs: Vec<String>,
    pub is_damaged: bool,
    pub totals: Totals,
}

/// What is known of a series.
enum Known {
    /// All, and these inputs are kept.
    All(Vec<InputEntry>),
    /// What stands before a checkpoint.
    Part(Box<Found>),
    Nothing,
}

/// An output that is to be completed.
pub struct Begun<'o, 'a> {
    pub output: Output,
    /// What is in it.
    pub before: Read,
    /// What is left to read.
    pub stretch: Stretch<'a, 'o>,
}

/// What was written of a series.
pub struct Written {
    pub output: Output,
    /// What was in the output before.
    before: Read,
    pub outcome: anyhow::Result<Outcome>,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// Stands before the first series.
    pub fn new(shared: Shared<'w, 'a>, outputs: &'w [String]) -> Self {
        let archive = shared.batch.archive;
        let progress = Progress { is_damaged: archive.incomplete, ..Progress::default() };
        Self { shared, outputs, order: Order::new(archive), progress }
    }

    /// Makes what is left, one series after the other.
    ///
    /// # Errors
    /// When something cannot be written. An output that cannot be begun ends the run: nothing would be read of its series,
    /// and so nobody know where the next one begins.
    pub fn go_in_turn(
        &mut self,
        resume: &Resume<'_>,
        rings: &Rings,
        write: &impl Write,
    ) -> anyhow::Result<()> {
        let Batch { stop, jobs, meter, archive, engine, .. } = *self.shared.batch;
        while !stop.requested()
            && let Some(first) = self.order.begin()
        {
            let (name, known) = self.look_up(resume, rings, first)?;
            let begun = match known {
                Known::All(inputs) => {
                    self.keep(&inputs);
                    self.progress.totals.series_kept += 1;
                    self.progress.outputs.push(name);
                    continue;
                }
                Known::Part(found) => {
                    self.keep(found.read.inputs.get(found.gone..).unwrap_or_default());
                    found.begun(&mut self.order)
                }
                Known::Nothing => {
                    let output = self.shared.begin(&name)?;
                    let stretch = Stretch::from_start(archive, engine, first, &mut self.order);
                    Begun { output, before: Read::default(), stretch }
                }
            };
            let written = self.shared.write(&name, begun, Means { jobs, meter }, &|| true, write);
            self.take(name, written);
        }
        Ok(())
    }

    /// Takes what was written of a series.
    pub fn take(&mut self, name: String, written: Written) {
        match self.complete(&name, written) {
            Ok(None) => {}
            Ok(Some(entry)) => lock(self.shared.manifest).put(&name, entry),
            // The outputs of other series may have room.
            Err(error) => {
                report::error(&format_args!("{error:#}"));
                self.progress.is_damaged = true;
            }
        }
        self.progress.outputs.push(name);
    }

    /// What is known of the series that begins at the place `first`, and what it is called: perhaps it has lost its first files.
    fn look_up(
        &mut self,
        resume: &Resume<'_>,
        rings: &Rings,
        first: usize,
    ) -> anyhow::Result<(String, Known)> {
        let whole = Older { name: self.outputs[first].clone(), gone: 0 };
        let known = self.known(resume, &whole, first)?;
        if matches!(known, Known::Nothing)
            && let Some(older) = rings.older(resume, &self.shared.batch.archive.names[first])
        {
            let known = self.known(resume, &older, first)?;
            if !matches!(known, Known::Nothing) {
                return Ok((older.name, known));
            }
        }
        Ok((whole.name, known))
    }

    /// What is known of the series that begins with `first`, if it is that of `older`.
    fn known(&mut self, resume: &Resume<'_>, older: &Older, first: usize) -> anyhow::Result<Known> {
        let Batch { options, directory, .. } = self.shared.batch;
        let (mut manifest, order) = (lock(self.shared.manifest), &mut self.order);
        if let Some(entry) = manifest.get(&older.name)
            && entry.options == *options
            && entry.has_output(directory, &older.name)
            && let Some(inputs) = entry.inputs.get(older.gone..)
            && resume.is_all_of(inputs, first, order)
        {
            return Ok(Known::All(inputs.to_vec()));
        }
        let found = self.shared.maker.map(|maker| resume.find(&mut manifest, maker, older, first, order));
        Ok(found.transpose()?.flatten().map_or(Known::Nothing, |found| Known::Part(Box::new(found))))
    }

    /// Leaves what was made of `inputs` as it is, and says again what was wrong with them.
    fn keep(&mut self, inputs: &[InputEntry]) {
        let meter = self.shared.batch.meter;
        for input in inputs {
            if let Some(problem) = &input.problem {
                problem.report();
                self.progress.is_damaged |= problem.is_damage();
            }
            self.progress.totals.files.kept += 1;
            meter.add_file();
            meter.pass_over(input.identity.as_ref().map_or(0, |identity| identity.content.size));
        }
    }

    /// Completes an output. It has no entry if the run was stopped before. If it cannot be written, its series was read all
    /// the same: so it is known where the next one begins.
    fn complete(&mut self, name: &str, written: Written) -> anyhow::Result<Option<Entry>> {
        let Written { output, before, outcome } = written;
        let Outcome { end, totals, files, .. } = outcome?;
        let Batch { archive, directory, command, options, .. } = self.shared.batch;
        self.progress.is_damaged |= end == End::Damaged;
        let counts = before.counts.plus(&Counts::new(&totals.tally, totals.endings.connections));
        self.progress.totals.merge(totals);
        let path = directory.join(name);
        let content = match end {
            End::Stopped => return output.abandon().map(|()| None),
            End::Damaged if counts.packets == 0 => {
                output.abandon()?;
                None
            }
            End::Damaged | End::Complete => {
                output.finish()?;
                Some(Content::of(&path).with_context(|| format!("cannot read {}", path.display()))?)
            }
        };
        let read = files.iter().map(|file| InputEntry::new(&archive.names, file));
        let inputs = before.inputs.into_iter().chain(read).collect();
        let (command, options) = (Some((*command).to_owned()), options.clone());
        let goes_on = self.shared.maker.is_some();
        Ok(Some(Entry { command, options, inputs, output: content, counts, goes_on }))
    }
}

impl Shared<'_, '_> {
    /// Begins an output from its start.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn begin(&self, name: &str) -> anyhow::Result<Output> {
        lock(self.manifest).forget(name)?;
        Output::replacing(&self.batch.directory.join(name), self.batch.styles, Stop::default())
    }

    /// Writes a series, or what is left of it. Nobody else sees its checkpoints before it `is_certain` that there is such a
    /// series.
    pub fn write(
        &self,
        name: &str,
        begun: Begun<'_, '_>,
        means: Means<'_>,
        is_certain: &(dyn Fn() -> bool + Sync),
        write: &impl Write,
    ) -> Written {
        let Self { batch, maker, manifest } = *self;
        let Begun { output, before, stretch } = begun;
        let outcome = match maker {
            Some(maker) => {
                let (named, read) = ((name, &output), before.clone());
                let mut keeper = Keeper::new(manifest, maker, batch.directory, named, batch.archive, read)
                    .once_certain(is_certain);
                write(&output, Stretch { keeper: Some(&mut keeper), ..stretch }, means)
            }
            None => write(&output, stretch, means),
        };
        Written { output, before, outcome }
    }
}

impl Found {
    /// The output to go on with, and what is left to read.
    fn begun<'o, 'a>(self, order: &'o mut Order<'a>) -> Begun<'o, 'a> {
        let Self { read, output, next, read_to, dissector, engine, numbers, .. } = self;
        let (is_begun, engine, keeper) = (!read.inputs.is_empty(), Some(engine), None);
        let stretch = Stretch { next, read_to, order, is_begun, dissector, engine, numbers, keeper };
        Begun { output, before: read, stretch }
    }
}

impl Written {
    /// Whether its reading was ended by a stop.
    pub fn is_stopped(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|outcome| outcome.end == End::Stopped)
    }
}

/// The manifest, for one at a time.
pub fn lock(manifest: &Mutex<Manifest>) -> MutexGuard<'_, Manifest> {
    // Nobody panics while it is locked; if someone did, what was noted stands.
    manifest.lock().unwrap_or_else(PoisonError::into_inner)
}
