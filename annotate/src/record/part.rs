//! Parts of a connection's record: they name frames, and the files of those that are not the record's own.

use fourwave_dissector::FrameId;
use serde::{Serialize, Serializer};

use crate::json::{self, Json, Room};
use crate::record::Context;

/// A part of a connection's record, with what it takes to name files.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, T> {
    /// The part.
    pub value: T,
    /// The record's own file, which is not named again.
    pub own: u32,
    /// What records need.
    pub context: Context<'a>,
}

impl<'a, T> Part<'a, T> {
    /// `value`, another part of the same record.
    pub fn with<U>(&self, value: U) -> Part<'a, U> {
        Part { value, own: self.own, context: self.context }
    }

    /// The name of the file of `at`, unless that is the record's own.
    pub fn file(&self, at: FrameId) -> Option<&'a str> {
        self.context.other_file(self.own, at)
    }
}

impl<'a, T> Serialize for Part<'a, &'a [T]>
where
    Part<'a, &'a T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.value.iter().map(|value| self.with(value)))
    }
}

impl<'a, T> Json for Part<'a, &'a [T]>
where
    Part<'a, &'a T>: Json,
{
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        json::list(self.value.iter().map(|value| self.with(value)), to)
    }
}
