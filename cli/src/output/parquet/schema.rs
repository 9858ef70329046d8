//! How columns are stored: the one place where a shape becomes a Parquet type.
//!
//! Text is a UTF-8 string, a whole number an INT64. Lists of values are lists in three levels; a list of objects is
//! JSON text, which repeats more often than its parts and is one value for a dictionary. Times stay whole numbers of nanoseconds, as their names say and as the other formats have
//! them: a TIMESTAMP would be read as a date without a zone, which no longer compares with numbers or subtracts to
//! a duration in nanoseconds.
//!
//! <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>

use fourwave_annotate::{Column, Shape};

use super::thrift::Struct;
use crate::output::flat::is_scalar;

/// The physical types that are used, by their numbers in Parquet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// BOOLEAN.
    Truth = 0,
    /// INT64.
    Integer = 2,
    /// DOUBLE.
    Number = 5,
    /// BYTE_ARRAY with UTF-8.
    Text = 6,
}

/// How a column is stored.
#[derive(Clone, Debug)]
pub struct Layout {
    pub name: String,
    pub storage: Storage,
    /// A row can have no value.
    pub nullable: bool,
    /// Of lists: whether an element can be null.
    pub list: Option<Elements>,
}

/// The elements of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    pub nullable: bool,
}

impl Layout {
    /// The layout that follows from the shape of `column`.
    #[must_use]
    pub fn of(column: &Column) -> Self {
        let (shape, list) = if let Shape::List(element) = column.shape
            && is_scalar(*element)
        {
            (*element, Some(Elements { nullable: matches!(element, Shape::OrNull(_)) }))
        } else {
            (column.shape, None)
        };
        Self { name: column.name.clone(), storage: storage(shape), nullable: column.nullable, list }
    }

    /// The definition level of a value that is there: how many of list, element and value could be missing.
    #[must_use]
    pub fn defined(&self) -> u8 {
        let in_list = self.list.map_or(0, |elements| 1 + u8::from(elements.nullable));
        u8::from(self.nullable) + in_list
    }

    /// The names on the way to the values.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        match self.list {
            None => vec![&self.name],
            Some(_) => vec![&self.name, "list", "element"],
        }
    }

    fn element(&self, name: &str, repetition: Repetition, to: &mut Vec<u8>) {
        Struct::write(to, |it| {
            it.i32(1, self.storage as i32);
            it.i32(3, repetition as i32);
            it.binary(4, name.as_bytes());
            if self.storage == Storage::Text {
                it.i32(6, UTF8);
                it.structure(10, |logical| logical.structure(STRING, |_| {}));
            }
        });
    }
}

/// Adds the tree of columns as a list of its nodes, and says how many there are.
pub fn tree<'a>(layouts: impl ExactSizeIterator<Item = &'a Layout>, to: &mut Vec<u8>) -> usize {
    let mut nodes = 1;
    Struct::write(to, |root| {
        root.binary(4, b"record");
        root.i32(5, layouts.len() as i32);
    });
    for layout in layouts {
        let repetition = Repetition::or_null(layout.nullable);
        let Some(elements) = layout.list else {
            layout.element(&layout.name, repetition, to);
            nodes += 1;
            continue;
        };
        Struct::write(to, |list| {
            list.i32(3, repetition as i32);
            list.binary(4, layout.name.as_bytes());
            list.i32(5, 1);
            list.i32(6, LIST);
            list.structure(10, |logical| logical.structure(LIST as u8, |_| {}));
        });
        Struct::write(to, |repeated| {
            repeated.i32(3, Repetition::Repeated as i32);
            repeated.binary(4, b"list");
            repeated.i32(5, 1);
        });
        layout.element("element", Repetition::or_null(elements.nullable), to);
        nodes += 3;
    }
    nodes
}

/// Marks of texts and lists: as converted type, which older readers know, and as logical type.
const UTF8: i32 = 0;
const STRING: u8 = 1;
const LIST: i32 = 3;

#[derive(Clone, Copy)]
enum Repetition {
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

impl Repetition {
    const fn or_null(nullable: bool) -> Self {
        if nullable { Self::Optional } else { Self::Required }
    }
}

fn storage(shape: Shape) -> Storage {
    match shape {
        Shape::OrNull(shape) if is_scalar(*shape) => storage(*shape),
        Shape::Truth => Storage::Truth,
        Shape::Integer => Storage::Integer,
        Shape::Number => Storage::Number,
        Shape::Always(_) | Shape::Text | Shape::Word(_) | Shape::Numbered(_) | Shape::Null => Storage::Text,
        // JSON text.
        Shape::List(_) | Shape::Object(_) | Shape::Sparse(_) | Shape::OrNull(_) => Storage::Text,
    }
}

#[cfg(test)]
mod tests {
    use fourwave_annotate::{Fields, RecordKind};

    use super::*;

    #[test]
    fn layouts_follow_from_shapes() {
        let layout = |kind, name| {
            let columns = Fields::ALL.columns(kind);
            let layout = Layout::of(columns.iter().find(|column| column.name == name).unwrap());
            (layout.storage, layout.nullable, layout.list.map(|elements| elements.nullable), layout.defined())
        };
        use RecordKind::{Connection, Segment};
        assert_eq!(layout(Segment, "frame"), (Storage::Integer, false, None, 0));
        assert_eq!(layout(Segment, "ack"), (Storage::Integer, true, None, 1));
        assert_eq!(layout(Segment, "waves"), (Storage::Integer, false, Some(false), 1));
        assert_eq!(layout(Segment, "next_client"), (Storage::Text, false, None, 0));
        assert_eq!(layout(Segment, "path_in_frame_client"), (Storage::Text, true, Some(false), 2));
        assert_eq!(layout(Connection, "files"), (Storage::Text, false, Some(true), 2));
        assert_eq!(layout(Connection, "waves_1_time_ns"), (Storage::Integer, true, None, 1));
        assert_eq!(layout(Connection, "close_wait_merged"), (Storage::Truth, false, None, 0));
    }
}
