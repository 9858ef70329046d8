//! The record of a connection.

use alloc::vec;

use fourwave_dissector::FrameId;

use crate::code::Code;
use crate::connection::{Connection, Durations, Moment, Reset, ResetForm, Retro, Revision, Step, TimeWait};
use crate::finding::Finding;
use crate::json::{self, Constant, Json, Room};
use crate::kind::{By, Certainty, ClientBasis, Initiator, Kind, Who};
use crate::modifier::ConnectionModifier;
use crate::record::endpoint::Endpoint;
use crate::record::part::{Origin, Part};
use crate::record::text::List;
use crate::record::{Context, Key, Object, RecordKind, Shape, object, serialised};
use crate::role::{Role, Wave};
use crate::side::{Both, Side};
use crate::state::State;

/// What is printed of a connection. Serialises as an object. Its own file is that of its first frame.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionRecord<'a> {
    connection: &'a Connection,
    origin: Origin<'a>,
}

impl<'a> ConnectionRecord<'a> {
    /// The record of `connection`.
    #[must_use]
    pub fn new(connection: &'a Connection, context: Context<'a>) -> Self {
        Self { connection, origin: Origin::new(connection.first, context) }
    }

    /// Writes it as JSON, as [`SegmentRecord::write_json`](crate::SegmentRecord::write_json) does.
    #[must_use]
    pub fn write_json(&self, to: &mut [u8]) -> Option<usize> {
        json::write(self, to)
    }

    /// `value` as seen from this record: frames of its own file need not name it.
    fn part<T>(&self, value: T) -> Part<'_, T> {
        Part { value, origin: &self.origin }
    }
}

