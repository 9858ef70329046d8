//! The JSON Schema of the records (draft 2020-12), read off their shapes.
//!
//! It describes records with all keys; a selection of fields prints fewer. Unknown keys are allowed: keys are
//! only ever added.

use alloc::format;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::record::text::List;
use crate::record::{Fields, Key, RecordKind, Shape};

/// Serialises as the JSON Schema of all records.
#[derive(Clone, Copy, Debug)]
pub struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("$schema", "https://json-schema.org/draft/2020-12/schema")?;
        map.serialize_entry("title", "fourwave records")?;
        map.serialize_entry("oneOf", &List(|| RecordKind::ALL.iter().map(|kind| Record(*kind))))?;
        map.end()
    }
}

/// The schema of one kind of records. What only hindsight fills is not required.
struct Record(RecordKind);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("title", &self.0)?;
        object(&mut map, self.0.keys())?;
        map.serialize_entry("required", &List(|| Fields::STREAMED.keys(self.0).map(|key| key.name)))?;
        map.end()
    }
}

/// The schema of a value.
struct Value(Shape);

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Shape::Always(word) => map.serialize_entry("const", word)?,
            Shape::Text => map.serialize_entry("type", "string")?,
            Shape::Integer => map.serialize_entry("type", "integer")?,
            Shape::Number => map.serialize_entry("type", "number")?,
            Shape::Truth => map.serialize_entry("type", "boolean")?,
            Shape::Word(words) => map.serialize_entry("enum", &words())?,
            Shape::Numbered(words) => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("pattern", &format!("^({})(:[0-9]+)?$", words().join("|")))?;
            }
            Shape::List(item) => {
                map.serialize_entry("type", "array")?;
                map.serialize_entry("items", &Self(*item))?;
            }
            Shape::Object(keys) => {
                object(&mut map, keys)?;
                map.serialize_entry("required", &List(|| keys.iter().map(|key| key.name)))?;
            }
            Shape::Sparse(keys) => object(&mut map, keys)?,
            Shape::Null => map.serialize_entry("type", "null")?,
            Shape::OrNull(shape) => map.serialize_entry("anyOf", &[Self(*shape), Self(Shape::Null)])?,
        }
        map.end()
    }
}

/// Writes the schema of an object with `keys`.
fn object<M: SerializeMap>(map: &mut M, keys: &'static [Key]) -> Result<(), M::Error> {
    map.serialize_entry("type", "object")?;
    map.serialize_entry("properties", &Properties(keys))
}

/// The schemas of the values of an object by their keys.
struct Properties(&'static [Key]);

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|key| (key.name, Value(key.shape))))
    }
}
