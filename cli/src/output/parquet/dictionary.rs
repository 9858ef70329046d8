//! The different texts of a column in one row group, each with its place: what a dictionary page holds.
//!
//! A text finds its place by what is known of it: a word by its number in its vocabulary, others by their keys if they
//! have one, else by their octets. It must not know where the places go.

use std::hash::BuildHasher;
use std::ops::Range;
use std::ptr;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::keys::Keys;
use crate::output::flat::Key;

/// A dictionary of more octets saves nothing: what is read of the row group has to hold it.
const OCTETS: usize = 1 << 20;
/// Places have 16 bits.
const TEXTS: usize = 1 << 16;

/// Texts in the order in which they came first.
#[derive(Default)]
pub struct Dictionary {
    /// The page: each text behind the number of its octets.
    page: Vec<u8>,
    /// Where each text is in `page`.
    texts: Vec<Range<u32>>,
    /// Places by the hashes of their texts.
    places: HashTable<u16>,
    hasher: RandomState,
    /// The place of the text that was asked for last.
    last: u16,
    /// Words by their numbers in their vocabulary.
    words: Vec<Option<(&'static str, u16)>>,
    /// Keys of one number: many, as those of IPv4.
    short: Keys<u64>,
    /// Any other.
    long: Keys<Key>,
    /// A text has found no place: from then on none does.
    full: bool,
}

impl Dictionary {
    /// The place of `text`, which is a new one if it has none; none at all once the dictionary is full.
    #[inline]
    pub fn text(&mut self, text: &str) -> Option<u16> {
        let last = self.texts.get(usize::from(self.last)).filter(|_| !self.full);
        if last.is_some_and(|last| octets(&self.page, last) == text.as_bytes()) {
            return Some(self.last);
        }
        self.last = self.other(text.as_bytes())?;
        Some(self.last)
    }

    /// The place of a word that came before, which is known again by its number and its address.
    #[inline(always)]
    pub fn known_word(&self, number: u32, word: &'static str) -> Option<u16> {
        match self.words.get(number as usize) {
            Some(&Some((known, place))) if ptr::eq(known, word) => Some(place),
            Some(_) | None => None,
        }
    }

    /// The place of a word, which is known again from then on; as [`Self::text`].
    pub fn word(&mut self, number: u32, word: &'static str) -> Option<u16> {
        let place = self.text(word)?;
        let number = number as usize;
        if self.words.len() <= number {
            self.words.resize(number + 1, None);
        }
        self.words[number] = Some((word, place));
        Some(place)
    }

    /// The place of the text of this key, if there is one.
    #[inline]
    pub fn keyed(&self, key: Key) -> Option<u16> {
        match key {
            (short, 0, 0) => self.short.find(short),
            long => self.long.find(long),
        }
    }

    /// Gives this key to the text at `place`.
    pub fn name(&mut self, key: Key, place: u16) {
        match key {
            (short, 0, 0) => self.short.add(short, place),
            long => self.long.add(long, place),
        }
    }

    /// How many texts there are.
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// The texts as a page: each behind the number of its octets.
    pub fn page(&self) -> &[u8] {
        &self.page
    }

    /// What [`Self::page`] has of the text at `place`.
    pub fn entry(&self, place: u16) -> &[u8] {
        let text = self.texts.get(usize::from(place)).cloned().unwrap_or_default();
        let start = (text.start as usize).saturating_sub(size_of::<u32>());
        self.page.get(start..text.end as usize).unwrap_or_default()
    }

    /// The text at `place`.
    pub fn at(&self, place: u16) -> &[u8] {
        self.texts.get(usize::from(place)).map(|text| octets(&self.page, text)).unwrap_or_default()
    }

    /// True once a text has found no place.
    pub const fn is_full(&self) -> bool {
        self.full
    }

    /// The least and the greatest text, by their octets.
    pub fn bounds(&self) -> Option<(&[u8], &[u8])> {
        let texts = || self.texts.iter().map(|text| octets(&self.page, text));
        Some((texts().min()?, texts().max()?))
    }

