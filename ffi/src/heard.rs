//! What the engine said during one call, to be asked for by index; and if it is to be remembered, during all.

use core::net::SocketAddr;
use std::borrow::Cow;

use fourwave_annotate::{Annotation, Both, Connection, Engine, Observer, Recall, TimeWaitExpired};
use fourwave_dissector::{Segment, Visitor};

use crate::annotation::{fourwave_annotation, fourwave_timer};
use crate::guard::{Checked, fill, versioned};
use crate::status::{FOURWAVE_NOT_FOUND, FOURWAVE_NOT_REMEMBERED};

/// How many results the last call produced. Fetch each by index, from 0, before the next call that takes a
/// fourwave_news. Pass NULL if you need none: that is faster.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct fourwave_news {
    /// sizeof(fourwave_news), set by the caller.
    pub struct_size: usize,
    /// Annotated segments, for fourwave_engine_annotation.
    pub annotations: usize,
    /// TIME-WAITs that ended, for fourwave_engine_timer.
    pub timers: usize,
    /// Connections that are over and settled, given up, or left at the end of the input, for fourwave_engine_ended.
    pub ended: usize,
    /// Segments annotated before that turned out to belong to a new connection, for fourwave_engine_revised.
    pub revised: usize,
}
versioned!(fourwave_news, from ended);

/// Number, ends and zone of a connection.
type Key = (u64, Both<SocketAddr>, u64);

/// What the engine said.
#[derive(Default)]
pub(crate) struct Heard {
    /// Somebody will ask.
    wanted: bool,
    pub(crate) annotations: Vec<fourwave_annotation>,
    /// Those that replace earlier ones.
    pub(crate) revised: Vec<fourwave_annotation>,
    /// The connections that annotations are of, and where the engine finds them.
    keys: Vec<Key>,
    pub(crate) timers: Vec<fourwave_timer>,
    pub(crate) ended: Vec<Connection>,
    pub(crate) recall: Option<Box<Recall>>,
}

impl Heard {
    /// Nothing yet. `remember`: all that will be said is kept.
    pub(crate) fn new(remember: bool) -> Self {
        Self { recall: remember.then(Box::default), ..Self::default() }
    }

    /// Forgets the last call. News are collected if they can be told.
    pub(crate) fn clear(&mut self, news: *const fourwave_news) {
        self.wanted = !news.is_null();
        self.annotations.clear();
        self.revised.clear();
        self.keys.clear();
        self.timers.clear();
        self.ended.clear();
    }

    /// Says how much there is, unless nobody wants to know.
    ///
    /// # Safety
    /// That of [`fill`], for `news`.
    pub(crate) unsafe fn tell(&self, news: *mut fourwave_news) -> Checked<()> {
        if !self.wanted {
            return Ok(());
        }
        let brought = fourwave_news {
            struct_size: 0,
            annotations: self.annotations.len(),
            timers: self.timers.len(),
            ended: self.ended.len(),
            revised: self.revised.len(),
        };
        // SAFETY: what our caller promises.
        unsafe { fill(news, &brought) }
    }

    /// A connection that is remembered, or one of the last annotations'.
    pub(crate) fn connection(&self, number: u64, engine: Option<&Engine>) -> Checked<Cow<'_, Connection>> {
        if let Some(recall) = &self.recall {
            return recall.outcome(number, engine).ok_or(FOURWAVE_NOT_FOUND);
        }
        let key = self.keys.iter().find(|(of, ..)| *of == number);
        let so_far = key.and_then(|(_, ends, zone)| engine?.so_far(number, *ends, *zone));
        so_far.map(Cow::Owned).ok_or(FOURWAVE_NOT_REMEMBERED)
    }
}

impl Observer for Heard {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        if self.wanted {
            self.annotations.push(fourwave_annotation::streamed(segment, annotation));
            let ends = Both { client: segment.src, server: segment.dst };
            self.keys.push((annotation.connection, ends, segment.zone));
        }
        if let Some(recall) = &mut self.recall {
            recall.segment(segment, annotation);
        }
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        if self.wanted {
            self.revised.push(fourwave_annotation::streamed(segment, annotation));
        }
        if let Some(recall) = &mut self.recall {
            recall.revised(segment, annotation);
        }
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        if self.wanted {
            self.timers.push(event.into());
        }
    }

    fn connection(&mut self, connection: &Connection) {
        if let Some(recall) = &mut self.recall {
            recall.connection(connection);
        }
        if self.wanted {
            self.ended.push(connection.clone());
        }
    }
}

/// Hands the segments of a packet to the engine.
pub(crate) struct Feed<'a> {
    pub(crate) engine: &'a mut Engine,
    pub(crate) heard: &'a mut Heard,
}

impl Visitor for Feed<'_> {
    fn segment(&mut self, segment: &Segment<'_>) {
        self.engine.push(segment, self.heard);
    }
}

/// Looks up the segments of a packet.
pub(crate) struct Look<'a> {
    pub(crate) engine: Option<&'a Engine>,
    pub(crate) recall: &'a Recall,
    pub(crate) found: &'a mut Vec<fourwave_annotation>,
}

impl Visitor for Look<'_> {
    fn segment(&mut self, segment: &Segment<'_>) {
        // The others are remembered whole, and found by their packet.
        if segment.in_packet {
            self.find(segment);
        }
    }
}

impl Look<'_> {
    pub(crate) fn find(&mut self, segment: &Segment<'_>) {
        if let Some(recalled) = self.recall.look(segment, self.engine) {
            self.found.push(fourwave_annotation::recalled(segment, &recalled));
        }
    }
}
