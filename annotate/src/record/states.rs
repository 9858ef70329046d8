//! States in records, and what can come next after each.

use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::json::{Constant, Json, Room};
use crate::next::{Cause, Next, On};
use crate::record::{Key, Object, Shape, serialised};
use crate::state::{Bounds, Change, State};

serialised! { Bounds, |it| {
    "confirmed": Shape::STATE => it.confirmed,
    "expected": Shape::STATE => it.expected,
} }

serialised! { Change, |it| {
    "before": Shape::BOUNDS => it.before,
    "after": Shape::BOUNDS => it.after,
} }

serialised! { Next, |it| {
    "by": Shape::word::<Cause>() => it.by,
    "on": Shape::word::<On>() => it.on,
    "to": Shape::STATE => it.to,
    "app": Shape::Truth => it.app,
} }

impl Json for Bounds {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        BOUNDS[self.confirmed as usize][self.expected as usize].copy(to)
    }
}

impl Json for Change {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let to = BEFORE[self.before.confirmed as usize][self.before.expected as usize].copy(to);
        AFTER[self.after.confirmed as usize][self.after.expected as usize].copy(to)
    }
}

/// Two states are 144 texts: by the confirmed and the expected one.
type ByBounds<const SIZE: usize> = [[Constant<SIZE>; STATES]; STATES];

static BOUNDS: ByBounds<62> = by_bounds(Constant::EMPTY, b"");

static BEFORE: ByBounds<64> = by_bounds(Constant::EMPTY.put(b"{").key(CHANGE[0].name), b"");

static AFTER: ByBounds<64> = by_bounds(Constant::EMPTY.put(b",").key(CHANGE[1].name), b"}");

const CHANGE: &[Key; 2] = {
    let Some(keys) = Change::KEYS.first_chunk() else { panic!("a change has two keys") };
    keys
};

/// The bounds with something before and something behind them.
const fn by_bounds<const SIZE: usize>(before: Constant<SIZE>, behind: &[u8]) -> ByBounds<SIZE> {
    let [confirmed_key, expected_key] = Bounds::KEYS else { panic!("bounds are two") };
    let mut texts = [[before; STATES]; STATES];
    let mut confirmed = 0;
    while confirmed < STATES {
        let mut expected = 0;
        while expected < STATES {
            texts[confirmed][expected] = before
                .put(b"{")
                .key(confirmed_key.name)
                .put(State::ALL[confirmed].quoted().as_bytes())
                .put(b",")
                .key(expected_key.name)
                .put(State::ALL[expected].quoted().as_bytes())
                .put(b"}")
                .put(behind);
            expected += 1;
        }
        confirmed += 1;
    }
    texts
}

const STATES: usize = State::ALL.len();

/// What can come next for a peer in this state. Serialises as a list; a newtype with a compact form (see [`super`]).
pub(super) struct Outlook(pub State);

impl Serialize for Outlook {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_newtype_struct("Outlook", &Steps(self.0))
        } else {
            Next::after(self.0).serialize(serializer)
        }
    }
}

/// What is in an [`Outlook`].
struct Steps(State);

impl Serialize for Steps {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Next::after(self.0).serialize(serializer)
        } else {
            serializer.serialize_u64(self.0.index().into())
        }
    }
}

impl Json for Outlook {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        to.put(OUTLOOKS[self.0 as usize].as_bytes())
    }
}

/// By the state.
static OUTLOOKS: [Constant<510>; STATES] = {
    let mut texts = [Constant::EMPTY; STATES];
    let mut state = 0;
    while state < STATES {
        texts[state] = outlook(Next::after(State::ALL[state]));
        state += 1;
    }
    texts
};

const fn outlook(steps: &[Next]) -> Constant<510> {
    let [by, on, to, app] = Next::KEYS else { panic!("a step has four keys") };
    let mut text = Constant::EMPTY.put(b"[");
    let mut place = 0;
    while place < steps.len() {
        let step = steps[place];
        text = text
            .put(if place == 0 { b"{" } else { b",{" })
            .key(by.name)
            .put(step.by.quoted().as_bytes())
            .put(b",")
            .key(on.name)
            .put(step.on.quoted().as_bytes())
            .put(b",")
            .key(to.name)
            .put(step.to.quoted().as_bytes())
            .put(b",")
            .key(app.name)
            .put(if step.app { b"true" } else { b"false" })
            .put(b"}");
        place += 1;
    }
    text.put(b"]")
}
