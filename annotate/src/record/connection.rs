//! The record of a connection.

use alloc::vec;

use fourwave_dissector::FrameId;

use crate::code::Code;
use crate::connection::{Connection, Durations, Moment, Reset, ResetForm, Retro, Revision, Step, TimeWait};
use crate::finding::Finding;
use crate::json;
use crate::kind::{By, Certainty, ClientBasis, Initiator, Kind, Who};
use crate::modifier::ConnectionModifier;
use crate::record::endpoint::Endpoint;
use crate::record::part::Part;
use crate::record::text::List;
use crate::record::{Context, Key, Object, RecordKind, Shape, object};
use crate::role::{Role, Wave};
use crate::side::{Both, Side};

/// What is printed of a connection. Serialises as an object. Its own file is that of its first frame.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionRecord<'a> {
    connection: &'a Connection,
    context: Context<'a>,
}

impl<'a> ConnectionRecord<'a> {
    /// The record of `connection`.
    #[must_use]
    pub const fn new(connection: &'a Connection, context: Context<'a>) -> Self {
        Self { connection, context }
    }

    /// Writes it as JSON, as [`SegmentRecord::write_json`](crate::SegmentRecord::write_json) does.
    #[must_use]
    pub fn write_json(&self, to: &mut [u8]) -> Option<usize> {
        json::write(self, to)
    }

    /// `value` as seen from this record: frames of its own file need not name it.
    fn part<T>(&self, value: T) -> Part<'a, T> {
        Part { value, own: self.connection.first.at.file(), context: self.context }
    }
}

