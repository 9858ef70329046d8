//! The same octets as `serde_json`, whatever the value.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;

use super::*;

/// One of everything that a record can consist of.
#[derive(Clone, Debug, Serialize)]
struct Everything {
    truth: bool,
    signed: (i8, i16, i32, i64),
    unsigned: (u8, u16, u32, u64),
    fractions: (f32, f64),
    letter: char,
    text: String,
    shown: Shown,
    word: Word,
    unit: (),
    marker: Marker,
    wrapped: Wrapped,
    point: Point,
    list: Vec<Option<Self>>,
    #[serde(rename = "a name that is longer than any key of a record ever was, and then some")]
    table: BTreeMap<String, Option<u64>>,
    counts: BTreeMap<Word, u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Empty>,
}

/// Serialises as what it displays.
#[derive(Clone, Debug)]
struct Shown(String);

impl Serialize for Shown {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.0, self.0.len()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    TimeWait,
    LastAck,
}

#[derive(Clone, Debug, Serialize)]
struct Marker;

#[derive(Clone, Debug, Serialize)]
struct Wrapped(Option<String>);

#[derive(Clone, Debug, Serialize)]
struct Point(i32, String);

#[derive(Clone, Debug, Serialize)]
struct Empty {}

/// Any text, with more of what needs escapes than chance would give.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), proptest::char::range('\0', '\u{7f}'), Just('"'), Just('\\')];
    prop_oneof!["[ -!#-Z^-~]{0,40}", proptest::collection::vec(character, 0..40).prop_map(String::from_iter)]
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![Just(Word::TimeWait), Just(Word::LastAck)]
}

fn everything() -> impl Strategy<Value = Everything> {
    let numbers = (any::<(i8, i16, i32, i64)>(), any::<(u8, u16, u32, u64)>(), any::<(f32, f64)>());
    let texts = (any::<char>(), text(), text(), proptest::option::of(text()), (any::<i32>(), text()));
    let tables = (
        proptest::collection::btree_map(text(), any::<Option<u64>>(), 0..4),
        proptest::collection::btree_map(word(), any::<u8>(), 0..3),
    );
    let leaf = (any::<bool>(), numbers, texts, word(), tables, any::<bool>()).prop_map(
        |(truth, (signed, unsigned, fractions), texts, word, (table, counts), last)| {
            let (letter, text, shown, wrapped, (x, y)) = texts;
            Everything {
                truth,
                signed,
                unsigned,
                fractions,
                letter,
                text,
                shown: Shown(shown),
                word,
                unit: (),
                marker: Marker,
                wrapped: Wrapped(wrapped),
                point: Point(x, y),
                list: Vec::new(),
                table,
                counts,
                last: last.then_some(Empty {}),
            }
        },
    );
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), proptest::collection::vec(proptest::option::of(inner), 0..3))
            .prop_map(|(outer, list)| Everything { list, ..outer })
    })
}

proptest! {
    #[test]
    fn the_same_as_serde_json(value in everything()) {
        let mut written = b"before ".to_vec();
        write(&value, &mut written).unwrap();
        let expected = format!("before {}", serde_json::to_string(&value).unwrap());
        prop_assert_eq!(String::from_utf8(written).unwrap(), expected);
    }
}

#[test]
fn what_is_in_no_record_is_an_error() {
    #[derive(Serialize)]
    enum Variant {
        Of(u8),
    }
    let error = |result: Result<()>| result.unwrap_err().to_string();
    let to = &mut Vec::new();
    assert_eq!(error(write(&Variant::Of(1), to)), "a record has no variants with values");
    assert_eq!(error(write(&BTreeMap::from([(1, 2)]), to)), "a key of a record is text");
}
