//! `connections`: a record a connection, as the engine hands them out.

use fourwave_annotate::{Annotation, Connection, Fields, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use super::Session;
use crate::args::ConnectionsArgs;
use crate::filter::Filter;
use crate::output::{Printer, Record, Table};
use crate::run::{Consumer, End};
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn connections(args: &ConnectionsArgs, stop: &Stop) -> anyhow::Result<End> {
    let fields = args.fields.unwrap_or(Fields::ALL);
    let session = Session::new(&args.inputs.inputs, &args.engine, &args.output, fields, stop)?;
    let printer = session.printer(Table::Connections);
    let (end, _) = session.run().read(&mut Connections { printer, filter: Filter::new(&args.filter) });
    session.output.finish()?;
    Ok(end)
}

struct Connections<'a> {
    printer: Printer<'a>,
    filter: Filter,
}

impl Observer for Connections<'_> {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.filter.note_event(event);
    }

    fn connection(&mut self, connection: &Connection) {
        if self.filter.keeps_connection(connection) {
            self.printer.print(Record::Connection(connection));
        }
    }
}

impl Consumer for Connections<'_> {}
