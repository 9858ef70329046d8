//! Files put in place whole: whoever looks sees the old one or the new one.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::output::{put, temporary_for};

/// Writes a file, and the folders around it. A program that has loaded the old one keeps it.
///
/// # Errors
/// When the folder cannot be made or written to.
pub fn place(path: &Path, octets: &[u8]) -> anyhow::Result<()> {
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let (mut file, temporary) = temporary_for(path)?.into_parts();
        file.write_all(octets)?;
        put(&file, temporary, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
