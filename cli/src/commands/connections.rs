//! `connections`: a record a connection, as the engine hands them out.

use fourwave_annotate::{Connection, Fields};

use super::Session;
use super::selection::Selection;
use crate::args::ConnectionsArgs;
use crate::filter::Filter;
use crate::output::{Record, Table};
use crate::run::End;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn connections(args: &ConnectionsArgs, stop: &Stop) -> anyhow::Result<End> {
    let fields = args.fields.unwrap_or(Fields::ALL);
    let (inputs, batch) = (&args.inputs, Some(&args.batch));
    let (format, result) = (args.output.format, &args.output.result);
    let session = Session::new(inputs, &args.engine, format, result, batch, fields, stop)?;
    session.print("connections", &args.filter, |output, reading| {
        let mut printer = session.printer_apart(Table::Connections, output)?;
        let take = |connection: &Connection| printer.print(Record::Connection(connection));
        let outcome = reading.read(&mut Selection { filter: Filter::new(&args.filter), take });
        printer.finish();
        Ok(outcome)
    })
}
