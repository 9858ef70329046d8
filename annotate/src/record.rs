//! The records: what is printed of segments, timer events and connections, key by key.
//!
//! The serde contract of the project and the only place where names of keys live. Every key is declared once,
//! with its shape and its value, by [`object!`]; serde, JSON, the JSON Schema ([`Schema`]) and the flat columns of
//! tables ([`Column`]) follow from the same lines. Keys are only ever added; one without a value is null. This
//! module must not know formats, or how anything was found.
//!
//! Values whose text takes time to make, and comes again and again, are newtypes. In a format for humans, what is inside can
//! be asked for its compact form, one `u64` or a tuple of up to three from which the text follows, by a serialiser of the
//! other sort: by these it knows the text again. Any record has the same values in all formats.
//!
//! So do many values together, of keys that are declared as `common`: they follow from what [`Common`] says of the record.

mod common;
mod connection;
mod endpoint;
mod event;
mod fields;
mod finding;
mod part;
mod schema;
mod segment;
mod shape;
mod states;
mod text;

use alloc::string::String;

use serde::ser::SerializeStruct;

use crate::lang::Lang;

pub use common::Common;
pub use connection::ConnectionRecord;
pub use event::EventRecord;
pub use fields::{Column, Fields, RecordKind, UnknownField};
pub use schema::Schema;
pub use segment::SegmentRecord;
pub use shape::{Key, Shape};

/// What records need beside what they are about.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Names of the input files, by the index in [`FrameId::file`](fourwave_dissector::FrameId::file). An
    /// index beyond prints null.
    pub files: &'a [String],
    /// The keys to print.
    pub fields: Fields,
    /// The language of the sentences.
    pub lang: Lang,
}

/// An object of the contract.
trait Object {
    /// Its name, for formats that have names of objects.
    const NAME: &'static str;

    /// Its keys in the order in which they are printed; fewer than 64.
    const KEYS: &'static [Key];

    /// The keys that are wanted unless others are asked for.
    const USUAL: Selection = Selection::ALL;

    /// The keys that are wanted.
    fn selection(&self) -> Selection {
        Self::USUAL
    }

    /// Writes the keys in `selection`.
    fn fields<S: SerializeStruct>(&self, selection: Selection, to: &mut S) -> Result<(), S::Error>;
}

/// Some keys of an object: one bit for each, the lowest for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Selection(u64);

impl Selection {
    /// Every key.
    const ALL: Self = Self(u64::MAX);

    /// No key.
    const NONE: Self = Self(0);

    /// The first `count` keys.
    const fn first(count: usize) -> Self {
        Self((1 << count) - 1)
    }

    /// Adds the key at `index`.
    fn insert(&mut self, index: usize) {
        self.0 |= 1 << index;
    }

    /// True if the key at `index` is wanted.
    const fn contains(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Tells whether the next key is wanted.
    #[inline(always)]
    fn next(&mut self) -> bool {
        let wanted = self.0 & 1 == 1;
        self.0 >>= 1;
        wanted
    }

    /// How many of `keys` are wanted.
    const fn count(self, keys: &'static [Key]) -> usize {
        (self.0 & Self::first(keys.len()).0).count_ones() as usize
    }

    /// Those of `keys` that are wanted.
    fn of(mut self, keys: &'static [Key]) -> impl Iterator<Item = &'static Key> {
        keys.iter().filter(move |_| self.next())
    }
}

/// Declares an object of the contract: `"key": SHAPE => value` for each key, with `, common` behind the shape if many
/// records have the value in common; for records also which fields `only`, of which kind.
macro_rules! object {
    ($type:ty, |$this:ident| $(only $fields:expr => $kind:expr,)? { $($key:literal: $shape:expr $(, $common:ident)? => $value:expr,)+ }) => {
        $crate::record::serialised! {
            $type, |$this| $(only $fields => $kind,)? { $($key: $shape $(, $common)? => $value,)+ }
        }

        impl $type {
            /// Adds the members in `selection`.
            #[inline(always)]
            fn members<'to>(
                &self,
                mut selection: $crate::record::Selection,
                to: $crate::json::Room<'to>,
            ) -> $crate::json::Room<'to> {
                let $this = self;
                let mut to = to;
                let mut separator = b'{';
                $(if selection.next() {
                    const KEY: $crate::json::Key =
                        $crate::json::Key(concat!(",\"", $key, "\":"), concat!(",\"", $key, "\":null"));
                    to = $crate::json::Json::member(&$value, separator, &KEY, to);
                    separator = b',';
                })+
                if separator == b'{' { to.put(b"{}") } else { to.put(b"}") }
            }
        }

        impl $crate::json::Json for $type {
            #[inline]
            fn json<'to>(&self, to: $crate::json::Room<'to>) -> $crate::json::Room<'to> {
                use $crate::record::Object;
                let selection = self.selection();
                // For the usual one the compiler knows what is to be written.
                if selection == Self::USUAL {
                    self.members(Self::USUAL, to)
                } else {
                    self.members(selection, to)
                }
            }
        }
    };
}
use object;

/// The same for an object that has a faster way to JSON of its own.
macro_rules! serialised {
    ($type:ty, |$this:ident| $(only $fields:expr => $kind:expr,)? { $($key:literal: $shape:expr $(, $common:ident)? => $value:expr,)+ }) => {
        impl $crate::record::Object for $type {
            const NAME: &'static str = stringify!($type);

            const KEYS: &'static [$crate::record::Key] =
                &[$($crate::record::Key::new($key, $shape)$(.$common())?,)+];

            $(const USUAL: $crate::record::Selection = $crate::record::Fields::STREAMED.selection($kind);

            fn selection(&self) -> $crate::record::Selection {
                let $this = self;
                $fields.selection($kind)
            })?

            #[inline(always)]
            fn fields<S: serde::ser::SerializeStruct>(
                &self,
                mut selection: $crate::record::Selection,
                to: &mut S,
            ) -> Result<(), S::Error> {
                let $this = self;
                $(if selection.next() {
                    to.serialize_field($key, &$value)?;
                } else {
                    to.skip_field($key)?;
                })+
                Ok(())
            }
        }

        impl serde::Serialize for $type {
            #[inline(always)]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::record::write(self, serializer)
            }
        }
    };
}
use serialised;

#[inline(always)]
fn write<O: Object, S: serde::Serializer>(object: &O, serializer: S) -> Result<S::Ok, S::Error> {
    let selection = object.selection();
    let mut to = serializer.serialize_struct(O::NAME, selection.count(O::KEYS))?;
    // For the usual one the compiler knows what is to be written.
    if selection == O::USUAL {
        object.fields(O::USUAL, &mut to)?;
    } else {
        object.fields(selection, &mut to)?;
    }
    to.end()
}

#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
