//! Comments of a capture that is copied while it is read: a packet gets what is known when it is written.

use std::io::Read;
use std::sync::Arc;

use fourwave_annotate::{Annotation, Connection, Lang, Observer};
use fourwave_dissector::Segment;
use fourwave_dissector::capture::{Piece, Reader};

use super::{frame_name, head};
use crate::filter::Filter;
use crate::follow::{Consumer, Pieces};
use crate::output::Output;
use crate::output::pcapng::Annotator;

/// Copies what is read to an output.
pub struct Stream {
    filter: Filter,
    all: bool,
    lang: Lang,
    files: Arc<[String]>,
    /// On the packet that is read.
    comments: Vec<String>,
    annotator: Annotator,
    output: Output,
}

impl Stream {
    /// Copies to `output`, with comments on `all` segments or those that have to do with an end, as far as `filter`
    /// keeps them.
    pub fn new(filter: Filter, all: bool, lang: Lang, files: Arc<[String]>, output: Output) -> Self {
        let annotator = Annotator::new(head::alone(lang));
        Self { filter, all, lang, files, comments: Vec::new(), annotator, output }
    }

    /// What was copied.
    pub const fn annotator(&self) -> &Annotator {
        &self.annotator
    }
}

impl Observer for Stream {
    fn wants_connections(&self) -> bool {
        self.filter.remembers()
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
        if (self.all || annotation.role.is_teardown()) && self.filter.keeps(segment, annotation) {
            let name = |at| frame_name(&self.files, segment.at.file(), at);
            self.comments.push(self.lang.segment_comment(annotation, &name));
            self.comments.extend(annotation.findings.iter().map(|id| self.lang.title_comment(id)));
        }
    }

    fn connection(&mut self, connection: &Connection) {
        self.filter.forget(connection.number);
    }
}

impl Pieces for Stream {
    fn wants_pieces(&self) -> bool {
        true
    }

    fn input(&mut self, reader: &Reader) {
        self.output.fill(|to| {
            self.annotator.begin(reader, to);
            Ok(())
        });
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.output.fill(|to| {
            self.annotator.piece(piece, &self.comments, to);
            Ok(())
        });
        self.comments.clear();
    }

    fn rest(&mut self, rest: &mut dyn Read) {
        self.annotator.keep_rest(rest, &self.output);
    }
}

impl Consumer for Stream {
    fn wants_packets(&self) -> bool {
        true
    }
}
