//! Whether two files are the same: by size, and by their first and last MiB.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Octets that are compared at each end.
const END: u64 = 1 << 20;

/// Whether the files at `one` and `other` have the same content, as far as their ends tell. Not if they cannot be read.
#[must_use]
pub fn is_copy(one: &Path, other: &Path) -> bool {
    let open = |path| -> io::Result<_> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    };
    let (Ok((mut one, size)), Ok((mut other, other_size))) = (open(one), open(other)) else { return false };
    let mut ends = || Ok::<_, io::Error>(ends(&mut one, size)? == ends(&mut other, size)?);
    size == other_size && ends().unwrap_or(false)
}

/// The first and the last MiB of a file of `size` octets; all of it if it is shorter than both.
pub fn ends(file: &mut File, size: u64) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    file.by_ref().take(END).read_to_end(&mut octets)?;
    file.seek(SeekFrom::Start(size.saturating_sub(END).max(END)))?;
    file.by_ref().take(END).read_to_end(&mut octets)?;
    Ok(octets)
}
