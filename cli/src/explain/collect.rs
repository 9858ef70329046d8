//! Takes from the engine what a walk-through needs: every connection in short, one of them segment by segment.
//!
//! One pass is enough, so standard input works. Long phases of data are folded while they pass by: the memory of
//! a story does not grow with the length of its connection. This file must not know how a story is printed.

use std::net::SocketAddr;

use fourwave_annotate::{
    Annotation, Both, Connection, Kind, Modifier, Moment, Observer, Role, Side, TimeWaitExpired, Who,
};
use fourwave_dissector::{Packet, Segment};

use super::origin::Origins;
use super::story::{Fold, Kept, Scene, Shown, Story, Successor};

/// Segments of one role and sender that are shown although they change nothing; further ones are folded.
const SHOWN_OF_A_KIND: u8 = 3;

/// All connections of a capture, and what was seen of the one to explain.
pub struct Collector {
    wanted: u64,
    keep_packets: bool,
    packet: Option<Kept>,
    scenes: Vec<Scene>,
    shown: Vec<(Role, Side, u8)>,
    origins: Origins,
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
}

impl Collector {
    /// Collects the segments of connection `wanted`; with `keep_packets`, also the octets of their headers.
    pub fn new(wanted: u64, keep_packets: bool) -> Self {
        Self {
            wanted,
            keep_packets,
            packet: None,
            scenes: Vec::new(),
            shown: Vec::new(),
            origins: Origins::default(),
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
        let Self { scenes, origins, end_of_capture_ns, successor, connection, .. } = self;
        Some(Story { connection: connection?, scenes, origins, end_of_capture_ns, successor })
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

    /// Takes in a segment that changes nothing: shown if it stands alone, folded with its neighbours if not.
    fn fold(&mut self, segment: &Segment<'_>, said: &Annotation) {
        let fold = match self.scenes.pop() {
            Some(Scene::Fold(fold)) => fold.with(segment.len, said),
            Some(Scene::Segment(alone)) if alone.minor => {
                Fold::default().with(alone.len, &alone.said).with(segment.len, said)
            }
            before => {
                self.scenes.extend(before);
                let shown = Shown::new(segment, said, self.packet.clone());
                self.scenes.push(Scene::Segment(Shown { minor: true, ..shown }));
                return;
            }
        };
        self.scenes.push(Scene::Fold(fold));
    }

    /// True if the segment tells something new: it moves a state, or it is one of the first of its kind in the
    /// end of the connection.
    fn is_worth_showing(&mut self, said: &Annotation) -> bool {
        let moves = |side: Side| said.peers[side].before.expected != said.peers[side].after.expected;
        let speaks_of_a_fin = [Modifier::MaybeAcksUnseenFin, Modifier::InfersUnseenFin]
            .iter()
            .any(|&word| said.modifiers.contains(word));
        if moves(Side::Client) || moves(Side::Server) || speaks_of_a_fin {
            return true;
        }
        if !said.role.is_teardown() && said.role != Role::Open {
            return false;
        }
        let place = self.shown.iter().position(|&(role, from, _)| (role, from) == (said.role, said.from));
        match place.and_then(|place| self.shown.get_mut(place)) {
            Some((_, _, times)) => {
                *times = times.saturating_add(1);
                *times <= SHOWN_OF_A_KIND
            }
            None => {
                self.shown.push((said.role, said.from, 1));
                true
            }
        }
    }
}

impl Observer for Collector {
    fn segment(&mut self, segment: &Segment<'_>, said: &Annotation) {
        if !self.is_wanted(segment, said) {
            return;
        }
        self.origins.see(segment, said.from);
        if self.is_worth_showing(said) {
            let packet = self.packet.clone();
            self.scenes.push(Scene::Segment(Shown::new(segment, said, packet)));
        } else {
            self.fold(segment, said);
        }
    }

    fn revised(&mut self, segment: &Segment<'_>, said: &Annotation) {
        // Its packet has gone by: its headers are not shown.
        if self.is_wanted(segment, said) {
            self.origins.see(segment, said.from);
            self.scenes.push(Scene::Segment(Shown::new(segment, said, None)));
        }
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        if event.connection == self.wanted {
            self.scenes.push(Scene::Expired(*event));
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
        });
    }
}

fn ends_of(segment: &Segment<'_>) -> ([SocketAddr; 2], u64) {
    let mut ends = [segment.src, segment.dst];
    ends.sort_unstable();
    (ends, segment.zone)
}
