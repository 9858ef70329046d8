//! What the engine says of a segment and of a timer, as C sees it.

use fourwave_annotate::{Annotation, Both, Bounds, Change, Recalled, Role, TimeWaitExpired};
use fourwave_dissector::{FrameId, Segment};

use crate::connection::fourwave_endpoint;
use crate::guard::versioned;
use crate::words::Numbered;

/// A peer's state: two bounds, FOURWAVE_STATE_....
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_bounds {
    /// What the peer's own segments prove it had reached.
    pub confirmed: u8,
    /// What it reaches if every segment seen is delivered and its application does nothing more.
    pub expected: u8,
}

/// A peer's state before and after.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_change {
    /// Before.
    pub before: fourwave_bounds,
    /// After.
    pub after: fourwave_bounds,
}

/// What is said of one segment. A frame number of 0 means that there is no such packet. Test sets with FOURWAVE_HAS.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_annotation {
    /// sizeof(fourwave_annotation), set by the caller.
    pub struct_size: usize,
    /// The packet of the segment.
    pub frame: u64,
    /// When it was recorded: nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// The connection: incarnations in the order of their first segments, from 1.
    pub connection: u64,
    /// The first copy of the FIN that this segment is first to acknowledge, or acknowledges again.
    pub acks_fin_frame: u64,
    /// The first copy of what it repeats.
    pub repeats_frame: u64,
    /// Of a FIN: the first acknowledgment of it. Known in hindsight only.
    pub fin_acked_frame: u64,
    /// The RST that answers it. Known in hindsight only.
    pub answered_by_rst_frame: u64,
    /// FOURWAVE_MODIFIER_..., a set.
    pub modifiers: u64,
    /// FOURWAVE_FINDING_..., a set: those known at this segment.
    pub findings: u64,
    /// The same: those that became known later and of which it is the last evidence. Known in hindsight only.
    pub concluded: u64,
    /// FOURWAVE_DUTY_..., a set: what the client owes after it.
    pub client_owes: u64,
    /// What the server owes.
    pub server_owes: u64,
    /// Who sent it.
    pub src: fourwave_endpoint,
    /// To whom.
    pub dst: fourwave_endpoint,
    /// The file of frame.
    pub file: u32,
    /// That of acks_fin_frame.
    pub acks_fin_file: u32,
    /// That of repeats_frame.
    pub repeats_file: u32,
    /// That of fin_acked_frame.
    pub fin_acked_file: u32,
    /// That of answered_by_rst_frame.
    pub answered_by_rst_file: u32,
    /// Counts the incarnations of one pair of addresses and ports from 1.
    pub incarnation: u32,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgment number; means nothing without the ACK flag.
    pub ack: u32,
    /// Payload octets, by the length of the IP packet.
    pub len: u32,
    /// Octets acknowledged but not seen, with FOURWAVE_MODIFIER_ACKS_UNSEEN.
    pub acks_unseen: u32,
    /// The control bits, as the last 9 bits of octets 12 and 13 of the header.
    pub flags: u16,
    /// The window, not scaled.
    pub window: u16,
    /// Counts the TCP headers of one packet from 0.
    pub layer: u8,
    /// FOURWAVE_SIDE_...: who sent it.
    pub from: u8,
    /// FOURWAVE_ROLE_....
    pub role: u8,
    /// The waves it carries: bit 1 to bit 4.
    pub waves: u8,
    /// The client's state.
    pub client: fourwave_change,
    /// The server's state.
    pub server: fourwave_change,
}
versioned!(fourwave_annotation, from server);

impl fourwave_annotation {
    /// As it is said at the time.
    pub(crate) fn streamed(segment: &Segment<'_>, annotation: &Annotation) -> Self {
        Self {
            struct_size: 0,
            frame: segment.at.frame(),
            file: segment.at.file(),
            time_ns: segment.time_ns,
            connection: annotation.connection,
            incarnation: annotation.incarnation,
            acks_fin_frame: annotation.acks_fin.map_or(0, FrameId::frame),
            acks_fin_file: annotation.acks_fin.map_or(0, FrameId::file),
            repeats_frame: annotation.repeats.map_or(0, FrameId::frame),
            repeats_file: annotation.repeats.map_or(0, FrameId::file),
            fin_acked_frame: 0,
            fin_acked_file: 0,
            answered_by_rst_frame: 0,
            answered_by_rst_file: 0,
            modifiers: Numbered::bits(annotation.modifiers.set),
            findings: Numbered::bits(annotation.findings),
            concluded: 0,
            client_owes: Numbered::bits(annotation.owes.client),
            server_owes: Numbered::bits(annotation.owes.server),
            src: segment.src.into(),
            dst: segment.dst.into(),
            seq: segment.tcp.seq,
            ack: segment.tcp.ack,
            len: segment.len,
            acks_unseen: annotation.modifiers.acks_unseen,
            flags: segment.tcp.flags.0,
            window: segment.tcp.window,
            layer: segment.layer,
            from: annotation.from.number(),
            role: annotation.role.number(),
            // Waves are few: they fit.
            waves: Numbered::bits(annotation.waves) as u8,
            client: annotation.peers.client.into(),
            server: annotation.peers.server.into(),
        }
    }

    /// As it is known later.
    pub(crate) fn recalled(segment: &Segment<'_>, recalled: &Recalled) -> Self {
        Self {
            fin_acked_frame: recalled.fin_acked.map_or(0, FrameId::frame),
            fin_acked_file: recalled.fin_acked.map_or(0, FrameId::file),
            answered_by_rst_frame: recalled.answered_by_rst.map_or(0, FrameId::frame),
            answered_by_rst_file: recalled.answered_by_rst.map_or(0, FrameId::file),
            concluded: Numbered::bits(recalled.concluded),
            ..Self::streamed(segment, &recalled.annotation)
        }
    }
}

/// The end of a TIME-WAIT: 2 MSL are over.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_timer {
    /// sizeof(fourwave_timer), set by the caller.
    pub struct_size: usize,
    /// When it ended: nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// The connection.
    pub connection: u64,
    /// Its incarnation.
    pub incarnation: u32,
    /// FOURWAVE_ROLE_TIME_WAIT_EXPIRED.
    pub role: u8,
    /// FOURWAVE_SIDE_...: whose TIME-WAIT it was.
    pub peer: u8,
    /// The client's state.
    pub client: fourwave_change,
    /// The server's state.
    pub server: fourwave_change,
}
versioned!(fourwave_timer, from server);

impl From<&TimeWaitExpired> for fourwave_timer {
    fn from(event: &TimeWaitExpired) -> Self {
        let Both { client, server } = event.peers;
        Self {
            struct_size: 0,
            time_ns: event.time_ns,
            connection: event.connection,
            incarnation: event.incarnation,
            role: Role::TimeWaitExpired.number(),
            peer: event.peer.number(),
            client: client.into(),
            server: server.into(),
        }
    }
}

impl From<Bounds> for fourwave_bounds {
    fn from(bounds: Bounds) -> Self {
        Self { confirmed: bounds.confirmed.number(), expected: bounds.expected.number() }
    }
}

impl From<Change> for fourwave_change {
    fn from(change: Change) -> Self {
        Self { before: change.before.into(), after: change.after.into() }
    }
}
