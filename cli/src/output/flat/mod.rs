//! Records as rows of a table: the values of nested objects side by side, in columns that are the same in every
//! row. Formats of tables take the values one by one through [`Cells`]; no record is built up in between.
//!
//! Columns and steps follow from the shapes that the records declare. This module must not know any key, or how a
//! format writes values.

mod key;
#[cfg(test)]
mod tests;
mod walk;

use std::io;

use fourwave_annotate::{
    Code, Column, Common, ConnectionRecord, Context, EventRecord, Fields, RecordKind, Shape,
};
use serde::Serialize;
use serde_json::Result;

use super::{Record, Table, segment_record};
use walk::walk;

pub use key::Key;

/// Takes the values of rows: in each row one value for each column, or one list.
pub trait Cells {
    /// It is asked for keys.
    const KEYS: bool = false;
    /// It is told what records have in common.
    const SHARED: bool = false;
    /// Lists of objects come as lists of JSON texts, one for each object; else each list is one JSON text.
    const OBJECTS_APART: bool;

    /// No value: of a column, or in a list.
    fn null(&mut self, column: usize) -> Result<()>;
    /// True or false.
    fn truth(&mut self, column: usize, value: bool) -> Result<()>;
    /// A whole number.
    fn integer(&mut self, column: usize, value: i64) -> Result<()>;
    /// A number.
    fn number(&mut self, column: usize, value: f64) -> Result<()>;
    /// Text.
    fn text(&mut self, column: usize, value: &str) -> Result<()>;
    /// A word, and its number in a vocabulary.
    fn word(&mut self, column: usize, number: u32, word: &'static str) -> Result<()> {
        let _ = number;
        self.text(column, word)
    }
    /// Takes the text that has this key in this column, if one has.
    fn known(&mut self, column: usize, key: Key) -> Result<bool> {
        let _ = (column, key);
        Ok(false)
    }
    /// Gives this key to the text that came last in this column.
    fn name(&mut self, column: usize, key: Key) {
        let _ = (column, key);
    }
    /// A list begins: the next values of this column are its elements.
    fn open(&mut self, column: usize) -> Result<()>;
    /// The list ends.
    fn close(&mut self, column: usize) -> Result<()>;
    /// Takes the values of a row that `hand` hands on: whenever `common` is the same, the same ones for the same columns.
    fn common(&mut self, common: Common, hand: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let _ = common;
        hand(self)
    }
    /// A row begins that has nothing in common with others.
    fn alone(&mut self) -> Result<()> {
        Ok(())
    }
}

/// What records have in common in fewer columns is not worth being known again.
const FEW: usize = 4;

/// How the records of a table become rows.
pub struct Flat {
    /// The columns of the table.
    columns: Vec<Column>,
    /// By kind of record.
    plans: [Plan; RecordKind::ALL.len()],
    /// For text on its way to a cell.
    scratch: Vec<u8>,
}

/// The way through a record of one kind.
#[derive(Default)]
struct Plan {
    /// All of it.
    whole: Way,
    /// What such records have in common, and the rest; nothing if they have little in common.
    apart: Option<[Way; 2]>,
    /// Columns that only other kinds of records fill.
    absent: Vec<usize>,
}

/// The way through some keys of a record.
#[derive(Default)]
struct Way {
    fields: Fields,
    steps: Vec<Step>,
}

/// The place of a column; short, so that a step fits into a register beside the rest of a walk.
type Place = u16;

/// What comes next in a record.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A value for this column.
    Value(Place),
    /// A list of values for this column.
    List(Place),
    /// A list of objects for this column.
    Objects(Place),
    /// An object whose keys vary: JSON text for this column.
    Json(Place),
    /// An object that lies flat: so many of the next steps are inside.
    Object(Place),
}

