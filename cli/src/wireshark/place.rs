//! Files put in place whole: whoever looks sees the old one or the new one.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::output::temporary_in;

/// Writes a file, and the folders around it. A program that has loaded the old one keeps it.
///
/// # Errors
/// When the folder cannot be made or written to.
pub fn place(path: &Path, octets: &[u8]) -> anyhow::Result<()> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = temporary_in(folder)?;
        file.write_all(octets)?;
        file.persist(path)?;
        Ok::<_, std::io::Error>(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
