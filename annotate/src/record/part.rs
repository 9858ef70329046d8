//! Parts of a connection's record: they name frames, and the files of those that are not the record's own.

use fourwave_dissector::FrameId;
use serde::{Serialize, Serializer};

use crate::connection::Moment;
use crate::json::{self, Beginning, Json, Near, Room};
use crate::record::Context;

/// A part of a connection's record.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, T> {
    /// The part.
    pub value: T,
    /// Where the rest of the record begins.
    pub origin: &'a Origin<'a>,
}

/// What the parts of a record need to know of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    /// The record's own file, which is not named again.
    file: u32,
    /// What its times begin with.
    time: Option<Beginning>,
    /// What records need.
    pub context: Context<'a>,
}

impl<'a> Origin<'a> {
    /// That of a record whose first segment is at `first`.
    pub fn new(first: Moment, context: Context<'a>) -> Self {
        Self { file: first.at.file(), time: Beginning::of(first.time_ns), context }
    }

    /// The name of the file of `at`, unless that is the record's own.
    pub fn other_file(&self, at: FrameId) -> Option<&'a str> {
        self.context.other_file(self.file, at)
    }

    /// True if `at` is in the record's own file.
    pub fn is_in_file(&self, at: FrameId) -> bool {
        at.file() == self.file
    }

    /// A time.
    pub fn time(&self, number: i64) -> Near<'_> {
        Near { number, beginning: &self.time }
    }
}

impl<'a, T> Part<'a, T> {
    /// `value`, another part of the same record.
    pub fn with<U>(&self, value: U) -> Part<'a, U> {
        Part { value, origin: self.origin }
    }

    /// The name of the file of `at`, unless that is the record's own.
    pub fn file(&self, at: FrameId) -> Option<&'a str> {
        self.origin.other_file(at)
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
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        json::list(self.value.iter().map(|value| self.with(value)), to)
    }
}
