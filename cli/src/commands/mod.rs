//! The commands. Those that read captures are each a [`Consumer`](crate::run::Consumer) of a run.

mod annotate;
mod connections;
mod explain;
mod selection;
mod stats;
mod wireshark;

use std::fmt;
use std::io::{self, IsTerminal};
use std::path::Path;

use fourwave_annotate::{Fields, Lang};

use crate::archive::Archive;
use crate::args::{BatchArgs, EngineArgs, Format, Inputs, OutputArgs};
use crate::batch::Batch;
use crate::output::{self, Output, Printer, Styles, Surroundings, Table};
use crate::run::{Checksums, End, Outcome, Reading, Run};
use crate::stop::Stop;

pub use annotate::annotate;
pub use connections::connections;
pub use explain::explain;
pub use stats::stats;
pub use wireshark::wireshark;

/// An argument that turned out to be wrong when the input was read.
#[derive(Debug)]
pub struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

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
}

impl<'a> Session<'a> {
    /// Finds the inputs, before an output is made that would be found.
    fn new(
        inputs: &'a Inputs,
        engine: &'a EngineArgs,
        args: &'a OutputArgs,
        batch: Option<&'a BatchArgs>,
        fields: Fields,
        stop: &'a Stop,
    ) -> anyhow::Result<Self> {
        let path = args.output.as_deref();
        let directory = batch.and_then(|batch| batch.output_dir.as_deref());
        if let Some(directory) = directory
            && inputs.inputs.iter().any(|input| is_same_directory(input, directory))
        {
            let message =
                format!("{}: expected another directory for outputs than for inputs", directory.display());
            return Err(Usage(message).into());
        }
        let archive = Archive::find(&inputs.inputs, engine.series, directory, stop);
        let on_terminal = path.is_none() && directory.is_none() && io::stdout().is_terminal();
        let format = args.format.unwrap_or(if on_terminal { Format::Text } else { Format::Jsonl });
        let styles = match format {
            Format::Text => Styles::OnTerminal,
            Format::Jsonl | Format::Csv => Styles::Untouched,
            #[cfg(feature = "parquet")]
            Format::Parquet if on_terminal => {
                return Err(Usage("Parquet is not for a terminal; expected -o FILE, or a pipe".into()).into());
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => Styles::Untouched,
        };
        let (checksums, lang) = (engine.checksums(), args.language.language());
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
        })
    }

    /// Lets `print` print what it reads: all into one output, or each series into one of its own. `options` says in any
    /// words what `print` has been asked for.
    fn print(
        &self,
        options: &dyn fmt::Debug,
        print: impl Fn(&Output, Reading<'_, '_>) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<End> {
        let batch = self.batch.and_then(|batch| Some((batch.output_dir.as_deref()?, batch.resume)));
        let Some((directory, resume)) = batch else {
            let output = Output::open(self.path, self.styles, self.stop.clone())?;
            let outcome = print(&output, Reading::All(self.run(&output)))?;
            output.finish()?;
            return Ok(outcome.end);
        };
        let Self { archive, engine, stop, styles, .. } = self;
        let version = env!("CARGO_PKG_VERSION");
        let options =
            format!("{version} {options:?} {:?} {:?} {:?} {engine:?}", self.format, self.fields, self.lang);
        let ending = self.format.ending();
        let batch = Batch { archive, engine, directory, resume, options, ending, styles: *styles, stop };
        batch.run(|output, first, order| print(output, Reading::Series(self.run(output), first, order)))
    }

    fn printer(&self, table: Table, output: &Output) -> anyhow::Result<Printer> {
        let files = self.archive.names.clone();
        let surroundings = Surroundings { files, fields: self.fields, lang: self.lang };
        let format = output::format(self.format, table, surroundings.context())?;
        Ok(Printer::new(format, surroundings, output.clone()))
    }

    /// The same, which writes in a thread of its own where that helps.
    fn printer_apart(&self, table: Table, output: &Output) -> anyhow::Result<Printer> {
        let printer = self.printer(table, output)?;
        // People read records and messages side by side, so both are written in their order.
        let apart = self.jobs > 1 && self.format != Format::Text && !self.archive.is_live();
        Ok(if apart { printer.apart() } else { printer })
    }

    fn run<'r>(&'r self, output: &'r Output) -> Run<'r> {
        Run {
            archive: &self.archive,
            engine: self.engine,
            checksums: self.checksums,
            jobs: self.jobs,
            output,
            stop: self.stop,
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
        }
    }
}

fn is_same_directory(one: &Path, other: &Path) -> bool {
    one.is_dir()
        && one.canonicalize().ok().is_some_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
