//! The commands. Those that read captures are each a [`Consumer`](crate::run::Consumer) of a run.

mod annotate;
mod connections;
mod explain;
mod selection;
mod stats;
mod wireshark;

use std::fmt;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use fourwave_annotate::{Context, Fields, Lang};

use crate::archive::Archive;
use crate::args::{EngineArgs, Format, OutputArgs};
use crate::output::{self, Output, Printer, Styles, Table};
use crate::run::{Checksums, Run};
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
    output: Output,
    format: Format,
    fields: Fields,
    lang: Lang,
    stop: &'a Stop,
}

impl<'a> Session<'a> {
    fn new(
        inputs: &[PathBuf],
        engine: &'a EngineArgs,
        args: &OutputArgs,
        fields: Fields,
        stop: &'a Stop,
    ) -> anyhow::Result<Self> {
        // Before the output makes a file that would be found.
        let archive = Archive::find(inputs, engine.series);
        let format = args.format.unwrap_or_else(|| {
            let for_people = args.output.is_none() && io::stdout().is_terminal();
            if for_people { Format::Text } else { Format::Jsonl }
        });
        let styles = match format {
            Format::Text => Styles::OnTerminal,
            Format::Jsonl | Format::Csv => Styles::Untouched,
        };
        let output = Output::open(args.output.as_deref(), styles, stop.clone())?;
        let (checksums, lang) = (engine.checksums(), args.language.language());
        Ok(Self { archive, engine, checksums, output, format, fields, lang, stop })
    }

    fn printer(&self, table: Table) -> Printer<'_> {
        let context = Context { files: &self.archive.names, fields: self.fields, lang: self.lang };
        Printer::new(output::format(self.format, table, context), context, self.output.clone())
    }

    fn run(&self) -> Run<'_> {
        Run {
            archive: &self.archive,
            engine: self.engine,
            checksums: self.checksums,
            output: &self.output,
            stop: self.stop,
        }
    }
}
