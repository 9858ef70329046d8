//! The commands. Those that read captures are each a [`Consumer`](crate::follow::Consumer) of a run.

mod annotate;
mod connections;
mod explain;
mod packets;
mod page;
mod selection;
mod stats;
mod strip;
mod watch;
mod wireshark;

use std::collections::HashSet;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use fourwave_annotate::{Fields, Lang};

use crate::archive::Archive;
use crate::args::{BatchArgs, EngineArgs, FilterArgs, Format, Inputs, ResultArgs, Series, When, file_of};
use crate::batch::{self, Batch, Means};
use crate::output::{self, Output, Printer, Styles, Surroundings, Table};
use crate::progress::{Form, Progress};
use crate::report;
use crate::run::{Checksums, End, Made, Outcome, Reading, Run};
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::summary::Summary;
use crate::usage::Usage;

pub use annotate::annotate;
pub use connections::connections;
pub use explain::explain;
pub use page::report;
pub use stats::stats;
pub use wireshark::wireshark;

/// What a command that prints records sets up from its arguments.
struct Session<'a> {
    archive: Archive,
    engine: &'a EngineArgs,
    checksums: Checksums,
    jobs: usize,
    /// The file to write to, if it is one.
    path: Option<&'a Path>,
    batch: Option<&'a BatchArgs>,
    format: Format,
    styles: Styles,
    fields: Fields,
    lang: Lang,
    stop: &'a Stop,
    /// When the run began.
    began: Instant,
    /// The file to write a summary to, if it is wanted.
    summary: Option<&'a Path>,
    progress: When,
    /// Records go to a terminal as they come.
    on_terminal: bool,
}

impl<'a> Session<'a> {
    /// Finds the inputs, before an output is made that would be found.
    fn new(
        inputs: &'a Inputs,
        engine: &'a EngineArgs,
        format: Option<Format>,
        result: &'a ResultArgs,
        batch: Option<&'a BatchArgs>,
        fields: Fields,
        stop: &'a Stop,
    ) -> anyhow::Result<Self> {
        let began = Instant::now();
        let ResultArgs { output, summary, progress, language } = result;
        let path = output.as_deref().and_then(file_of);
        let batch_directory = batch.and_then(|batch| batch.output_dir.as_deref());
        let directory = batch_directory.or_else(|| path.filter(|path| path.is_dir()));
        if let Some(directory) = directory
            && inputs.inputs.iter().any(|input| is_same_directory(input, directory))
        {
            let message =
                format!("{}: expected another directory for outputs than for inputs", directory.display());
            return Err(Usage(message).into());
        }
        let summary = summary.as_deref();
        let files: Vec<_> = path.into_iter().chain(summary.and_then(file_of)).collect();
        let except: Vec<_> = directory.into_iter().chain(files.iter().copied()).collect();
        let archive = Archive::find(&inputs.inputs, engine.series, &except, stop);
        spare_inputs(&archive, &files)?;
        let on_terminal = path.is_none() && directory.is_none() && io::stdout().is_terminal();
        let format = format.unwrap_or(if on_terminal { Format::Text } else { Format::Jsonl });
        let styles = match format {
            Format::Text => Styles::OnTerminal,
            Format::Jsonl | Format::Csv => Styles::Untouched,
            #[cfg(feature = "parquet")]
            Format::Parquet if on_terminal => return Err(not_for_a_terminal("Parquet").into()),
            #[cfg(feature = "parquet")]
            Format::Parquet => Styles::Untouched,
            Format::Pcapng if on_terminal => return Err(not_for_a_terminal("pcapng").into()),
            Format::Pcapng => Styles::Untouched,
        };
        let (checksums, lang) = (engine.checksums(), language.language());
        Ok(Self {
            archive,
            engine,
            checksums,
            jobs: inputs.jobs,
            path,
            batch,
            format,
            styles,
            fields,
            lang,
            stop,
            began,
            summary,
            progress: *progress,
            on_terminal,
        })
    }

