//! The texts of a column, one after the other in one piece of memory.

use std::mem;
use std::ops::Range;
use std::ptr;

use parquet::data_type::ByteArray;
use serde::ser::Error as _;
use serde_json::{Error, Result};

/// Texts in their order. Those with names are there once, however often they come.
#[derive(Default)]
pub struct Texts {
    octets: Vec<u8>,
    /// Where each text is in `octets`.
    places: Vec<Range<u32>>,
    /// Texts that have a name; they are few.
    names: Vec<(&'static str, Range<u32>)>,
}

impl Texts {
    /// Octets in memory.
    pub fn octets(&self) -> usize {
        self.octets.len() + mem::size_of_val(self.places.as_slice())
    }

    /// Adds `text`.
    ///
    /// # Errors
    /// When there are more than 4 GiB of text.
    #[inline]
    pub fn push(&mut self, text: &str) -> Result<()> {
        let start = self.octets.len();
        self.octets.extend_from_slice(text.as_bytes());
        let place = |at| u32::try_from(at).map_err(|_| Error::custom("a row has more than 4 GiB of text"));
        self.places.push(place(start)?..place(self.octets.len())?);
        Ok(())
    }

    /// Adds the text of this name, if there is one.
    #[inline]
    pub fn push_known(&mut self, name: &'static str) -> bool {
        let known = self.names.iter().find(|(known, _)| ptr::eq(*known, name));
        self.places.extend(known.map(|(_, place)| place.clone()));
        known.is_some()
    }

    /// Names the text that came last.
    pub fn name(&mut self, name: &'static str) {
        self.names.extend(self.places.last().map(|place| (name, place.clone())));
    }

    /// The texts as the crate takes them. Then none are left.
    pub fn take(&mut self) -> Vec<ByteArray> {
        let room = self.octets.capacity();
        let octets = ByteArray::from(mem::replace(&mut self.octets, Vec::with_capacity(room)));
        self.names.clear();
        let text = |place: Range<u32>| octets.slice(place.start as usize, place.len());
        self.places.drain(..).map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_its_text_until_all_are_taken() {
        let mut texts = Texts::default();
        let taken = |texts: &mut Texts| -> Vec<String> {
            texts.take().iter().map(|text| text.as_utf8().unwrap().to_owned()).collect()
        };
        assert!(!texts.push_known("name"));
        texts.push("one").unwrap();
        texts.name("name");
        texts.push("").unwrap();
        assert!(texts.push_known("name"));
        assert_eq!(texts.octets(), 3 + 3 * 8);
        assert_eq!(taken(&mut texts), ["one", "", "one"]);
        assert!(!texts.push_known("name"));
        texts.push("two").unwrap();
        assert_eq!(taken(&mut texts), ["two"]);
    }
}
