//! The columns of a row group: values come in one by one, and become pages together.

use std::io::{self, Write};
use std::mem;

use fourwave_annotate::Common;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};
use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::chunk::{Chunk, Data, Press};
use super::common::{Parts, Rows};
use super::levels::Levels;
use super::schema::Layout;
use super::values::Values;
use crate::output::flat::{Cells, Key};

/// The columns.
pub struct Columns {
    columns: Vec<Column>,
    /// What rows have in common.
    rows: Rows,
    press: Press,
    /// A page before it is compressed.
    page: Vec<u8>,
}

/// A column.
struct Column {
    /// What the footer says of it.
    description: ColumnDescPtr,
    /// The row group says the least and the greatest value.
    bounds: bool,
    /// Of the page that is not complete.
    levels: Levels,
    values: Values,
    /// What rows of the row group have in common here.
    parts: Parts,
    /// The pages before it.
    chunk: Chunk,
}

impl Columns {
    /// Empty columns.
    ///
    /// # Errors
    /// When there is no compression.
    pub fn new(layouts: &[Layout], schema: &SchemaDescriptor) -> io::Result<Self> {
        let columns = layouts.iter().zip(schema.columns()).map(|(layout, description)| Column {
            description: description.clone(),
            bounds: layout.bounds,
            levels: Levels::new(layout),
            values: Values::new(layout.storage),
            parts: Parts::default(),
            chunk: Chunk::new(),
        });
        Ok(Self { columns: columns.collect(), rows: Rows::default(), press: Press::new()?, page: Vec::new() })
    }

    /// Octets of the page that is not complete.
    ///
    /// # Errors
    /// When it has too much in it.
    pub fn page_octets(&mut self) -> io::Result<usize> {
        self.settle()?;
        Ok(self.columns.iter().map(|column| column.levels.octets() + column.values.octets()).sum())
    }

    /// Octets of the pages that are, before they were compressed.
    pub fn group_octets(&self) -> usize {
        self.columns.iter().map(|column| column.chunk.uncompressed()).sum()
    }

    /// Ends the page, which has so many rows.
    ///
    /// # Errors
    /// When a column has other rows, or too much in them.
    pub fn end_page(&mut self, rows: usize) -> io::Result<()> {
        self.settle()?;
        self.columns.iter_mut().try_for_each(|column| column.end_page(rows, &mut self.page, &mut self.press))
    }

    /// Writes the row group, whose last page is complete. Then all columns are empty.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end_group<W: Write + Send>(&mut self, mut to: SerializedRowGroupWriter<'_, W>) -> io::Result<()> {
        self.columns.iter_mut().try_for_each(|column| column.end_group(&mut self.press, &mut to))?;
        self.rows.renew();
        to.close()?;
        Ok(())
    }

    /// Gives the rows that wait what is known of them.
    #[inline(always)]
    fn settle(&mut self) -> Result<()> {
        if self.rows.waiting().is_empty() { Ok(()) } else { self.settle_all() }
    }

    fn settle_all(&mut self) -> Result<()> {
        let Self { columns, rows, .. } = self;
        for Column { levels, values, parts, .. } in columns {
            parts.add(rows.waiting(), levels, values)?;
        }
        rows.settled();
        Ok(())
    }

    /// Takes what rows have in common for the first time.
    #[cold]
    fn learn(&mut self, common: Common, hand: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let apart = |column: &mut Column| {
            let levels = column.levels.apart();
            (mem::replace(&mut column.levels, levels), column.values.len())
        };
        let before: Vec<_> = self.columns.iter_mut().map(apart).collect();
        hand(self)?;
        let mut known = true;
        for (column, (levels, values)) in self.columns.iter_mut().zip(before) {
            let row = mem::replace(&mut column.levels, levels);
            column.levels.append(&row);
            if row.entries() > 0 {
                match column.values.numbers(values) {
                    Some(values) => column.parts.learn(row, values),
                    None => known = false,
                }
            }
        }
        if known {
            self.rows.learn(common);
        } else {
            self.rows.close();
        }
        Ok(())
    }
}

impl Cells for Columns {
    const KEYS: bool = true;
    const SHARED: bool = true;
    const OBJECTS_APART: bool = false;

    #[inline(always)]
    fn null(&mut self, column: usize) -> Result<()> {
        self.columns[column].levels.null()
    }

    #[inline(always)]
    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        let Column { levels, values: Values::Truth(values, _), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        levels.value();
        values.push(value);
        Ok(())
    }

    #[inline(always)]
    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        let Column { levels, values: Values::Integer(values, _), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        levels.value();
        values.push(value);
        Ok(())
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        let Column { levels, values: Values::Number(values), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        levels.value();
        values.push(value);
        Ok(())
    }

    #[inline(always)]
    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        let Column { levels, values: Values::Text(texts), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        levels.value();
        texts.push(value)
    }

    #[inline(always)]
    fn word(&mut self, column: usize, number: u32, word: &'static str) -> Result<()> {
        let Column { levels, values: Values::Text(texts), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        levels.value();
        texts.push_word(number, word)
    }

    #[inline(always)]
    fn known(&mut self, column: usize, key: Key) -> Result<bool> {
        let Column { levels, values: Values::Text(texts), .. } = &mut self.columns[column] else {
            return Err(mismatch());
        };
        let known = texts.push_known(key);
        if known {
            levels.value();
        }
        Ok(known)
    }

    fn name(&mut self, column: usize, key: Key) {
        if let Values::Text(texts) = &mut self.columns[column].values {
            texts.name(key);
        }
    }

    #[inline(always)]
    fn open(&mut self, column: usize) -> Result<()> {
        self.columns[column].levels.open()
    }

    #[inline(always)]
    fn close(&mut self, column: usize) -> Result<()> {
        self.columns[column].levels.close();
        Ok(())
    }

    #[inline(always)]
    fn common(&mut self, common: Common, hand: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.rows.wait(common) {
            return Ok(());
        }
        self.settle()?;
        if self.rows.have_room() { self.learn(common, hand) } else { hand(self) }
    }

    #[inline(always)]
    fn alone(&mut self) -> Result<()> {
        self.settle()
    }
}

impl Column {
    fn end_page(&mut self, rows: usize, page: &mut Vec<u8>, press: &mut Press) -> io::Result<()> {
        let entries = self.levels.entries();
        let nulls = entries.saturating_sub(self.values.len());
        if self.levels.rows() != rows {
            return Err(io::Error::other("a row has no value or several where one belongs"));
        }
        page.clear();
        self.levels.take(page);
        let encoding = self.values.take(page);
        self.chunk.add(&Data { octets: page, encoding, rows, entries, nulls }, press)
    }

    fn end_group<W: Write + Send>(
        &mut self,
        press: &mut Press,
        to: &mut SerializedRowGroupWriter<'_, W>,
    ) -> io::Result<()> {
        let chunk = mem::replace(&mut self.chunk, Chunk::new());
        let statistics = self.bounds.then(|| self.values.statistics(chunk.nulls() as u64));
        let dictionary = self.values.texts().map(|texts| texts.dictionary());
        chunk.append(self.description.clone(), dictionary, statistics, press, to)?;
        self.values.renew();
        self.parts.renew();
        Ok(())
    }
}

fn mismatch() -> Error {
    Error::custom("a record has a value of another type than it declares")
}
