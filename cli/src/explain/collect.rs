//! Takes from the engine what a walk-through needs: every connection in short, one of them segment by segment.
//!
//! One pass is enough, so standard input works. This file must not know how a story is printed.

use std::net::SocketAddr;

use fourwave_annotate::{Annotation, Both, Connection, Kind, Moment, Observer, TimeWaitExpired, Who};
use fourwave_dissector::{Packet, Segment};

use super::scenes::Scenes;
use super::story::{Kept, Story, Successor};
use crate::attention::{Urgency, urgency};

/// All connections of a capture, and what was seen of the one to explain.
pub struct Collector {
    wanted: u64,
    keep_packets: bool,
    packet: Option<Kept>,
    scenes: Scenes,
    end_of_capture_ns: Option<i64>,
    /// The ends of the connection that is wanted, in no order, and their zone.
    ends: Option<([SocketAddr; 2], u64)>,
    successor: Option<Successor>,
    connection: Option<Connection>,
    /// The capture with the connection that is wanted is over.
    over: bool,
    /// All connections, in the order in which they ended.
    pub entries: Vec<Entry>,
}

/// A connection in the table of all.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its number.
    pub number: u64,
    /// The addresses and ports of both ends.
    pub addresses: Both<SocketAddr>,
    /// How it ended.
    pub kind: Kind,
    /// Who began the close.
    pub began: Option<Who>,
    /// Its first segment.
    pub first: Moment,
    /// Segments of both peers.
    pub segments: u64,
    /// How much it needs attention.
    pub urgency: Urgency,
}

impl Collector {
    /// Collects the segments of connection `wanted`; with `keep_packets`, also the octets of their headers.
    pub fn new(wanted: u64, keep_packets: bool) -> Self {
        Self {
            wanted,
            keep_packets,
            packet: None,
            scenes: Scenes::default(),
            end_of_capture_ns: None,
            ends: None,
            successor: None,
            connection: None,
            over: false,
            entries: Vec::new(),
        }
    }

    /// Announces a capture. What is in it has nothing to do with connections of those before.
    pub fn capture(&mut self) {
        if self.connection.is_none() {
            self.end_of_capture_ns = None;
        } else {
            self.over = true;
        }
    }

    /// Announces the packet whose segments come next.
    pub fn packet(&mut self, packet: &Packet<'_>) {
        if self.over {
            return;
        }
        self.end_of_capture_ns = self.end_of_capture_ns.max(Some(packet.time_ns));
        if self.keep_packets {
            self.packet = Some(Kept::new(packet));
        }
    }

    /// The story of the connection that was wanted, if it was seen.
    pub fn into_story(self) -> Option<Story> {
        let Self { scenes, end_of_capture_ns, successor, connection, .. } = self;
        Some(scenes.into_story(connection?, end_of_capture_ns, successor))
    }

    /// True if the segment belongs to the connection that is wanted. If not, it may be the first of its successor.
    fn is_wanted(&mut self, segment: &Segment<'_>, said: &Annotation) -> bool {
        if said.connection == self.wanted {
            self.ends = Some(ends_of(segment));
            return true;
        }
        if !self.over
            && self.successor.is_none()
            && said.connection > self.wanted
            && self.ends == Some(ends_of(segment))
        {
            let first = Moment { at: segment.at, time_ns: segment.time_ns };
            self.successor = Some(Successor { number: said.connection, first });
        }
        false
    }
}

impl Observer for Collector {
    fn segment(&mut self, segment: &Segment<'_>, said: &Annotation) {
        if self.is_wanted(segment, said) {
            self.scenes.segment(segment, said, || self.packet.clone());
        }
    }

    fn revised(&mut self, segment: &Segment<'_>, said: &Annotation) {
        if self.is_wanted(segment, said) {
            self.scenes.revised(segment, said);
        }
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        if event.connection == self.wanted {
            self.scenes.expired(event);
        }
    }

    fn connection(&mut self, connection: &Connection) {
        if connection.number == self.wanted {
            self.connection = Some(connection.clone());
        }
        self.entries.push(Entry {
            number: connection.number,
            addresses: connection.addresses,
            kind: connection.kind,
            began: connection.initiator.peer,
            first: connection.first,
            segments: connection.segments.client + connection.segments.server,
            urgency: urgency(connection),
        });
    }
}

fn ends_of(segment: &Segment<'_>) -> ([SocketAddr; 2], u64) {
    let mut ends = [segment.src, segment.dst];
    ends.sort_unstable();
    (ends, segment.zone)
}
