//! Slots by their numbers, in pieces of equal size: when there come more, none is moved.
//!
//! A vector would copy all that it has, and touch twice the memory, whenever it is full.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;

#[cfg(feature = "checkpoint")]
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::table::SlotId;

/// Slots of a piece.
const PIECE: usize = 1 << 9;

type Piece<T> = Box<[Option<T>; PIECE]>;

/// Slots, some of which are empty.
#[derive(Debug)]
pub(super) struct Slots<T> {
    pieces: Vec<Piece<T>>,
    /// Those with lower numbers than this have been in use.
    len: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Slots<T> {
    /// Slots that are or have been in use.
    pub const fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn get(&self, id: SlotId) -> Option<&T> {
        self.pieces.get(id as usize / PIECE)?[id as usize % PIECE].as_ref()
    }

    #[inline]
    pub fn get_mut(&mut self, id: SlotId) -> Option<&mut T> {
        self.pieces.get_mut(id as usize / PIECE)?[id as usize % PIECE].as_mut()
    }

    /// Fills an empty slot.
    #[inline]
    pub fn put(&mut self, id: SlotId, slot: T) {
        if let Some(piece) = self.pieces.get_mut(id as usize / PIECE) {
            piece[id as usize % PIECE] = Some(slot);
        }
    }

    /// Empties a slot.
    pub fn take(&mut self, id: SlotId) -> Option<T> {
        self.pieces.get_mut(id as usize / PIECE)?[id as usize % PIECE].take()
    }

    /// Adds a slot behind all others.
    #[inline]
    pub fn push(&mut self, slot: Option<T>) -> SlotId {
        let place = self.len % PIECE;
        if place == 0 {
            self.lengthen();
        }
        if let Some(last) = self.pieces.last_mut() {
            last[place] = slot;
        }
        self.len += 1;
        // 2^32 slots do not fit into any memory.
        (self.len - 1) as SlotId
    }

    /// Adds a piece of empty slots.
    #[cold]
    fn lengthen(&mut self) {
        let piece: Box<[_]> = iter::repeat_with(|| None).take(PIECE).collect();
        self.pieces.extend(Piece::<T>::try_from(piece));
    }

    /// The slots in their order, and `None` for empty ones.
    pub fn iter(&self) -> impl Iterator<Item = Option<&T>> {
        self.pieces.iter().flat_map(|piece| piece.iter()).take(self.len).map(Option::as_ref)
    }
}

impl<T> FromIterator<Option<T>> for Slots<T> {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(slots: I) -> Self {
        let mut all = Self::default();
        for slot in slots {
            all.push(slot);
        }
        all
    }
}

#[cfg(feature = "checkpoint")]
impl<T: Serialize> Serialize for Slots<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut slots = serializer.serialize_seq(Some(self.len))?;
        for slot in self.iter() {
            slots.serialize_element(&slot)?;
        }
        slots.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_keep_their_numbers() {
        const MANY: usize = 2 * PIECE + 1;
        let ids = 0..MANY as SlotId;
        let mut slots = Slots::default();
        for id in ids.clone() {
            assert_eq!(slots.push(Some(id)), id);
            assert_eq!(slots.len(), id as usize + 1);
        }
        assert!(ids.clone().all(|id| slots.get(id) == Some(&id)));
        assert_eq!(slots.get(MANY as SlotId), None);
        let taken = PIECE as SlotId;
        assert_eq!(slots.take(taken), Some(taken));
        assert_eq!(slots.get(taken), None);
        assert_eq!(slots.take(SlotId::MAX), None);
        assert_eq!(slots.iter().position(|slot| slot.is_none()), Some(PIECE));
        slots.put(taken, 7);
        let copy: Slots<SlotId> = slots.iter().map(Option::<&SlotId>::copied).collect();
        assert_eq!(copy.len(), MANY);
        let expected = ids.map(|id| if id == taken { 7 } else { id });
        assert!(copy.iter().eq(expected.map(Some).collect::<Vec<_>>().iter().map(Option::as_ref)));
    }
}
