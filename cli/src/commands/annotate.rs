//! `annotate`: a record a segment, and one a timer event.

use fourwave_annotate::{Annotation, Both, Connection, Fields, Hindsight, Observer, State, TimeWaitExpired};
use fourwave_dissector::Segment;

use super::{Session, check_time, packets, strip};
use crate::args::{AnnotateArgs, Format};
use crate::filter::Filter;
use crate::follow::{Consumer, Pieces};
use crate::hold::Hold;
use crate::output::{Annotated, Printer, Record, Table};
use crate::report;
use crate::run::End;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn annotate(args: &AnnotateArgs, stop: &Stop) -> anyhow::Result<End> {
    check_time(&args.filter)?;
    if args.strip {
        return strip::strip(args, stop);
    }
    if args.output.format == Some(Format::Pcapng) {
        return packets::annotate(args, stop);
    }
    let fields = args.fields.unwrap_or(if args.hindsight { Fields::ALL } else { Fields::STREAMED });
    let (inputs, batch) = (&args.inputs, Some(&args.batch));
    let (format, result) = (args.output.format, &args.output.result);
    let session = Session::new(inputs, &args.engine, format, result, batch, fields, stop)?;
    let filter = Filter::new(&args.filter);
    // What is held back, and what is remembered of connections, is in no checkpoint.
    let goes_on = !(args.hindsight || filter.needs_kind() || filter.remembers());
    session.print("annotate", &(args.all, args.hindsight, &args.filter), goes_on, |output, reading| {
        let filter = Filter::new(&args.filter);
        let (printer, hold) = if filter.needs_kind() {
            (session.printer(Table::Annotations, output, reading.names())?, Some(Hold::new(Hold::MOST)))
        } else {
            (session.printer_apart(Table::Annotations, output, &reading)?, None)
        };
        let mut annotate = Annotate { printer, filter, all: args.all, hold };
        let outcome;
        if args.hindsight {
            let mut hindsight = Hindsight::new(annotate, Hindsight::<Annotate>::MOST_HELD);
            outcome = reading.read(&mut hindsight);
            annotate = hindsight.finish();
        } else {
            outcome = reading.read(&mut annotate);
        }
        annotate.report();
        annotate.printer.finish();
        Ok(outcome)
    })
}

struct Annotate {
    printer: Printer,
    filter: Filter,
    all: bool,
    /// What waits for the kind of its connection, where kinds are asked for.
    hold: Option<Hold>,
}

impl Annotate {
    fn annotated(&mut self, annotated: Annotated<'_>) {
        let Annotated { segment, annotation, .. } = annotated;
        self.filter.note(segment, annotation);
        if (self.all || annotation.role.is_teardown()) && self.filter.keeps(segment, annotation) {
            self.print(annotation.connection, Record::Segment(annotated));
        }
    }

    fn print(&mut self, connection: u64, record: Record<'_>) {
        match &mut self.hold {
            Some(hold) => hold.push(connection, self.printer.defer(record)),
            None => self.printer.print(record),
        }
        self.release();
    }

    fn release(&mut self) {
        if let Some(hold) = &mut self.hold {
            hold.release(|record| self.printer.print_deferred(record));
        }
    }

    /// Says how many records are missing, if any.
    fn report(&self) {
        let dropped = self.hold.as_ref().map_or(0, Hold::dropped);
        if dropped > 0 {
            report::note(&format_args!(
                "{dropped} records were left out before it was known how their connection ends: {} can wait",
                Hold::MOST
            ));
        }
    }
}

impl Observer for Annotate {
    fn wants_data(&self) -> bool {
        self.all || self.filter.remembers()
    }

    fn wants_connections(&self) -> bool {
        self.hold.is_some() || self.filter.remembers()
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.annotated(Annotated { segment, annotation, path_in_frame: None });
    }

    fn corrected(
        &mut self,
        segment: &Segment<'_>,
        annotation: &Annotation,
        path_in_frame: &Both<Vec<State>>,
    ) {
        self.annotated(Annotated { segment, annotation, path_in_frame: Some(path_in_frame) });
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
        }
        self.release();
    }
}

impl Pieces for Annotate {}

impl Consumer for Annotate {
    fn settle(&mut self) {
        self.printer.settle();
    }
}

impl<O: Observer> Pieces for Hindsight<O> {}

impl<O: Observer> Consumer for Hindsight<O> {}
