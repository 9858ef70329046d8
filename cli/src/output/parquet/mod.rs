//! Apache Parquet: the columns of CSV with their types, lists as lists, text by dictionaries, zstd, row groups
//! with the bounds of their values, so that a reader leaves out what a filter excludes.
//!
//! | File | What |
//! |---|---|
//! | `schema` | which type a column has: the one place where that is decided |
//! | `column`, `values`, `dictionary` | values on their way into pages |
//! | `packing`, `page`, `thrift` | how Parquet writes numbers, pages, structures |
//! | `waiting` | rows that wait until it is known whether they are wanted |
//!
//! Written here, since speed is what it is for: the `parquet` crate takes 1.3 µs for a row of 32 columns, hashing
//! and comparing every text anew; here a row of text that repeats costs a few nanoseconds a column.
//!
//! <https://github.com/apache/parquet-format>

mod column;
mod dictionary;
mod packing;
mod page;
mod schema;
mod thrift;
mod values;
mod waiting;

use std::io;

use fourwave_annotate::{Context, Fields};
use serde_json::Result;

use self::column::Column;
use self::page::Press;
use self::schema::Layout;
use self::thrift::{Struct, Type};
use self::waiting::Row;
use super::flat::{Cells, Flat};
use super::{Buffer, Format, Record, Table};

/// What a file begins and ends with.
const MAGIC: &[u8] = b"PAR1";

/// Rows in a group: what readers share out among threads, and leave out as a whole.
const GROUP: usize = 128 << 10;

/// Octets in a group, about, where rows are large.
const GROUP_OCTETS: usize = 64 << 20;

/// Columns are asked for pages after this many rows.
const ROUND: usize = 1 << 10;

/// Parquet with the columns of one table.
pub struct Parquet {
    flat: Flat,
    columns: Columns,
    press: Press,
    /// What is written next.
    octets: Vec<u8>,
    /// Octets of the file so far.
    written: u64,
    /// Rows in the group that is not finished.
    rows: usize,
    /// Rows in finished groups.
    finished: u64,
    /// Metadata of finished groups.
    groups: Vec<u8>,
    /// How many those are.
    group_count: usize,
}

/// The columns as they take a row.
struct Columns(Vec<Column>);

impl Parquet {
    /// The columns of `table` that `fields` selects.
    ///
    /// # Errors
    /// When there is no memory for zstd.
    pub fn new(table: Table, fields: Fields) -> io::Result<Self> {
        let flat = Flat::new(table, fields);
        let columns = flat.columns().iter().map(|column| Column::new(Layout::of(column))).collect();
        Ok(Self {
            flat,
            columns: Columns(columns),
            press: Press::new()?,
            octets: Vec::new(),
            written: 0,
            rows: 0,
            finished: 0,
            groups: Vec::new(),
            group_count: 0,
        })
    }

    /// A row is complete.
    fn end_row(&mut self, to: &mut Buffer) -> io::Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(ROUND) {
            for column in &mut self.columns.0 {
                column.settle(&mut self.press)?;
            }
            let octets: usize = self.columns.0.iter().map(Column::finished).sum();
            if self.rows >= GROUP || octets >= GROUP_OCTETS {
                self.group(to)?;
            }
        }
        Ok(())
    }

    /// Writes the row group.
    fn group(&mut self, to: &mut Buffer) -> io::Result<()> {
        let Self { columns: Columns(columns), press, octets, .. } = self;
        octets.clear();
        let (mut metadata, mut plain) = (Vec::new(), 0);
        for column in &mut *columns {
            plain += column.finish(press, self.written, octets, &mut metadata)?;
        }
        to.extend_from_slice(octets);
        Struct::write(&mut self.groups, |group| {
            group.list_of_written(1, Type::Struct, columns.len(), &metadata);
            group.i64(2, plain as i64);
            group.i64(3, self.rows as i64);
            group.i64(5, self.written as i64);
            group.i64(6, octets.len() as i64);
            if let Ok(number) = i16::try_from(self.group_count) {
                group.i16(7, number);
            }
        });
        self.written += octets.len() as u64;
        self.finished += self.rows as u64;
        self.group_count += 1;
        self.rows = 0;
        Ok(())
    }

    /// What stands at the end of the file and says where everything is.
    fn footer(&mut self) {
        let Self { columns: Columns(columns), octets, groups, group_count, finished, .. } = self;
        let mut tree = Vec::new();
        let nodes = schema::tree(columns.iter().map(|column| &column.layout), &mut tree);
        Struct::write(octets, |file| {
            // The version of the format that has these encodings.
            file.i32(1, 2);
            file.list_of_written(2, Type::Struct, nodes, &tree);
            file.i64(3, *finished as i64);
            file.list_of_written(4, Type::Struct, *group_count, groups);
            file.binary(6, concat!("fourwave version ", env!("CARGO_PKG_VERSION")).as_bytes());
            // Bounds are in the order of their types.
            file.list(7, Type::Struct, columns.iter(), |_, to| {
                Struct::write(to, |order| order.structure(1, |_| {}));
            });
        });
        let length = (octets.len() as u32).to_le_bytes();
        octets.extend_from_slice(&length);
        octets.extend_from_slice(MAGIC);
    }
}

impl Format for Parquet {
    fn head(&mut self, to: &mut Buffer) {
        to.extend_from_slice(MAGIC);
        self.written += MAGIC.len() as u64;
    }

    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        self.flat.row(record, context, &mut self.columns)?;
        self.end_row(to)
    }

    fn defer(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        self.flat.row(record, context, &mut Row(to))
    }

    fn deferred(&mut self, record: &[u8], to: &mut Buffer) -> io::Result<()> {
        waiting::replay(record, &mut self.columns)?;
        self.end_row(to)
    }

    fn end(&mut self, to: &mut Buffer) -> io::Result<()> {
        if self.rows > 0 {
            self.group(to)?;
        }
        self.octets.clear();
        self.footer();
        to.extend_from_slice(&self.octets);
        Ok(())
    }
}

impl Cells for Columns {
    const OBJECTS_APART: bool = false;

    #[inline]
    fn null(&mut self, column: usize) -> Result<()> {
        self.0[column].null()
    }

    #[inline]
    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        self.0[column].truth(value)
    }

    #[inline]
    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        self.0[column].integer(value)
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        self.0[column].number(value)
    }

    #[inline]
    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        self.0[column].text(value)
    }

    #[inline]
    fn word(&mut self, column: usize, place: u32, word: &'static str) -> Result<()> {
        self.0[column].word(place, word)
    }

    #[inline]
    fn known(&mut self, column: usize, name: &'static str) -> Result<bool> {
        self.0[column].known(name)
    }

    fn name(&mut self, column: usize, name: &'static str) {
        self.0[column].name(name);
    }

    #[inline]
    fn open(&mut self, column: usize) -> Result<()> {
        self.0[column].open();
        Ok(())
    }

    #[inline]
    fn close(&mut self, column: usize) -> Result<()> {
        self.0[column].close();
        Ok(())
    }
}
