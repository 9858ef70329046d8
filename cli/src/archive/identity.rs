//! Whether two files are the same, or a file is still what it was: by size, time of modification, and the hash of its
//! first and last MiB.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Octets that are looked at on each end of a file.
const END: u64 = 1 << 20;

/// What a file is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its content.
    #[serde(flatten)]
    pub content: Content,
    /// When it was last modified: nanoseconds since 1970 UTC.
    mtime_ns: i64,
}

/// What a content is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its octets.
    pub size: u64,
    /// The hash of its first and last MiB, or of all if it is no longer than both.
    sha256: String,
}

impl Identity {
    /// That of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        let mtime_ns = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |before| -before),
        };
        Ok(Self { content: Content::read(&mut file, metadata.len())?, mtime_ns })
    }

    /// What the file at `path` is now that was this. `None` if it neither stayed as it was nor grew.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn grown(&self, path: &Path) -> io::Result<Option<Self>> {
        let now = Self::of(path)?;
        let is_longer = now.content.size > self.content.size;
        let begins_with_it =
            || Content::of_first(path, self.content.size).map(|begin| begin.as_ref() == Some(&self.content));
        Ok((now == *self || is_longer && begins_with_it()?).then_some(now))
    }
}

impl Content {
    /// That of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        Self::read(&mut file, size)
    }

    /// That of the first `size` octets of the file at `path`, if they are there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_first(path: &Path, size: u64) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() < size {
            return Ok(None);
        }
        Self::read(&mut file, size).map(Some)
    }

    /// That of the first `size` octets of a file.
    fn read(file: &mut File, size: u64) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut octets = Vec::new();
        for start in [0, size.saturating_sub(END).max(END)] {
            file.seek(SeekFrom::Start(start))?;
            octets.clear();
            file.by_ref().take(END.min(size.saturating_sub(start))).read_to_end(&mut octets)?;
            hash.update(&octets);
        }
        let mut sha256 = String::new();
        for octet in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(sha256, "{octet:02x}");
        }
        Ok(Self { size, sha256 })
    }
}

/// Whether the files at `one` and `other` have the same content, as far as their ends tell. Not if they cannot be read.
#[must_use]
pub fn is_copy(one: &Path, other: &Path) -> bool {
    let size = |path: &Path| path.metadata().map(|metadata| metadata.len()).ok();
    size(one) == size(other)
        && Content::of(one).ok().is_some_and(|content| Content::of(other).ok() == Some(content))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The content of a file with the octet 1 at `place` of a MiB of which there are `mebis`.
    fn content(mebis: usize, place: usize) -> Content {
        let mut octets = vec![0; mebis << 20];
        octets[place] = 1;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), octets).unwrap();
        Content::of(file.path()).unwrap()
    }

    #[test]
    fn both_ends_count() {
        assert_eq!(content(2, 7), content(2, 7));
        assert_ne!(content(2, 7), content(2, (1 << 20) + 7));
        assert_ne!(content(3, 7), content(3, (2 << 20) + 7));
        assert_eq!(content(3, 1 << 20), content(3, (2 << 20) - 1));
        assert_ne!(content(2, 7), content(3, 7));
    }

    #[test]
    fn a_hash_is_that_of_other_programs() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Content::of(file.path()).unwrap(), Content { size: 3, sha256: sha256.to_owned() });
    }
}
