//! Records on their way out: one format behind one trait, one file a format.

mod buffer;
mod csv;
mod jsonl;
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
    fn head(&self, to: &mut Buffer);

    /// Adds `record` to `to`.
    ///
    /// # Errors
    /// When a record cannot be expressed in this format.
    fn record(&self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()>;
}

/// Prints records in one format.
pub struct Printer<'a> {
    format: Box<dyn Format + Send>,
    context: Context<'a>,
    output: Output,
    /// What is printed later.
    rendered: Buffer,
}

impl<'a> Printer<'a> {
    /// Prints to `output`, beginning with the format's head.
    #[must_use]
    pub fn new(format: Box<dyn Format + Send>, context: Context<'a>, output: Output) -> Self {
        output.fill(|buffer| {
            format.head(buffer);
            Ok(())
        });
        Self { format, context, output, rendered: Buffer::default() }
    }

    /// Prints `record`.
    pub fn print(&mut self, record: Record<'_>) {
        self.output.fill(|buffer| self.format.record(record, self.context, buffer));
    }

    /// What [`Self::print`] would print, for later.
    #[must_use]
    pub fn render(&mut self, record: Record<'_>) -> Box<[u8]> {
        self.rendered.clear();
        if let Err(error) = self.format.record(record, self.context, &mut self.rendered) {
            self.output.fill(|_| Err(error));
        }
        self.rendered.as_bytes().into()
    }

    /// Prints what [`Self::render`] gave.
    pub fn print_rendered(&self, rendered: &[u8]) {
        self.output.write(rendered);
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
