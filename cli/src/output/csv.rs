//! Comma-separated values (RFC 4180, but with LF): a header line, and the same columns in every row.
//!
//! Keys of nested objects are joined by `_`, elements of lists by `;`. An object in a list, or one whose keys
//! vary, is JSON text. A column that a record does not have is empty, as is null.

use std::io;
use std::ops::Range;

use fourwave_annotate::{Context, Fields};
use serde_json::Result;

use super::flat::{Cells, Flat};
use super::{Buffer, Format, Record, Table};
use crate::stats::Row;

/// CSV with the columns of one table.
pub struct Csv {
    flat: Flat,
    row: Texts,
}

impl Csv {
    /// The columns of `table` that `fields` selects.
    #[must_use]
    pub fn new(table: Table, fields: Fields) -> Self {
        let flat = Flat::new(table, fields);
        let row = Texts { cells: vec![0..0; flat.columns().len()], ..Texts::default() };
        Self { flat, row }
    }
}

impl Format for Csv {
    fn head(&mut self, to: &mut Buffer) {
        let names = self.flat.columns().iter().map(|column| column.name.as_bytes());
        if names.len() == 0 {
            line(["section", "name", "value"].map(str::as_bytes), to);
        } else {
            line(names, to);
        }
    }

    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        if let Record::Stats(stats) = record {
            for Row { section, name, value } in stats.rows() {
                let value = value.map(|value| value.to_string()).unwrap_or_default();
                line([section.as_bytes(), name.as_bytes(), value.as_bytes()], to);
            }
            return Ok(());
        }
        let Self { flat, row } = self;
        row.octets.clear();
        flat.row(record, context, row)?;
        line(row.cells.iter().map(|cell| &row.octets[cell.clone()]), to);
        Ok(())
    }
}

/// The cells of a row as text. They are filled in the order of the record, which need not be that of the columns.
#[derive(Default)]
struct Texts {
    octets: Vec<u8>,
    /// Where in `octets` the text of each column is.
    cells: Vec<Range<usize>>,
    list: Option<List>,
}

/// A list that is not at its end.
struct List {
    start: usize,
    empty: bool,
}

impl Texts {
    fn add(&mut self, column: usize, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
        match &mut self.list {
            Some(list) => {
                if !list.empty {
                    self.octets.push(b';');
                }
                list.empty = false;
                write(&mut self.octets)
            }
            None => {
                let start = self.octets.len();
                write(&mut self.octets)?;
                self.cells[column] = start..self.octets.len();
                Ok(())
            }
        }
    }
}

impl Cells for Texts {
    const OBJECTS_APART: bool = true;

    fn null(&mut self, column: usize) -> Result<()> {
        self.add(column, |_| Ok(()))
    }

    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        self.text(column, if value { "true" } else { "false" })
    }

    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        self.text(column, itoa::Buffer::new().format(value))
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        self.add(column, |to| serde_json::to_writer(to, &value))
    }

    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        self.add(column, |to| {
            to.extend_from_slice(value.as_bytes());
            Ok(())
        })
    }

    fn open(&mut self, _column: usize) -> Result<()> {
        self.list = Some(List { start: self.octets.len(), empty: true });
        Ok(())
    }

    fn close(&mut self, column: usize) -> Result<()> {
        if let Some(List { start, .. }) = self.list.take() {
            self.cells[column] = start..self.octets.len();
        }
        Ok(())
    }
}

fn line<'a>(cells: impl IntoIterator<Item = &'a [u8]>, to: &mut Buffer) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            to.push(b',');
        }
        quoted(cell, to);
    }
    to.push(b'\n');
}

fn quoted(cell: &[u8], to: &mut Buffer) {
    // Looks at all octets: that takes no branches.
    let special =
        cell.iter().fold(false, |found, octet| found | matches!(octet, b',' | b'"' | b'\n' | b'\r'));
    if !special {
        to.extend_from_slice(cell);
        return;
    }
    to.push(b'"');
    for &octet in cell {
        if octet == b'"' {
            to.push(b'"');
        }
        to.push(octet);
    }
    to.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut row = Buffer::default();
        line(["plain", "a,b", "say \"fin\"", "two\nlines", ""].map(str::as_bytes), &mut row);
        assert_eq!(row.as_bytes(), b"plain,\"a,b\",\"say \"\"fin\"\"\",\"two\nlines\",\n");
    }

    #[test]
    fn lists_are_joined_and_cells_keep_their_column() {
        let mut row = Texts { cells: vec![0..0; 3], ..Texts::default() };
        row.open(2).unwrap();
        row.text(2, "a").unwrap();
        row.integer(2, -2).unwrap();
        row.null(2).unwrap();
        row.close(2).unwrap();
        row.truth(0, true).unwrap();
        row.null(1).unwrap();
        let texts = row.cells.iter().map(|cell| std::str::from_utf8(&row.octets[cell.clone()]).unwrap());
        assert_eq!(texts.collect::<Vec<_>>(), ["true", "", "a;-2;"]);
    }
}
