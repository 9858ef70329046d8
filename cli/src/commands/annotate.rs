//! `annotate`: a record a segment, and one a timer event.

use fourwave_annotate::{Annotation, Connection, Fields, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use super::Session;
use crate::args::AnnotateArgs;
use crate::filter::Filter;
use crate::hold::Hold;
use crate::output::{Annotated, Printer, Record, Table};
use crate::run::{Consumer, End};
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn annotate(args: &AnnotateArgs, stop: &Stop) -> anyhow::Result<End> {
    let fields = args.fields.unwrap_or(if args.hindsight { Fields::ALL } else { Fields::STREAMED });
    let session = Session::new(&args.inputs.inputs, &args.engine, &args.output, fields, stop)?;
    let filter = Filter::new(&args.filter);
    let hold = filter.needs_kind().then(Hold::default);
    let mut annotate = Annotate { printer: session.printer(Table::Annotations), filter, all: args.all, hold };
    let (end, _) = session.run().read(&mut annotate);
    session.output.finish()?;
    Ok(end)
}

struct Annotate<'a> {
    printer: Printer<'a>,
    filter: Filter,
    all: bool,
    /// What waits for the kind of its connection, where kinds are asked for.
    hold: Option<Hold>,
}

impl Annotate<'_> {
    fn print(&mut self, connection: u64, record: Record<'_>) {
        match &mut self.hold {
            Some(hold) => hold.push(connection, self.printer.render(record)),
            None => self.printer.print(record),
        }
    }
}

impl Observer for Annotate<'_> {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
        if (self.all || annotation.role.is_teardown()) && self.filter.keeps(segment, annotation) {
            let annotated = Annotated { segment, annotation, path_in_frame: None };
            self.print(annotation.connection, Record::Segment(annotated));
        }
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        if self.filter.keeps_event(event) {
            self.print(event.connection, Record::Event(event));
        }
    }

    fn connection(&mut self, connection: &Connection) {
        self.filter.forget(connection.number);
        if let Some(hold) = &mut self.hold {
            hold.decide(connection.number, self.filter.keeps_kind(connection.kind));
            hold.release(|record| self.printer.print_rendered(record));
        }
    }
}

impl Consumer for Annotate<'_> {}
