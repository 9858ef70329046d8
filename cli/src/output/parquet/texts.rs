//! The texts of a column that wait for their page: as places in its dictionary while that has room, else as they are.

use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::dictionary::Dictionary;
use super::{PAGE, bits, hybrid};
use crate::output::flat::Key;

/// The texts of one page, and the dictionary of its row group.
#[derive(Default)]
pub struct Texts {
    dictionary: Dictionary,
    /// The place of each text. Empty if there is one without a place.
    places: Vec<u16>,
    /// Each text behind the number of its octets. Empty while each has a place.
    plain: Vec<u8>,
    /// Texts in `plain`.
    count: usize,
    /// The least and the greatest text without a place, in the whole row group.
    bounds: Option<(Vec<u8>, Vec<u8>)>,
}

impl Texts {
    /// No texts.
    pub fn new() -> Self {
        Self { places: Vec::with_capacity(PAGE), ..Self::default() }
    }

    /// Adds `text`.
    ///
    /// # Errors
    /// When it is too long.
    #[inline(always)]
    pub fn push(&mut self, text: &str) -> Result<()> {
        match self.dictionary.text(text) {
            Some(place) => self.places.push(place),
            None => self.push_plain(text.as_bytes())?,
        }
        Ok(())
    }

    /// Adds the word that has this number in its vocabulary.
    ///
    /// # Errors
    /// When it is too long.
    #[inline(always)]
    pub fn push_word(&mut self, number: u32, word: &'static str) -> Result<()> {
        match self.dictionary.known_word(number, word) {
            Some(place) => {
                self.places.push(place);
                Ok(())
            }
            None => self.push_new_word(number, word),
        }
    }

    /// Adds the text of this key, if there is one.
    #[inline(always)]
    pub fn push_known(&mut self, key: Key) -> bool {
        let Some(place) = self.dictionary.keyed(key) else { return false };
        self.places.push(place);
        true
    }

    /// Gives this key to the text that came last.
    pub fn name(&mut self, key: Key) {
        if let Some(&place) = self.places.last() {
            self.dictionary.name(key, place);
        }
    }

    /// The places of the texts behind the first `from`; none if there are texts without a place.
    pub fn places(&self, from: usize) -> Option<&[u16]> {
        if self.dictionary.is_full() { None } else { self.places.get(from..) }
    }

    /// Adds the texts that have these places.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn again(&mut self, mut places: impl Iterator<Item = u16>) -> Result<()> {
        if self.dictionary.is_full() {
            return places.try_for_each(|place| {
                let text = self.dictionary.at(place).to_vec();
                self.push_plain(&text)
            });
        }
        self.places.extend(places);
        Ok(())
    }

    /// How many texts wait.
    pub const fn len(&self) -> usize {
        self.places.len() + self.count
    }

    /// Octets in memory.
    pub const fn octets(&self) -> usize {
        self.places.len() * size_of::<u16>() + self.plain.len()
    }

    /// Adds the texts as a data page has them, and says whether by their places. Then none wait.
    pub fn take(&mut self, to: &mut Vec<u8>) -> bool {
        let by_places = self.plain.is_empty();
        if by_places {
            let width = bits::width(self.dictionary.len().saturating_sub(1) as u64);
            to.push(width as u8);
            hybrid::encode(&self.places, width, to);
        } else {
            to.extend_from_slice(&self.plain);
        }
        self.places.clear();
        self.plain.clear();
        self.count = 0;
        by_places
    }

    /// The least and the greatest text of the row group so far, by their octets.
    pub fn bounds(&self) -> Option<(&[u8], &[u8])> {
        let plain = self.bounds.as_ref().map(|(least, greatest)| (&**least, &**greatest));
        let all = || self.dictionary.bounds().into_iter().chain(plain);
        all().map(|(least, _)| least).min().zip(all().map(|(_, greatest)| greatest).max())
    }

    /// The dictionary of the row group so far.
    pub const fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Another row group begins.
    pub fn renew(&mut self) {
        self.dictionary.clear();
        self.bounds = None;
    }

    #[cold]
    fn push_new_word(&mut self, number: u32, word: &'static str) -> Result<()> {
        match self.dictionary.word(number, word) {
            Some(place) => self.places.push(place),
            None => self.push_plain(word.as_bytes())?,
        }
        Ok(())
    }

    /// Adds `text`, which has no place. A page is of one kind, so that those before it give up theirs.
    #[cold]
    fn push_plain(&mut self, text: &[u8]) -> Result<()> {
        let octets =
            u32::try_from(text.len()).map_err(|_| Error::custom("a row has more than 4 GiB of text"))?;
        self.count += self.places.len();
        for place in self.places.drain(..) {
            self.plain.extend_from_slice(self.dictionary.entry(place));
        }
        self.count += 1;
        self.plain.extend_from_slice(&octets.to_le_bytes());
        self.plain.extend_from_slice(text);
        match &mut self.bounds {
            None => self.bounds = Some((text.into(), text.into())),
            Some((least, _)) if *text < **least => *least = text.into(),
            Some((_, greatest)) if *text > **greatest => *greatest = text.into(),
            Some(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(texts: &mut Texts) -> (bool, Vec<u8>) {
        let mut octets = Vec::new();
        let by_places = texts.take(&mut octets);
        assert_eq!((texts.len(), texts.octets()), (0, 0));
        (by_places, octets)
    }

    #[test]
    fn a_key_stands_for_its_text_until_the_row_group_ends() {
        let mut texts = Texts::default();
        assert!(!texts.push_known((7, 0, 0)));
        texts.push("one").unwrap();
        texts.name((7, 0, 0));
        texts.push("").unwrap();
        assert_eq!(page(&mut texts), (true, vec![1, 3, 0b10]));
        assert!(texts.push_known((7, 0, 0)));
        texts.push_word(7, "").unwrap();
        assert_eq!(page(&mut texts), (true, vec![1, 3, 0b10]));
        texts.renew();
        assert!(!texts.push_known((7, 0, 0)));
        texts.push("two").unwrap();
        assert_eq!(page(&mut texts), (true, vec![0, 3]));
        assert_eq!(texts.dictionary().page(), b"\x03\0\0\0two");
    }

    #[test]
    fn a_page_with_a_text_that_has_no_place_has_none() {
        let mut texts = Texts::default();
        texts.push("b").unwrap();
        assert!(page(&mut texts).0);
        texts.push("c").unwrap();
        let long = "d".repeat(1 << 20);
        texts.push(&long).unwrap();
        texts.push_word(0, "a").unwrap();
        assert_eq!(texts.len(), 3);
        let (by_places, octets) = page(&mut texts);
        assert!(!by_places);
        assert!(octets.starts_with(b"\x01\0\0\0c\0\0\x10\0dddd") && octets.ends_with(b"d\x01\0\0\0a"));
        assert_eq!(texts.bounds(), Some((&b"a"[..], long.as_bytes())));
    }
}
