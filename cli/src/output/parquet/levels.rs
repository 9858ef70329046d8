//! What is there of each entry of a column, and where lists begin: definition and repetition levels.
//!
//! <https://parquet.apache.org/docs/file-format/nestedencoding/>

use serde::ser::Error as _;
use serde_json::{Error, Result};

use super::schema::Layout;
use super::{bits, hybrid};

/// The levels of the entries of one page.
pub struct Levels {
    /// The definition level of a value that is there: how many of list, element and value could be missing.
    defined: u16,
    /// A row can have no value, or no list.
    nullable: bool,
    /// Of lists: whether an element can be null.
    elements_nullable: Option<bool>,
    /// Of each entry: how much of it is there.
    definition: Runs,
    /// Of each entry of lists: 0 if a row begins with it, else 1.
    repetition: Runs,
    /// Entries behind these that are as most are: a value, in a column of lists a list without elements.
    usual: usize,
    /// The repetition level of the next element of the list that is not at its end: 0 of the first one, else 1. In the
    /// width in which it is read: a read of more than was just written waits for it.
    open: Option<u16>,
}

impl Levels {
    pub fn new(layout: &Layout) -> Self {
        let elements_nullable = layout.list.map(|elements| elements.nullable);
        let in_list = elements_nullable.map_or(0, |nullable| 1 + u16::from(nullable));
        Self {
            defined: u16::from(layout.nullable) + in_list,
            nullable: layout.nullable,
            elements_nullable,
            definition: Runs::default(),
            repetition: Runs::default(),
            usual: 0,
            open: None,
        }
    }

    /// Notes a value that is there.
    #[inline(always)]
    pub fn value(&mut self) {
        if self.elements_nullable.is_none() {
            self.usual += 1;
        } else {
            self.entry(self.defined);
        }
    }

    /// Notes that there is no value.
    ///
    /// # Errors
    /// When there has to be one.
    #[inline(always)]
    pub fn null(&mut self) -> Result<()> {
        let level = match (self.open, self.elements_nullable) {
            // The list is there, and so is its element.
            (Some(_), Some(true)) => self.defined - 1,
            (None, _) if self.nullable => {
                // The quick way: of a column that can be null, most rows are, so that a run of them goes on.
                if self.usual == 0 && self.elements_nullable.is_none() && self.definition.last == 0 {
                    self.definition.times += 1;
                    return Ok(());
                }
                0
            }
            (Some(_) | None, _) => return Err(Error::custom("a record has null where it declares a value")),
        };
        self.entry(level);
        Ok(())
    }

    /// A list begins.
    ///
    /// # Errors
    /// When the column has none.
    #[inline(always)]
    pub fn open(&mut self) -> Result<()> {
        if self.elements_nullable.is_none() {
            return Err(Error::custom("a record has a list where it declares none"));
        }
        self.open = Some(0);
        Ok(())
    }

    /// The list ends.
    #[inline(always)]
    pub fn close(&mut self) {
        self.usual += usize::from(self.open == Some(0));
        self.open = None;
    }

    #[inline(never)]
    fn entry(&mut self, level: u16) {
        if self.usual > 0 {
            self.end_usual();
        }
        self.definition.push(level, 1);
        if self.elements_nullable.is_some() {
            self.repetition.push(self.open.unwrap_or(0), 1);
            self.open = self.open.map(|_| 1);
        }
    }

    fn end_usual(&mut self) {
        let level = if self.elements_nullable.is_none() { self.defined } else { self.nullable.into() };
        self.definition.push(level, self.usual);
        if self.elements_nullable.is_some() {
            self.repetition.push(0, self.usual);
        }
        self.usual = 0;
    }

    /// Those of other rows of the same column: none yet.
    pub fn apart(&self) -> Self {
        Self { definition: Runs::default(), repetition: Runs::default(), usual: 0, open: None, ..*self }
    }

    /// True if each row is as most are.
    pub const fn are_usual(&self) -> bool {
        self.definition.len() == 0
    }

    /// Adds rows that are as most are.
    pub const fn add_usual(&mut self, rows: usize) {
        self.usual += rows;
    }

    /// Adds the rows of `other`.
    #[inline]
    pub fn append(&mut self, other: &Self) {
        if !other.are_usual() {
            self.end_usual();
            self.definition.append(&other.definition);
            self.repetition.append(&other.repetition);
        }
        self.usual += other.usual;
    }

    /// How many entries there are.
    pub const fn entries(&self) -> usize {
        self.definition.len() + self.usual
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        if self.elements_nullable.is_none() { self.entries() } else { self.repetition.count(0) + self.usual }
    }

    /// Octets in memory.
    pub const fn octets(&self) -> usize {
        self.definition.octets() + self.repetition.octets()
    }

    /// Adds the levels as a data page begins with them. Then there are none.
    pub fn take(&mut self, to: &mut Vec<u8>) {
        self.end_usual();
        if self.elements_nullable.is_some() {
            self.repetition.encode(1, to);
        }
        if self.defined > 0 {
            self.definition.encode(self.defined, to);
        }
        self.repetition.clear();
        self.definition.clear();
    }
}

/// Levels, of which most are like the one before.
#[derive(Default)]
struct Runs {
    /// Before the last run.
    levels: Vec<u16>,
    /// The level of the last run.
    last: u16,
    /// How often it came.
    times: usize,
}

impl Runs {
    fn push(&mut self, level: u16, times: usize) {
        if level != self.last && times > 0 {
            self.end_run();
            self.last = level;
        }
        self.times += times;
    }

    fn append(&mut self, other: &Self) {
        other.levels.iter().for_each(|&level| self.push(level, 1));
        self.push(other.last, other.times);
    }

    fn end_run(&mut self) {
        self.levels.resize(self.len(), self.last);
        self.times = 0;
    }

    const fn len(&self) -> usize {
        self.levels.len() + self.times
    }

    fn count(&self, level: u16) -> usize {
        let last = if self.last == level { self.times } else { 0 };
        self.levels.iter().filter(|&&other| other == level).count() + last
    }

    const fn octets(&self) -> usize {
        self.levels.len() * size_of::<u16>()
    }

    /// Adds the levels, of which `greatest` is the greatest there can be, and how many octets they have before them.
    fn encode(&mut self, greatest: u16, to: &mut Vec<u8>) {
        let width = bits::width(greatest.into());
        let start = to.len();
        to.extend([0; 4]);
        if self.levels.is_empty() {
            hybrid::repeat(self.last, self.times, width, to);
        } else {
            self.end_run();
            hybrid::encode(&self.levels, width, to);
        }
        // Levels of a page are far fewer than 4 GiB: two octets each in memory, a few bits here.
        let octets = (to.len() - start - 4) as u32;
        to[start..start + 4].copy_from_slice(&octets.to_le_bytes());
    }

    fn clear(&mut self) {
        self.levels.clear();
        self.times = 0;
    }
}
