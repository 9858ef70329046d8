//! `stats`: one record with the counts of the run.

use fourwave_annotate::{Connection, Fields};

#[cfg(feature = "parquet")]
use super::Usage;
use super::selection::{Selection, Take};
use super::{Session, check_time};
#[cfg(feature = "parquet")]
use crate::args::Format;
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
    check_time(&args.filter)?;
    #[cfg(feature = "parquet")]
    if args.output.format == Some(Format::Parquet) {
        return Err(
            Usage("counts make no table for --format parquet; expected text, jsonl or csv".into()).into()
        );
    }
    let (format, result) = (args.output.format, &args.output.result);
    let mut session = Session::new(&args.inputs, &args.engine, format, result, None, Fields::ALL, stop)?;
    if session.checksums == Checksums::Unread {
        session.checksums = Checksums::Counted;
    }
    session.print("stats", &(), false, |output, reading| {
        let mut selection = Selection { filter: Filter::new(&args.filter), to: Stats::default() };
        let outcome = reading.read(&mut selection);
        let mut stats = selection.to;
        stats.files = session.archive.names.to_vec();
        stats.tally = outcome.totals.tally.clone();
        let mut printer = session.printer(Table::Stats, output, session.archive.names.clone())?;
        printer.print(Record::Stats(&stats));
        printer.finish();
        Ok(outcome)
    })
}

impl Take for Stats {
    fn take(&mut self, connection: &Connection) {
        self.add(connection);
    }
}
