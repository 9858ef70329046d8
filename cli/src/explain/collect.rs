//! Takes from the engine what a walk-through needs: every connection in short, one of them segment by segment.
//!
//! One pass is enough, so standard input works. Long phases of data are folded while they pass by: the memory of
//! a story does not grow with the length of its connection. This file must not know how a story is printed.

use fourwave_annotate::{
    Annotation, Both, Code, Connection, Modifier, Observer, Revision, Role, Side, State, TimeWaitExpired,
    Wave, Waves,
};
use fourwave_dissector::tcp::Flags;
use fourwave_dissector::{FrameId, LinkType, Packet, Segment};

use super::origin::Origins;

/// Segments of one role and sender that are shown although they change nothing; further ones are folded.
const SHOWN_OF_A_KIND: u8 = 3;
/// Octets of a packet that are kept for its headers; tunnels nest at most four deep.
const KEPT_OCTETS: usize = 1024;

/// One line of a story.
#[derive(Clone, Debug)]
pub enum Scene {
    /// A segment of its own.
    Segment(Shown),
    /// Segments that change nothing.
    Fold(Fold),
    /// The end of a TIME-WAIT.
    Expired(TimeWaitExpired),
}

/// A segment that is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its packet.
    pub at: FrameId,
    /// Its time, nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// Which of the TCP headers of its packet.
    pub layer: u8,
    /// Control bits.
    pub flags: Flags,
    /// Absolute sequence number.
    pub seq: u32,
    /// Absolute acknowledgment number.
    pub ack: u32,
    /// Payload octets.
    pub len: u32,
    /// Window as it stands in the header.
    pub window: u16,
    /// What the engine said of it.
    pub said: Annotation,
    /// It changes nothing.
    pub minor: bool,
    /// The packet around it, where the headers are to be shown.
    pub packet: Option<Kept>,
}

/// The start of a packet, kept for its headers.
#[derive(Clone, Debug)]
pub struct Kept {
    /// How to read it.
    pub link_type: LinkType,
    /// Octets of frame check sequence at its end.
    pub fcs_len: u8,
    /// Octets it had on the wire.
    pub len: u32,
    /// Its first octets.
    pub octets: Box<[u8]>,
}

/// What is said of segments that are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// How many.
    pub segments: u64,
    /// Payload octets of each peer, copies included.
    pub octets: Both<u64>,
    /// Copies among them.
    pub copies: u64,
    /// Keepalives and window probes among them.
    pub probes: u64,
}

/// All connections of a capture, and what was seen of the one to explain.
pub struct Collector {
    wanted: u64,
    keep_packets: bool,
    packet: Option<Kept>,
    scenes: Vec<Scene>,
    shown: Vec<(Role, Side, u8)>,
    origins: Origins,
    end_of_capture_ns: Option<i64>,
    /// In the order in which they ended.
    pub connections: Vec<Connection>,
}

/// A connection and what was seen of it.
pub struct Story {
    /// The connection, known to its end.
    pub connection: Connection,
    /// Its segments in the order of the capture.
    pub scenes: Vec<Scene>,
    /// Where the sequence numbers begin.
    pub origins: Origins,
    /// The time of the last packet of the capture, nanoseconds since 1970-01-01 UTC; `None` if no packet was
    /// announced.
    pub end_of_capture_ns: Option<i64>,
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
            connections: Vec::new(),
        }
    }

    /// Announces the packet whose segments come next.
    pub fn packet(&mut self, packet: &Packet<'_>) {
        self.end_of_capture_ns = self.end_of_capture_ns.max(Some(packet.time_ns));
        if self.keep_packets {
            self.packet = Some(Kept {
                link_type: packet.link_type,
                fcs_len: packet.fcs_len,
                len: packet.len,
                octets: packet.data[..packet.data.len().min(KEPT_OCTETS)].into(),
            });
        }
    }

    /// The story of the connection that was wanted, if it was seen.
    pub fn into_story(mut self) -> Option<Story> {
        let place = self.connections.iter().position(|connection| connection.number == self.wanted)?;
        let connection = self.connections.swap_remove(place);
        let Self { scenes, origins, end_of_capture_ns, .. } = self;
        Some(Story { connection, scenes, origins, end_of_capture_ns })
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
        if said.connection != self.wanted {
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
        if said.connection == self.wanted {
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
        self.connections.push(connection.clone());
    }
}

impl Shown {
    fn new(segment: &Segment<'_>, said: &Annotation, packet: Option<Kept>) -> Self {
        Self {
            at: segment.at,
            time_ns: segment.time_ns,
            layer: segment.layer,
            flags: segment.tcp.flags,
            seq: segment.tcp.seq,
            ack: segment.tcp.ack,
            len: segment.len,
            window: segment.tcp.window,
            said: *said,
            minor: false,
            packet,
        }
    }
}

impl Fold {
    fn with(mut self, len: u32, said: &Annotation) -> Self {
        self.segments += 1;
        self.octets[said.from] += u64::from(len);
        self.copies += u64::from(said.modifiers.contains(Modifier::Retransmission));
        self.probes += u64::from(matches!(said.role, Role::Keepalive | Role::ZeroWindowProbe));
        self
    }
}

impl Story {
    /// The segments that are shown.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = &Shown> {
        self.scenes.iter().filter_map(|scene| match scene {
            Scene::Segment(shown) => Some(shown),
            Scene::Fold(_) | Scene::Expired(_) => None,
        })
    }

    /// The shown segment in this packet.
    pub fn at(&self, at: FrameId) -> Option<&Shown> {
        self.shown().find(|shown| shown.at == at)
    }

    /// The role of a segment, with hindsight.
    pub fn role(&self, shown: &Shown) -> Role {
        let revisions = self.connection.retro.iter().rev().filter(|retro| retro.at == shown.at);
        let mut roles = revisions.filter_map(|retro| match retro.what {
            Revision::Role { is, .. } => Some(is),
            Revision::Moved { .. } | Revision::InferenceWithdrawn => None,
        });
        roles.next().unwrap_or(shown.said.role)
    }

    /// The waves of the connection that are in this packet, with hindsight; copies of them are none.
    pub fn waves_at(&self, at: FrameId) -> Waves {
        let is_here = |wave: &Wave| self.connection.wave(*wave).is_some_and(|moment| moment.at == at);
        Wave::ALL.iter().copied().filter(is_here).collect()
    }

    /// The time of a packet, if it is one of those of the story.
    pub fn time_of(&self, at: FrameId) -> Option<i64> {
        let shown = self.at(at).map(|shown| shown.time_ns);
        let waves = || {
            self.connection.waves.iter().flatten().find(|moment| moment.at == at).map(|moment| moment.time_ns)
        };
        shown.or_else(waves)
    }

    /// Nanoseconds since the first segment.
    pub fn since_start(&self, time_ns: i64) -> i64 {
        time_ns.saturating_sub(self.connection.first.time_ns)
    }

    /// The state in which `side` was before the segment at `at`, with hindsight.
    pub fn state_before(&self, side: Side, at: FrameId) -> State {
        self.state(side, |step| step < at)
    }

    /// The state in which `side` was after the segment at `at`, with hindsight.
    pub fn state_after(&self, side: Side, at: FrameId) -> State {
        self.state(side, |step| step <= at)
    }

    fn state(&self, side: Side, reached: impl Fn(FrameId) -> bool) -> State {
        let path = &self.connection.path[side];
        let start = path.first().map_or(State::Unknown, |step| step.state);
        path.iter()
            .skip(1)
            .take_while(|step| step.at.is_some_and(&reached))
            .last()
            .map_or(start, |step| step.state)
    }
}