    /// Lets `print` print what it reads, and says what the run came to. `options` says in any words what `print` of
    /// this command has been asked for. It `goes_on` where another ended if it remembers nothing once all is printed.
    fn print(
        &self,
        command: &'static str,
        options: &dyn fmt::Debug,
        goes_on: bool,
        print: impl Fn(&Output, Reading<'_, '_, '_>) -> anyhow::Result<Outcome> + Sync,
    ) -> anyhow::Result<End> {
        if self.format == Format::Pcapng {
            return Err(Usage(format!("{command} makes records, which --format pcapng does not hold")).into());
        }
        self.sum_up(command, |progress| self.print_outputs(command, options, goes_on, progress, print))
    }

    /// Says what `work` came to.
    fn sum_up(
        &self,
        command: &'static str,
        work: impl FnOnce(&Progress) -> anyhow::Result<Made>,
    ) -> anyhow::Result<End> {
        // Before hours of work: it may turn out that it cannot be written.
        let open = |path| Output::open(file_of(path), Styles::Untouched, self.stop.clone());
        let file = self.summary.map(open).transpose()?;
        let progress = Progress::start(self.form(), self.archive.goal());
        let Made { end: ended, totals } = work(&progress)?;
        progress.end();
        // What lacks a part of its output is not complete, even if all was read.
        let end = *ended.as_ref().unwrap_or(&End::Stopped);
        let (files, checksums) = (self.archive.len(), self.checksums);
        let (octets, elapsed) = (progress.meter().octets(), self.began.elapsed());
        let summary = Summary { command, end, files, totals, checksums, octets, elapsed };
        let written = match file {
            Some(file) => {
                file.write(&summary.json()?);
                file.finish()
            }
            None => {
                // People see why there is no more; a closed pipe ends quietly.
                if ended.is_ok() && self.wants_summary() {
                    report::summary(&summary);
                }
                Ok(())
            }
        };
        ended.and_then(|end| written.map(|()| end))
    }

    /// Prints all into one output, or each series into one of its own.
    fn print_outputs(
        &self,
        command: &'static str,
        options: &dyn fmt::Debug,
        goes_on: bool,
        progress: &Progress,
        print: impl Fn(&Output, Reading<'_, '_, '_>) -> anyhow::Result<Outcome> + Sync,
    ) -> anyhow::Result<Made> {
        let batch = self.batch.and_then(|batch| Some((batch.output_dir.as_deref()?, batch.resume)));
        let Some((directory, resume)) = batch else {
            let output = Output::open(self.path, self.styles, self.stop.clone())?;
            let outcome = print(&output, Reading::All(self.run(&output, progress)))?;
            let finished = output.finish();
            return Ok(self.made(finished, outcome));
        };
        let Self { archive, engine, stop, styles, .. } = self;
        let version = env!("CARGO_PKG_VERSION");
        let options = format!(
            "{version} {command} {options:?} {:?} {:?} {:?} {engine:?}",
            self.format, self.fields, self.lang
        );
        let ending = self.format.ending();
        spare_inputs_in(directory, archive, &batch::output_names(&archive.names, ending))?;
        let (styles, meter) = (*styles, progress.meter());
        let goes_on = goes_on && self.format.goes_on() && engine.series == Series::Auto;
        let jobs = self.jobs;
        let batch = Batch {
            archive,
            engine,
            directory,
            resume,
            command,
            options,
            goes_on,
            ending,
            styles,
            stop,
            meter,
            jobs,
        };
        batch.run(&|output: &Output, stretch: Stretch<'_, '_>, Means { jobs, meter }: Means<'_>| {
            let run = Run { jobs, meter, ..self.run(output, progress) };
            print(output, Reading::Series(run, Box::new(stretch)))
        })
    }

    /// What was made of the only output, now that it is `finished`.
    fn made(&self, finished: anyhow::Result<()>, outcome: Outcome) -> Made {
        if let (Ok(()), Some(path)) = (&finished, self.path) {
            outcome.note_interrupt(path);
        }
        Made { end: finished.map(|()| outcome.end), totals: outcome.totals }
    }

    /// What records need, where files have the numbers that they have in `files`.
    fn surroundings(&self, files: Arc<[String]>) -> Surroundings {
        Surroundings { files, fields: self.fields, lang: self.lang }
    }

    fn printer(&self, table: Table, output: &Output, files: Arc<[String]>) -> anyhow::Result<Printer> {
        let surroundings = self.surroundings(files);
        let format = output::format(self.format, table, surroundings.context())?;
        Ok(Printer::new(format, surroundings, output.clone()))
    }

    /// The same, which writes in a thread of its own where that helps.
    fn printer_apart(
        &self,
        table: Table,
        output: &Output,
        reading: &Reading<'_, '_, '_>,
    ) -> anyhow::Result<Printer> {
        let printer = self.printer(table, output, reading.names())?;
        // People read records and messages side by side, so both are written in their order.
        let apart = reading.jobs() > 1 && self.format != Format::Text && !self.archive.is_live();
        Ok(if apart { printer.apart() } else { printer })
    }

    fn run<'r>(&'r self, output: &'r Output, progress: &'r Progress) -> Run<'r> {
        let directory = self.batch.and_then(|batch| batch.output_dir.as_ref());
        Run {
            archive: &self.archive,
            engine: self.engine,
            checksums: self.checksums,
            jobs: self.jobs,
            output,
            stop: self.stop,
            progress,
            meter: progress.meter(),
            counts_endings: self.summary.is_some() || self.wants_summary() || directory.is_some(),
        }
    }

    /// How progress is shown.
    fn form(&self) -> Form {
        // A bar would be torn by records.
        let has_place = io::stderr().is_terminal() && !self.on_terminal;
        match self.progress {
            When::Auto | When::Always if has_place => Form::Bar,
            When::Always => Form::Lines,
            When::Auto | When::Never => Form::Hidden,
        }
    }

    /// Whether people see a summary.
    fn wants_summary(&self) -> bool {
        match self.progress {
            When::Auto => io::stderr().is_terminal(),
            When::Always => true,
            When::Never => false,
        }
    }
}

