//! A flow script through the engine, and all that the engine said.

use fourwave_annotate::{
    Annotation, Connection, Engine, FindingSet, Observer, Options, Role, TimeWaitExpired,
};
use fourwave_dissector::Segment;
use fourwave_dissector::tcp::Flags;

use crate::flow::{Flow, Step};

/// All that the engine said of a script, in the order in which it said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Segments and timer events.
    pub entries: Vec<Entry>,
    /// Segments annotated anew because they belong to a new incarnation.
    pub revisions: Vec<Entry>,
    /// The connections.
    pub connections: Vec<Connection>,
}

impl Story {
    /// The same without data and acknowledgments of which nothing else is said.
    #[must_use]
    pub fn without_data(mut self) -> Self {
        self.entries.retain(|entry| match entry {
            Entry::Segment(_, Annotation { role: Role::Data | Role::Ack, findings, .. }) => {
                *findings != FindingSet::EMPTY
            }
            Entry::Segment(..) | Entry::Expired(_) => true,
        });
        self
    }
}

/// One thing that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A segment was annotated.
    Segment(Seen, Annotation),
    /// A TIME-WAIT ended.
    Expired(TimeWaitExpired),
}

/// What is shown of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Number of the packet, from 1.
    pub frame: u64,
    /// Nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// Control bits.
    pub flags: Flags,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgment number.
    pub ack: u32,
    /// Payload octets.
    pub len: u32,
    /// Window, not scaled.
    pub window: u16,
}

/// Runs `flow` through a new engine with default options.
#[must_use]
pub fn run(flow: &Flow) -> Story {
    let mut story = Story::default();
    tell(flow, &mut story);
    story
}

/// The connections of `flow` as an engine hands them out that is asked for nothing else.
#[must_use]
pub fn connections_alone(flow: &Flow) -> Vec<Connection> {
    let mut ends = Ends::default();
    tell(flow, &mut ends);
    ends.0
}

fn tell(flow: &Flow, observer: &mut impl Observer) {
    let mut engine = Engine::new(Options::default());
    let mut frame = 0;
    for step in &flow.steps {
        match step {
            Step::Packet(packet) => {
                frame += 1;
                engine.push(&flow.segment(packet, frame), observer);
            }
            Step::Clock(time_ns) => engine.advance(*time_ns, observer),
        }
    }
    engine.finish(observer);
}

/// Connections, by an observer that does not look at segments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ends(pub Vec<Connection>);

impl Observer for Ends {
    fn wants_segments(&self) -> bool {
        false
    }

    fn connection(&mut self, connection: &Connection) {
        self.0.push(connection.clone());
    }
}

/// What is said to an observer that does not look at data.
#[derive(Debug, Default)]
pub struct Rest(pub Story);

impl Observer for Rest {
    fn wants_data(&self) -> bool {
        false
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.0.segment(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.0.revised(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.0.time_wait_expired(event);
    }

    fn connection(&mut self, connection: &Connection) {
        self.0.connection(connection);
    }
}

impl Observer for Story {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.entries.push(Entry::Segment(segment.into(), *annotation));
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.revisions.push(Entry::Segment(segment.into(), *annotation));
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.entries.push(Entry::Expired(*event));
    }

    fn connection(&mut self, connection: &Connection) {
        self.connections.push(connection.clone());
    }
}

impl From<&Segment<'_>> for Seen {
    fn from(segment: &Segment<'_>) -> Self {
        Self {
            frame: segment.at.frame(),
            time_ns: segment.time_ns,
            flags: segment.tcp.flags,
            seq: segment.tcp.seq,
            ack: segment.tcp.ack,
            len: segment.len,
            window: segment.tcp.window,
        }
    }
}
