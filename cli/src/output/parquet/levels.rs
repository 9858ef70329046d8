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
    /// Of each entry. Empty where all always is there.
    definition: Vec<u16>,
    /// Of each entry of lists: 0 if a row begins with it.
    repetition: Vec<u16>,
    /// Entries that begin a row. Counted for lists only.
    lists: usize,
    /// The list that is not at its end.
    open: Option<Open>,
}

/// What has come of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Elements,
}

impl Levels {
    pub fn new(layout: &Layout) -> Self {
        let elements_nullable = layout.list.map(|elements| elements.nullable);
        let in_list = elements_nullable.map_or(0, |nullable| 1 + u16::from(nullable));
        Self {
            defined: u16::from(layout.nullable) + in_list,
            nullable: layout.nullable,
            elements_nullable,
            definition: Vec::new(),
            repetition: Vec::new(),
            lists: 0,
            open: None,
        }
    }

    /// Notes a value that is there.
    #[inline]
    pub fn value(&mut self) {
        if self.defined > 0 {
            self.entry(self.defined);
        }
    }

    /// Notes that there is no value.
    ///
    /// # Errors
    /// When there has to be one.
    #[inline]
    pub fn null(&mut self) -> Result<()> {
        let level = match (self.open, self.elements_nullable) {
            // The list is there, and so is its element.
            (Some(_), Some(true)) => self.defined - 1,
            (None, _) if self.nullable => 0,
            (Some(_) | None, _) => return Err(Error::custom("a record has null where it declares a value")),
        };
        self.entry(level);
        Ok(())
    }

    /// A list begins.
    ///
    /// # Errors
    /// When the column has none.
    #[inline]
    pub fn open(&mut self) -> Result<()> {
        if self.elements_nullable.is_none() {
            return Err(Error::custom("a record has a list where it declares none"));
        }
        self.open = Some(Open::Nothing);
        Ok(())
    }

    /// The list ends.
    #[inline]
    pub fn close(&mut self) {
        if self.open == Some(Open::Nothing) {
            // An empty list is there.
            self.entry(self.nullable.into());
        }
        self.open = None;
    }

    #[inline]
    fn entry(&mut self, level: u16) {
        self.definition.push(level);
        if self.elements_nullable.is_some() {
            let goes_on = self.open == Some(Open::Elements);
            self.repetition.push(goes_on.into());
            self.lists += usize::from(!goes_on);
            if self.open.is_some() {
                self.open = Some(Open::Elements);
            }
        }
    }

    /// How many entries there are with so many values.
    pub const fn entries(&self, values: usize) -> usize {
        if self.defined > 0 { self.definition.len() } else { values }
    }

    /// How many rows there are with so many values.
    pub const fn rows(&self, values: usize) -> usize {
        if self.elements_nullable.is_some() { self.lists } else { self.entries(values) }
    }

    /// Octets in memory.
    pub const fn octets(&self) -> usize {
        (self.definition.len() + self.repetition.len()) * size_of::<u16>()
    }

    /// Adds the levels as a data page begins with them. Then there are none.
    pub fn take(&mut self, to: &mut Vec<u8>) {
        if self.elements_nullable.is_some() {
            encode(&self.repetition, 1, to);
        }
        if self.defined > 0 {
            encode(&self.definition, self.defined, to);
        }
        self.repetition.clear();
        self.definition.clear();
        self.lists = 0;
    }
}

/// Adds levels, how many octets they have before them.
fn encode(levels: &[u16], greatest: u16, to: &mut Vec<u8>) {
    let start = to.len();
    to.extend([0; 4]);
    hybrid::encode(levels, bits::width(greatest.into()), to);
    // Levels of a page are far fewer than 4 GiB: two octets each in memory, a few bits here.
    let octets = (to.len() - start - 4) as u32;
    to[start..start + 4].copy_from_slice(&octets.to_le_bytes());
}
