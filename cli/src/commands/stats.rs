//! `stats`: one record with the counts of the run.

use fourwave_annotate::{Connection, Fields};

use super::Session;
use super::selection::Selection;
use crate::args::StatsArgs;
use crate::filter::Filter;
use crate::output::{Record, Table};
use crate::run::{Checksums, End};
use crate::stats::Stats;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn stats(args: &StatsArgs, stop: &Stop) -> anyhow::Result<End> {
    let mut session = Session::new(&args.inputs, &args.engine, &args.output, None, Fields::ALL, stop)?;
    if session.checksums == Checksums::Unread {
        session.checksums = Checksums::Counted;
    }
    session.print(&"stats", |output, reading| {
        let mut stats = Stats::default();
        let take = |connection: &Connection| stats.add(connection);
        let outcome = reading.read(&mut Selection { filter: Filter::new(&args.filter), take });
        stats.files.clone_from(&session.archive.names);
        stats.tally = outcome.tally.clone();
        session.printer(Table::Stats, output).print(Record::Stats(&stats));
        Ok(outcome)
    })
}
