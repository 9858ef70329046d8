//! A file that somebody is still writing: at its end, what is known is shown and more is waited for.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::thread;
use std::time::Duration;

use crate::output::Output;
use crate::stop::Stop;

/// How often a wait looks whether there is more, or whether it is to end.
const PATIENCE: Duration = Duration::from_millis(50);

/// Such a file. It ends when a stop is requested.
pub struct Growing {
    file: File,
    output: Output,
    stop: Stop,
}

impl Growing {
    /// Reads `file` from where it stands. `output` is flushed before each wait.
    pub const fn new(file: File, output: Output, stop: Stop) -> Self {
        Self { file, output, stop }
    }

    /// What was read is gone: who writes began anew, and what comes does not follow on.
    fn was_cut(&mut self) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() < self.file.stream_position()?)
    }
}

impl Read for Growing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut is_flushed = false;
        while !self.stop.requested() {
            match self.file.read(buffer) {
                Ok(0) if buffer.is_empty() => return Ok(0),
                Ok(0) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                done => return done,
            }
            if self.was_cut()? {
                return Err(io::Error::other("the file became shorter while it was read"));
            }
            if !is_flushed {
                self.output.flush();
                is_flushed = true;
            }
            thread::sleep(PATIENCE);
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::output::Styles;

    /// A file that grows, who reads it, and what ends that.
    fn growing() -> (tempfile::NamedTempFile, Growing, Stop) {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stop = Stop::default();
        let output = Output::open(None, Styles::Untouched, stop.clone()).unwrap();
        let growing = Growing::new(file.reopen().unwrap(), output, stop.clone());
        (file, growing, stop)
    }

    #[test]
    fn what_is_written_later_is_read() {
        let (mut file, mut growing, stop) = growing();
        let reader = thread::spawn(move || {
            let mut octets = [0; 6];
            growing.read_exact(&mut octets).unwrap();
            (octets, growing.read(&mut [0]).unwrap())
        });
        for part in [b"abc", b"def"] {
            thread::sleep(PATIENCE);
            file.write_all(part).unwrap();
        }
        thread::sleep(2 * PATIENCE);
        stop.request();
        assert_eq!(reader.join().unwrap(), (*b"abcdef", 0));
    }

    #[test]
    fn a_file_that_begins_anew_is_an_error() {
        let (mut file, mut growing, _) = growing();
        file.write_all(b"abc").unwrap();
        growing.read_exact(&mut [0; 3]).unwrap();
        file.as_file().set_len(1).unwrap();
        assert!(growing.read(&mut [0]).unwrap_err().to_string().contains("became shorter"));
    }
}
