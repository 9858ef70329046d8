//! `stats`: one record with the counts of the run.

use fourwave_annotate::{Annotation, Connection, Fields, Observer, TimeWaitExpired};
use fourwave_dissector::Segment;

use super::Session;
use crate::args::StatsArgs;
use crate::filter::Filter;
use crate::output::{Record, Table};
use crate::run::{Checksums, Consumer, End};
use crate::stats::Stats;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn stats(args: &StatsArgs, stop: &Stop) -> anyhow::Result<End> {
    let mut session = Session::new(&args.inputs.inputs, &args.engine, &args.output, Fields::ALL, stop)?;
    if session.checksums == Checksums::Unread {
        session.checksums = Checksums::Counted;
    }
    let mut counter = Counter { stats: Stats::default(), filter: Filter::new(&args.filter) };
    let (end, tally) = session.run().read(&mut counter);
    let mut stats = counter.stats;
    stats.files.clone_from(&session.inputs.names);
    stats.tally = tally;
    session.printer(Table::Stats).print(Record::Stats(&stats));
    session.output.finish()?;
    Ok(end)
}

struct Counter {
    stats: Stats,
    filter: Filter,
}

impl Observer for Counter {
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
            self.stats.add(connection);
        }
    }
}

impl Consumer for Counter {}
