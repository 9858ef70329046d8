//! Comma-separated values (RFC 4180, but with LF): a header line, and the same columns in every row.
//!
//! Keys of nested objects are joined by `_`, elements of lists by `;`. An object in a list, or one whose keys
//! vary, is JSON text. A column that a record does not have is empty, as is null.
//!
//! What many rows have in common is looked at and written once, and then only copied.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::ops::Range;

use foldhash::fast::RandomState;
use fourwave_annotate::{Common, Context, Fields};
use serde_json::{Error, Result};

use super::flat::{Cells, Flat};
use super::{Buffer, Format, Record, Table};
use crate::stats::Row;

/// So much that rows have in common is kept. Where there is more, little comes again.
const MOST_SHARED: usize = 1 << 10;

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
        let row = Texts::new(flat.columns().len(), MOST_SHARED);
        Self { flat, row }
    }
}

impl Format for Csv {
    fn head(&mut self, to: &mut Buffer) {
        let names = self.flat.columns().iter().map(|column| column.name.as_str());
        if names.len() == 0 {
            line(["section", "name", "value"], to);
        } else {
            line(names, to);
        }
    }

    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        if let Record::Stats(stats) = record {
            for Row { section, name, value } in stats.rows() {
                let value = value.map(|value| value.to_string()).unwrap_or_default();
                line([section, &name, &value], to);
            }
            return Ok(());
        }
        let Self { flat, row } = self;
        row.begin();
        flat.row(record, context, row)?;
        row.end(to);
        Ok(())
    }
}

/// The cells of a row as they stand in its line. They are filled in the order of the record, which need not be that of the
/// columns.
struct Texts {
    /// What rows have in common, and behind it what the row has of its own.
    octets: Vec<u8>,
    /// Where in `octets` the cell of each column is.
    cells: Vec<Cell>,
    list: Option<List>,
    shared: Shared,
}

/// Where a cell is.
type Cell = Range<usize>;

/// The cell of a column that is not filled yet.
const UNFILLED: Cell = usize::MAX..usize::MAX;

/// What rows have in common. It is written once, and stays.
struct Shared {
    /// Kept at most.
    most: usize,
    /// How many octets it takes.
    octets: usize,
    /// The columns that it fills, and their cells.
    known: HashMap<Common, Box<[(usize, Cell)]>, RandomState>,
}

/// A list that is not at its end.
struct List {
    /// Where its cell begins, with room for a quotation mark.
    start: usize,
    is_empty: bool,
    is_special: bool,
}

impl Texts {
    /// For rows of so many columns. Of what they have in common `most` is kept.
    fn new(columns: usize, most: usize) -> Self {
        let shared = Shared { most, octets: 0, known: HashMap::default() };
        Self { octets: Vec::new(), cells: vec![0..0; columns], list: None, shared }
    }

    /// A row begins.
    fn begin(&mut self) {
        self.octets.truncate(self.shared.octets);
    }

    /// The row is complete: adds its line to `to`.
    fn end(&self, to: &mut Buffer) {
        to.fill(|rest| {
            let mut len = 0;
            for cell in &self.cells {
                let text = self.octets.get(cell.clone()).unwrap_or_default();
                let (place, behind) = rest.get_mut(len..)?.split_at_mut_checked(text.len())?;
                place.copy_from_slice(text);
                *behind.first_mut()? = b',';
                len += text.len() + 1;
            }
            // In the place of the last comma.
            let end = len.saturating_sub(1);
            *rest.get_mut(end)? = b'\n';
            Some(end + 1)
        });
    }

    /// Adds a value whose text needs no quotation marks.
    fn plain(&mut self, column: usize, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<()> {
        let start = self.octets.len();
        if let Some(list) = &mut self.list {
            list.next(&mut self.octets);
        }
        write(&mut self.octets).map_err(Error::io)?;
        if self.list.is_none() {
            self.cells[column] = start..self.octets.len();
        }
        Ok(())
    }
}

impl List {
    /// Another element comes.
    fn next(&mut self, to: &mut Vec<u8>) {
        if !self.is_empty {
            to.push(b';');
        }
        self.is_empty = false;
    }
}

impl Cells for Texts {
    const SHARED: bool = true;
    const OBJECTS_APART: bool = true;

    fn null(&mut self, column: usize) -> Result<()> {
        self.plain(column, |_| Ok(()))
    }

    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        self.text(column, if value { "true" } else { "false" })
    }

    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        self.plain(column, |to| to.write_all(itoa::Buffer::new().format(value).as_bytes()))
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        self.plain(column, |to| Ok(serde_json::to_writer(to, &value)?))
    }

    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        if let Some(list) = &mut self.list {
            list.next(&mut self.octets);
            list.is_special |= is_special(value);
            add_quoted(value, &mut self.octets);
        } else {
            let start = self.octets.len();
            add_cell(value, &mut self.octets);
            self.cells[column] = start..self.octets.len();
        }
        Ok(())
    }

    fn open(&mut self, _column: usize) -> Result<()> {
        self.list = Some(List { start: self.octets.len(), is_empty: true, is_special: false });
        self.octets.push(b'"');
        Ok(())
    }

    fn close(&mut self, column: usize) -> Result<()> {
        if let Some(List { start, is_special, .. }) = self.list.take() {
            if is_special {
                self.octets.push(b'"');
            }
            self.cells[column] = start + usize::from(!is_special)..self.octets.len();
        }
        Ok(())
    }

    fn common(&mut self, common: Common, hand: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if let Some(known) = self.shared.known.get(&common) {
            for (column, cell) in known {
                self.cells[*column] = cell.clone();
            }
            return Ok(());
        }
        // Nothing of the row is there yet.
        if self.shared.known.len() >= self.shared.most {
            self.shared.known.clear();
            self.octets.clear();
        }
        self.cells.fill(UNFILLED);
        hand(self)?;
        let filled = self.cells.iter().cloned().enumerate().filter(|(_, cell)| *cell != UNFILLED);
        self.shared.known.insert(common, filled.collect());
        self.shared.octets = self.octets.len();
        Ok(())
    }
}

