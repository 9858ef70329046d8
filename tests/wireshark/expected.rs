//! What the library says of a capture, as the fields of the plugin show it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fourwave_annotate::{Annotation, Change, Code, Connection, FindingId, Hindsight, Observer};
use fourwave_dissector::{FrameId, Segment};
use fourwave_tests::reading::{Reading, annotate};

/// All that is said of a capture.
#[derive(Debug, Default)]
pub struct Said {
    /// Of each segment, by packet.
    annotations: BTreeMap<u64, Vec<Annotation>>,
    /// Of each connection, by its number.
    connections: BTreeMap<u64, Connection>,
}

/// What a field shows: of this segment, of this connection, in this packet.
pub struct At<'a> {
    said: &'a Annotation,
    connection: &'a Connection,
    frame: u64,
}

/// A field, and its values at a segment.
pub type Field = (&'static str, fn(&At<'_>) -> Vec<String>);

/// The fields that show the annotation of a segment.
pub const OF_SEGMENTS: [Field; 14] = [
    ("teardown.connection", |at| vec![at.said.connection.to_string()]),
    ("teardown.role", |at| vec![at.said.role.to_string()]),
    ("teardown.wave", |at| at.said.waves.iter().map(|wave| wave.number().to_string()).collect()),
    ("teardown.modifier", |at| at.said.modifiers.set.iter().map(|word| word.to_string()).collect()),
    ("teardown.sender.before", |at| vec![at.sender().before.expected.to_string()]),
    ("teardown.sender.after", |at| vec![at.sender().after.expected.to_string()]),
    ("teardown.receiver.before", |at| vec![at.receiver().before.expected.to_string()]),
    ("teardown.receiver.after", |at| vec![at.receiver().after.expected.to_string()]),
    ("teardown.client.state", |at| vec![at.said.peers.client.after.expected.to_string()]),
    ("teardown.server.state", |at| vec![at.said.peers.server.after.expected.to_string()]),
    ("teardown.client.confirmed", |at| vec![at.said.peers.client.after.confirmed.to_string()]),
    ("teardown.server.confirmed", |at| vec![at.said.peers.server.after.confirmed.to_string()]),
    ("teardown.acks_fin_in", |at| number(at.said.acks_fin)),
    ("teardown.fin_repeats", |at| number(at.said.repeats)),
];

/// The fields that show the result of a connection.
pub const OF_CONNECTIONS: [Field; 5] = [
    ("teardown.kind", |at| vec![at.connection.kind.to_string()]),
    ("teardown.initiator", |at| at.connection.initiator.peer.iter().map(ToString::to_string).collect()),
    ("teardown.fin1_ack_time", |at| at.at_wave(2, at.connection.durations.fin1_ack)),
    ("teardown.close_wait_time", |at| at.at_wave(3, at.connection.durations.close_wait)),
    ("teardown.last_ack_time", |at| at.at_wave(4, at.connection.durations.last_ack)),
];

impl Said {
    /// What is said as the packets come.
    pub fn streaming(capture: &Path) -> (Self, Reading) {
        let mut said = Self::default();
        let reading = annotate(capture, &mut said);
        (said, reading)
    }

    /// What is said when all is known.
    pub fn in_hindsight(capture: &Path) -> Self {
        let mut hindsight = Hindsight::new(Self::default(), Hindsight::<Self>::MOST_HELD);
        let _ = annotate(capture, &mut hindsight);
        hindsight.finish()
    }

    /// What a field shows in a packet: the values of all its segments, joined as tshark does.
    pub fn value(&self, (_, values): &Field, frame: u64) -> String {
        let segments = self.annotations.get(&frame).map_or(&[][..], Vec::as_slice);
        let at = |said| At { said, connection: &self.connections[&said.connection], frame };
        segments.iter().flat_map(|said| values(&at(said))).collect::<Vec<_>>().join(",")
    }

    /// The last packet with a segment.
    pub fn last_frame(&self) -> u64 {
        self.annotations.keys().next_back().copied().unwrap_or_default()
    }

    /// The findings of all segments and connections.
    pub fn findings(&self) -> BTreeSet<&'static str> {
        let of_segments = self.annotations.values().flatten().flat_map(|said| said.findings.iter());
        let of_connections = self.connections.values().flat_map(|connection| &connection.findings);
        of_segments.chain(of_connections.map(|finding| finding.id)).map(FindingId::code).collect()
    }
}

impl Observer for Said {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.annotations.entry(segment.at.frame()).or_default().push(*annotation);
    }

    fn connection(&mut self, connection: &Connection) {
        self.connections.insert(connection.number, connection.clone());
    }
}

impl At<'_> {
    fn sender(&self) -> Change {
        self.said.peers[self.said.from]
    }

    fn receiver(&self) -> Change {
        self.said.peers[self.said.from.other()]
    }

    /// A duration, if this is the wave that ends it.
    fn at_wave(&self, wave: usize, duration_ns: Option<i64>) -> Vec<String> {
        let moment = self.connection.waves[wave - 1].filter(|moment| moment.at.frame() == self.frame);
        let duration_ns = moment.and(duration_ns);
        duration_ns.iter().map(|ns| format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000)).collect()
    }
}

fn number(at: Option<FrameId>) -> Vec<String> {
    at.iter().map(|at| at.frame().to_string()).collect()
}
