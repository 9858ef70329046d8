//! `connections`: a record a connection, as the engine hands them out.

use fourwave_annotate::{Connection, Fields};

use super::Session;
use super::selection::{Selection, Take};
use crate::args::ConnectionsArgs;
use crate::filter::Filter;
use crate::output::{Printer, Record, Table};
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
    // What a connection is judged by is in no checkpoint.
    let goes_on = !Filter::new(&args.filter).asks_for_roles();
    session.print("connections", &args.filter, goes_on, |output, reading| {
        let printer = session.printer_apart(Table::Connections, output, reading.names())?;
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
