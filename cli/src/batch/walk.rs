//! The walk through all series: what is known of each, what is to be made of it, and what was.
//!
//! Series are begun and settled in their order. Meanwhile each is read, several of them side by side where a [`Forecast`] can
//! tell them apart; where it was mistaken, what was made of later ones does not count, and there is a better one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use super::abreast::{self, Begun, Row};
use super::checkpoint::Maker;
use super::entry::{Counts, Entry, InputEntry, Read};
use super::keeper::Keeper;
use super::manifest::Manifest;
use super::resume::{Found, Resume};
use super::ring::{Older, Rings};
use super::{Batch, Write};
use crate::archive::{Content, Forecast, Order};
use crate::output::Output;
use crate::report::{self, Held};
use crate::run::{End, Outcome};
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::totals::Totals;

/// Where the walk is.
pub struct Walk<'w, 'a> {
    shared: Shared<'w, 'a>,
    /// What the output of a series is called that begins with the input at each place.
    outputs: &'w [String],
    resume: &'w Resume<'a>,
    rings: &'w Rings,
    progress: Progress,
    /// Behind the last series that was settled; none while somebody walks on with it.
    order: Option<Order<'a>>,
    abreast: Option<Abreast<'a>>,
    /// How far files go that were read in vain.
    ends: BTreeMap<usize, Option<i64>>,
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
    /// Why it ended early, if that was no wish.
    pub error: Option<anyhow::Error>,
}

/// Series that are read side by side.
struct Abreast<'a> {
    forecast: Forecast<'a>,
    /// So many were begun.
    begun: usize,
    /// One of them does not go as forecast.
    is_mistaken: bool,
}

/// What is known of a series.
enum Known {
    /// All, and these inputs are kept.
    All(Vec<InputEntry>),
    /// What stands before a checkpoint.
    Part(Box<Found>),
    Nothing,
}

/// A series that is to be written.
pub struct Task<'a> {
    name: String,
    start: Start,
    order: Order<'a>,
}

/// Where writing it begins.
enum Start {
    /// With the file at a place.
    First(usize, Output),
    /// Behind a checkpoint.
    Found(Box<Found>),
}

/// What a series came to.
pub struct Done<'a> {
    order: Order<'a>,
    came: Came,
    /// What was to be said meanwhile.
    held: Held,
}

enum Came {
    /// The output of an earlier run stays, which was made of these.
    Kept(String, Vec<InputEntry>),
    Written(Box<Written>),
    /// Nothing, as it is not the series that was forecast.
    Nothing,
}

/// What was written of a series.
struct Written {
    name: String,
    output: Output,
    /// What was in the output before.
    before: Read,
    /// Of that, the inputs that are still there.
    kept: Vec<InputEntry>,
    outcome: anyhow::Result<Outcome>,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// Stands before the first series.
    pub fn new(
        shared: Shared<'w, 'a>,
        outputs: &'w [String],
        resume: &'w Resume<'a>,
        rings: &'w Rings,
    ) -> Self {
        let archive = shared.batch.archive;
        let progress = Progress { is_damaged: archive.incomplete, ..Progress::default() };
        let order = Some(Order::new(archive));
        Self { shared, outputs, resume, rings, progress, order, abreast: None, ends: BTreeMap::new() }
    }

    /// Goes through all series.
    pub fn all(mut self, write: &impl Write) -> Progress {
        let (shared, jobs) = (self.shared, self.shared.batch.jobs);
        loop {
            self.abreast = self.forecast();
            match &self.abreast {
                Some(Abreast { forecast, .. }) => {
                    let at_once = jobs.min(forecast.len());
                    abreast::work(&mut self, at_once, |task| {
                        let (done, held) = Held::during(|| shared.write(task, 1, write));
                        Done { held, ..done }
                    });
                }
                None => abreast::work(&mut self, 1, |task| shared.write(task, jobs, write)),
            }
            if !self.abreast.as_ref().is_some_and(|abreast| abreast.is_mistaken) {
                return self.progress;
            }
        }
    }

