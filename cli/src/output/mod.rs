//! Records on their way out: one format behind one trait, one file a format.

mod buffer;
mod csv;
mod flat;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod sink;
mod text;

use std::io;

use fourwave_annotate::{Annotation, Both, Connection, State, TimeWaitExpired};
use fourwave_annotate::{Context, SegmentRecord};
use fourwave_dissector::Segment;

use crate::args;
use crate::stats::Stats;

pub use buffer::Buffer;
pub use sink::{Output, Styles, sweep, temporary_in};

/// Something to print.
#[derive(Clone, Copy)]
pub enum Record<'a> {
    /// A segment.
    Segment(Annotated<'a>),
    /// A timer event.
    Event(&'a TimeWaitExpired),
    /// A connection.
    Connection(&'a Connection),
    /// The counts of a run.
    Stats(&'a Stats),
}

/// A segment with what is said of it.
#[derive(Clone, Copy)]
pub struct Annotated<'a> {
    /// The segment.
    pub segment: &'a Segment<'a>,
    /// What the engine says of it.
    pub annotation: &'a Annotation,
    /// The states that each peer passed inside its frame; in hindsight only.
    pub path_in_frame: Option<&'a Both<Vec<State>>>,
}

/// A way to write records.
pub trait Format {
    /// Adds to `to` what comes before the first record.
    fn head(&mut self, to: &mut Buffer) {
        let _ = to;
    }

    /// Takes `record`, and adds to `to` what can be written now.
    ///
    /// # Errors
    /// When a record cannot be expressed in this format.
    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()>;

    /// Adds `record` to `to` in a form that [`Self::deferred`] takes, or nobody.
    ///
    /// # Errors
    /// When a record cannot be expressed in this format.
    fn defer(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        self.record(record, context, to)
    }

    /// Takes what [`Self::defer`] gave, as [`Self::record`] would have taken the record.
    ///
    /// # Errors
    /// When it is something else.
    fn deferred(&mut self, record: &[u8], to: &mut Buffer) -> io::Result<()> {
        to.extend_from_slice(record);
        Ok(())
    }

    /// Adds to `to` what comes after the last record.
    ///
    /// # Errors
    /// When the records cannot be put together.
    fn end(&mut self, to: &mut Buffer) -> io::Result<()> {
        let _ = to;
        Ok(())
    }
}

/// Prints records in one format.
pub struct Printer<'a> {
    format: Box<dyn Format + Send>,
    context: Context<'a>,
    output: Output,
    /// A record that is printed later.
    waiting: Buffer,
}

impl<'a> Printer<'a> {
    /// Prints to `output`, beginning with the format's head.
    #[must_use]
    pub fn new(mut format: Box<dyn Format + Send>, context: Context<'a>, output: Output) -> Self {
        output.fill(|buffer| {
            format.head(buffer);
            Ok(())
        });
        Self { format, context, output, waiting: Buffer::default() }
    }

    /// Prints `record`.
    pub fn print(&mut self, record: Record<'_>) {
        self.output.fill(|buffer| self.format.record(record, self.context, buffer));
    }

    /// Prepares `record` for [`Self::print_deferred`].
    #[must_use]
    pub fn defer(&mut self, record: Record<'_>) -> Box<[u8]> {
        self.waiting.clear();
        if let Err(error) = self.format.defer(record, self.context, &mut self.waiting) {
            self.output.fill(|_| Err(error));
        }
        self.waiting.as_bytes().into()
    }

    /// Prints what [`Self::defer`] gave.
    pub fn print_deferred(&mut self, record: &[u8]) {
        self.output.fill(|buffer| self.format.deferred(record, buffer));
    }

    /// Prints what comes after the last record.
    pub fn finish(mut self) {
        self.output.fill(|buffer| self.format.end(buffer));
    }
}

/// The records that one command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Segments and timer events.
    Annotations,
    /// Connections.
    Connections,
    /// One record with counts.
    Stats,
}

/// The writer of a format.
///
/// # Errors
/// When it cannot be set up.
pub fn format(
    format: args::Format,
    table: Table,
    context: Context<'_>,
) -> io::Result<Box<dyn Format + Send>> {
    Ok(match format {
        args::Format::Text => Box::new(text::Text::new(context)),
        args::Format::Jsonl => Box::new(jsonl::Jsonl),
        args::Format::Csv => Box::new(csv::Csv::new(table, context.fields)),
        #[cfg(feature = "parquet")]
        args::Format::Parquet => Box::new(parquet::Parquet::new(table, context.fields)?),
    })
}

fn segment_record<'a>(annotated: &'a Annotated<'_>, context: Context<'a>) -> SegmentRecord<'a> {
    let record = SegmentRecord::new(annotated.segment, annotated.annotation, context);
    match annotated.path_in_frame {
        Some(path) => record.with_path_in_frame(path),
        None => record,
    }
}
