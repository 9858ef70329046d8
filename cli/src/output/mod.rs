//! Records on their way out: one format behind one trait, one file a format.

mod csv;
mod json;
mod jsonl;
mod sink;
mod text;

use std::io;

use fourwave_annotate::{Annotation, Both, Connection, State, TimeWaitExpired};
use fourwave_annotate::{Context, SegmentRecord};
use fourwave_dissector::Segment;

use crate::args;
use crate::stats::Stats;

pub use sink::{Output, Styles, temporary_in};

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
    fn head(&self, to: &mut Vec<u8>);

    /// Adds `record` to `to`.
    ///
    /// # Errors
    /// When a record cannot be expressed in this format.
    fn record(&self, record: Record<'_>, context: Context<'_>, to: &mut Vec<u8>) -> io::Result<()>;
}

/// Prints records in one format.
pub struct Printer<'a> {
    format: Box<dyn Format + Send>,
    context: Context<'a>,
    output: Output,
    buffer: Vec<u8>,
}

impl<'a> Printer<'a> {
    /// Prints to `output`, beginning with the format's head.
    #[must_use]
    pub fn new(format: Box<dyn Format + Send>, context: Context<'a>, output: Output) -> Self {
        let mut buffer = Vec::new();
        format.head(&mut buffer);
        output.write(&buffer);
        Self { format, context, output, buffer }
    }

    /// Prints `record`.
    pub fn print(&mut self, record: Record<'_>) {
        self.fill(record);
        self.output.write(&self.buffer);
    }

    /// What [`Self::print`] would print, for later.
    #[must_use]
    pub fn render(&mut self, record: Record<'_>) -> Box<[u8]> {
        self.fill(record);
        self.buffer.as_slice().into()
    }

    /// Prints what [`Self::render`] gave.
    pub fn print_rendered(&self, rendered: &[u8]) {
        self.output.write(rendered);
    }

    fn fill(&mut self, record: Record<'_>) {
        self.buffer.clear();
        if let Err(error) = self.format.record(record, self.context, &mut self.buffer) {
            self.output.fail(error);
        }
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
#[must_use]
pub fn format(format: args::Format, table: Table, context: Context<'_>) -> Box<dyn Format + Send> {
    match format {
        args::Format::Text => Box::new(text::Text::new(context)),
        args::Format::Jsonl => Box::new(jsonl::Jsonl),
        args::Format::Csv => Box::new(csv::Csv::new(table, context.fields)),
    }
}

fn segment_record<'a>(annotated: &'a Annotated<'_>, context: Context<'a>) -> SegmentRecord<'a> {
    let record = SegmentRecord::new(annotated.segment, annotated.annotation, context);
    match annotated.path_in_frame {
        Some(path) => record.with_path_in_frame(path),
        None => record,
    }
}