impl Format {
    /// The ending of the names of its files.
    const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::Pcapng => "pcapng",
        }
    }

    /// Whether what comes next depends on no record before.
    const fn goes_on(self) -> bool {
        match self {
            Self::Jsonl | Self::Csv => true,
            Self::Text | Self::Pcapng => false,
            #[cfg(feature = "parquet")]
            Self::Parquet => false,
        }
    }
}

fn not_for_a_terminal(format: &str) -> Usage {
    Usage(format!("{format} is not for a terminal; expected -o FILE, or a pipe"))
}

/// Makes sure that the time to keep has not ended before it begins: the earliest of its beginnings and the latest of its
/// ends count, as the same option again means or.
fn check_time(filter: &FilterArgs) -> Result<(), Usage> {
    if let (Some(from), Some(to)) = (filter.from.iter().min(), filter.to.iter().max())
        && from > to
    {
        return Err(Usage(format!("--from {from} is later than --to {to}; expected an earlier time")));
    }
    Ok(())
}

/// Makes sure that no file to write to is an input, or is to be written twice.
fn spare_inputs(archive: &Archive, outputs: &[&Path]) -> Result<(), Usage> {
    if let Some(input) = archive.input_among(outputs.iter().filter(|path| path.is_file())) {
        let message = format!("{}: is an input; expected another file to write to", input.display());
        return Err(Usage(message));
    }
    let mut seen = HashSet::new();
    match outputs.iter().find(|path| !seen.insert(**path)) {
        Some(twice) => Err(Usage(format!("{}: expected another file for each output", twice.display()))),
        None => Ok(()),
    }
}

/// Makes sure that none of the outputs called `names` in `directory` takes the place of something that is still to be
/// read.
fn spare_inputs_in(directory: &Path, archive: &Archive, names: &[String]) -> Result<(), Usage> {
    match archive.input_among(names.iter().map(|name| directory.join(name))) {
        Some(path) => Err(Usage(format!("{}: is an input; expected another directory", path.display()))),
        None => Ok(()),
    }
}

fn is_same_directory(one: &Path, other: &Path) -> bool {
    one.is_dir()
        && one.canonicalize().ok().is_some_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