    /// Which series to read side by side; none if one should come after the other.
    fn forecast(&self) -> Option<Abreast<'a>> {
        let archive = self.shared.batch.archive;
        if self.shared.batch.jobs == 1 || archive.is_live() {
            return None;
        }
        let forecast = Forecast::new(self.order.as_ref()?, &self.ends);
        let octets = |number| forecast.places(number).iter().map(|place| archive.octets(*place)).sum::<u64>();
        let octets = (0..forecast.len()).map(octets);
        let (all, most) = octets.fold((0, 0), |(all, most), octets| (all + octets, octets.max(most)));
        // Several threads read a series alone half as fast again as one.
        let is_worth_it = forecast.len() > 1 && 2 * all >= 3 * most;
        is_worth_it.then_some(Abreast { forecast, begun: 0, is_mistaken: false })
    }

    fn manifest(&self) -> MutexGuard<'w, Manifest> {
        lock(self.shared.manifest)
    }

    /// Begins the series at the place `first`.
    fn enter(&self, first: usize, mut order: Order<'a>) -> anyhow::Result<Begun<Task<'a>, Done<'a>>> {
        let (name, known) = self.look_up(first, &mut order)?;
        let held = Held::default();
        if order.is_mistaken() {
            return Ok(Begun::Done(Done { order, came: Came::Nothing, held }));
        }
        let start = match known {
            Known::All(inputs) => {
                return Ok(Begun::Done(Done { order, came: Came::Kept(name, inputs), held }));
            }
            Known::Part(found) => Start::Found(found),
            Known::Nothing => {
                self.manifest().forget(&name)?;
                let Batch { directory, styles, .. } = *self.shared.batch;
                Start::First(first, Output::replacing(&directory.join(&name), styles, Stop::default())?)
            }
        };
        Ok(Begun::Task(Task { name, start, order }))
    }

    /// What is known of the series that begins at the place `first`, and what it is called: perhaps it has lost its first files.
    fn look_up(&self, first: usize, order: &mut Order<'_>) -> anyhow::Result<(String, Known)> {
        let mut manifest = self.manifest();
        let whole = Older { name: self.outputs[first].clone(), gone: 0 };
        let known = self.known(&whole, first, &mut manifest, order)?;
        if matches!(known, Known::Nothing)
            && let Some(older) = self.rings.older(self.resume, &self.shared.batch.archive.names[first])
        {
            let known = self.known(&older, first, &mut manifest, order)?;
            if !matches!(known, Known::Nothing) {
                return Ok((older.name, known));
            }
        }
        Ok((whole.name, known))
    }

    /// What is known of the series that begins with `first`, if it is that of `older`.
    fn known(
        &self,
        older: &Older,
        first: usize,
        manifest: &mut Manifest,
        order: &mut Order<'_>,
    ) -> anyhow::Result<Known> {
        let Batch { options, directory, .. } = self.shared.batch;
        if let Some(entry) = manifest.get(&older.name)
            && entry.options == *options
            && entry.has_output(directory, &older.name)
            && let Some(inputs) = entry.inputs.get(older.gone..)
            && self.resume.is_all_of(inputs, first, order)
        {
            return Ok(Known::All(inputs.to_vec()));
        }
        let found = self.shared.maker.map(|maker| self.resume.find(manifest, maker, older, first, order));
        Ok(found.transpose()?.flatten().map_or(Known::Nothing, |found| Known::Part(Box::new(found))))
    }

    /// Notes what was made of a series.
    fn take(&mut self, came: Came) -> anyhow::Result<()> {
        let (name, made) = match came {
            Came::Kept(name, inputs) => {
                say(&inputs);
                self.shared.batch.pass_over(&inputs);
                self.count(&inputs);
                self.progress.totals.series_kept += 1;
                (name, None)
            }
            Came::Written(written) => {
                let Written { name, output, before, kept, outcome } = *written;
                self.count(&kept);
                let made = self.complete(&name, output, before, outcome);
                (name, Some(made))
            }
            Came::Nothing => return Ok(()),
        };
        self.progress.outputs.push(name.clone());
        match made {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(entry))) => self.manifest().put(&name, entry)?,
            // The outputs of other series may have room.
            Some(Err(error)) => {
                report::error(&format_args!("{error:#}"));
                self.progress.is_damaged = true;
            }
        }
        Ok(())
    }

    /// Counts inputs that need not be read again.
    fn count(&mut self, inputs: &[InputEntry]) {
        self.progress.totals.files.kept += inputs.len() as u64;
        let problems = inputs.iter().filter_map(|input| input.problem.as_ref());
        self.progress.is_damaged |= problems.into_iter().any(|problem| problem.is_damage());
    }

    /// Completes an output. It has no entry if the run was stopped before. If it cannot be written, its series was read all
    /// the same: so it is known where the next one begins.
    fn complete(
        &mut self,
        name: &str,
        output: Output,
        before: Read,
        outcome: anyhow::Result<Outcome>,
    ) -> anyhow::Result<Option<Entry>> {
        let Outcome { end, totals, files } = outcome?;
        self.progress.is_damaged |= end == End::Damaged;
        let counts = before.counts.plus(&Counts::new(&totals.tally, totals.endings.connections));
        self.progress.totals.merge(totals);
        let Batch { archive, directory, options, .. } = self.shared.batch;
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
        let (options, goes_on) = (options.clone(), self.shared.maker.is_some());
        Ok(Some(Entry { options, inputs, output: content, counts, goes_on }))
    }
}

