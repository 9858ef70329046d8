//! The record of a timer event.

use crate::annotation::TimeWaitExpired;
use crate::finding::{FindingId, FindingSet};
use crate::json;
use crate::record::{Context, RecordKind, Shape, object};
use crate::role::Role;

/// What is printed of the end of a TIME-WAIT: no packet, so neither file nor frame. Serialises as an object.
#[derive(Clone, Copy, Debug)]
pub struct EventRecord<'a> {
    event: &'a TimeWaitExpired,
    context: Context<'a>,
}

impl<'a> EventRecord<'a> {
    /// The record of `event`.
    #[must_use]
    pub const fn new(event: &'a TimeWaitExpired, context: Context<'a>) -> Self {
        Self { event, context }
    }

    /// Writes it as JSON, as [`SegmentRecord::write_json`](crate::SegmentRecord::write_json) does.
    #[must_use]
    pub fn write_json(&self, to: &mut [u8]) -> Option<usize> {
        json::write(self, to)
    }
}

object! { EventRecord<'_>, |it| only it.context.fields => RecordKind::Event, {
    "record": Shape::Always("event") => RecordKind::Event,
    "role": Shape::word::<Role>() => Role::TimeWaitExpired,
    "file": Shape::TEXT_OR_NULL => None::<&str>,
    "frame": Shape::INTEGER_OR_NULL => None::<u64>,
    "time_ns": Shape::Integer => it.event.time_ns,
    "connection": Shape::Integer => it.event.connection,
    "incarnation": Shape::Integer => it.event.incarnation,
    "peer": Shape::SIDE => it.event.peer,
    "client": Shape::CHANGE => it.event.peers.client,
    "server": Shape::CHANGE => it.event.peers.server,
    "findings": Shape::List(&Shape::word::<FindingId>()) => FindingSet::EMPTY,
} }
