//! A row on its own, for records that wait until it is known whether they are wanted: its values as JSON, each with
//! its column.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Deserializer, Result};

use crate::output::Buffer;
use crate::output::flat::Cells;

/// Takes a row's values one after another.
pub struct Row<'a>(pub &'a mut Buffer);

/// What [`Cells`] takes.
#[derive(Serialize, Deserialize)]
enum Cell<'a> {
    Null,
    Truth(bool),
    Integer(i64),
    /// By its bits, which come back as they are.
    Number(u64),
    Text(#[serde(borrow)] Cow<'a, str>),
    Open,
    Close,
}

impl Row<'_> {
    fn add(&mut self, column: usize, cell: &Cell<'_>) -> Result<()> {
        serde_json::to_writer(&mut *self.0, &(column, cell))
    }
}

impl Cells for Row<'_> {
    const OBJECTS_APART: bool = false;

    fn null(&mut self, column: usize) -> Result<()> {
        self.add(column, &Cell::Null)
    }

    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        self.add(column, &Cell::Truth(value))
    }

    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        self.add(column, &Cell::Integer(value))
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        self.add(column, &Cell::Number(value.to_bits()))
    }

    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        self.add(column, &Cell::Text(value.into()))
    }

    fn open(&mut self, column: usize) -> Result<()> {
        self.add(column, &Cell::Open)
    }

    fn close(&mut self, column: usize) -> Result<()> {
        self.add(column, &Cell::Close)
    }
}

/// Hands the values of `row` on.
///
/// # Errors
/// When `row` is not what [`Row`] wrote, or `cells` does not take a value.
pub fn replay(row: &[u8], cells: &mut impl Cells) -> Result<()> {
    for value in Deserializer::from_slice(row).into_iter() {
        let (column, cell) = value?;
        match cell {
            Cell::Null => cells.null(column),
            Cell::Truth(value) => cells.truth(column, value),
            Cell::Integer(value) => cells.integer(column, value),
            Cell::Number(bits) => cells.number(column, f64::from_bits(bits)),
            Cell::Text(value) => cells.text(column, &value),
            Cell::Open => cells.open(column),
            Cell::Close => cells.close(column),
        }?;
    }
    Ok(())
}