impl Flat {
    /// The columns of `table` that `fields` selects.
    #[must_use]
    pub fn new(table: Table, fields: Fields) -> Self {
        let mut flat = Self { columns: Vec::new(), plans: Default::default(), scratch: Vec::new() };
        for &kind in table.kinds() {
            let whole = flat.way(kind, fields);
            let common = flat.way(kind, fields.filter(|key| key.common));
            let own = flat.way(kind, fields.filter(|key| !key.common));
            let apart = (common.columns().count() >= FEW).then_some([common, own]);
            flat.plans[kind as usize] = Plan { whole, apart, absent: Vec::new() };
        }
        for &kind in table.kinds() {
            let plan = &mut flat.plans[kind as usize];
            plan.absent = (0..flat.columns.len())
                .filter(|&column| plan.whole.columns().all(|filled| filled != column))
                .collect();
            plan.absent.iter().for_each(|&column| flat.columns[column].nullable = true);
        }
        flat
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Hands the values of `record` to `cells`, each column's once.
    ///
    /// # Errors
    /// When `record` is none of this table, or has not the shape that it declares, or `cells` does not take a value.
    pub fn row<C: Cells>(
        &mut self,
        record: Record<'_>,
        context: Context<'_>,
        cells: &mut C,
    ) -> io::Result<()> {
        let only = |fields| Context { fields, ..context };
        match record {
            Record::Segment(segment) => {
                let record = |fields| segment_record(&segment, only(fields));
                let apart = C::SHARED && self.plans[RecordKind::Segment as usize].apart.is_some();
                let common = apart.then(|| record(context.fields).common());
                self.values(RecordKind::Segment, record, common, cells)
            }
            Record::Event(event) => {
                let record = |fields| EventRecord::new(event, only(fields));
                self.values(RecordKind::Event, record, None, cells)
            }
            Record::Connection(connection) => {
                let record = |fields| ConnectionRecord::new(connection, only(fields));
                self.values(RecordKind::Connection, record, None, cells)
            }
            Record::Stats(_) => Err(io::Error::other("counts are no rows of a table")),
        }
    }

    fn values<R: Serialize, C: Cells>(
        &mut self,
        kind: RecordKind,
        record: impl Fn(Fields) -> R,
        common: Option<Common>,
        cells: &mut C,
    ) -> io::Result<()> {
        let Self { plans, scratch, .. } = self;
        let Plan { whole, apart, absent } = &plans[kind as usize];
        let mut walk = |way: &Way, cells: &mut C| walk(&record(way.fields), &way.steps, cells, scratch);
        let rest = match common.zip(apart.as_ref()) {
            Some((common, [shared, own])) => {
                cells.common(common, |cells| walk(shared, cells))?;
                own
            }
            None => {
                cells.alone()?;
                whole
            }
        };
        for &column in absent {
            cells.null(column)?;
        }
        Ok(walk(rest, cells)?)
    }

    /// The way through the keys of `fields` that a kind of records has.
    fn way(&mut self, kind: RecordKind, fields: Fields) -> Way {
        let places: Vec<usize> = fields.columns(kind).into_iter().map(|column| self.place(column)).collect();
        let mut places = places.into_iter();
        let mut way = Way { fields, steps: Vec::new() };
        fields.keys(kind).for_each(|key| way.add(key.shape, &mut places));
        way
    }

    /// The place of `column`, which is a new one unless another kind of records has it too.
    fn place(&mut self, column: Column) -> usize {
        match self.columns.iter_mut().position(|known| known.path == column.path) {
            Some(place) => {
                self.columns[place].nullable |= column.nullable;
                place
            }
            None => {
                self.columns.push(column);
                self.columns.len() - 1
            }
        }
    }
}

impl Way {
    /// Adds the steps through a value of this shape. `places` has the columns in their order.
    fn add(&mut self, shape: Shape, places: &mut impl Iterator<Item = usize>) {
        let step: fn(Place) -> Step = match shape {
            Shape::OrNull(shape) => return self.add(*shape, places),
            Shape::Object(keys) => {
                let start = self.steps.len();
                self.steps.push(Step::Object(0));
                keys.iter().for_each(|key| self.add(key.shape, places));
                self.steps[start] = Step::Object((self.steps.len() - start - 1) as Place);
                return;
            }
            Shape::List(element) if is_scalar(*element) => Step::List,
            Shape::List(_) => Step::Objects,
            Shape::Sparse(_) => Step::Json,
            Shape::Always(_)
            | Shape::Text
            | Shape::Integer
            | Shape::Number
            | Shape::Truth
            | Shape::Word(_)
            | Shape::Numbered(_)
            | Shape::Null => Step::Value,
        };
        self.steps.extend(places.next().map(|column| step(column as Place)));
    }

    /// The columns that it fills.
    fn columns(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().filter_map(|step| step.column())
    }
}

impl Step {
    const fn column(self) -> Option<usize> {
        match self {
            Self::Value(column) | Self::List(column) | Self::Objects(column) | Self::Json(column) => {
                Some(column as usize)
            }
            Self::Object(_) => None,
        }
    }
}

/// True if values of this shape are neither lists nor objects.
pub const fn is_scalar(shape: Shape) -> bool {
    match shape {
        Shape::OrNull(shape) => is_scalar(*shape),
        Shape::List(_) | Shape::Object(_) | Shape::Sparse(_) => false,
        Shape::Always(_)
        | Shape::Text
        | Shape::Integer
        | Shape::Number
        | Shape::Truth
        | Shape::Word(_)
        | Shape::Numbered(_)
        | Shape::Null => true,
    }
}

impl Table {
    /// The kinds of its records; none for counts, which have columns of their own.
    const fn kinds(self) -> &'static [RecordKind] {
        match self {
            Self::Annotations => &[RecordKind::Segment, RecordKind::Event],
            Self::Connections => &[RecordKind::Connection],
            Self::Stats => &[],
        }
    }
}
