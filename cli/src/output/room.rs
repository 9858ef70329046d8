//! Room on the disk for a file, before it is written: preallocation.
//!
//! ext4 learns of a file's growth page by page, and sets room aside for each on its own. Told in advance, it does so
//! once, and what follows is little more than a copy in memory. Other file systems are not asked: some do that by
//! themselves, and btrfs would not compress what is written into such room.

use std::fs;
use std::io;

/// A file of fewer octets needs none.
const SHORT: u64 = 1 << 20;
/// No more than this is asked for at once.
const MOST: u64 = 256 << 20;

/// A file that grows, and the room behind its end. What the file did not need is given back when this is dropped; a
/// process that is killed leaves it.
#[derive(Debug)]
pub struct Room {
    file: fs::File,
    /// There is room for so many octets, if any was asked for.
    end: u64,
    /// Nothing more is asked for. A part of what was may be there.
    is_refused: bool,
}

impl Room {
    /// Will see to the room of `file`.
    ///
    /// # Errors
    /// When too many files are open.
    pub fn of(file: &fs::File) -> io::Result<Self> {
        Ok(Self { file: file.try_clone()?, end: 0, is_refused: false })
    }

    /// The file.
    pub const fn file(&self) -> &fs::File {
        &self.file
    }

    /// Before the file, which has at most `len` octets, gets at most `more`: asks for as much again as there will be.
    /// Room that is not to be had is no error; whether the disk is full, writing shows.
    pub fn make(&mut self, len: u64, more: u64) {
        let needed = len + more;
        if self.is_refused || needed <= self.end.max(SHORT) {
            return;
        }
        let (from, end) = (self.end.max(len), needed + needed.min(MOST));
        match reserve(&self.file, from, end - from) {
            Ok(()) => self.end = end,
            Err(_) => {
                self.is_refused = true;
                // Others may need what there was.
                self.give_back();
            }
        }
    }

    fn give_back(&self) {
        if self.end > 0 || self.is_refused {
            // A file that is given the length that it has loses what is behind it. If it does not, it is complete all the
            // same.
            let _ = self.file.metadata().and_then(|metadata| self.file.set_len(metadata.len()));
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(target_os = "linux")]
fn reserve(file: &fs::File, from: u64, len: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};

    if !is_on_ext4(file)? {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(fallocate(file, FallocateFlags::KEEP_SIZE, from, len)?)
}

#[cfg(target_os = "linux")]
fn is_on_ext4(file: &fs::File) -> io::Result<bool> {
    use rustix::fs::{FsWord, fstatfs};

    /// As `statfs(2)` has it.
    const EXT4: FsWord = 0xef53;

    Ok(fstatfs(file)?.f_type == EXT4)
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &fs::File, _: u64, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    /// Octets of one piece.
    const PIECE: usize = 256 << 10;

    fn on_disk(file: &fs::File) -> u64 {
        file.metadata().expect("a file that is open").blocks() * 512
    }

    #[test]
    fn what_is_not_needed_is_given_back() {
        let mut file = tempfile::tempfile().unwrap();
        let mut room = Room::of(&file).unwrap();
        let mut len = 0;
        for _ in 0..20 {
            room.make(len, PIECE as u64);
            file.write_all(&[7; PIECE]).unwrap();
            len += PIECE as u64;
        }
        assert_eq!(room.is_refused, !is_on_ext4(&file).unwrap());
        if !room.is_refused {
            assert!(room.end > len && on_disk(&file) >= room.end);
        }
        drop(room);
        assert_eq!(file.metadata().unwrap().len(), len);
        assert!(on_disk(&file) < len + PIECE as u64, "{} of {len}", on_disk(&file));
    }

    #[test]
    fn what_is_refused_leaves_nothing() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; PIECE]).unwrap();
        let mut room = Room::of(&file).unwrap();
        room.make(PIECE as u64, SHORT);
        // More than any disk has.
        room.end = 0;
        room.make(1 << 62, SHORT);
        assert!(room.is_refused);
        assert_eq!(file.metadata().unwrap().len(), PIECE as u64);
        assert!(on_disk(&file) < 2 * PIECE as u64, "{}", on_disk(&file));
        room.make(SHORT, SHORT);
        assert_eq!(room.end, 0);
    }

    #[test]
    fn short_files_are_left_alone() {
        let file = tempfile::tempfile().unwrap();
        let mut room = Room::of(&file).unwrap();
        room.make(0, SHORT);
        assert_eq!((room.end, room.is_refused), (0, false));
        assert_eq!(on_disk(&file), 0);
    }
}
