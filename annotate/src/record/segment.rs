//! The record of a segment.

use alloc::vec::Vec;

use fourwave_dissector::tcp::Flags;
use fourwave_dissector::{FrameId, Segment};

use crate::annotation::{Annotation, Duty};
use crate::finding::FindingId;
use crate::json;
use crate::modifier::Modifier;
use crate::next::Next;
use crate::record::endpoint::Endpoint;
use crate::record::shape::codes;
use crate::record::states::Outlook;
use crate::record::text::{FlagNames, List, numbered};
use crate::record::{Common, Context, Key, Object, RecordKind, Selection, Shape, object};
use crate::role::{Role, Wave};
use crate::side::Both;
use crate::state::State;

/// What is printed of a segment. Serialises as an object.
#[derive(Clone, Copy, Debug)]
pub struct SegmentRecord<'a> {
    segment: &'a Segment<'a>,
    annotation: &'a Annotation,
    context: Context<'a>,
    path_in_frame: Option<&'a Both<Vec<State>>>,
}

impl<'a> SegmentRecord<'a> {
    /// The record of `segment`.
    #[must_use]
    pub const fn new(segment: &'a Segment<'a>, annotation: &'a Annotation, context: Context<'a>) -> Self {
        Self { segment, annotation, context, path_in_frame: None }
    }

    /// Adds the states that each peer passed inside the frame; known in hindsight only.
    #[must_use]
    pub const fn with_path_in_frame(self, path: &'a Both<Vec<State>>) -> Self {
        Self { path_in_frame: Some(path), ..self }
    }

    /// From which the values of the common keys follow.
    #[must_use]
    #[inline]
    pub fn common(&self) -> Common {
        Common::new(self.segment, self.annotation)
    }

    /// Writes it as JSON at the beginning of `to`: the same text as its `Serialize` makes, faster. How long it is, or
    /// `None` if it does not fit.
    #[must_use]
    pub fn write_json(&self, to: &mut [u8]) -> Option<usize> {
        json::write(self, to)
    }

    /// The keys of a record without hindsight: all but the last.
    pub(super) const STREAMED: Selection = Selection::first(Self::KEYS.len() - 1);

    fn other_file(&self, at: Option<FrameId>) -> Option<&'a str> {
        self.context.other_file(self.segment.at.file(), at?)
    }
}

const NEXT: Shape = Shape::List(&Shape::Object(Next::KEYS));
const DUTIES: Shape = Shape::List(&Shape::word::<Duty>());
const STATES: Shape = Shape::List(&Shape::STATE);

object! { SegmentRecord<'_>, |it| only it.context.fields => RecordKind::Segment, {
    "record": Shape::Always("segment"), common => RecordKind::Segment,
    "file": Shape::TEXT_OR_NULL, common => it.context.file(it.segment.at.file()),
    "frame": Shape::Integer => it.segment.at.frame(),
    "layer": Shape::Integer, common => it.segment.layer,
    "time_ns": Shape::Integer => it.segment.time_ns,
    "connection": Shape::Integer => it.annotation.connection,
    "incarnation": Shape::Integer => it.annotation.incarnation,
    "from": Shape::SIDE, common => it.annotation.from,
    "src": Shape::Text => Endpoint(&it.segment.src),
    "dst": Shape::Text => Endpoint(&it.segment.dst),
    "flags": Shape::Text, common => FlagNames(it.segment.tcp.flags),
    "seq": Shape::Integer => it.segment.tcp.seq,
    "ack": Shape::INTEGER_OR_NULL => it.segment.tcp.flags.contains(Flags::ACK).then_some(it.segment.tcp.ack),
    "len": Shape::Integer => it.segment.len,
    "window": Shape::Integer => it.segment.tcp.window,
    "role": Shape::word::<Role>(), common => it.annotation.role,
    "waves": Shape::List(&Shape::Integer), common => List(|| it.annotation.waves.iter().map(Wave::number)),
    "modifiers": Shape::List(&Shape::Numbered(codes::<Modifier>)), common =>
        List(|| numbered(it.annotation.modifiers)),
    "client": Shape::CHANGE, common => it.annotation.peers.client,
    "server": Shape::CHANGE, common => it.annotation.peers.server,
    "acks_fin_frame": Shape::INTEGER_OR_NULL => it.annotation.acks_fin.map(FrameId::frame),
    "acks_fin_file": Shape::TEXT_OR_NULL => it.other_file(it.annotation.acks_fin),
    "repeats_frame": Shape::INTEGER_OR_NULL => it.annotation.repeats.map(FrameId::frame),
    "repeats_file": Shape::TEXT_OR_NULL => it.other_file(it.annotation.repeats),
    "next": Shape::Object(&Key::both(NEXT)), common =>
        Both::from_fn(|side| Outlook(it.annotation.peers[side].after.expected)),
    "owes": Shape::Object(&Key::both(DUTIES)), common => it.annotation.owes,
    "findings": Shape::List(&Shape::word::<FindingId>()), common => it.annotation.findings,
    // Stays the last: see `STREAMED`.
    "path_in_frame": Shape::OrNull(&Shape::Object(&Key::both(STATES))) => it.path_in_frame,
} }
