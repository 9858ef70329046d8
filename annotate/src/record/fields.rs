//! Which keys of the records are printed, and the columns they make in a table.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::code::{Code, coded};
use crate::record::{ConnectionRecord, EventRecord, Key, Object, SegmentRecord, Selection, Shape};

coded! {
    /// The kinds of records.
    pub enum RecordKind {
        /// Of a segment.
        Segment = "segment",
        /// Of a timer event.
        Event = "event",
        /// Of a connection.
        Connection = "connection",
    }
}

impl RecordKind {
    /// Its keys in the order in which they are printed.
    #[must_use]
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::Segment => SegmentRecord::KEYS,
            Self::Event => EventRecord::KEYS,
            Self::Connection => ConnectionRecord::KEYS,
        }
    }
}

/// A selection of top-level keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields([Selection; RecordKind::ALL.len()]);

impl Fields {
    /// Every key, with those that only hindsight fills.
    pub const ALL: Self = Self([Selection::ALL; RecordKind::ALL.len()]);

    /// Every key but those that only hindsight fills.
    pub const STREAMED: Self = {
        let mut fields = Self::ALL;
        fields.0[RecordKind::Segment as usize] = SegmentRecord::STREAMED;
        fields
    };

    /// No key.
    const NONE: Self = Self([Selection::NONE; RecordKind::ALL.len()]);

    /// The keys in `list`, separated by commas. They are printed in the order of the records, not of `list`.
    ///
    /// # Errors
    /// The first name that is a key of none of `kinds`.
    pub fn parse(list: &str, kinds: &[RecordKind]) -> Result<Self, UnknownField> {
        let mut fields = Self::NONE;
        for name in list.split(',').map(str::trim) {
            let mut known = false;
            for &kind in kinds {
                if let Some(index) = kind.keys().iter().position(|key| key.name == name) {
                    fields.0[kind as usize].insert(index);
                    known = true;
                }
            }
            if !known {
                return Err(UnknownField::new(name, kinds));
            }
        }
        Ok(fields)
    }

    /// Those of them that `wanted` selects.
    #[must_use]
    pub fn filter(self, wanted: impl Fn(&Key) -> bool) -> Self {
        let mut fields = Self::NONE;
        for &kind in RecordKind::ALL {
            for (index, key) in kind.keys().iter().enumerate() {
                if self.selection(kind).contains(index) && wanted(key) {
                    fields.0[kind as usize].insert(index);
                }
            }
        }
        fields
    }

    /// The selected keys of a kind of records, in the order in which they are printed.
    pub fn keys(self, kind: RecordKind) -> impl Iterator<Item = &'static Key> {
        self.selection(kind).of(kind.keys())
    }

    /// The selected keys of a kind of records as columns of a table.
    #[must_use]
    pub fn columns(self, kind: RecordKind) -> Vec<Column> {
        let mut columns = Vec::new();
        for key in self.keys(kind) {
            flatten(&Column::default(), key, &mut columns);
        }
        columns
    }

    pub(super) const fn selection(self, kind: RecordKind) -> Selection {
        self.0[kind as usize]
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::STREAMED
    }
}

/// A column of a table: a value that is no object, however deep it stands in the record.
#[derive(Clone, Debug)]
pub struct Column {
    /// The names of the keys on the way to the value, joined by `_`.
    pub name: String,
    /// The keys on the way to the value.
    pub path: Vec<&'static str>,
    /// What the value can be, without the null.
    pub shape: Shape,
    /// True if the value, or an object on the way, can be null.
    pub nullable: bool,
}

impl Default for Column {
    fn default() -> Self {
        Self { name: String::new(), path: Vec::new(), shape: Shape::Object(&[]), nullable: false }
    }
}

/// Adds the columns of `key`, which stands in the object `parent`.
fn flatten(parent: &Column, key: &'static Key, columns: &mut Vec<Column>) {
    let mut path = parent.path.clone();
    path.push(key.name);
    let (shape, null) =
        if let Shape::OrNull(shape) = key.shape { (*shape, true) } else { (key.shape, false) };
    let column = Column { name: path.join("_"), path, shape, nullable: parent.nullable || null };
    if let Shape::Object(keys) = shape {
        for key in keys {
            flatten(&column, key, columns);
        }
    } else {
        columns.push(column);
    }
}

/// A name that is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    /// The name.
    pub name: String,
    /// The keys that there are.
    pub known: Vec<&'static str>,
}

impl UnknownField {
    fn new(name: &str, kinds: &[RecordKind]) -> Self {
        let mut known = Vec::new();
        for key in kinds.iter().flat_map(|kind| kind.keys()) {
            if !known.contains(&key.name) {
                known.push(key.name);
            }
        }
        Self { name: name.to_string(), known }
    }
}

impl fmt::Display for UnknownField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no field is called `{}`; expected one of {}", self.name, self.known.join(", "))
    }
}

impl core::error::Error for UnknownField {}
