//! Numbers by keys, where keys are many and known again soon.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// As many keys as there are numbers of 16 bits.
const MOST: usize = 1 << 16;

/// Keys, each with a number.
pub struct Keys<K> {
    /// In the order in which they came first: those of a time are together.
    keys: Vec<(K, u16)>,
    /// Where in `keys` each is, by their hashes: small, so that it stays in the cache of a processor.
    by_hash: HashTable<u16>,
    hasher: RandomState,
}

impl<K> Default for Keys<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), by_hash: HashTable::new(), hasher: RandomState::default() }
    }
}

impl<K: Copy + Eq + Hash> Keys<K> {
    /// The number of `key`.
    #[inline]
    pub fn find(&self, key: K) -> Option<u16> {
        let known = |at: &u16| self.keys.get(usize::from(*at)).is_some_and(|(known, _)| *known == key);
        let at = *self.by_hash.find(self.hasher.hash_one(key), known)?;
        self.keys.get(usize::from(at)).map(|&(_, number)| number)
    }

    /// Gives `number` to `key`, if there is room.
    pub fn add(&mut self, key: K, number: u16) {
        let Self { keys, by_hash, hasher } = self;
        if keys.len() < MOST {
            let at = keys.len() as u16;
            keys.push((key, number));
            by_hash.insert_unique(hasher.hash_one(key), at, |&at| hasher.hash_one(keys[usize::from(at)].0));
        }
    }

    pub fn clear(&mut self) {
        self.keys.clear();
        self.by_hash.clear();
    }
}
