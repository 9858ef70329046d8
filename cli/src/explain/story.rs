//! What is known of one connection when its story is told: the connection, its segments, its numbers.
//!
//! Questions about it that several sections ask are answered here. This file must not know how anything is printed.

use std::net::SocketAddr;

use fourwave_annotate::{
    Annotation, Both, Code, Connection, Modifier, Moment, Revision, Role, Side, State, TimeWaitExpired, Wave,
    Waves,
};
use fourwave_dissector::tcp::{self, Flags};
use fourwave_dissector::{FrameId, LinkType, Packet, Segment};

use super::origin::Origins;

/// Octets of a packet that are kept for its headers; tunnels nest at most four deep.
const KEPT_OCTETS: usize = 1024;

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
    /// The next connection between the same addresses and ports.
    pub successor: Option<Successor>,
}

/// A connection that took the addresses and ports of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Its number.
    pub number: u64,
    /// Its first segment.
    pub first: Moment,
}

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
    /// The times of the first and the last, nanoseconds since 1970-01-01 UTC.
    pub span_ns: Option<(i64, i64)>,
}

impl Shown {
    /// A segment with what was said of it.
    pub fn new(segment: &Segment<'_>, said: &Annotation, packet: Option<Kept>) -> Self {
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

    /// The segment between these ends, as records see it: without options and payload.
    pub fn segment(&self, ends: &Both<SocketAddr>) -> Segment<'static> {
        let (&src, &dst) = ends.of(self.said.from);
        let tcp = tcp::Header {
            src_port: src.port(),
            dst_port: dst.port(),
            seq: self.seq,
            ack: self.ack,
            flags: self.flags,
            window: self.window,
            checksum: 0,
            urgent: 0,
            len: 20,
            options: &[],
        };
        let Self { at, layer, time_ns, len, .. } = *self;
        Segment {
            at,
            layer,
            time_ns,
            zone: 0,
            in_packet: true,
            src,
            dst,
            ttl: 0,
            ip_id: None,
            tcp,
            len,
            payload: &[],
        }
    }
}

impl Kept {
    /// Keeps the start of `packet`.
    pub fn new(packet: &Packet<'_>) -> Self {
        Self {
            link_type: packet.link_type,
            fcs_len: packet.fcs_len,
            len: packet.len,
            octets: packet.data[..packet.data.len().min(KEPT_OCTETS)].into(),
        }
    }
}

impl Fold {
    /// With one more segment of `len` payload octets.
    pub fn with(mut self, time_ns: i64, len: u32, said: &Annotation) -> Self {
        self.span_ns = Some((self.span_ns.map_or(time_ns, |(first_ns, _)| first_ns), time_ns));
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

    /// How long it lasted, nanoseconds; nothing if its clock went back behind its start.
    pub fn length_ns(&self) -> Option<i64> {
        let last = self.connection.last;
        // That of the connection is its latest time.
        let is_behind = self.time_of(last.at).is_some_and(|time_ns| self.since_start(time_ns) < 0);
        (!is_behind).then(|| self.since_start(last.time_ns))
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
