//! The columns of a row group: values come in one by one, and are written together.

use std::io::{self, Write};
use std::mem;

use parquet::data_type::{BoolType, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::writer::{SerializedColumnWriter, SerializedRowGroupWriter};
use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::schema::{Layout, Storage};
use super::texts::Texts;
use super::words::Words;
use crate::output::flat::Cells;

/// The columns.
pub struct Columns(Vec<Column>);

/// A column.
struct Column {
    layout: Layout,
    /// The definition level of a value that is there.
    defined: i16,
    /// Of each entry: how much of it is there. Empty where all always is.
    definition: Vec<i16>,
    /// Of each entry of lists: 0 if a row begins with it.
    repetition: Vec<i16>,
    /// The list that is not at its end.
    open: Option<Open>,
    values: Values,
}

/// What has come of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Elements,
}

/// The values that are there.
enum Values {
    Truth(Vec<bool>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Text(Texts),
    Word(Words),
}

impl Columns {
    /// Empty columns.
    #[must_use]
    pub fn new(layouts: Vec<Layout>) -> Self {
        Self(layouts.into_iter().map(Column::new).collect())
    }

    /// Octets that wait.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.0.iter().map(Column::octets).sum()
    }

    /// Writes the row group. Then all columns are empty.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write<W: Write + Send>(&mut self, mut to: SerializedRowGroupWriter<'_, W>) -> io::Result<()> {
        for column in &mut self.0 {
            let next = to.next_column()?;
            column.write(next.ok_or_else(|| io::Error::other("the schema has fewer columns than a row"))?)?;
        }
        to.close()?;
        Ok(())
    }

    /// Where the next value of a column goes, which is there.
    #[inline]
    fn values(&mut self, column: usize) -> &mut Values {
        let column = &mut self.0[column];
        column.entry(column.defined);
        &mut column.values
    }
}

impl Cells for Columns {
    const OBJECTS_APART: bool = false;

    #[inline]
    fn null(&mut self, column: usize) -> Result<()> {
        let column = &mut self.0[column];
        let level = match (column.open, column.layout.list) {
            // The list is there, and so is its element.
            (Some(_), Some(elements)) if elements.nullable => column.defined - 1,
            (None, _) if column.layout.nullable => 0,
            (Some(_) | None, _) => return Err(Error::custom("a record has null where it declares a value")),
        };
        column.entry(level);
        Ok(())
    }

    #[inline]
    fn truth(&mut self, column: usize, value: bool) -> Result<()> {
        let Values::Truth(values) = self.values(column) else { return Err(mismatch()) };
        values.push(value);
        Ok(())
    }

    #[inline]
    fn integer(&mut self, column: usize, value: i64) -> Result<()> {
        let Values::Integer(values) = self.values(column) else { return Err(mismatch()) };
        values.push(value);
        Ok(())
    }

    fn number(&mut self, column: usize, value: f64) -> Result<()> {
        let Values::Number(values) = self.values(column) else { return Err(mismatch()) };
        values.push(value);
        Ok(())
    }

    #[inline]
    fn text(&mut self, column: usize, value: &str) -> Result<()> {
        match self.values(column) {
            Values::Text(texts) => texts.push(value),
            Values::Word(words) => words.push_text(value),
            Values::Truth(_) | Values::Integer(_) | Values::Number(_) => Err(mismatch()),
        }
    }

    #[inline]
    fn word(&mut self, column: usize, number: u32, word: &'static str) -> Result<()> {
        match self.values(column) {
            Values::Word(words) => words.push(number, word),
            Values::Text(texts) => texts.push(word),
            Values::Truth(_) | Values::Integer(_) | Values::Number(_) => Err(mismatch()),
        }
    }

    #[inline]
    fn known(&mut self, column: usize, name: &'static str) -> Result<bool> {
        let column = &mut self.0[column];
        let Values::Text(texts) = &mut column.values else { return Err(mismatch()) };
        let known = texts.push_known(name);
        if known {
            column.entry(column.defined);
        }
        Ok(known)
    }

    fn name(&mut self, column: usize, name: &'static str) {
        if let Values::Text(texts) = &mut self.0[column].values {
            texts.name(name);
        }
    }

    #[inline]
    fn open(&mut self, column: usize) -> Result<()> {
        self.0[column].open = Some(Open::Nothing);
        Ok(())
    }

    #[inline]
    fn close(&mut self, column: usize) -> Result<()> {
        let column = &mut self.0[column];
        if column.open == Some(Open::Nothing) {
            // An empty list is there.
            column.entry(i16::from(column.layout.nullable));
        }
        column.open = None;
        Ok(())
    }
}

impl Column {
    fn new(layout: Layout) -> Self {
        let values = match layout.storage {
            Storage::Truth => Values::Truth(Vec::new()),
            Storage::Integer => Values::Integer(Vec::new()),
            Storage::Number => Values::Number(Vec::new()),
            Storage::Text => Values::Text(Texts::default()),
            Storage::Word => Values::Word(Words::default()),
        };
        Self {
            defined: layout.defined(),
            layout,
            definition: Vec::new(),
            repetition: Vec::new(),
            open: None,
            values,
        }
    }

    fn octets(&self) -> usize {
        let values = match &self.values {
            Values::Truth(values) => values.len(),
            Values::Integer(values) => mem::size_of_val(values.as_slice()),
            Values::Number(values) => mem::size_of_val(values.as_slice()),
            Values::Text(texts) => texts.octets(),
            Values::Word(words) => words.octets(),
        };
        values + mem::size_of_val(self.definition.as_slice()) + mem::size_of_val(self.repetition.as_slice())
    }

    fn write(&mut self, to: SerializedColumnWriter<'_>) -> io::Result<()> {
        let definition = (self.defined > 0).then_some(self.definition.as_slice());
        let repetition = self.layout.list.map(|_| self.repetition.as_slice());
        match &mut self.values {
            Values::Truth(values) => {
                write::<BoolType>(values, definition, repetition, to)?;
                values.clear();
            }
            Values::Integer(values) => {
                write::<Int64Type>(values, definition, repetition, to)?;
                values.clear();
            }
            Values::Number(values) => {
                write::<DoubleType>(values, definition, repetition, to)?;
                values.clear();
            }
            Values::Text(texts) => write::<ByteArrayType>(&texts.take(), definition, repetition, to)?,
            Values::Word(words) => write::<ByteArrayType>(&words.take(), definition, repetition, to)?,
        }
        self.definition.clear();
        self.repetition.clear();
        Ok(())
    }

    /// Notes that the next value has this definition level.
    #[inline]
    fn entry(&mut self, level: i16) {
        if self.defined > 0 {
            self.definition.push(level);
        }
        if self.layout.list.is_some() {
            self.repetition.push(i16::from(self.open == Some(Open::Elements)));
            if self.open.is_some() {
                self.open = Some(Open::Elements);
            }
        }
    }
}

fn write<T: DataType>(
    values: &[T::T],
    definition: Option<&[i16]>,
    repetition: Option<&[i16]>,
    mut to: SerializedColumnWriter<'_>,
) -> io::Result<()> {
    to.typed::<T>().write_batch(values, definition, repetition)?;
    Ok(to.close()?)
}

fn mismatch() -> Error {
    Error::custom("a record has a value of another type than it declares")
}
