//! What rows have in common: values of several columns that come together again and again.
//!
//! The first row that has them is looked at value by value. Of each one after it only a number is noted, and many of these
//! get their values at once, column by column. It must not be known here which columns they are, or why.

use std::ops::Range;

use fourwave_annotate::Common;
use serde_json::Result;

use super::keys::Keys;
use super::levels::Levels;
use super::values::Values;

/// So much is known at most: where more comes, little comes again.
const MOST: u16 = 1 << 10;

/// What rows of a row group have in common, and rows that wait for it.
#[derive(Default)]
pub struct Rows {
    known: Keys<Common>,
    /// The number of what becomes known next.
    next: u16,
    /// The number of what each row waits for.
    waiting: Vec<u16>,
}

impl Rows {
    /// Lets a row wait for its values, if they are known.
    #[inline]
    pub fn wait(&mut self, common: Common) -> bool {
        let Some(number) = self.known.find(common) else { return false };
        self.waiting.push(number);
        true
    }

    /// The number of what each row waits for.
    pub fn waiting(&self) -> &[u16] {
        &self.waiting
    }

    /// No row waits.
    pub fn settled(&mut self) {
        self.waiting.clear();
    }

    /// Something more can be known.
    pub const fn have_room(&self) -> bool {
        self.next < MOST
    }

    /// What the last row had in common becomes known by the next number.
    pub fn learn(&mut self, common: Common) {
        self.known.add(common, self.next);
        self.next += 1;
    }

    /// Nothing else becomes known in this row group.
    pub fn close(&mut self) {
        self.next = MOST;
    }

    /// Another row group begins.
    pub fn renew(&mut self) {
        self.known.clear();
        self.next = 0;
    }
}

/// What is known, in one column: nothing if rows have nothing in common there.
#[derive(Default)]
pub struct Parts {
    /// By number: the levels of a row, and where its values are.
    parts: Vec<(Levels, Range<usize>)>,
    /// Each value by a number.
    values: Vec<i64>,
    /// A row is not as most are: a value, in a column of lists a list without elements.
    unusual: bool,
}

impl Parts {
    /// What comes next is a row with these levels and values.
    pub fn learn(&mut self, levels: Levels, values: Vec<i64>) {
        self.unusual |= !levels.are_usual();
        let start = self.values.len();
        self.values.extend(values);
        self.parts.push((levels, start..self.values.len()));
    }

    /// Adds the values of rows by their numbers.
    ///
    /// # Errors
    /// When a text is too long.
    pub fn add(&self, rows: &[u16], levels: &mut Levels, values: &mut Values) -> Result<()> {
        if self.parts.is_empty() {
            return Ok(());
        }
        if !self.unusual {
            levels.add_usual(rows.len());
            return if self.values.is_empty() {
                Ok(())
            } else {
                values.again(rows.iter().map(|&row| self.values[usize::from(row)]))
            };
        }
        for &row in rows {
            let (row, place) = &self.parts[usize::from(row)];
            levels.append(row);
            if !place.is_empty() {
                values.again(self.values[place.clone()].iter().copied())?;
            }
        }
        Ok(())
    }

    /// Another row group begins.
    pub fn renew(&mut self) {
        *self = Self::default();
    }
}
