//! A vector in pieces of equal size: when there comes more, nothing is moved.
//!
//! One in a single piece would copy all that it has, and touch twice the memory, whenever it is full.

use alloc::vec::Vec;

#[cfg(feature = "checkpoint")]
use serde::de::{Deserialize, Deserializer};
#[cfg(feature = "checkpoint")]
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// Elements of a piece.
const PIECE: usize = 1 << 9;

/// Elements by their numbers, from 0.
#[derive(Debug)]
pub(crate) struct Pieces<T> {
    pieces: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Pieces<T> {
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The element of this number.
    #[inline]
    pub fn get(&self, id: u32) -> Option<&T> {
        self.pieces.get(id as usize / PIECE)?.get(id as usize % PIECE)
    }

    /// The same, to be changed.
    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.pieces.get_mut(id as usize / PIECE)?.get_mut(id as usize % PIECE)
    }

    /// The elements in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }

    /// Adds an element behind all others. Returns its number.
    #[inline]
    pub fn push(&mut self, element: T) -> u32 {
        if self.len.is_multiple_of(PIECE) {
            self.pieces.push(Vec::with_capacity(PIECE));
        }
        if let Some(last) = self.pieces.last_mut() {
            last.push(element);
        }
        self.len += 1;
        // Far fewer than 2^32 connections are kept, and some blocks of each.
        (self.len - 1) as u32
    }
}

impl<T> FromIterator<T> for Pieces<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut all = Self::default();
        for element in elements {
            all.push(element);
        }
        all
    }
}

#[cfg(feature = "checkpoint")]
impl<T: Serialize> Serialize for Pieces<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(Some(self.len))?;
        for element in self.iter() {
            all.serialize_element(element)?;
        }
        all.end()
    }
}

#[cfg(feature = "checkpoint")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pieces<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_their_numbers() {
        const MANY: usize = 2 * PIECE + 1;
        let ids = 0..MANY as u32;
        let mut all = Pieces::default();
        for id in ids.clone() {
            assert_eq!(all.push(id), id);
            assert_eq!(all.len(), id as usize + 1);
        }
        assert!(ids.clone().all(|id| all.get(id) == Some(&id)));
        assert_eq!(all.get(MANY as u32), None);
        assert_eq!(all.get(u32::MAX), None);
        let changed = PIECE as u32;
        *all.get_mut(changed).unwrap() = 7;
        let copy: Pieces<u32> = all.iter().copied().collect();
        assert_eq!(copy.len(), MANY);
        assert!(copy.iter().copied().eq(ids.map(|id| if id == changed { 7 } else { id })));
    }
}
