//! Apache Parquet: the columns of CSV with their types, lists as lists, text by dictionaries, zstd, row groups
//! with the bounds of their values, so that a reader leaves out what a filter excludes.
//!
//! | File | What |
//! |---|---|
//! | `schema` | how a column is stored: the one place where that is decided |
//! | `column` | where values of rows go, and how they become pages and row groups |
//! | `levels`, `values`, `texts`, `dictionary` | what waits for the end of its page |
//! | `common` | what rows have in common, which is looked at once |
//! | `keys` | how a text, or what rows have in common, is known again |
//! | `delta`, `hybrid`, `bits` | how numbers are encoded |
//! | `chunk` | pages that wait for the end of their row group |
//! | `waiting` | rows that wait until it is known whether they are wanted |
//!
//! The crate `parquet` writes the file: headers, bounds, schema and footer. It takes values of one column after the
//! other, so that a row group would have to wait as it came, and looks up each text for its dictionary. Pages are
//! therefore encoded here, where most values are known by a number already.

mod bits;
mod chunk;
mod column;
mod common;
mod delta;
mod dictionary;
mod hybrid;
mod keys;
mod levels;
mod schema;
#[cfg(test)]
mod tests;
mod texts;
mod values;
mod waiting;

use std::io;
use std::sync::Arc;

use fourwave_annotate::{Context, Fields};
use parquet::file::writer::SerializedFileWriter;

use self::column::Columns;
use self::schema::Layout;
use self::waiting::Row;
use super::flat::{Cells, Flat};
use super::{Buffer, Format, Record, Table};

/// Rows in a group: what readers share out among threads, and leave out as a whole.
const GROUP: usize = 128 << 10;

/// Octets of values in a group, about, where rows are large.
const GROUP_OCTETS: usize = 256 << 20;

/// Rows in a page, of each column: few enough to wait in the cache of a processor, and to be read at once.
const PAGE: usize = 16 << 10;

/// Octets of values in the pages of all columns, about, where rows are large.
const PAGE_OCTETS: usize = 16 << 20;

/// After this many rows it is seen how large they are.
const ROUND: usize = 1 << 10;

/// Parquet with the columns of one table.
pub struct Parquet {
    flat: Flat,
    columns: Columns,
    /// Writes what goes to the output next.
    writer: SerializedFileWriter<Vec<u8>>,
    /// Rows in the page that is not complete.
    rows: usize,
    /// Rows in the pages before it in the same group.
    paged: usize,
}

impl Parquet {
    /// The columns of `table` that `fields` selects.
    ///
    /// # Errors
    /// When they make no schema.
    pub fn new(table: Table, fields: Fields) -> io::Result<Self> {
        let flat = Flat::new(table, fields);
        let layouts: Vec<Layout> = flat.columns().iter().map(Layout::of).collect();
        let properties = Arc::new(schema::properties());
        let writer = SerializedFileWriter::new(Vec::new(), schema::tree(&layouts)?, properties)?;
        let columns = Columns::new(&layouts, writer.schema_descr())?;
        Ok(Self { flat, columns, writer, rows: 0, paged: 0 })
    }

    /// A row is complete.
    #[inline]
    fn end_row(&mut self, to: &mut Buffer) -> io::Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(ROUND)
            && (self.rows >= PAGE || self.columns.page_octets()? >= PAGE_OCTETS)
        {
            self.page()?;
            if self.paged >= GROUP || self.columns.group_octets() >= GROUP_OCTETS {
                self.group()?;
                self.hand_over(to)?;
            }
        }
        Ok(())
    }

    /// Ends the page.
    fn page(&mut self) -> io::Result<()> {
        self.columns.end_page(self.rows)?;
        self.paged += self.rows;
        self.rows = 0;
        Ok(())
    }

    /// Writes the row group.
    fn group(&mut self) -> io::Result<()> {
        self.columns.end_group(self.writer.next_row_group()?)?;
        self.paged = 0;
        Ok(())
    }

    /// Adds to `to` what was written.
    fn hand_over(&mut self, to: &mut Buffer) -> io::Result<()> {
        self.writer.flush()?;
        let octets = self.writer.inner_mut();
        to.extend_from_slice(octets);
        octets.clear();
        Ok(())
    }
}

impl Format for Parquet {
    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        self.flat.row(record, context, &mut self.columns)?;
        self.end_row(to)
    }

    fn defer(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        self.flat.row(record, context, &mut Row(to))
    }

    fn deferred(&mut self, record: &[u8], to: &mut Buffer) -> io::Result<()> {
        self.columns.alone()?;
        waiting::replay(record, &mut self.columns)?;
        self.end_row(to)
    }

    fn end(&mut self, to: &mut Buffer) -> io::Result<()> {
        if self.rows > 0 {
            self.page()?;
        }
        if self.paged > 0 {
            self.group()?;
        }
        self.writer.finish()?;
        self.hand_over(to)
    }
}
