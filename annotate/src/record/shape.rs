//! Shapes of values: what a key can hold. Schema and table columns are read off them.

use alloc::vec::Vec;

use crate::code::Code;
use crate::record::Object;
use crate::side::Side;
use crate::state::{Bounds, Change, State};

/// A key of an object and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Its value is one that many records have together with those of other such keys (see [`Common`](super::Common)).
    pub common: bool,
}

/// What a value can be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Always this word.
    Always(&'static str),
    /// Any text.
    Text,
    /// A whole number that fits 64 bits with sign.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// A word of the vocabulary that the function lists.
    Word(fn() -> Vec<&'static str>),
    /// Such a word; some are followed by `:` and a whole number.
    Numbered(fn() -> Vec<&'static str>),
    /// A list.
    List(&'static Self),
    /// An object with all of these keys.
    Object(&'static [Key]),
    /// An object with those of these keys that have a value.
    Sparse(&'static [Key]),
    /// Nothing.
    Null,
    /// This, or null.
    OrNull(&'static Self),
}

impl Shape {
    /// Text or null.
    pub(super) const TEXT_OR_NULL: Self = Self::OrNull(&Self::Text);
    /// Whole number or null.
    pub(super) const INTEGER_OR_NULL: Self = Self::OrNull(&Self::Integer);
    /// `client` or `server`.
    pub(super) const SIDE: Self = Self::word::<Side>();
    /// A state.
    pub(super) const STATE: Self = Self::word::<State>();
    /// The two bounds of a state.
    pub(super) const BOUNDS: Self = Self::Object(Bounds::KEYS);
    /// The bounds before and after.
    pub(super) const CHANGE: Self = Self::Object(Change::KEYS);

    /// A word of the vocabulary `T`.
    pub(super) const fn word<T: Code>() -> Self {
        Self::Word(codes::<T>)
    }
}

impl Key {
    pub(super) const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, common: false }
    }

    /// The same key, of a value that many records have in common.
    pub(super) const fn common(self) -> Self {
        Self { common: true, ..self }
    }

    /// The keys `client` and `server`, with a value of the same shape each.
    pub(super) const fn both(shape: Shape) -> [Self; 2] {
        [Self::new("client", shape), Self::new("server", shape)]
    }
}

/// The codes of a vocabulary in its order.
pub(super) fn codes<T: Code>() -> Vec<&'static str> {
    T::ALL.iter().map(|word| word.code()).collect()
}