object! { ConnectionRecord<'_>, |it| only it.origin.context.fields => RecordKind::Connection, {
    "record": Shape::Always("connection") => RecordKind::Connection,
    "connection": Shape::Integer => it.connection.number,
    "incarnation": Shape::Integer => it.connection.incarnation,
    "file": Shape::TEXT_OR_NULL => it.origin.context.file(it.connection.first.at.file()),
    "files": Shape::List(&Shape::TEXT_OR_NULL) =>
        List(|| it.connection.files.iter().map(|file| it.origin.context.file(*file))),
    "first_frame": Shape::Integer => it.connection.first.at.frame(),
    "last_frame": Shape::Integer => it.connection.last.at.frame(),
    "last_file": Shape::TEXT_OR_NULL => it.origin.other_file(it.connection.last.at),
    "first_ns": Shape::Integer => it.origin.time(it.connection.first.time_ns),
    "last_ns": Shape::Integer => it.origin.time(it.connection.last.time_ns),
    "client": Shape::Text => Endpoint(&it.connection.addresses.client),
    "server": Shape::Text => Endpoint(&it.connection.addresses.server),
    "client_basis": Shape::word::<ClientBasis>() => it.connection.client_basis,
    "kind": Shape::word::<Kind>() => it.connection.kind,
    "modifiers": Shape::List(&Shape::word::<ConnectionModifier>()) => it.connection.modifiers,
    "initiator": Shape::Object(Began::KEYS) => Began(it.connection.initiator),
    "waves": Shape::Object(<Part<'_, &Connection>>::KEYS) => it.part(it.connection),
    "durations_ns": Shape::Object(Durations::KEYS) => it.connection.durations,
    "close_wait_merged": Shape::Truth => it.connection.close_wait_merged,
    "time_wait": Shape::List(&Shape::Object(<Part<'_, Stay>>::KEYS)) =>
        List(|| stays(it.connection.time_wait).map(|stay| it.part(stay))),
    "half_close_bytes": Shape::Integer => it.connection.half_close_bytes,
    "final": Shape::Object(&Key::both(Shape::BOUNDS)) => it.connection.end,
    "segments": Shape::Object(&Key::both(Shape::Integer)) => it.connection.segments,
    "bytes": Shape::Object(&Key::both(Shape::Integer)) => it.connection.bytes,
    "path": Shape::Object(&Key::both(Shape::List(&Shape::Object(<Part<'_, &Step>>::KEYS)))) =>
        Both::from_fn(|side| it.part(&*it.connection.path[side])),
    "retro": Shape::List(&Shape::Object(<Part<'_, &Retro>>::KEYS)) =>
        it.part(it.connection.retro.as_slice()),
    "resets": Shape::List(&Shape::Object(<Part<'_, &Reset>>::KEYS)) =>
        it.part(&*it.connection.resets),
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

serialised! { Part<'_, Moment>, |it| {
    "frame": Shape::Integer => it.value.at.frame(),
    "file": Shape::TEXT_OR_NULL => it.file(it.value.at),
    "time_ns": Shape::Integer => it.origin.time(it.value.time_ns),
} }

impl Json for Part<'_, Moment> {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let Moment { at, time_ns } = self.value;
        let to = match self.file(at) {
            None => to.number_in(&MOMENT_FRAME, at.frame(), &MOMENT_IN_OWN_FILE),
            file => {
                let to = MOMENT_FRAME.copy(to).number(at.frame()).put(MOMENT_FILE.as_bytes());
                file.json(to).put(MOMENT_TIME.as_bytes())
            }
        };
        self.origin.time(time_ns).json(to).put(b"}")
    }
}

const MOMENT: &[Key; 3] = three(<Part<'_, Moment>>::KEYS);

/// What stands in a moment before, between and behind its values.
const MOMENT_FRAME: Constant<32> = Constant::EMPTY.put(b"{").key(MOMENT[0].name);
const MOMENT_FILE: Constant<24> = Constant::EMPTY.put(b",").key(MOMENT[1].name);
const MOMENT_TIME: Constant<24> = Constant::EMPTY.put(b",").key(MOMENT[2].name);
const MOMENT_IN_OWN_FILE: Constant<24> = MOMENT_FILE.put(b"null").put(MOMENT_TIME.as_bytes());

const fn three(keys: &'static [Key]) -> &'static [Key; 3] {
    let Some(keys) = keys.first_chunk() else { panic!("these have three keys") };
    keys
}

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

object! { Part<'_, Stay>, |it| {
    "peer": Shape::SIDE => it.value.peer,
    "from_ns": Shape::Integer => it.origin.time(it.value.span.from_ns),
    "until_ns": Shape::Integer => it.origin.time(it.value.span.until_ns),
} }

fn stays(time_wait: Both<Option<TimeWait>>) -> impl Iterator<Item = Stay> {
    Side::ALL.iter().filter_map(move |&peer| Some(Stay { peer, span: time_wait[peer]? }))
}

serialised! { Part<'_, &Step>, |it| {
    "state": Shape::STATE => it.value.state,
    "frame": Shape::INTEGER_OR_NULL => it.value.at.map(FrameId::frame),
    "file": Shape::TEXT_OR_NULL => it.value.at.and_then(|at| it.file(at)),
} }

/// Most of what a record of a usual connection says is steps: all of one but its frame is written when compiling.
impl Json for Part<'_, &Step> {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let Step { state, at } = *self.value;
        let before = &STEPS[state as usize];
        let Some(at) = at else { return before.copy(to).put(b"null").put(IN_OWN_FILE.as_bytes()) };
        match self.file(at) {
            None => to.number_in(before, at.frame(), &IN_OWN_FILE),
            file => {
                let to = before.copy(to).number(at.frame()).put(STEP_FILE.as_bytes());
                file.json(to).put(b"}")
            }
        }
    }
}

const STEP: &[Key; 3] = three(<Part<'_, &Step>>::KEYS);

/// What stands before the frame of a step, by its state.
static STEPS: [Constant<32>; State::ALL.len()] = {
    let mut texts = [Constant::EMPTY; State::ALL.len()];
    let mut state = 0;
    while state < texts.len() {
        texts[state] = Constant::EMPTY
            .put(b"{")
            .key(STEP[0].name)
            .put(State::ALL[state].quoted().as_bytes())
            .put(b",")
            .key(STEP[1].name);
        state += 1;
    }
    texts
};

const STEP_FILE: Constant<24> = Constant::EMPTY.put(b",").key(STEP[2].name);

const IN_OWN_FILE: Constant<24> = STEP_FILE.put(b"null}");

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
