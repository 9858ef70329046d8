//! What the program writes is what a JSON Schema of `docs` says.
//!
//! The schema is read strictly: a key that it does not name is a fault, so that no key goes undescribed.

use std::fs;

use fourwave_tests::here;
use serde_json::{Map, Value};

/// Checks `value` against the schema `docs/NAME.schema.json`.
pub fn assert_valid(name: &str, value: &Value) {
    let schema = fs::read_to_string(here(&format!("../docs/{name}.schema.json"))).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    check(&schema, &schema, value, name);
}

/// Checks `value` against `schema`, a part of `root`.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    for (keyword, argument) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let pointer = argument.as_str().unwrap().strip_prefix('#').unwrap();
                check(root, root.pointer(pointer).unwrap(), value, at);
            }
            "const" => assert_eq!(value, argument, "{at}"),
            "enum" => assert!(argument.as_array().unwrap().contains(value), "{at}: {value}"),
            "type" => assert!(has_type(value, argument), "{at}: {value} is not {argument}"),
            "items" => value.as_array().unwrap().iter().for_each(|item| check(root, argument, item, at)),
            "required" => {
                for key in argument.as_array().unwrap() {
                    assert!(value.get(key.as_str().unwrap()).is_some(), "{at}: no {key}");
                }
            }
            "propertyNames" => {
                let names = argument["enum"].as_array().unwrap();
                assert!(keys(value).keys().all(|key| names.contains(&key.as_str().into())), "{at}: {value}");
            }
            "properties" => {
                for (key, value) in keys(value) {
                    let schema = argument.get(key);
                    let schema = schema.unwrap_or_else(|| panic!("{at}: {key} is not described"));
                    check(root, schema, value, &format!("{at}/{key}"));
                }
            }
            "additionalProperties" => {
                for (key, value) in keys(value) {
                    check(root, argument, value, &format!("{at}/{key}"));
                }
            }
            other => panic!("{at}: the keyword {other} is not checked"),
        }
    }
}

fn keys(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn has_type(value: &Value, types: &Value) -> bool {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    types == found || types.as_array().is_some_and(|types| types.contains(&found.into()))
}
