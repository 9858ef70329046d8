//! Comma-separated values (RFC 4180, but with LF): a header line, and the same columns in every row.
//!
//! Keys of nested objects are joined by `_`, elements of lists by `;`. An object in a list, or one whose keys
//! vary, is JSON text. A column that a record does not have is empty, as is null.

use std::io;

use fourwave_annotate::{Column, ConnectionRecord, Context, EventRecord, Fields, RecordKind};
use serde::Serialize;
use serde_json::Value;

use super::{Buffer, Format, Record, Table, segment_record};
use crate::stats::Row;

/// CSV with the columns of one table.
pub struct Csv {
    columns: Vec<Column>,
}

impl Csv {
    /// The columns of `table` that `fields` selects.
    #[must_use]
    pub fn new(table: Table, fields: Fields) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        for kind in table.kinds() {
            for column in fields.columns(*kind) {
                if !columns.iter().any(|known| known.path == column.path) {
                    columns.push(column);
                }
            }
        }
        Self { columns }
    }

    fn row(&self, record: &impl Serialize, to: &mut Buffer) -> io::Result<()> {
        let record = serde_json::to_value(record)?;
        cells(to, self.columns.iter().map(|column| text(at(&record, &column.path))));
        Ok(())
    }
}

impl Format for Csv {
    fn head(&self, to: &mut Buffer) {
        if self.columns.is_empty() {
            cells(to, ["section", "name", "value"].map(String::from));
        } else {
            cells(to, self.columns.iter().map(|column| column.name.clone()));
        }
    }

    fn record(&self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        match record {
            Record::Segment(segment) => self.row(&segment_record(&segment, context), to),
            Record::Event(event) => self.row(&EventRecord::new(event, context), to),
            Record::Connection(connection) => self.row(&ConnectionRecord::new(connection, context), to),
            Record::Stats(stats) => {
                for Row { section, name, value } in stats.rows() {
                    let value = value.map(|value| value.to_string()).unwrap_or_default();
                    cells(to, [section.to_owned(), name, value]);
                }
                Ok(())
            }
        }
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

/// The value at the end of `path`; null if there is none.
fn at<'a>(record: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(record, |value, key| value.get(key).unwrap_or(&Value::Null))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(elements) => elements.iter().map(text).collect::<Vec<_>>().join(";"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn cells(to: &mut Buffer, cells: impl IntoIterator<Item = String>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            to.push(b',');
        }
        quoted(&cell, to);
    }
    to.push(b'\n');
}

fn quoted(cell: &str, to: &mut Buffer) {
    if cell.contains([',', '"', '\n', '\r']) {
        to.push(b'"');
        to.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        to.push(b'"');
    } else {
        to.extend_from_slice(cell.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut row = Buffer::default();
        cells(&mut row, ["plain", "a,b", "say \"fin\"", "two\nlines", ""].map(String::from));
        assert_eq!(
            str::from_utf8(row.as_bytes()).unwrap(),
            "plain,\"a,b\",\"say \"\"fin\"\"\",\"two\nlines\",\n"
        );
    }

    #[test]
    fn lists_are_joined_and_objects_in_them_are_json() {
        assert_eq!(text(&json!(["a", 2, null])), "a;2;");
        assert_eq!(text(&json!([{"by": "self", "on": "fin"}])), r#"{"by":"self","on":"fin"}"#);
    }

    #[test]
    fn a_path_through_null_ends_in_null() {
        let record = json!({"waves": {"1": {"frame": 7}, "2": null}});
        assert_eq!(at(&record, &["waves", "1", "frame"]), &json!(7));
        assert_eq!(at(&record, &["waves", "2", "frame"]), &Value::Null);
    }
}
