//! Vocabularies with stable codes, and sets of their words.
//!
//! Every word that a record can carry belongs to an enum declared with [`coded!`]: one list gives the
//! variants, their codes, their order, their serialisation and their JSON.
//!
//! These enums are exhaustive on purpose: a new word is a breaking change, so that whoever matches is told.

use core::fmt;
use core::marker::PhantomData;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

/// A word of a closed vocabulary.
pub trait Code: Copy + 'static {
    /// The whole vocabulary in its order.
    const ALL: &'static [Self];

    /// The stable code: the same in JSON, in C and in display filters.
    fn code(self) -> &'static str;

    /// Position in [`Self::ALL`].
    fn index(self) -> u32;

    /// The word with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }
}

macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "checkpoint", derive(serde::Deserialize))]
        pub enum $name {
            $($(#[$variant_meta])* #[cfg_attr(feature = "checkpoint", serde(rename = $code))] $variant,)+
        }

        impl $name {
            /// The set of these words; for constants.
            #[must_use]
            pub const fn set(words: &[Self]) -> $crate::code::Set<Self> {
                let mut bits = 0;
                let mut rest = words;
                while let Some((word, tail)) = rest.split_first() {
                    bits |= 1 << (*word as u32);
                    rest = tail;
                }
                $crate::code::Set::from_bits(bits)
            }

            /// Its code in quotes.
            pub(crate) const fn quoted(self) -> &'static $crate::json::Word {
                const WORDS: &[$crate::json::Word] = &[$($crate::json::Word::of($code),)+];
                &WORDS[self as usize]
            }
        }

        impl $crate::code::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            fn index(self) -> u32 {
                self as u32
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad($crate::code::Code::code(*self))
            }
        }

        impl serde::Serialize for $name {
            #[inline(always)]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use $crate::code::Code;
                serializer.serialize_unit_variant(stringify!($name), self.index(), self.code())
            }
        }

        impl $crate::json::Json for $name {
            #[inline(always)]
            fn json<'to>(&self, to: $crate::json::Room<'to>) -> $crate::json::Room<'to> {
                self.quoted().copy(to)
            }
        }
    };
}
pub(crate) use coded;

/// A set of words of one vocabulary (of at most 64), in the vocabulary's order. Serialises as a list of codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Set<T>(u64, PhantomData<T>);

impl<T: Code> Set<T> {
    /// The empty set.
    pub const EMPTY: Self = Self(0, PhantomData);

    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits, PhantomData)
    }

    /// Its words as bits, by their index.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The set of one word.
    #[must_use]
    pub fn of(word: T) -> Self {
        Self(1 << word.index(), PhantomData)
    }

    /// True if no word is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if `word` is in the set.
    #[must_use]
    pub fn contains(self, word: T) -> bool {
        self.0 & 1 << word.index() != 0
    }

    /// True if the sets share a word.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Adds `word`.
    pub fn insert(&mut self, word: T) {
        self.0 |= 1 << word.index();
    }

    /// Takes `word` out.
    pub fn remove(&mut self, word: T) {
        self.0 &= !(1 << word.index());
    }

    /// Adds all of `other`.
    pub const fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// The words that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0, PhantomData)
    }

    /// The words of it that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0, PhantomData)
    }

    /// How many words are in the set.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The words in the vocabulary's order.
    pub fn iter(self) -> impl Iterator<Item = T> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let index = rest.trailing_zeros();
            let word = T::ALL.get(index as usize).copied()?;
            rest &= rest - 1;
            Some(word)
        })
    }
}

impl<T: Code> Default for Set<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: Code> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(words: I) -> Self {
        let mut set = Self::EMPTY;
        for word in words {
            set.insert(word);
        }
        set
    }
}

impl<T: Code + fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T: Code + Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut words = serializer.serialize_seq(Some(self.len() as usize))?;
        self.iter().try_for_each(|word| words.serialize_element(&word))?;
        words.end()
    }
}

#[cfg(feature = "checkpoint")]
impl<'de, T: Code + serde::Deserialize<'de>> serde::Deserialize<'de> for Set<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        alloc::vec::Vec::deserialize(deserializer).map(Self::from_iter)
    }
}