    /// Forgets all texts.
    pub fn clear(&mut self) {
        self.page.clear();
        self.texts.clear();
        self.places.clear();
        self.last = 0;
        self.words.clear();
        self.short.clear();
        self.long.clear();
        self.full = false;
    }

    fn other(&mut self, text: &[u8]) -> Option<u16> {
        if self.full {
            return None;
        }
        let Self { page, texts, places, hasher, .. } = self;
        let at = |place: u16| octets(page, &texts[usize::from(place)]);
        let hash = hasher.hash_one(text);
        if let Some(&place) = places.find(hash, |&place| at(place) == text) {
            return Some(place);
        }
        let start = page.len() + size_of::<u32>();
        let end = start + text.len();
        if texts.len() == TEXTS || end > OCTETS {
            self.full = true;
            self.words.clear();
            self.short.clear();
            self.long.clear();
            return None;
        }
        let place = texts.len() as u16;
        places.insert_unique(hash, place, |&place| hasher.hash_one(at(place)));
        texts.push(start as u32..end as u32);
        page.extend((text.len() as u32).to_le_bytes());
        page.extend(text);
        Some(place)
    }
}

#[inline]
fn octets<'a>(page: &'a [u8], text: &Range<u32>) -> &'a [u8] {
    page.get(text.start as usize..text.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_place_however_it_is_known() {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.known_word(4, "rst"), None);
        assert_eq!(dictionary.word(4, "rst"), Some(0));
        assert_eq!(dictionary.known_word(4, "rst"), Some(0));
        assert_eq!(dictionary.known_word(4, "fin"), None);
        assert_eq!(dictionary.word(0, "syn"), Some(1));
        assert_eq!(dictionary.text(&String::from("rst")), Some(0));
        assert_eq!(dictionary.text("fin"), Some(2));
        assert_eq!(dictionary.word(4, "fin"), Some(2));
        assert_eq!(dictionary.keyed((7, 7, 7)), None);
        assert_eq!(dictionary.text(""), Some(3));
        dictionary.name((7, 7, 7), 3);
        assert_eq!(dictionary.keyed((7, 7, 7)), Some(3));
        assert_eq!(dictionary.keyed((7, 0, 0)), None);
        dictionary.name((7, 0, 0), 1);
        assert_eq!([dictionary.keyed((7, 0, 0)), dictionary.keyed((7, 7, 7))], [Some(1), Some(3)]);
        assert_eq!(dictionary.page(), b"\x03\0\0\0rst\x03\0\0\0syn\x03\0\0\0fin\0\0\0\0");
        assert_eq!(dictionary.entry(1), b"\x03\0\0\0syn");
        assert_eq!(dictionary.entry(3), [0; 4]);
        assert_eq!(dictionary.bounds(), Some((&b""[..], &b"syn"[..])));
        dictionary.clear();
        assert_eq!((dictionary.len(), dictionary.bounds(), dictionary.keyed((7, 7, 7))), (0, None, None));
        assert_eq!(dictionary.word(4, "fin"), Some(0));
    }

    #[test]
    fn no_text_has_a_place_once_there_is_no_room() {
        let mut dictionary = Dictionary::default();
        let half = "x".repeat(OCTETS / 2 - 4);
        assert_eq!(dictionary.text(&half), Some(0));
        assert_eq!(dictionary.word(0, "word"), Some(1));
        assert_eq!(dictionary.text(&half.replace('x', "y")), None);
        assert_eq!([dictionary.text(&half), dictionary.word(0, "word"), dictionary.text("")], [None; 3]);
        assert_eq!(dictionary.len(), 2);
        dictionary.clear();
        assert_eq!(dictionary.text(&half), Some(0));

        let mut dictionary = Dictionary::default();
        let mut numbers = (0..).map(|number: u32| dictionary.text(&number.to_string()));
        assert_eq!(numbers.position(|place| place.is_none()), Some(TEXTS));
    }
}