object! { ConnectionRecord<'_>, |it| only it.context.fields.selection(RecordKind::Connection), {
    "record": Shape::Always("connection") => RecordKind::Connection,
    "connection": Shape::Integer => it.connection.number,
    "incarnation": Shape::Integer => it.connection.incarnation,
    "file": Shape::TEXT_OR_NULL => it.context.file(it.connection.first.at.file()),
    "files": Shape::List(&Shape::TEXT_OR_NULL) =>
        List(|| it.connection.files.iter().map(|file| it.context.file(*file))),
    "first_frame": Shape::Integer => it.connection.first.at.frame(),
    "last_frame": Shape::Integer => it.connection.last.at.frame(),
    "last_file": Shape::TEXT_OR_NULL => it.part(()).file(it.connection.last.at),
    "first_ns": Shape::Integer => it.connection.first.time_ns,
    "last_ns": Shape::Integer => it.connection.last.time_ns,
    "client": Shape::Text => Endpoint(it.connection.addresses.client),
    "server": Shape::Text => Endpoint(it.connection.addresses.server),
    "client_basis": Shape::word::<ClientBasis>() => it.connection.client_basis,
    "kind": Shape::word::<Kind>() => it.connection.kind,
    "modifiers": Shape::List(&Shape::word::<ConnectionModifier>()) => it.connection.modifiers,
    "initiator": Shape::Object(Began::KEYS) => Began(it.connection.initiator),
    "waves": Shape::Object(<Part<'_, &Connection>>::KEYS) => it.part(it.connection),
    "durations_ns": Shape::Object(Durations::KEYS) => it.connection.durations,
    "close_wait_merged": Shape::Truth => it.connection.close_wait_merged,
    "time_wait": Shape::List(&Shape::Object(Stay::KEYS)) => List(|| stays(it.connection.time_wait)),
    "half_close_bytes": Shape::Integer => it.connection.half_close_bytes,
    "final": Shape::Object(&Key::both(Shape::BOUNDS)) => it.connection.end,
    "segments": Shape::Object(&Key::both(Shape::Integer)) => it.connection.segments,
    "bytes": Shape::Object(&Key::both(Shape::Integer)) => it.connection.bytes,
    "path": Shape::Object(&Key::both(Shape::List(&Shape::Object(<Part<'_, &Step>>::KEYS)))) =>
        Both::from_fn(|side| it.part(it.connection.path[side].as_slice())),
    "retro": Shape::List(&Shape::Object(<Part<'_, &Retro>>::KEYS)) =>
        it.part(it.connection.retro.as_slice()),
    "resets": Shape::List(&Shape::Object(<Part<'_, &Reset>>::KEYS)) =>
        it.part(it.connection.resets.as_slice()),
    "findings": Shape::List(&Shape::Object(<Part<'_, &Finding>>::KEYS)) =>
        it.part(it.connection.findings.as_slice()),
} }

const WAVE: Shape = Shape::OrNull(&Shape::Object(<Part<'_, Moment>>::KEYS));

object! { Part<'_, &Connection>, |it| {
    "1": WAVE => it.value.wave(Wave::First).map(|moment| it.with(moment)),
    "2": WAVE => it.value.wave(Wave::Second).map(|moment| it.with(moment)),
    "3": WAVE => it.value.wave(Wave::Third).map(|moment| it.with(moment)),
    "4": WAVE => it.value.wave(Wave::Fourth).map(|moment| it.with(moment)),
} }

object! { Part<'_, Moment>, |it| {
    "frame": Shape::Integer => it.value.at.frame(),
    "file": Shape::TEXT_OR_NULL => it.file(it.value.at),
    "time_ns": Shape::Integer => it.value.time_ns,
} }

/// Who began the close; all null if nobody did.
struct Began(Initiator);

object! { Began, |it| {
    "peer": Shape::OrNull(&Shape::word::<Who>()) => it.0.peer,
    "first_seen": Shape::OrNull(&Shape::SIDE) => it.0.first_seen,
    "by": Shape::OrNull(&Shape::word::<By>()) => it.0.by,
    "certainty": Shape::OrNull(&Shape::word::<Certainty>()) => it.0.peer.map(|_| it.0.certainty),
} }

object! { Durations, |it| {
    "fin1_ack": Shape::INTEGER_OR_NULL => it.fin1_ack,
    "close_wait": Shape::INTEGER_OR_NULL => it.close_wait,
    "last_ack": Shape::INTEGER_OR_NULL => it.last_ack,
    "teardown": Shape::INTEGER_OR_NULL => it.teardown,
} }

/// A peer's TIME-WAIT.
struct Stay {
    peer: Side,
    span: TimeWait,
}

object! { Stay, |it| {
    "peer": Shape::SIDE => it.peer,
    "from_ns": Shape::Integer => it.span.from_ns,
    "until_ns": Shape::Integer => it.span.until_ns,
} }

fn stays(time_wait: Both<Option<TimeWait>>) -> impl Iterator<Item = Stay> {
    Side::ALL.iter().filter_map(move |&peer| Some(Stay { peer, span: time_wait[peer]? }))
}

object! { Part<'_, &Step>, |it| {
    "state": Shape::STATE => it.value.state,
    "frame": Shape::INTEGER_OR_NULL => it.value.at.map(FrameId::frame),
    "file": Shape::TEXT_OR_NULL => it.value.at.and_then(|at| it.file(at)),
} }

object! { Part<'_, &Retro>, |it| {
    "frame": Shape::Integer => it.value.at.frame(),
    "file": Shape::TEXT_OR_NULL => it.file(it.value.at),
    "field": Shape::Word(|| vec!["role", "fin"]) => match it.value.what {
        Revision::Role { .. } | Revision::Moved { .. } => "role",
        Revision::InferenceWithdrawn => "fin",
    },
    "was": Shape::Text => match it.value.what {
        Revision::Role { was, .. } | Revision::Moved { was, .. } => was.code(),
        Revision::InferenceWithdrawn => By::FinInferred.code(),
    },
    "is": Shape::Text => match it.value.what {
        Revision::Role { is, .. } | Revision::Moved { is, .. } => is.code(),
        Revision::InferenceWithdrawn => "withdrawn",
    },
    "connection": Shape::INTEGER_OR_NULL => match it.value.what {
        Revision::Moved { connection, .. } => Some(connection),
        Revision::Role { .. } | Revision::InferenceWithdrawn => None,
    },
} }

object! { Part<'_, &Reset>, |it| {
    "frame": Shape::Integer => it.value.at.frame(),
    "file": Shape::TEXT_OR_NULL => it.file(it.value.at),
    "peer": Shape::SIDE => it.value.peer,
    "role": Shape::word::<Role>() => it.value.role,
    "form": Shape::word::<ResetForm>() => it.value.form,
} }
