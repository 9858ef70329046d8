//! Comments of captures that are read before they are copied. A finding stands on the last packet of its evidence, which
//! completes it, with all that is known of it in the end.

use std::collections::HashSet;
use std::sync::Arc;

use fourwave_annotate::{Annotation, Connection, Lang, Observer};
use fourwave_dissector::Segment;

use super::{Comments, frame_name, head};
use crate::filter::Filter;
use crate::follow::{Consumer, Pieces};
use crate::totals::Endings;

/// Collects comments until all is read.
pub struct Collector {
    filter: Filter,
    all: bool,
    lang: Lang,
    files: Arc<[String]>,
    comments: Comments,
    /// The connections of the kinds that are kept, where kinds are asked for.
    kept: Option<HashSet<u64>>,
    /// What became of the connections that have segments in a file, by its place.
    endings: Vec<Endings>,
}

/// What was collected.
pub struct Collected {
    /// Comments on packets.
    pub comments: Comments,
    /// What is said of each file as a whole, by its place.
    pub heads: Vec<String>,
}

impl Collector {
    /// Collects comments on `files`: on `all` segments or those that have to do with an end, as far as `filter` keeps
    /// them.
    pub fn new(filter: Filter, all: bool, lang: Lang, files: Arc<[String]>) -> Self {
        let kept = filter.needs_kind().then(HashSet::new);
        let endings = vec![Endings::default(); files.len()];
        Self { filter, all, lang, files, comments: Comments::default(), kept, endings }
    }

    /// Ends, when all is read.
    pub fn finish(self) -> Collected {
        let Self { mut comments, kept, endings, lang, .. } = self;
        comments.settle(|connection| kept.as_ref().is_none_or(|kept| kept.contains(&connection)));
        let heads = endings.iter().map(|endings| head::with_summary(lang, endings)).collect();
        Collected { comments, heads }
    }
}

impl Observer for Collector {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
        if (self.all || annotation.role.is_teardown()) && self.filter.keeps(segment, annotation) {
            let name = |at| frame_name(&self.files, segment.at.file(), at);
            let comment = self.lang.segment_comment(annotation, &name);
            self.comments.add(segment.at, annotation.connection, &comment);
        }
    }

    fn connection(&mut self, connection: &Connection) {
        for file in &connection.files {
            if let Some(endings) = self.endings.get_mut(*file as usize) {
                endings.add(connection);
            }
        }
        if let Some(kept) = &mut self.kept
            && self.filter.keeps_kind(connection.kind)
        {
            kept.insert(connection.number);
        }
        if !self.filter.keeps_connection(connection) {
            return;
        }
        for finding in connection.findings.iter().filter(|finding| self.filter.keeps_finding(finding.id)) {
            let Some(&at) = finding.frames.last() else { continue };
            let name = |other| frame_name(&self.files, at.file(), other);
            self.comments.add(at, connection.number, &self.lang.finding_comment(finding, &name));
        }
    }
}

impl Pieces for Collector {}

impl Consumer for Collector {}
