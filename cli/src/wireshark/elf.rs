//! What a shared library says of the Wireshark it was built for, read without loading it.

use std::path::Path;

use anyhow::{Context, anyhow};
use object::{File, Object, ObjectSection, ObjectSymbol, SectionKind};

use super::series::Series;

/// The series that the plugin at `path` was built for.
///
/// # Errors
/// A file that cannot be read, or is no plugin.
pub fn wanted_series(path: &Path) -> anyhow::Result<Series> {
    let octets = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let no_plugin = || anyhow!("{} is no plugin for Wireshark", path.display());
    let file = File::parse(&*octets).with_context(no_plugin)?;
    let number = |name| exported_number(&file, name).ok_or_else(no_plugin);
    Ok(Series { major: number("plugin_want_major")?, minor: number("plugin_want_minor")? })
}

/// The value of an exported `int` that is not negative.
fn exported_number(file: &File<'_>, name: &str) -> Option<u32> {
    let symbol = file.dynamic_symbols().find(|symbol| symbol.name() == Ok(name))?;
    let section = file.section_by_index(symbol.section_index()?).ok()?;
    if section.kind() == SectionKind::UninitializedData {
        // Zeros are not kept in the file.
        return Some(0);
    }
    let octets = section.data_range(symbol.address(), 4).ok()??.try_into().ok()?;
    let number =
        if file.is_little_endian() { i32::from_le_bytes(octets) } else { i32::from_be_bytes(octets) };
    number.try_into().ok()
}
