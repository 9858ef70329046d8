//! Pages: some values of one column, compressed, after a header.

use std::io;

use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::thrift::Struct;

/// The quickest: packed values leave little to find.
const LEVEL: i32 = 1;

/// The number of zstd among the codecs of Parquet.
pub const CODEC: i32 = 6;

/// How values are encoded, by the numbers of Parquet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Plain = 0,
    /// Levels: runs and packed bits.
    Hybrid = 3,
    /// Whole numbers: packed differences.
    Differences = 5,
    /// Places in the dictionary: runs and packed bits.
    Dictionary = 8,
}

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Levels and values: so many entries, nulls among them.
    Data { entries: usize, encoding: Encoding },
    /// The texts that other pages have the places of.
    Dictionary { entries: usize },
}

impl Content {
    /// Its kind by the numbers of Parquet.
    pub const fn number(self) -> i32 {
        match self {
            Self::Data { .. } => DATA,
            Self::Dictionary { .. } => DICTIONARY,
        }
    }
}

/// The kind of pages with levels and values.
pub const DATA: i32 = 0;

/// The kind of pages with a dictionary.
pub const DICTIONARY: i32 = 2;

/// Compresses pages.
pub struct Press {
    compressor: Compressor<'static>,
    compressed: Vec<u8>,
}

impl Press {
    /// Ready for pages.
    ///
    /// # Errors
    /// When zstd has no memory.
    pub fn new() -> io::Result<Self> {
        Ok(Self { compressor: Compressor::new(LEVEL)?, compressed: Vec::new() })
    }

    /// Adds the page with `body`, and says how long it would be if it were not compressed.
    ///
    /// # Errors
    /// When `body` is longer than a page can be.
    pub fn page(&mut self, content: Content, body: &[u8], to: &mut Vec<u8>) -> io::Result<usize> {
        self.compressed.clear();
        self.compressed.reserve(compress_bound(body.len()));
        self.compressor.compress_to_buffer(body, &mut self.compressed)?;
        let start = to.len();
        let (plain, compressed) = (length(body)?, length(&self.compressed)?);
        Struct::write(to, |header| {
            header.i32(1, content.number());
            header.i32(2, plain);
            header.i32(3, compressed);
            match content {
                Content::Data { entries, encoding } => header.structure(5, |data| {
                    data.i32(1, entries as i32);
                    data.i32(2, encoding as i32);
                    data.i32(3, Encoding::Hybrid as i32);
                    data.i32(4, Encoding::Hybrid as i32);
                }),
                Content::Dictionary { entries } => header.structure(7, |dictionary| {
                    dictionary.i32(1, entries as i32);
                    dictionary.i32(2, Encoding::Plain as i32);
                }),
            }
        });
        let header = to.len() - start;
        to.extend_from_slice(&self.compressed);
        Ok(header + body.len())
    }
}

fn length(octets: &[u8]) -> io::Result<i32> {
    i32::try_from(octets.len()).map_err(|_| io::Error::other("a page of Parquet is longer than 2 GiB"))
}
