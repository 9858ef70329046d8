//! Lists that are short as a rule, and then copied as what they are.

use alloc::vec::Vec;
use core::fmt;
use core::ops::{Deref, DerefMut};

/// A list that takes no memory of its own for one to `N` items. It is read as a slice.
#[derive(Clone)]
pub struct List<T, const N: usize>(Items<T, N>);

#[derive(Clone)]
enum Items<T, const N: usize> {
    /// The first `len`, from 1; those behind are of no account.
    Few { items: [T; N], len: u8 },
    /// None, or too many.
    Other(Vec<T>),
}

impl<T: Copy, const N: usize> List<T, N> {
    /// The first `len` of `items`, from 1.
    #[inline]
    pub(crate) fn first_of(items: [T; N], len: u8) -> Self {
        Self(Items::Few { items, len })
    }

    /// The first of each run of items that have the same key.
    pub(crate) fn without_repeats<K: PartialEq>(&self, key: impl Fn(&T) -> K) -> Self {
        let mut last = None;
        self.iter()
            .filter(|item| {
                let key = Some(key(item));
                let repeats = last == key;
                last = key;
                !repeats
            })
            .copied()
            .collect()
    }
}

impl<T, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        Self(Items::Other(Vec::new()))
    }
}

impl<T: Copy, const N: usize> FromIterator<T> for List<T, N> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = T>>(from: I) -> Self {
        let mut from = from.into_iter();
        let Some(first) = from.next() else { return Self::default() };
        let mut items = [first; N];
        let mut len = 1;
        for item in from.by_ref() {
            let Some(place) = items.get_mut(usize::from(len)) else {
                return Self(Items::Other(items.into_iter().chain([item]).chain(from).collect()));
            };
            *place = item;
            len += 1;
        }
        Self(Items::Few { items, len })
    }
}

impl<T, const N: usize> From<Vec<T>> for List<T, N> {
    fn from(items: Vec<T>) -> Self {
        Self(Items::Other(items))
    }
}

impl<T, const N: usize> Deref for List<T, N> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Items::Few { items, len } => items.get(..usize::from(*len)).unwrap_or_default(),
            Items::Other(items) => items,
        }
    }
}

impl<T, const N: usize> DerefMut for List<T, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Items::Few { items, len } => items.get_mut(..usize::from(*len)).unwrap_or_default(),
            Items::Other(items) => items,
        }
    }
}

impl<T: PartialEq, const N: usize> PartialEq for List<T, N> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq, const N: usize> Eq for List<T, N> {}

impl<T: fmt::Debug, const N: usize> fmt::Debug for List<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a List<T, N> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_went_in_whatever_its_length() {
        for len in 0..6_u32 {
            let items: Vec<u32> = (0..len).collect();
            let list: List<u32, 3> = items.iter().copied().collect();
            assert_eq!(*list, *items);
            assert_eq!(list, List::from(items));
            assert_eq!(list.clone(), list);
        }
    }

    #[test]
    fn repeats_go_if_they_follow_each_other() {
        let list: List<u32, 2> = [1, 1, 2, 2, 1].into_iter().collect();
        assert_eq!(*list.without_repeats(|item| *item), [1, 2, 1]);
    }
}
