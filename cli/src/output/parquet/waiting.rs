//! A row on its own, for records that wait until it is known whether they are wanted.

use serde::ser::Error as _;
use serde_json::{Error, Result};

use crate::output::Buffer;
use crate::output::flat::Cells;

/// Takes a row's values one after another: a mark, the column, the value.
pub struct Row<'a>(pub &'a mut Buffer);

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const NUMBER: u8 = 4;
const TEXT: u8 = 5;
const OPEN: u8 = 6;
const CLOSE: u8 = 7;

impl Row<'_> {
    fn add(&mut self, mark: u8, column: usize, value: &[u8]) -> Result<()> {
        self.0.push(mark);
        self.0.extend_from_slice(&(column as u32).to_le_bytes());
        self.0.extend_from_slice(value);
        Ok(())
    }
}

impl Cells for Row<'_> {
    const OBJECTS_APART: bool = false;

    fn null(&mut self, column: usize) -> Result<()> {
        self.add(NULL, column, &[])
    }

    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        self.add(if value { TRUE } else { FALSE }, column, &[])
    }

    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        self.add(INTEGER, column, &value.to_le_bytes())
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        self.add(NUMBER, column, &value.to_le_bytes())
    }

    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        self.add(TEXT, column, &(value.len() as u32).to_le_bytes())?;
        self.0.extend_from_slice(value.as_bytes());
        Ok(())
    }

    fn word(&mut self, column: usize, _place: u32, word: &'static str) -> Result<()> {
        self.text(column, word)
    }

    fn open(&mut self, column: usize) -> Result<()> {
        self.add(OPEN, column, &[])
    }

    fn close(&mut self, column: usize) -> Result<()> {
        self.add(CLOSE, column, &[])
    }
}

/// Hands the values of `row` on.
///
/// # Errors
/// When `row` is not what [`Row`] wrote, or `cells` does not take a value.
pub fn replay(row: &[u8], cells: &mut impl Cells) -> Result<()> {
    let mut rest = row;
    while !rest.is_empty() {
        next(&mut rest, cells)?;
    }
    Ok(())
}

fn next(rest: &mut &[u8], cells: &mut impl Cells) -> Result<()> {
    let [mark] = take(rest)?;
    let column = u32::from_le_bytes(take(rest)?) as usize;
    match mark {
        NULL => cells.null(column),
        FALSE | TRUE => cells.truth(column, mark == TRUE),
        INTEGER => cells.integer(column, i64::from_le_bytes(take(rest)?)),
        NUMBER => cells.number(column, f64::from_le_bytes(take(rest)?)),
        TEXT => {
            let length = u32::from_le_bytes(take(rest)?) as usize;
            let (text, after) = rest.split_at_checked(length).ok_or_else(cut)?;
            *rest = after;
            cells.text(column, str::from_utf8(text).map_err(Error::custom)?)
        }
        OPEN => cells.open(column),
        CLOSE => cells.close(column),
        other => Err(Error::custom(format_args!("a waiting row has no value of sort {other}"))),
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (first, after) = rest.split_first_chunk().ok_or_else(cut)?;
    *rest = after;
    Ok(*first)
}

fn cut() -> Error {
    Error::custom("a waiting row is cut off")
}
