//! `connections`: a record a connection, as the engine hands them out, or as they end.

use fourwave_annotate::{Connection, Fields};

use super::selection::{Selection, Take};
use super::watch::Watch;
use super::{Session, Usage, check_time};
use crate::args::ConnectionsArgs;
#[cfg(feature = "parquet")]
use crate::args::Format;
use crate::filter::Filter;
use crate::output::{Printer, Record, Table};
use crate::run::End;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn connections(args: &ConnectionsArgs, stop: &Stop) -> anyhow::Result<End> {
    check_time(&args.filter)?;
    let fields = args.fields.unwrap_or(Fields::ALL);
    let (inputs, batch) = (&args.inputs, Some(&args.batch));
    let (format, result) = (args.output.format, &args.output.result);
    let session = Session::new(inputs, &args.engine, format, result, batch, fields, stop)?;
    if args.watch {
        return watch(args, session);
    }
    // What a connection is judged by is in no checkpoint.
    let goes_on = !Filter::new(&args.filter).asks_for_roles();
    session.print("connections", &args.filter, goes_on, |output, reading| {
        let printer = session.printer_apart(Table::Connections, output, &reading)?;
        let mut selection = Selection { filter: Filter::new(&args.filter), to: printer };
        let outcome = reading.read(&mut selection);
        selection.to.finish();
        Ok(outcome)
    })
}

impl Take for Printer {
    fn take(&mut self, connection: &Connection) {
        self.print(Record::Connection(connection));
    }

    fn settle(&mut self) {
        Self::settle(self);
    }
}

/// Prints connections as they end, each at once.
fn watch(args: &ConnectionsArgs, mut session: Session<'_>) -> anyhow::Result<End> {
    if session.archive.len() != 1 {
        let found = session.archive.len();
        return Err(Usage(format!("--watch follows one input; expected a file or -, found {found}")).into());
    }
    #[cfg(feature = "parquet")]
    if session.format == Format::Parquet {
        return Err(Usage("Parquet has no lines to watch; expected text, jsonl or csv".into()).into());
    }
    session.archive.grows = true;
    session.print("connections", &args.filter, false, |output, reading| {
        let mut printer = session.printer(Table::Connections, output, reading.names())?;
        let take = |connection: &Connection| {
            printer.print(Record::Connection(connection));
            output.flush();
        };
        let outcome = reading.read(&mut Watch::new(Filter::new(&args.filter), take));
        printer.finish();
        Ok(outcome)
    })
}