impl<'a> Row for Walk<'_, 'a> {
    type Task = Task<'a>;
    type Done = Done<'a>;

    fn begin(&mut self) -> Option<Begun<Task<'a>, Done<'a>>> {
        if self.shared.batch.stop.requested() || self.progress.error.is_some() {
            return None;
        }
        let (first, order) = match &mut self.abreast {
            Some(Abreast { forecast, begun, .. }) => {
                let number = *begun;
                *begun += 1;
                (*forecast.places(number).first()?, forecast.order(number)?)
            }
            None => {
                let mut order = self.order.take()?;
                (order.begin()?, order)
            }
        };
        let entered = self.enter(first, order);
        entered.map_err(|error| self.progress.error = Some(error)).ok()
    }

    fn settle(&mut self, Done { order, came, held }: Done<'a>) -> ControlFlow<()> {
        let is_stopped = self.shared.batch.stop.requested();
        if let Some(abreast) = &mut self.abreast {
            // After a stop it only seems so: a file was not read to its end.
            if order.is_mistaken() && !is_stopped {
                abreast.is_mistaken = true;
                self.ends.extend(order.ends().iter().copied());
                return ControlFlow::Break(());
            }
            if let Some(walk) = &mut self.order {
                walk.pass(order.places());
            }
        } else {
            self.order = Some(order);
        }
        held.say();
        match self.take(came) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.progress.error.get_or_insert(error);
                ControlFlow::Break(())
            }
        }
    }

    /// There may be no such series.
    fn discard(&mut self, Done { order, came, .. }: Done<'a>) {
        self.ends.extend(order.ends().iter().copied());
        if let Came::Written(written) = came {
            let Written { name, output, .. } = *written;
            drop(output);
            if let Err(error) = self.manifest().forget(&name) {
                self.progress.error.get_or_insert(error);
            }
        }
    }
}

impl Shared<'_, '_> {
    /// Writes a series, or what is left of it, with so many threads.
    fn write<'a>(&self, task: Task<'a>, jobs: usize, write: &impl Write) -> Done<'a> {
        let Self { batch, maker, manifest } = *self;
        let Task { name, start, mut order } = task;
        let (output, before, kept, stretch) = match start {
            Start::First(first, output) => {
                let stretch = Stretch::from_start(batch.archive, batch.engine, first, &mut order);
                (output, Read::default(), Vec::new(), stretch)
            }
            Start::Found(found) => {
                let Found { read, gone, output, next, read_to, dissector, engine, numbers } = *found;
                let kept = read.inputs.get(gone..).unwrap_or_default().to_vec();
                let (is_begun, engine, keeper) = (!read.inputs.is_empty(), Some(engine), None);
                let order = &mut order;
                let stretch = Stretch { next, read_to, order, is_begun, dissector, engine, numbers, keeper };
                (output, read, kept, stretch)
            }
        };
        say(&kept);
        batch.pass_over(&kept);
        let outcome = match maker {
            Some(maker) => {
                let (named, read) = ((name.as_str(), &output), before.clone());
                let mut keeper = Keeper::new(manifest, maker, batch.directory, named, batch.archive, read);
                write(&output, Stretch { keeper: Some(&mut keeper), ..stretch }, jobs)
            }
            None => write(&output, stretch, jobs),
        };
        if outcome.as_ref().is_ok_and(|outcome| outcome.end != End::Stopped) {
            // Else all would wait for the disk when it is completed.
            let _ = output.lasting();
        }
        let came = Came::Written(Box::new(Written { name, output, before, kept, outcome }));
        Done { order, came, held: Held::default() }
    }
}

impl Batch<'_> {
    /// Counts inputs as passed over.
    fn pass_over(&self, inputs: &[InputEntry]) {
        for input in inputs {
            self.meter.add_file();
            self.meter.pass_over(input.identity.as_ref().map_or(0, |identity| identity.content.size));
        }
    }
}

/// Says again what was wrong with inputs.
fn say(inputs: &[InputEntry]) {
    inputs.iter().filter_map(|input| input.problem.as_ref()).for_each(|problem| problem.report());
}

/// The manifest, for one at a time.
pub fn lock(manifest: &Mutex<Manifest>) -> MutexGuard<'_, Manifest> {
    // Nobody panics while it is locked; if someone did, what was noted stands.
    manifest.lock().unwrap_or_else(PoisonError::into_inner)
}
