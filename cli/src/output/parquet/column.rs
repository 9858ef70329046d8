//! One column of a row group: values come in one by one, pages come out.

use std::io;

use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::packing::{hybrid, width};
use super::page::{CODEC, Content, DATA, DICTIONARY, Encoding, Press};
use super::schema::Layout;
use super::thrift::{self, Struct, Type};
use super::values::Values;

/// Octets of values that wait for their page, about. What all columns hold should stay in the caches.
const PAGE: usize = 128 << 10;

/// A column.
pub struct Column {
    pub layout: Layout,
    /// The definition level of a value that is there.
    defined: u8,
    /// Of each entry: how much of it is there. Empty where all always is.
    definition: Vec<u8>,
    /// Of each entry of lists: 0 if a row begins with it.
    repetition: Vec<u8>,
    /// The list that is not at its end.
    open: Option<Open>,
    values: Values,
    /// Values, nulls and empty lists that wait for their page.
    entries: usize,
    chunk: Chunk,
    /// A page before it is compressed.
    body: Vec<u8>,
}

/// What has come of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Elements,
}

/// The pages of a row group.
#[derive(Default)]
struct Chunk {
    pages: Vec<u8>,
    /// Length of the pages if they were not compressed.
    plain: usize,
    entries: usize,
    nulls: usize,
    /// How many pages with each encoding.
    encodings: Vec<(Encoding, i32)>,
}

