//! How columns are stored: the one place where a shape becomes a Parquet type.
//!
//! Text is a UTF-8 string, a whole number an INT64. Lists of values are lists in three levels; a list of objects is
//! JSON text, which repeats more often than its parts and is one value for a dictionary. Times stay whole numbers of
//! nanoseconds, as their names say and as the other formats have them: a TIMESTAMP would be read as a date without a
//! zone, which no longer compares with numbers or subtracts to a duration in nanoseconds.
//!
//! <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>

use std::sync::Arc;

use fourwave_annotate::{Column, Shape};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::{Type, TypePtr};

use crate::output::flat::is_scalar;

/// The physical types that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// BOOLEAN.
    Truth,
    /// INT64.
    Integer,
    /// DOUBLE.
    Number,
    /// BYTE_ARRAY with UTF-8.
    Text,
    /// The same, of a vocabulary.
    Word,
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
    /// A row group says the least and the greatest value.
    pub bounds: bool,
}

/// The elements of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    pub nullable: bool,
}

impl Layout {
    /// The layout that follows from the shape of `column`.
    ///
    /// Lists have no bounds, since a reader would have to know which nulls are meant, and neither has JSON text, which
    /// nobody compares.
    #[must_use]
    pub fn of(column: &Column) -> Self {
        let (shape, list) = if let Shape::List(element) = column.shape
            && is_scalar(*element)
        {
            (*element, Some(Elements { nullable: matches!(element, Shape::OrNull(_)) }))
        } else {
            (column.shape, None)
        };
        let storage = storage(shape);
        // Of words inside objects, such as the states of a peer, nearly every group has the first and the last.
        let vary_everywhere = storage == Storage::Word && column.path.len() > 1;
        Self {
            name: column.name.clone(),
            storage,
            nullable: column.nullable,
            list,
            bounds: is_scalar(column.shape) && !vary_everywhere,
        }
    }

    /// The column as a node of the schema.
    fn node(&self) -> Result<TypePtr> {
        let Some(elements) = self.list else {
            return self.leaf(&self.name, self.nullable);
        };
        let repeated = Type::group_type_builder("list")
            .with_repetition(Repetition::REPEATED)
            .with_fields(vec![self.leaf("element", elements.nullable)?])
            .build()?;
        let list = Type::group_type_builder(&self.name)
            .with_repetition(or_null(self.nullable))
            .with_logical_type(Some(LogicalType::List))
            .with_fields(vec![Arc::new(repeated)]);
        Ok(Arc::new(list.build()?))
    }

    fn leaf(&self, name: &str, nullable: bool) -> Result<TypePtr> {
        let (physical, logical) = match self.storage {
            Storage::Truth => (Physical::BOOLEAN, None),
            Storage::Integer => (Physical::INT64, None),
            Storage::Number => (Physical::DOUBLE, None),
            Storage::Text | Storage::Word => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let leaf = Type::primitive_type_builder(name, physical)
            .with_repetition(or_null(nullable))
            .with_logical_type(logical);
        Ok(Arc::new(leaf.build()?))
    }
}

/// The schema.
///
/// # Errors
/// When the crate takes a column for impossible.
pub fn tree(layouts: &[Layout]) -> Result<TypePtr> {
    let nodes = layouts.iter().map(Layout::node).collect::<Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder("record").with_fields(nodes).build()?))
}

/// What the crate has to know of the file beside its columns.
pub fn properties() -> WriterProperties {
    let created_by = concat!("fourwave version ", env!("CARGO_PKG_VERSION"));
    WriterProperties::builder().set_created_by(created_by.into()).build()
}

const fn or_null(nullable: bool) -> Repetition {
    if nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED }
}

fn storage(shape: Shape) -> Storage {
    match shape {
        Shape::OrNull(shape) if is_scalar(*shape) => storage(*shape),
        Shape::Truth => Storage::Truth,
        Shape::Integer => Storage::Integer,
        Shape::Number => Storage::Number,
        Shape::Word(_) => Storage::Word,
        Shape::Always(_) | Shape::Text | Shape::Numbered(_) | Shape::Null => Storage::Text,
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
            (layout.storage, layout.nullable, layout.list.map(|elements| elements.nullable))
        };
        use RecordKind::{Connection, Segment};
        assert_eq!(layout(Segment, "frame"), (Storage::Integer, false, None));
        assert_eq!(layout(Segment, "ack"), (Storage::Integer, true, None));
        assert_eq!(layout(Segment, "waves"), (Storage::Integer, false, Some(false)));
        assert_eq!(layout(Segment, "client_after_expected"), (Storage::Word, false, None));
        assert_eq!(layout(Segment, "next_client"), (Storage::Text, false, None));
        assert_eq!(layout(Segment, "path_in_frame_client"), (Storage::Word, true, Some(false)));
        assert_eq!(layout(Connection, "files"), (Storage::Text, false, Some(true)));
        assert_eq!(layout(Connection, "waves_1_time_ns"), (Storage::Integer, true, None));
        assert_eq!(layout(Connection, "close_wait_merged"), (Storage::Truth, false, None));
    }

    #[test]
    fn bounds_are_of_what_rows_are_chosen_by() {
        let names = |bounds: bool| -> Vec<String> {
            let columns = Fields::ALL.columns(RecordKind::Segment);
            let layouts = columns.iter().map(Layout::of).filter(|layout| layout.bounds == bounds);
            layouts.map(|layout| layout.name).collect()
        };
        let with = names(true);
        for name in
            ["record", "file", "frame", "time_ns", "connection", "from", "src", "dst", "flags", "role"]
        {
            assert!(with.iter().any(|with| with == name), "{name}");
        }
        let without = names(false);
        for name in ["waves", "client_after_expected", "path_in_frame_server", "next_client", "findings"] {
            assert!(without.iter().any(|without| without == name), "{name}");
        }
    }
}
