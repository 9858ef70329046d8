//! The values of a column, as its type stores them, and their way into a page.

use std::mem;

use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::dictionary::Dictionary;
use super::packing::{differences, hybrid, width};
use super::page::Encoding;
use super::schema::Storage;

/// A dictionary that has grown beyond this many octets gets no new pages: its texts hardly come again.
const DICTIONARY: usize = 1 << 20;

/// Texts longer than this are no bounds for filters.
const LONGEST_BOUND: usize = 64;

/// Values that wait for their page, and what is known of all in the row group.
pub enum Values {
    Truth(Vec<bool>),
    Integer { pending: Vec<i64>, range: Option<(i64, i64)> },
    Number(Vec<f64>),
    Text(Text),
}

/// Texts: places in a dictionary while they come again, else the texts as they are.
#[derive(Default)]
pub struct Text {
    dictionary: Dictionary,
    /// Octets in the dictionary when the last page was made.
    seen: usize,
    places: Vec<u32>,
    /// The dictionary is closed.
    closed: bool,
    plain: Vec<u8>,
}

impl Values {
    pub fn new(storage: Storage) -> Self {
        match storage {
            Storage::Truth => Self::Truth(Vec::new()),
            Storage::Integer => Self::Integer { pending: Vec::new(), range: None },
            Storage::Number => Self::Number(Vec::new()),
            Storage::Text => Self::Text(Text::default()),
        }
    }

    #[inline]
    pub fn truth(&mut self, value: bool) -> Result<()> {
        let Self::Truth(pending) = self else { return Err(mismatch()) };
        pending.push(value);
        Ok(())
    }

    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<()> {
        let Self::Integer { pending, .. } = self else { return Err(mismatch()) };
        pending.push(value);
        Ok(())
    }

    pub fn number(&mut self, value: f64) -> Result<()> {
        let Self::Number(pending) = self else { return Err(mismatch()) };
        pending.push(value);
        Ok(())
    }

    #[inline]
    pub fn text(&mut self, value: &str) -> Result<()> {
        let Self::Text(text) = self else { return Err(mismatch()) };
        if text.closed {
            text.add_plain(value);
        } else {
            let place = text.dictionary.place(value);
            text.places.push(place);
        }
        Ok(())
    }

    #[inline]
    pub fn word(&mut self, index: u32, word: &'static str) -> Result<()> {
        let Self::Text(text) = self else { return Err(mismatch()) };
        if text.closed {
            text.add_plain(word);
        } else {
            let place = text.dictionary.place_of_word(index, word);
            text.places.push(place);
        }
        Ok(())
    }

    /// Takes the text of this name, if there is one and places are asked for.
    #[inline]
    pub fn known(&mut self, name: &'static str) -> Result<bool> {
        let Self::Text(text) = self else { return Err(mismatch()) };
        let place = if text.closed { None } else { text.dictionary.place_of_name(name) };
        text.places.extend(place);
        Ok(place.is_some())
    }

    /// Names the text that came last.
    pub fn name(&mut self, name: &'static str) {
        match self {
            Self::Text(text) if !text.closed => text.dictionary.name(name),
            Self::Text(_) | Self::Truth(_) | Self::Integer { .. } | Self::Number(_) => {}
        }
    }

    /// Octets that wait for their page.
    pub fn pending(&self) -> usize {
        match self {
            Self::Truth(pending) => pending.len(),
            Self::Integer { pending, .. } => mem::size_of_val(pending.as_slice()),
            Self::Number(pending) => mem::size_of_val(pending.as_slice()),
            Self::Text(text) => {
                let new = text.dictionary.octets().len() - text.seen;
                mem::size_of_val(text.places.as_slice()) + new + text.plain.len()
            }
        }
    }

    /// Adds what waits to the body of a page.
    pub fn encode(&mut self, to: &mut Vec<u8>) -> Encoding {
        match self {
            Self::Truth(pending) => {
                to.extend(
                    pending.chunks(8).map(|eight| {
                        eight.iter().rev().fold(0, |octet, value| octet << 1 | u8::from(*value))
                    }),
                );
                pending.clear();
                Encoding::Plain
            }
            Self::Integer { pending, range } => {
                let bounds = pending.iter().min().zip(pending.iter().max());
                if let Some((&least, &largest)) = bounds {
                    let (before_least, before_largest) = range.unwrap_or((least, largest));
                    *range = Some((before_least.min(least), before_largest.max(largest)));
                }
                differences(pending, to);
                pending.clear();
                Encoding::Differences
            }
            Self::Number(pending) => {
                to.extend(pending.drain(..).flat_map(f64::to_le_bytes));
                Encoding::Plain
            }
            Self::Text(text) => text.encode(to),
        }
    }

    /// The dictionary that pages refer to.
    pub fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Text(text) => Some(&text.dictionary),
            Self::Truth(_) | Self::Integer { .. } | Self::Number(_) => None,
        }
    }

    /// The least and the largest value of the row group as Parquet has them plain, where they are known and worth it.
    pub fn range(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        match self {
            Self::Integer { range, .. } => {
                range.map(|(least, largest)| (least.to_le_bytes().to_vec(), largest.to_le_bytes().to_vec()))
            }
            Self::Text(text) if !text.closed => {
                let least = text.dictionary.texts().min()?;
                let largest = text.dictionary.texts().max()?;
                let short = least.len().max(largest.len()) <= LONGEST_BOUND;
                short.then(|| (least.to_vec(), largest.to_vec()))
            }
            Self::Text(_) | Self::Truth(_) | Self::Number(_) => None,
        }
    }

    /// Begins a row group.
    pub fn clear(&mut self) {
        match self {
            Self::Truth(_) | Self::Number(_) => {}
            Self::Integer { range, .. } => *range = None,
            Self::Text(text) => {
                text.dictionary.clear();
                text.seen = 0;
                text.closed = false;
            }
        }
    }
}

impl Text {
    fn add_plain(&mut self, text: &str) {
        self.plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.plain.extend_from_slice(text.as_bytes());
    }

    fn encode(&mut self, to: &mut Vec<u8>) -> Encoding {
        if self.closed {
            to.append(&mut self.plain);
            return Encoding::Plain;
        }
        // One bit even for a single text: readers differ on none.
        let width = width(self.dictionary.len().saturating_sub(1) as u64).max(1);
        to.push(width as u8);
        hybrid(&self.places, width, to);
        self.places.clear();
        self.seen = self.dictionary.octets().len();
        self.closed = self.seen > DICTIONARY;
        Encoding::Dictionary
    }
}

fn mismatch() -> Error {
    Error::custom("a record has a value of another type than it declares")
}
