//! Records on their way out: one format behind one trait, one file a format.

mod apart;
mod buffer;
mod csv;
mod flat;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
pub mod pcapng;
mod room;
mod sink;
mod text;

use std::io;
use std::sync::Arc;

use fourwave_annotate::{Annotation, Both, Connection, State, TimeWaitExpired};
use fourwave_annotate::{Context, Fields, Lang, SegmentRecord};
use fourwave_dissector::Segment;

use crate::args;
use crate::stats::Stats;

use apart::Apart;

pub use buffer::Buffer;
pub use sink::{Output, Styles, completed, incomplete, is_temporary, put, temporary_for};

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

/// What records need beside what they are about: what [`Context`] lends.
#[derive(Clone)]
pub struct Surroundings {
    /// Names of the input files.
    pub files: Arc<[String]>,
    /// The keys to print.
    pub fields: Fields,
    /// The language of words.
    pub lang: Lang,
}

impl Surroundings {
    /// The same, lent.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context { files: &self.files, fields: self.fields, lang: self.lang }
    }
}

/// Prints records in one format.
pub struct Printer {
    writer: Writer,
    surroundings: Surroundings,
    output: Output,
    /// A record that is printed later.
    waiting: Buffer,
}

/// What writes records.
enum Writer {
    /// The thread that makes them.
    Here(Box<dyn Format + Send>),
    /// A thread of its own.
    Apart(Apart),
}

impl Printer {
    /// Prints to `output`, beginning with the format's head unless there is something already.
    #[must_use]
    pub fn new(mut format: Box<dyn Format + Send>, surroundings: Surroundings, output: Output) -> Self {
        if output.is_empty() {
            output.fill(|buffer| {
                format.head(buffer);
                Ok(())
            });
        }
        Self { writer: Writer::Here(format), surroundings, output, waiting: Buffer::default() }
    }

    /// Leaves the writing to a thread of its own. Then no record can be deferred: that would be an error of the output.
    #[must_use]
    pub fn apart(self) -> Self {
        let writer = match self.writer {
            Writer::Here(format) => {
                Writer::Apart(Apart::start(format, self.surroundings.clone(), self.output.clone()))
            }
            Writer::Apart(apart) => Writer::Apart(apart),
        };
        Self { writer, ..self }
    }

    /// Prints `record`.
    pub fn print(&mut self, record: Record<'_>) {
        match &mut self.writer {
            Writer::Here(format) => {
                self.output.fill(|buffer| format.record(record, self.surroundings.context(), buffer));
            }
            Writer::Apart(apart) => apart.print(record),
        }
    }

    /// Waits until the output has all that was printed.
    pub fn settle(&mut self) {
        match &mut self.writer {
            Writer::Here(_) => {}
            Writer::Apart(apart) => apart.settle(),
        }
    }

    /// Prepares `record` for [`Self::print_deferred`].
    #[must_use]
    pub fn defer(&mut self, record: Record<'_>) -> Box<[u8]> {
        self.waiting.clear();
        let deferred = match &mut self.writer {
            Writer::Here(format) => format.defer(record, self.surroundings.context(), &mut self.waiting),
            Writer::Apart(_) => Err(not_here()),
        };
        if let Err(error) = deferred {
            self.output.fill(|_| Err(error));
        }
        self.waiting.as_bytes().into()
    }

    /// Prints what [`Self::defer`] gave.
    pub fn print_deferred(&mut self, record: &[u8]) {
        self.output.fill(|buffer| match &mut self.writer {
            Writer::Here(format) => format.deferred(record, buffer),
            Writer::Apart(_) => Err(not_here()),
        });
    }

    /// Prints what comes after the last record.
    pub fn finish(self) {
        let mut format = match self.writer {
            Writer::Here(format) => format,
            Writer::Apart(apart) => apart.finish(),
        };
        self.output.fill(|buffer| format.end(buffer));
    }
}

fn not_here() -> io::Error {
    io::Error::other("a record was deferred that a thread of its own was to write")
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
        args::Format::Pcapng => return Err(io::Error::other("pcapng holds packets, not records")),
    })
}

fn segment_record<'a>(annotated: &'a Annotated<'_>, context: Context<'a>) -> SegmentRecord<'a> {
    let record = SegmentRecord::new(annotated.segment, annotated.annotation, context);
    match annotated.path_in_frame {
        Some(path) => record.with_path_in_frame(path),
        None => record,
    }
}