/// Adds the line of these texts to `to`.
fn line<'a>(texts: impl IntoIterator<Item = &'a str>, to: &mut Buffer) {
    let mut cell = Vec::new();
    for (place, text) in texts.into_iter().enumerate() {
        if place > 0 {
            to.push(b',');
        }
        cell.clear();
        add_cell(text, &mut cell);
        to.extend_from_slice(&cell);
    }
    to.push(b'\n');
}

/// Adds the cell of `text` to `to`.
fn add_cell(text: &str, to: &mut Vec<u8>) {
    if is_special(text) {
        to.push(b'"');
        add_quoted(text, to);
        to.push(b'"');
    } else {
        to.extend_from_slice(text.as_bytes());
    }
}

/// Whether a cell with this text needs quotation marks.
fn is_special(text: &str) -> bool {
    // Looks at all octets: that takes no branches.
    text.bytes().fold(false, |found, octet| found | matches!(octet, b',' | b'"' | b'\n' | b'\r'))
}

/// Adds `text` to `to` as it stands between quotation marks.
fn add_quoted(text: &str, to: &mut Vec<u8>) {
    for octet in text.bytes() {
        to.push(octet);
        if octet == b'"' {
            to.push(octet);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use fourwave_annotate::{Annotation, Engine, Lang, Observer, Options};
    use fourwave_dissector::Segment;
    use fourwave_tests::files;
    use fourwave_tests::flow::Flow;

    use super::*;
    use crate::output::Annotated;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut row = Buffer::default();
        line(["plain", "a,b", "say \"fin\"", "two\nlines", ""], &mut row);
        assert_eq!(row.as_bytes(), b"plain,\"a,b\",\"say \"\"fin\"\"\",\"two\nlines\",\n");
    }

    #[test]
    fn lists_are_joined_and_cells_keep_their_column() {
        let mut row = Texts::new(4, 0);
        row.begin();
        row.open(3).unwrap();
        row.text(3, "{\"a\":1}").unwrap();
        row.text(3, "b").unwrap();
        row.close(3).unwrap();
        row.open(2).unwrap();
        row.text(2, "a").unwrap();
        row.integer(2, -2).unwrap();
        row.null(2).unwrap();
        row.close(2).unwrap();
        row.truth(0, true).unwrap();
        row.null(1).unwrap();
        let mut line = Buffer::default();
        row.end(&mut line);
        assert_eq!(str::from_utf8(line.as_bytes()), Ok("true,,a;-2;,\"{\"\"a\"\":1};b\"\n"));
    }

    /// A writer with all rows before behind it, and one that keeps little of what rows have in common.
    struct Writers {
        old: Csv,
        full: Csv,
        rows: usize,
    }

    impl Writers {
        fn new() -> Self {
            let csv = || Csv::new(Table::Annotations, Fields::STREAMED);
            let mut full = csv();
            full.row.shared.most = 2;
            Self { old: csv(), full, rows: 0 }
        }
    }

    impl Observer for Writers {
        fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
            let files = ["a,b.pcap".to_owned()];
            let context = Context { files: &files, fields: Fields::STREAMED, lang: Lang::En };
            let record = Record::Segment(Annotated { segment, annotation, path_in_frame: None });
            let line = |csv: &mut Csv| {
                let mut line = Buffer::default();
                csv.record(record, context, &mut line).unwrap();
                String::from_utf8(line.as_bytes().to_vec()).unwrap()
            };
            let fresh = line(&mut Csv::new(Table::Annotations, Fields::STREAMED));
            assert!(fresh.starts_with("segment,\"a,b.pcap\","), "{fresh}");
            assert_eq!(line(&mut self.old), fresh);
            assert_eq!(line(&mut self.full), fresh);
            assert!(self.full.row.shared.known.len() <= 2 && self.full.row.octets.len() < 8 << 10);
            self.rows += 1;
        }
    }

    #[test]
    fn a_row_is_the_same_whatever_rows_came_before() {
        let mut writers = Writers::new();
        for path in files("flows", ".flow").unwrap() {
            let flow = Flow::parse(&fs::read_to_string(path).unwrap()).unwrap();
            let mut engine = Engine::new(Options::default());
            for (packet, frame) in flow.packets().zip(1..) {
                engine.push(&flow.segment(packet, frame), &mut writers);
            }
        }
        let known = writers.old.row.shared.known.len();
        assert!(known > 100 && writers.rows > 2 * known, "{known} of {}", writers.rows);
    }
}
