//! What is compressed, unpacked by a thread of its own, which takes about as long as to follow what is in it.

use std::io::{self, Cursor, Read};
use std::mem;
use std::panic;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Octets that are handed over at once: few enough to stay in a cache until they are read.
const PIECE: usize = 256 << 10;
/// Pieces on their way.
const PIECES: usize = 4;

/// The unpacked stream.
pub struct Unpacked {
    piece: Cursor<Vec<u8>>,
    full: Receiver<io::Result<Vec<u8>>>,
    empty: SyncSender<Vec<u8>>,
    // Behind what it waits for: fields are dropped in their order.
    thread: Joined,
}

/// A thread that is waited for in any case, as it counts what it reads.
struct Joined(Option<JoinHandle<()>>);

impl Unpacked {
    /// Starts to read `source`, which unpacks.
    #[must_use]
    pub fn start(source: Box<dyn Read + Send>) -> Self {
        let (to, full) = sync_channel(PIECES);
        let (empty, back) = sync_channel(PIECES + 1);
        let thread = Joined(Some(thread::spawn(move || unpack(source, &to, &back))));
        Self { piece: Cursor::default(), full, empty, thread }
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.piece.read(buffer)? {
                0 if !buffer.is_empty() => match self.full.recv() {
                    Ok(next) => {
                        let used = mem::replace(&mut self.piece, Cursor::new(next?));
                        // It may have come to the end.
                        let _ = self.empty.try_send(used.into_inner());
                    }
                    Err(_) => {
                        self.thread.join();
                        return Ok(0);
                    }
                },
                octets => return Ok(octets),
            }
        }
    }
}

impl Joined {
    /// Waits until it ends. If it panics, so does who waits.
    fn join(&mut self) {
        if let Some(Err(panicked)) = self.0.take().map(JoinHandle::join)
            && !thread::panicking()
        {
            panic::resume_unwind(panicked);
        }
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.join();
    }
}

/// Reads to the end, to the first error, or until nobody wants more.
fn unpack(
    mut source: Box<dyn Read + Send>,
    full: &SyncSender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) {
    loop {
        let mut piece = empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
        piece.clear();
        let read = source.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        let is_last = piece.len() < PIECE;
        // What came before an error counts.
        let pieces = [Some(Ok(piece)), read.err().map(Err)];
        let wanted = pieces.into_iter().flatten().all(|piece| full.send(piece).is_ok());
        if is_last || !wanted {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Octets, then an error or the end.
    struct Source {
        left: usize,
        error: Option<io::ErrorKind>,
    }

    impl Read for Source {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let octets = buffer.len().min(self.left).min(1000);
            for octet in &mut buffer[..octets] {
                self.left -= 1;
                *octet = self.left as u8;
            }
            match self.error {
                Some(kind) if octets == 0 && !buffer.is_empty() => Err(kind.into()),
                Some(_) | None => Ok(octets),
            }
        }
    }

    fn read(left: usize, error: Option<io::ErrorKind>) -> (Vec<u8>, io::Result<usize>) {
        let mut octets = Vec::new();
        let read = Unpacked::start(Box::new(Source { left, error })).read_to_end(&mut octets);
        (octets, read)
    }

    #[test]
    fn what_comes_before_the_end_or_an_error_comes_through() {
        for left in [0, 1, PIECE - 1, PIECE, PIECE + 1, 20 * PIECE + 7] {
            let expected: Vec<u8> = (0..left).rev().map(|octet| octet as u8).collect();
            let (octets, end) = read(left, None);
            assert!(octets == expected, "{left}");
            assert_eq!(end.unwrap(), left);
            let (octets, end) = read(left, Some(io::ErrorKind::InvalidData));
            assert!(octets == expected, "{left}");
            assert_eq!(end.unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn nobody_waits_for_what_is_not_wanted() {
        let mut unpacked = Unpacked::start(Box::new(Source { left: usize::MAX, error: None }));
        assert_eq!(unpacked.read(&mut [0; 8]).unwrap(), 8);
    }

    #[test]
    #[should_panic(expected = "in the source")]
    fn a_panic_is_not_the_end() {
        struct Panics;
        impl Read for Panics {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("in the source");
            }
        }
        let _ = Unpacked::start(Box::new(Panics)).read(&mut [0; 8]);
    }
}
