//! Room on the disk for a file, before it is written.
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

/// Room behind the end of a file that grows.
#[derive(Debug, Default)]
pub struct Room {
    /// There is room up to here.
    end: u64,
    /// Nothing more is asked for.
    is_refused: bool,
}

impl Room {
    /// Before `file` grows from `len` octets by `more`: asks for as much again as there will be. Room that is not to
    /// be had is no error; whether the disk is full, writing shows.
    pub fn make(&mut self, file: &fs::File, len: u64, more: u64) {
        let needed = len + more;
        if self.is_refused || needed <= self.end.max(SHORT) {
            return;
        }
        let (from, end) = (self.end.max(len), needed + needed.min(MOST));
        match reserve(file, from, end - from) {
            Ok(()) => self.end = end,
            Err(_) => self.is_refused = true,
        }
    }

    /// Gives back what `file` did not need.
    ///
    /// # Errors
    /// When the file cannot be changed.
    pub fn give_back(&self, file: &fs::File) -> io::Result<()> {
        if self.end == 0 {
            return Ok(());
        }
        // A file that is given the length that it has loses what is behind it.
        file.set_len(file.metadata()?.len())
    }
}

#[cfg(target_os = "linux")]
fn reserve(file: &fs::File, from: u64, len: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, FsWord, fallocate, fstatfs};

    /// As `statfs(2)` has it.
    const EXT4: FsWord = 0xef53;

    if fstatfs(file)?.f_type != EXT4 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(fallocate(file, FallocateFlags::KEEP_SIZE, from, len)?)
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

    #[test]
    fn what_is_not_needed_is_given_back() {
        let mut file = tempfile::tempfile().unwrap();
        let mut room = Room::default();
        let mut len = 0;
        for _ in 0..20 {
            room.make(&file, len, PIECE as u64);
            file.write_all(&[7; PIECE]).unwrap();
            len += PIECE as u64;
        }
        if room.is_refused {
            // Another file system.
            return;
        }
        assert!(room.end > len);
        let on_disk = || file.metadata().unwrap().blocks() * 512;
        assert!(on_disk() >= room.end);
        room.give_back(&file).unwrap();
        assert_eq!(file.metadata().unwrap().len(), len);
        assert!(on_disk() < len + PIECE as u64, "{} of {len}", on_disk());
    }

    #[test]
    fn short_files_are_left_alone() {
        let file = tempfile::tempfile().unwrap();
        let mut room = Room::default();
        room.make(&file, 0, SHORT);
        assert_eq!((room.end, room.is_refused), (0, false));
        assert_eq!(file.metadata().unwrap().blocks(), 0);
    }

    #[test]
    fn who_is_refused_asks_no_more() {
        let file = fs::File::open("/dev/null").unwrap();
        let mut room = Room::default();
        room.make(&file, SHORT, 1);
        assert_eq!((room.end, room.is_refused), (0, true));
        room.give_back(&file).unwrap();
    }
}
