//! The pages of a column in one row group, which wait compressed until the group is complete.
//!
//! The crate writes their headers, and the footer that says where they are. It must not be known here what a page
//! holds.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/>

use std::io::{self, Write};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, EncodingMask, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::page_index::offset_index::{OffsetIndexMetaData, PageLocation};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::dictionary::Dictionary;

/// The quickest level of zstd: packed values leave little to find.
const LEVEL: i32 = 1;

/// If a first page of at least so many octets loses less than one in 32, its chunk is not compressed.
const TRIED: usize = 4 << 10;

/// Data pages of one column, one after the other.
pub struct Chunk {
    written: Written,
    /// Pages are compressed: all or none.
    pressed: bool,
    /// Where each page is in `written`.
    pages: Vec<PageLocation>,
    rows: usize,
    /// Values and nulls.
    entries: usize,
    nulls: usize,
}

/// A data page.
pub struct Data<'a> {
    /// Levels and values.
    pub octets: &'a [u8],
    /// How values are encoded.
    pub encoding: Encoding,
    pub rows: usize,
    /// Values and nulls.
    pub entries: usize,
    pub nulls: usize,
}

impl Chunk {
    pub fn new() -> Self {
        Self { written: Written::new(), pressed: true, pages: Vec::new(), rows: 0, entries: 0, nulls: 0 }
    }

    /// Octets of its pages before they were compressed.
    pub const fn uncompressed(&self) -> usize {
        self.written.uncompressed
    }

    /// Entries that have no value.
    pub const fn nulls(&self) -> usize {
        self.nulls
    }

    /// Adds a page.
    ///
    /// # Errors
    /// When it is too large.
    pub fn add(&mut self, data: &Data<'_>, press: &mut Press) -> io::Result<()> {
        let mut octets = press.page(data.octets, self.pressed)?;
        let len = data.octets.len();
        // What dictionaries hold is not to be seen from places in them.
        let tried = self.pages.is_empty() && len >= TRIED && data.encoding != Encoding::RLE_DICTIONARY;
        if tried && octets.len() > len - len / 32 {
            self.pressed = false;
            octets = press.page(data.octets, self.pressed)?;
        }
        let page = Page::DataPage {
            buf: octets,
            num_values: fitting(data.entries)?,
            encoding: data.encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let spec = self.written.add(page, len)?;
        self.pages.push(PageLocation {
            offset: fitting(spec.offset)?,
            compressed_page_size: fitting(spec.compressed_size)?,
            first_row_index: fitting(self.rows)?,
        });
        self.rows += data.rows;
        self.entries += data.entries;
        self.nulls += data.nulls;
        Ok(())
    }

    /// Adds the pages to a row group, behind the dictionary if there are places of it in them.
    ///
    /// # Errors
    /// When `column` is not the next one there, or has other rows than those before it, or is too large.
    pub fn append<W: Write + Send>(
        self,
        column: ColumnDescPtr,
        dictionary: Option<&Dictionary>,
        statistics: Option<Statistics>,
        press: &mut Press,
        to: &mut SerializedRowGroupWriter<'_, W>,
    ) -> io::Result<()> {
        let mut all = Written::new();
        if let Some(dictionary) = dictionary.filter(|_| self.written.has(Encoding::RLE_DICTIONARY)) {
            let page = Page::DictionaryPage {
                buf: press.page(dictionary.page(), self.pressed)?,
                num_values: fitting(dictionary.len())?,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            all.add(page, dictionary.page().len())?;
        }
        let dictionary_end = all.octets.bytes_written();
        let start: i64 = fitting(dictionary_end)?;
        all.append(self.written)?;
        let compressed: u64 = fitting(all.octets.bytes_written())?;
        let encodings = all.kinds.iter().map(|kind| &kind.encoding);
        let zstd = Compression::ZSTD(ZstdLevel::try_new(LEVEL)?);
        let compression = if self.pressed { zstd } else { Compression::UNCOMPRESSED };
        let mut metadata = ColumnChunkMetaData::builder(column)
            .set_compression(compression)
            .set_encodings_mask(EncodingMask::new_from_encodings(encodings.chain([&Encoding::RLE])))
            .set_page_encoding_stats(all.kinds)
            .set_total_compressed_size(fitting(compressed)?)
            .set_total_uncompressed_size(fitting(all.uncompressed)?)
            .set_num_values(fitting(self.entries)?)
            .set_data_page_offset(start)
            .set_dictionary_page_offset((dictionary_end > 0).then_some(0));
        if let Some(statistics) = statistics {
            metadata = metadata.set_statistics(statistics);
        }
        let page_locations =
            self.pages.into_iter().map(|page| PageLocation { offset: page.offset + start, ..page }).collect();
        let close = ColumnCloseResult {
            bytes_written: compressed,
            rows_written: fitting(self.rows)?,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: Some(OffsetIndexMetaData { page_locations, unencoded_byte_array_data_bytes: None }),
        };
        Ok(to.append_column(&Bytes::from(all.octets.into_inner()?), close)?)
    }
}

/// Pages with their headers.
struct Written {
    octets: TrackedWrite<Vec<u8>>,
    /// How many pages of which kind there are.
    kinds: Vec<PageEncodingStats>,
    /// Octets before the pages were compressed.
    uncompressed: usize,
}

impl Written {
    fn new() -> Self {
        Self { octets: TrackedWrite::new(Vec::new()), kinds: Vec::new(), uncompressed: 0 }
    }

    fn has(&self, encoding: Encoding) -> bool {
        self.kinds.iter().any(|kind| kind.encoding == encoding)
    }

    /// Adds a page that had so many octets before it was compressed.
    fn add(&mut self, page: Page, uncompressed: usize) -> io::Result<PageWriteSpec> {
        let (page_type, encoding) = (page.page_type(), page.encoding());
        let page = CompressedPage::new(page, uncompressed);
        let spec = SerializedPageWriter::new(&mut self.octets).write_page(page)?;
        self.uncompressed += spec.uncompressed_size;
        self.count(PageEncodingStats { page_type, encoding, count: 1 });
        Ok(spec)
    }

    /// Adds the pages of `other`.
    fn append(&mut self, other: Self) -> io::Result<()> {
        self.octets.write_all(&other.octets.into_inner()?)?;
        self.uncompressed += other.uncompressed;
        other.kinds.into_iter().for_each(|kind| self.count(kind));
        Ok(())
    }

    fn count(&mut self, pages: PageEncodingStats) {
        let same = |kind: &&mut PageEncodingStats| {
            (kind.page_type, kind.encoding) == (pages.page_type, pages.encoding)
        };
        match self.kinds.iter_mut().find(same) {
            Some(kind) => kind.count += pages.count,
            None => self.kinds.push(pages),
        }
    }
}

/// Compresses pages.
pub struct Press(Compressor<'static>);

impl Press {
    /// # Errors
    /// When zstd has not the level.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Compressor::new(LEVEL)?))
    }

    /// What a page has of `octets`.
    fn page(&mut self, octets: &[u8], pressed: bool) -> io::Result<Bytes> {
        Ok(if pressed { self.0.compress(octets)?.into() } else { Bytes::copy_from_slice(octets) })
    }
}

/// A number in the type that the format has for it.
fn fitting<A, B: TryFrom<A>>(number: A) -> io::Result<B> {
    B::try_from(number).map_err(|_| io::Error::other("a row group is too large for Parquet"))
}
