//! The different texts of a column, each once, in the order in which they came.

use std::hash::BuildHasher;
use std::ptr;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Texts by their place.
///
/// Nothing of what is written depends on the hash: it only finds places.
#[derive(Default)]
pub struct Dictionary {
    /// The texts as Parquet has them plain: each after its length, 32 bits.
    octets: Vec<u8>,
    /// Where each text ends in `octets`.
    ends: Vec<u32>,
    places: HashTable<u32>,
    hasher: RandomState,
    /// The text that came last.
    last: u32,
    /// Words by their place in their vocabulary.
    words: Vec<Option<(&'static str, u32)>>,
    /// Texts that have a name; they are few.
    names: Vec<(&'static str, u32)>,
}

impl Dictionary {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.ends.clear();
        self.places.clear();
        self.words.clear();
        self.names.clear();
    }

    /// How many different texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts as Parquet has them plain.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The texts in the order of their places.
    pub fn texts(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len() as u32).map(|place| text_at(&self.octets, &self.ends, place))
    }

    /// The place of `text`, which is a new one for a new text.
    #[inline]
    pub fn place(&mut self, text: &str) -> u32 {
        let text = text.as_bytes();
        if !self.ends.is_empty() && text_at(&self.octets, &self.ends, self.last) == text {
            return self.last;
        }
        self.last = self.look_up(text);
        self.last
    }

    /// The place of a word that is at `index` of its vocabulary.
    #[inline]
    pub fn place_of_word(&mut self, index: u32, word: &'static str) -> u32 {
        match self.words.get(index as usize) {
            Some(Some((known, place))) if ptr::eq(*known, word) => *place,
            Some(_) | None => self.new_word(index as usize, word),
        }
    }

    /// The place of the text that has this name.
    #[inline]
    pub fn place_of_name(&self, name: &'static str) -> Option<u32> {
        self.names.iter().find(|(known, _)| ptr::eq(*known, name)).map(|(_, place)| *place)
    }

    /// Names the text that came last.
    pub fn name(&mut self, name: &'static str) {
        self.names.push((name, self.last));
    }

    fn look_up(&mut self, text: &[u8]) -> u32 {
        let Self { octets, ends, places, hasher, .. } = self;
        let hash = hasher.hash_one(text);
        if let Some(place) = places.find(hash, |place| text_at(octets, ends, *place) == text) {
            return *place;
        }
        let place = ends.len() as u32;
        octets.extend_from_slice(&(text.len() as u32).to_le_bytes());
        octets.extend_from_slice(text);
        ends.push(octets.len() as u32);
        places.insert_unique(hash, place, |place| hasher.hash_one(text_at(octets, ends, *place)));
        place
    }

    fn new_word(&mut self, index: usize, word: &'static str) -> u32 {
        let place = self.place(word);
        if self.words.len() <= index {
            self.words.resize(index + 1, None);
        }
        self.words[index] = Some((word, place));
        place
    }
}

/// The text at `place`, which is there.
fn text_at<'a>(octets: &'a [u8], ends: &[u32], place: u32) -> &'a [u8] {
    let place = place as usize;
    let start = if place == 0 { 0 } else { ends[place - 1] as usize };
    &octets[start + 4..ends[place] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_place() {
        let mut dictionary = Dictionary::default();
        let places = ["a", "", "a", "bc", "", "bc"].map(|text| dictionary.place(text));
        assert_eq!(places, [0, 1, 0, 2, 1, 2]);
        assert_eq!(dictionary.place_of_word(7, "bc"), 2);
        assert_eq!(dictionary.place_of_word(7, "d"), 3);
        assert_eq!(dictionary.place_of_word(7, "d"), 3);
        assert_eq!(dictionary.octets(), b"\x01\0\0\0a\0\0\0\0\x02\0\0\0bc\x01\0\0\0d");
        assert_eq!(dictionary.texts().collect::<Vec<_>>(), [&b"a"[..], b"", b"bc", b"d"]);
        dictionary.name("word");
        assert_eq!((dictionary.place_of_name("word"), dictionary.place_of_name("other")), (Some(3), None));
        dictionary.clear();
        assert_eq!((dictionary.place("bc"), dictionary.place_of_name("word")), (0, None));
    }
}