impl Column {
    /// An empty column.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self {
            defined: layout.defined(),
            values: Values::new(layout.storage),
            layout,
            definition: Vec::new(),
            repetition: Vec::new(),
            open: None,
            entries: 0,
            chunk: Chunk::default(),
            body: Vec::new(),
        }
    }

    #[inline]
    pub fn null(&mut self) -> Result<()> {
        let level = match (self.open, self.layout.list) {
            // The list is there, and so is its element.
            (Some(_), Some(elements)) if elements.nullable => self.defined - 1,
            (None, _) if self.layout.nullable => 0,
            (Some(_) | None, _) => return Err(Error::custom("a record has null where it declares a value")),
        };
        self.chunk.nulls += 1;
        self.entry(level);
        Ok(())
    }

    #[inline]
    pub fn truth(&mut self, value: bool) -> Result<()> {
        self.entry(self.defined);
        self.values.truth(value)
    }

    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<()> {
        self.entry(self.defined);
        self.values.integer(value)
    }

    pub fn number(&mut self, value: f64) -> Result<()> {
        self.entry(self.defined);
        self.values.number(value)
    }

    #[inline]
    pub fn text(&mut self, value: &str) -> Result<()> {
        self.entry(self.defined);
        self.values.text(value)
    }

    #[inline]
    pub fn word(&mut self, place: u32, word: &'static str) -> Result<()> {
        self.entry(self.defined);
        self.values.word(place, word)
    }

    #[inline]
    pub fn known(&mut self, name: &'static str) -> Result<bool> {
        let known = self.values.known(name)?;
        if known {
            self.entry(self.defined);
        }
        Ok(known)
    }

    pub fn name(&mut self, name: &'static str) {
        self.values.name(name);
    }

    #[inline]
    pub fn open(&mut self) {
        self.open = Some(Open::Nothing);
    }

    #[inline]
    pub fn close(&mut self) {
        if self.open == Some(Open::Nothing) {
            // An empty list is there.
            self.entry(u8::from(self.layout.nullable));
        }
        self.open = None;
    }

    /// Notes that the next value has this definition level.
    #[inline]
    fn entry(&mut self, level: u8) {
        self.entries += 1;
        if self.defined > 0 {
            self.definition.push(level);
        }
        if self.layout.list.is_some() {
            self.repetition.push(u8::from(self.open == Some(Open::Elements)));
            if self.open.is_some() {
                self.open = Some(Open::Elements);
            }
        }
    }

    /// Makes a page of what waits, if that is enough for one. Only between rows.
    ///
    /// # Errors
    /// When it cannot be written as a page.
    pub fn settle(&mut self, press: &mut Press) -> io::Result<()> {
        if self.values.pending() + self.definition.len() + self.repetition.len() < PAGE {
            return Ok(());
        }
        self.page(press)
    }

    /// Octets in finished pages.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.chunk.pages.len()
    }

    fn page(&mut self, press: &mut Press) -> io::Result<()> {
        let Self { body, chunk, .. } = self;
        body.clear();
        if self.layout.list.is_some() {
            levels(&self.repetition, 1, body);
        }
        if self.defined > 0 {
            levels(&self.definition, self.defined, body);
        }
        let encoding = self.values.encode(body);
        let content = Content::Data { entries: self.entries, encoding };
        chunk.plain += press.page(content, body, &mut chunk.pages)?;
        chunk.entries += self.entries;
        chunk.count(encoding);
        self.entries = 0;
        self.definition.clear();
        self.repetition.clear();
        Ok(())
    }

    /// Ends the row group: adds the column to `to`, which lies at `offset` of the file, what there is to know of it to
    /// `metadata`, and says how long it would be if it were not compressed.
    ///
    /// # Errors
    /// When it cannot be written as pages.
    pub fn finish(
        &mut self,
        press: &mut Press,
        offset: u64,
        to: &mut Vec<u8>,
        metadata: &mut Vec<u8>,
    ) -> io::Result<usize> {
        if self.entries > 0 {
            self.page(press)?;
        }
        let start = to.len();
        let at = |to: &Vec<u8>| (offset + to.len() as u64) as i64;
        let dictionary = if let Some(dictionary) = self.values.dictionary() {
            let page = at(to);
            let content = Content::Dictionary { entries: dictionary.len() };
            self.chunk.plain += press.page(content, dictionary.octets(), to)?;
            Some(page)
        } else {
            None
        };
        let data = at(to);
        to.extend_from_slice(&self.chunk.pages);
        let compressed = to.len() - start;
        self.metadata(data, dictionary, compressed, metadata);
        let plain = self.chunk.plain;
        self.values.clear();
        self.chunk.clear();
        Ok(plain)
    }

    fn metadata(&self, data: i64, dictionary: Option<i64>, compressed: usize, to: &mut Vec<u8>) {
        let Self { chunk, layout, .. } = self;
        let mut encodings = vec![Encoding::Hybrid];
        encodings.extend(dictionary.map(|_| Encoding::Plain));
        encodings.extend(chunk.encodings.iter().map(|(encoding, _)| *encoding));
        Struct::write(to, |it| {
            it.i64(2, dictionary.unwrap_or(data));
            it.structure(3, |it| {
                it.i32(1, layout.storage as i32);
                it.list(2, Type::I32, encodings.iter(), |encoding, to| thrift::signed(*encoding as i64, to));
                it.list(3, Type::Binary, layout.path().iter(), |name, to| {
                    thrift::binary(name.as_bytes(), to);
                });
                it.i32(4, CODEC);
                it.i64(5, chunk.entries as i64);
                it.i64(6, chunk.plain as i64);
                it.i64(7, compressed as i64);
                it.i64(9, data);
                if let Some(dictionary) = dictionary {
                    it.i64(11, dictionary);
                }
                // Of a list, a reader would have to know which nulls are meant.
                if layout.list.is_none() {
                    it.structure(12, |it| self.statistics(it));
                }
                it.list(13, Type::Struct, self.pages(dictionary.is_some()).iter(), |page, to| {
                    let (content, encoding, count) = *page;
                    Struct::write(to, |it| {
                        it.i32(1, content);
                        it.i32(2, encoding as i32);
                        it.i32(3, count);
                    });
                });
            });
        });
    }

    fn statistics(&self, to: &mut Struct<'_>) {
        to.i64(3, self.chunk.nulls as i64);
        if let Some((least, largest)) = self.values.range() {
            to.binary(5, &largest);
            to.binary(6, &least);
            to.truth(7, true);
            to.truth(8, true);
        }
    }

    /// Page type, encoding and number of all pages.
    fn pages(&self, dictionary: bool) -> Vec<(i32, Encoding, i32)> {
        let first = dictionary.then_some((DICTIONARY, Encoding::Plain, 1));
        let data = self.chunk.encodings.iter().map(|(encoding, count)| (DATA, *encoding, *count));
        first.into_iter().chain(data).collect()
    }
}

impl Chunk {
    fn count(&mut self, encoding: Encoding) {
        match self.encodings.iter_mut().find(|(known, _)| *known == encoding) {
            Some((_, count)) => *count += 1,
            None => self.encodings.push((encoding, 1)),
        }
    }

    fn clear(&mut self) {
        self.pages.clear();
        *self = Self { pages: std::mem::take(&mut self.pages), ..Self::default() };
    }
}

/// Adds levels, which are at most `most`, after their length.
fn levels(levels: &[u8], most: u8, to: &mut Vec<u8>) {
    let start = to.len();
    to.extend_from_slice(&[0; 4]);
    hybrid(levels, width(most.into()), to);
    let length = (to.len() - start - 4) as u32;
    to[start..start + 4].copy_from_slice(&length.to_le_bytes());
}
