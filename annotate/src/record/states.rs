//! States in records, and what can come next after each.

use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::json::{Constant, Json, Room};
use crate::next::{Cause, Next, On};
use crate::record::{Object, Shape, object, serialised};
use crate::state::{Bounds, Change, State};

serialised! { Bounds, |it| {
    "confirmed": Shape::STATE => it.confirmed,
    "expected": Shape::STATE => it.expected,
} }

object! { Change, |it| {
    "before": Shape::BOUNDS => it.before,
    "after": Shape::BOUNDS => it.after,
} }

serialised! { Next, |it| {
    "by": Shape::word::<Cause>() => it.by,
    "on": Shape::word::<On>() => it.on,
    "to": Shape::STATE => it.to,
    "app": Shape::Truth => it.app,
} }

/// Two states are 144 texts.
impl Json for Bounds {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        BOUNDS[self.confirmed as usize][self.expected as usize].copy(to)
    }
}

/// By the confirmed and the expected state.
static BOUNDS: [[Constant<62>; STATES]; STATES] = {
    let [confirmed_key, expected_key] = Bounds::KEYS else { panic!("bounds are two") };
    let mut texts = [[Constant::EMPTY; STATES]; STATES];
    let mut confirmed = 0;
    while confirmed < STATES {
        let mut expected = 0;
        while expected < STATES {
            texts[confirmed][expected] = Constant::EMPTY
                .put(b"{")
                .key(confirmed_key.name)
                .put(State::ALL[confirmed].quoted().as_bytes())
                .put(b",")
                .key(expected_key.name)
                .put(State::ALL[expected].quoted().as_bytes())
                .put(b"}");
            expected += 1;
        }
        confirmed += 1;
    }
    texts
};

const STATES: usize = State::ALL.len();

/// What can come next for a peer in this state. Serialises as a list, a newtype that has the state's code as its name:
/// by the name a serialiser knows the same list again.
pub(super) struct Outlook(pub State);

impl Serialize for Outlook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.0.code(), Next::after(self.0))
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
