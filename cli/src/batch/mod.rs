//! Batch runs: an output a series in a directory, with a manifest by which a later run does only what is new or
//! changed.
//!
//! | file | what it knows |
//! |---|---|
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

mod checkpoint;
mod entry;
mod keeper;
mod manifest;
mod outputs;
mod resume;
mod ring;

use std::fs::{self, File, TryLockError};
use std::path::Path;

use anyhow::{Context, bail};

use crate::archive::{Archive, Content, Order};
use crate::args::EngineArgs;
use crate::output::{Output, Styles};
use crate::progress::Meter;
use crate::report;
use crate::run::{self, End, Outcome};
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::totals::Totals;
use checkpoint::Maker;
use entry::{Counts, Entry, InputEntry, Read};
use keeper::Keeper;
use manifest::Manifest;
use resume::{Found, Resume};
use ring::{Older, Rings};

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
}

/// What a batch came to.
#[derive(Default)]
struct Progress {
    /// The outputs of the series so far.
    outputs: Vec<String>,
    is_damaged: bool,
    totals: Totals,
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
struct Begun<'s, 'o> {
    output: Output,
    /// What is in it.
    before: Read,
    /// What is left to read.
    stretch: Stretch<'s, 'o>,
}

impl Batch<'_> {
    /// Makes an output of each series that has no valid one: `write` writes a series, or what is left of it.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn run(
        &self,
        write: impl Fn(&Output, Stretch<'_, '_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<(End, Totals)> {
        let directory = self.directory.display();
        fs::create_dir_all(self.directory).with_context(|| format!("cannot create {directory}"))?;
        let _lock = lock(self.directory)?;
        let mut manifest = Manifest::open(self.directory, self.resume, self.stop.clone())?;
        manifest.sweep().with_context(|| format!("cannot clear {directory}"))?;
        let outputs = outputs::names(&self.archive.names, self.ending);
        let mut progress = Progress { is_damaged: self.archive.incomplete, ..Progress::default() };
        let resume = Resume::new(self.archive, self.directory);
        let result = self.all(&resume, &outputs, &mut manifest, &mut progress, write);
        run::note(&progress.totals, self.engine);
        let is_stopped = self.stop.requested();
        if result.is_ok() && !is_stopped {
            manifest.prune(&progress.outputs, &outputs, |input| resume.is_there(input))?;
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

    fn all(
        &self,
        resume: &Resume<'_>,
        outputs: &[String],
        manifest: &mut Manifest,
        progress: &mut Progress,
        write: impl Fn(&Output, Stretch<'_, '_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<()> {
        let maker = if self.goes_on { Maker::of(&self.options) } else { None };
        let rings = Rings::new(manifest, self.directory, &self.options, maker.as_ref(), outputs);
        let mut order = Order::new(self.archive);
        while !self.stop.requested()
            && let Some(first) = order.begin()
        {
            let maker = maker.as_ref();
            let mut series = Older { name: outputs[first].clone(), gone: 0 };
            let mut known = self.known(resume, &series, first, maker, manifest, &mut order)?;
            if matches!(known, Known::Nothing)
                && let Some(older) = rings.older(resume, &self.archive.names[first])
            {
                known = self.known(resume, &older, first, maker, manifest, &mut order)?;
                if !matches!(known, Known::Nothing) {
                    series = older;
                }
            }
            let name = series.name;
            progress.outputs.push(name.clone());
            let found = match known {
                Known::All(inputs) => {
                    self.keep(&inputs, progress);
                    progress.totals.series_kept += 1;
                    continue;
                }
                Known::Part(found) => Some(*found),
                Known::Nothing => {
                    manifest.forget(&name)?;
                    None
                }
            };
            let stretch = Stretch::from_start(self.archive, self.engine, first, &mut order);
            let begun = self.begin(&name, found, stretch, progress)?;
            match self.make(&name, begun, maker, manifest, progress, &write) {
                Ok(None) => {}
                Ok(Some(entry)) => manifest.put(&name, entry)?,
                // The outputs of other series may have room.
                Err(error) => {
                    report::error(&format_args!("{error:#}"));
                    progress.is_damaged = true;
                }
            }
        }
        Ok(())
    }

    /// What is known of the series that begins with `first`, if it is that of `older`.
    fn known(
        &self,
        resume: &Resume<'_>,
        older: &Older,
        first: usize,
        maker: Option<&Maker>,
        manifest: &mut Manifest,
        order: &mut Order<'_>,
    ) -> anyhow::Result<Known> {
        if let Some(entry) = manifest.get(&older.name)
            && entry.options == self.options
            && entry.has_output(self.directory, &older.name)
            && let Some(inputs) = entry.inputs.get(older.gone..)
            && resume.is_all_of(inputs, first, order)
        {
            return Ok(Known::All(inputs.to_vec()));
        }
        let found = maker.map(|maker| resume.find(manifest, maker, older, first, order));
        Ok(found.transpose()?.flatten().map_or(Known::Nothing, |found| Known::Part(Box::new(found))))
    }

    /// Leaves what was made of `inputs` as it is, and says again what was wrong with them.
    fn keep(&self, inputs: &[InputEntry], progress: &mut Progress) {
        for input in inputs {
            if let Some(problem) = &input.problem {
                problem.report();
                progress.is_damaged |= problem.is_damage();
            }
            progress.totals.files.kept += 1;
            self.meter.add_file();
            self.meter.pass_over(input.identity.as_ref().map_or(0, |identity| identity.content.size));
        }
    }

    /// The output of a series, what was read for it before, and what is left to read. An output that cannot be begun ends
    /// the run: nothing would be read of its series, and so nobody know where the next one begins.
    ///
    /// # Errors
    /// When there is no place for the output.
    fn begin<'s, 'o>(
        &self,
        name: &str,
        found: Option<Found>,
        stretch: Stretch<'s, 'o>,
        progress: &mut Progress,
    ) -> anyhow::Result<Begun<'s, 'o>> {
        let Some(found) = found else {
            let output = Output::replacing(&self.directory.join(name), self.styles, Stop::default())?;
            return Ok(Begun { output, before: Read::default(), stretch });
        };
        let Found { read, gone, output, next, read_to, dissector, engine, numbers } = found;
        self.keep(read.inputs.get(gone..).unwrap_or_default(), progress);
        let (is_begun, engine) = (!read.inputs.is_empty(), Some(engine));
        let stretch = Stretch { next, read_to, is_begun, dissector, engine, numbers, ..stretch };
        Ok(Begun { output, before: read, stretch })
    }

    /// Completes an output. It has no entry if the run is stopped before. If it cannot be written, its series is read all
    /// the same: so it is known where the next one begins.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn make<'o>(
        &'o self,
        name: &'o str,
        Begun { output, before, stretch }: Begun<'_, 'o>,
        maker: Option<&'o Maker>,
        manifest: &mut Manifest,
        progress: &mut Progress,
        write: impl Fn(&Output, Stretch<'_, '_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<Option<Entry>> {
        let (path, names) = (self.directory.join(name), &self.archive.names);
        let outcome = match maker {
            Some(maker) => {
                let read = before.clone();
                let mut keeper =
                    Keeper::new(manifest, maker, self.directory, (name, &output), self.archive, read);
                write(&output, Stretch { keeper: Some(&mut keeper), ..stretch })?
            }
            None => write(&output, stretch)?,
        };
        let Outcome { end, totals, files } = outcome;
        progress.is_damaged |= end == End::Damaged;
        let counts = before.counts.plus(&Counts::new(&totals.tally, totals.endings.connections));
        progress.totals.merge(totals);
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
        let read = files.iter().map(|file| InputEntry::new(names, file));
        let inputs = before.inputs.into_iter().chain(read).collect();
        let (options, goes_on) = (self.options.clone(), maker.is_some());
        Ok(Some(Entry { options, inputs, output: content, counts, goes_on }))
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
