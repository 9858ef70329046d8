//! JSON text (RFC 8259) of what records consist of: the octets that `serde_json` writes, at the cost of copying
//! them.
//!
//! Keys and words are constants, and copied as blocks of a length known beforehand; numbers are written six
//! digits at a time; nothing is put together twice. Output goes into a [`Room`] whose end is found out once:
//! when it was too small, all is written again into a larger one. It must not know any record.

mod constant;
mod number;
mod room;
mod text;

use alloc::vec::Vec;

use crate::code::{Code, Set};
use crate::side::Both;

pub(crate) use constant::{Constant, Word};
pub(crate) use number::{Beginning, Near};
pub(crate) use room::Room;

/// What can be written as JSON. It is the same text as `serde_json` makes of its `Serialize`.
pub(crate) trait Json {
    /// Adds it to `to`.
    fn json<'to>(&self, to: Room<'to>) -> Room<'to>;

    /// Adds it as a member of an object, with `separator` before the key.
    #[inline(always)]
    fn member<'to>(&self, separator: u8, key: &Key, to: Room<'to>) -> Room<'to> {
        self.json(to.key(separator, key.0))
    }
}

/// A key of an object as text: `,"key":`, and the same with `null` behind it.
pub(crate) struct Key(pub &'static str, pub &'static str);

/// Writes `value` at the beginning of `to`. Its length; `None` if `to` is too short, or would have no octet left.
pub(crate) fn write(value: &impl Json, to: &mut [u8]) -> Option<usize> {
    let size = to.len();
    let left = value.json(Room::new(to)).left();
    (left > 0).then(|| size - left)
}

/// Adds `values` as a list.
#[inline(always)]
pub(crate) fn list(values: impl Iterator<Item: Json>, to: Room<'_>) -> Room<'_> {
    let mut separator = b'[';
    let mut to = to;
    for value in values {
        to = value.json(to.put(&[separator]));
        separator = b',';
    }
    if separator == b'[' { to.put(b"[]") } else { to.put(b"]") }
}

impl<T: Json + ?Sized> Json for &T {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        (**self).json(to)
    }
}

impl<T: Json> Json for Option<T> {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        match self {
            Some(value) => value.json(to),
            None => to.put(b"null"),
        }
    }

    #[inline(always)]
    fn member<'to>(&self, separator: u8, key: &Key, to: Room<'to>) -> Room<'to> {
        match self {
            Some(value) => value.member(separator, key, to),
            None => to.key(separator, key.1),
        }
    }
}

impl Json for bool {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        if *self { to.put(b"true") } else { to.put(b"false") }
    }
}

impl<T: Code + Json> Json for Set<T> {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        if self.is_empty() { to.put(b"[]") } else { list(self.iter(), to) }
    }
}

impl<T: Json> Json for Vec<T> {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        list(self.iter(), to)
    }
}

impl<T: Json> Json for Both<T> {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let to = self.client.json(to.put(b"{\"client\":"));
        self.server.json(to.put(b",\"server\":")).put(b"}")
    }
}

#[cfg(test)]
mod tests;
