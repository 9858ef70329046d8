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
    let session = Session::new(&args.inputs.inputs, &args.engine, &args.output, fields, stop)?;
    let mut printer = session.printer(Table::Connections);
    let take = |connection: &Connection| printer.print(Record::Connection(connection));
    let (end, _) = session.run().read(&mut Selection { filter: Filter::new(&args.filter), take });
    session.output.finish()?;
    Ok(end)
}
