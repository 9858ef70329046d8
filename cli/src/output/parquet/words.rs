//! The words of a column, which come from a vocabulary: each is there once, and a row has its number.

use std::ptr;

use bytes::Bytes;
use parquet::data_type::ByteArray;
use serde::ser::Error as _;
use serde_json::{Error, Result};

/// Words in their order.
#[derive(Default)]
pub struct Words {
    /// What came so far, in this row group or before it.
    known: Vec<ByteArray>,
    /// The place in `known` of each word.
    places: Vec<u8>,
    /// Constants by their numbers in their vocabulary, with their places in `known`.
    constants: Vec<(&'static str, u8)>,
}

impl Words {
    /// Octets in memory.
    pub fn octets(&self) -> usize {
        self.places.len()
    }

    /// Adds `word`, which is known again by its number and its address.
    ///
    /// # Errors
    /// When there are more words than a vocabulary has.
    #[inline]
    pub fn push(&mut self, number: u32, word: &'static str) -> Result<()> {
        let number = number as usize;
        match self.constants.get(number) {
            Some(&(known, place)) if ptr::eq(known, word) => self.places.push(place),
            Some(_) | None => {
                let place = self.place(word, || Bytes::from_static(word.as_bytes()))?;
                if self.constants.len() <= number {
                    self.constants.resize(number + 1, ("", 0));
                }
                self.constants[number] = (word, place);
                self.places.push(place);
            }
        }
        Ok(())
    }

    /// Adds a word that was a constant once.
    ///
    /// # Errors
    /// When there are more words than a vocabulary has.
    pub fn push_text(&mut self, word: &str) -> Result<()> {
        let place = self.place(word, || Bytes::copy_from_slice(word.as_bytes()))?;
        self.places.push(place);
        Ok(())
    }

    /// The words as the crate takes them, without counting references to constants. Then none are left.
    pub fn take(&mut self) -> Vec<ByteArray> {
        self.places.drain(..).map(|place| self.known[usize::from(place)].clone()).collect()
    }

    /// The place of `word`, which has these octets if it is a new one.
    fn place(&mut self, word: &str, octets: impl FnOnce() -> Bytes) -> Result<u8> {
        let place = self.known.iter().position(|known| known.data() == word.as_bytes());
        let new = place.is_none();
        let place = u8::try_from(place.unwrap_or(self.known.len()))
            .map_err(|_| Error::custom("a vocabulary has more than 256 words"))?;
        if new {
            self.known.push(octets().into());
        }
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_by_address_and_by_text() {
        let mut words = Words::default();
        let taken = |words: &mut Words| -> Vec<String> {
            words.take().iter().map(|word| word.as_utf8().unwrap().to_owned()).collect()
        };
        words.push(4, "rst").unwrap();
        words.push(0, "syn").unwrap();
        words.push_text(&String::from("rst")).unwrap();
        words.push_text(&String::from("fin")).unwrap();
        words.push(4, "fin").unwrap();
        assert_eq!((words.known.len(), words.octets()), (3, 5));
        assert_eq!(taken(&mut words), ["rst", "syn", "rst", "fin", "fin"]);
        assert!(taken(&mut words).is_empty());
        words.push(0, "syn").unwrap();
        assert_eq!(taken(&mut words), ["syn"]);
    }

    #[test]
    fn more_words_than_a_vocabulary_has_are_none() {
        let mut words = Words::default();
        let pushed: Vec<bool> = (0..257).map(|word| words.push_text(&word.to_string()).is_ok()).collect();
        assert_eq!(pushed.iter().position(|done| !done), Some(256));
    }
}
