//! The constants of the header: the part of `include/fourwave.h` that is made from the vocabularies. cbindgen makes
//! the rest; `tests/header.rs` puts both together and compares.

use std::fmt::Write as _;

use fourwave_annotate::{Code, Lang};

use crate::words::VOCABULARIES;

/// C enumerations with a constant for every word.
#[must_use]
pub fn constants() -> String {
    let mut text = String::from(
        "/* The numbers of all words. They never change; new ones may come. */\n\n\
         /* 1 if a word is in a set: its bit, counted from 0, is its number. */\n\
         #define FOURWAVE_HAS(set, number) ((int)((set) >> (number) & 1))\n\n\
         /* Languages. */\nenum {\n",
    );
    for (lang, number) in Lang::ALL.iter().zip(1..) {
        constant(&mut text, "LANG", lang.code(), number, lang.code());
    }
    text.push_str("};\n\n/* Vocabularies, for fourwave_code and fourwave_text. */\nenum {\n");
    for (vocabulary, number) in VOCABULARIES.iter().zip(1..) {
        constant(&mut text, "VOCABULARY", vocabulary.name, number, vocabulary.meaning.trim());
    }
    text.push_str("};\n");
    for vocabulary in VOCABULARIES {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n/*{} */\nenum {{\n", vocabulary.meaning);
        for (number, code, [english, _]) in (vocabulary.words)() {
            constant(&mut text, vocabulary.name, code, number, english);
        }
        text.push_str("};\n");
    }
    text
}

fn constant(text: &mut String, group: &str, code: &str, number: u8, meaning: &str) {
    let is_name = |character: char| character.is_ascii_alphanumeric();
    let name: String = code.chars().map(|c| if is_name(c) { c.to_ascii_uppercase() } else { '_' }).collect();
    let _ = writeln!(text, "    FOURWAVE_{group}_{name} = {number}, /* {meaning} */");
}
