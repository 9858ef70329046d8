//! The generated documents: each the text of one function, and current or not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fourwave_annotate::Schema;

use crate::{gallery, words};

/// Writes all.
///
/// # Errors
/// A file that cannot be written.
pub fn write() -> Result<(), String> {
    let documents = documents()?;
    for name in left_over(&documents)? {
        let path = path(&name);
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for (name, text) in documents {
        let path = path(&name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Compares all.
///
/// # Errors
/// The first file that is missing or differs, or that nothing generates any more.
pub fn check() -> Result<(), String> {
    println!("== generated files");
    let documents = documents()?;
    let left_over = left_over(&documents)?.into_iter().next();
    let differs =
        |(name, text): (String, String)| (fs::read_to_string(path(&name)).ok() != Some(text)).then_some(name);
    match left_over.or_else(|| documents.into_iter().find_map(differs)) {
        Some(name) => {
            Err(format!("docs/{name} is not current; run `cargo xtask docs` and commit the change"))
        }
        None => Ok(()),
    }
}

/// Each generated file, with its path below the folder of the documents, and its text.
fn documents() -> Result<Vec<(String, String)>, String> {
    let mut documents = gallery::files()?;
    documents.extend([
        ("TRANSITIONS.md".into(), fourwave_tests::transitions::document()),
        ("FINDINGS.md".into(), words::findings()),
        ("GLOSSARY.md".into(), words::glossary()),
        ("records.schema.json".into(), schema()?),
    ]);
    Ok(documents)
}

/// What lies in the folder of the gallery, where everything is generated, and is no document.
fn left_over(documents: &[(String, String)]) -> Result<BTreeSet<String>, String> {
    let folder = path(gallery::FOLDER);
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let names =
        entries.iter().map(|entry| format!("{}/{}", gallery::FOLDER, entry.file_name().to_string_lossy()));
    Ok(names.filter(|name| !documents.iter().any(|(document, _)| document == name)).collect())
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn schema() -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(&Schema).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}
