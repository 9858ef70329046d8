//! What the file system takes for octets that are there already: room for all of them, and then 256 KiB at a time.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::Seen;

const PIECE: usize = 256 * 1024;

/// Makes `file` anew, of so many octets.
pub fn write(file: &Path, octets: &str) -> Result<Seen, String> {
    let failed = |reason: &dyn std::fmt::Display| format!("{}: {reason}", file.display());
    let mut left: usize = octets.parse().map_err(|_| format!("{octets}: expected a number of octets"))?;
    let mut output = File::create(file).map_err(|error| failed(&error))?;
    if left > 0 {
        reserve(&output, left as u64);
    }
    let piece = vec![b'.'; PIECE];
    while left > 0 {
        let next = left.min(PIECE);
        output.write_all(&piece[..next]).map_err(|error| failed(&error))?;
        left -= next;
    }
    Ok(Seen::default())
}

/// Asks for room; writing goes on as well without.
#[cfg(target_os = "linux")]
fn reserve(file: &File, octets: u64) {
    use rustix::fs::{FallocateFlags, fallocate};

    let _ = fallocate(file, FallocateFlags::KEEP_SIZE, 0, octets);
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: u64) {}
