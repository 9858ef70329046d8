//! The generated documents: each the text of one function, and current or not.

use std::fs;
use std::path::{Path, PathBuf};

use fourwave_annotate::{Schema, lang};

/// Makes the text of a document.
type Make = fn() -> Result<String, String>;

/// Each generated file and the function that makes its text.
const DOCUMENTS: [(&str, Make); 4] = [
    ("TRANSITIONS.md", || Ok(fourwave_tests::transitions::document())),
    ("FINDINGS.md", || Ok(lang::docs::findings())),
    ("GLOSSARY.md", || Ok(lang::docs::glossary())),
    ("records.schema.json", schema),
];

/// Writes all.
///
/// # Errors
/// A file that cannot be written.
pub fn write() -> Result<(), String> {
    for (name, make) in DOCUMENTS {
        let path = path(name);
        fs::write(&path, make()?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Compares all.
///
/// # Errors
/// The first file that is missing or differs.
pub fn check() -> Result<(), String> {
    println!("== generated files");
    for (name, make) in DOCUMENTS {
        if fs::read_to_string(path(name)).ok() != Some(make()?) {
            return Err(format!("docs/{name} is not current; run `cargo xtask docs` and commit the change"));
        }
    }
    Ok(())
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn schema() -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(&Schema).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}
