//! Standard input, or a pipe, as a live source: what is known is shown before waiting, and waiting can be interrupted.
//!
//! A pipe is opened only when somebody writes to it, and a blocked `read` of it returns only when octets come, so both are
//! done by a thread of its own; the run waits for that thread and for [`Stop`] at once.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::output::Output;
use crate::stop::Stop;

/// Octets of one read: those of a pipe on Linux.
const PIECE: usize = 64 << 10;
/// Pieces read ahead.
const AHEAD: usize = 16;
/// How often a wait looks whether it is to end.
const PATIENCE: Duration = Duration::from_millis(50);

/// A stream that is read by a thread of its own. It ends early when a stop is requested.
pub struct Live {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    output: Output,
    stop: Stop,
}

impl Live {
    /// Starts to open and to read a source. `output` is flushed before each wait.
    pub fn new<S: Read>(
        open: impl FnOnce() -> io::Result<S> + Send + 'static,
        output: Output,
        stop: Stop,
    ) -> Self {
        let (sender, pieces) = sync_channel(AHEAD);
        thread::spawn(move || match open() {
            Ok(source) => read_ahead(source, &sender),
            Err(error) => {
                // The thread that waits for it may have ended.
                let _ = sender.send(Err(error));
            }
        });
        Self { pieces, piece: io::Cursor::default(), output, stop }
    }

    /// The next piece; `None` at the end.
    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        match self.pieces.try_recv() {
            Ok(piece) => return Some(piece),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => self.output.flush(),
        }
        while !self.stop.requested() {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => return Some(piece),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        None
    }
}

impl Read for Live {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.piece.read(buffer)? {
                0 if !buffer.is_empty() => match self.next() {
                    Some(piece) => self.piece = io::Cursor::new(piece?),
                    None => return Ok(0),
                },
                octets => return Ok(octets),
            }
        }
    }
}

/// Sends pieces until the end of the stream, the first error, or the end of the receiver.
fn read_ahead(mut source: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = vec![0; PIECE];
        let result = match source.read(&mut piece) {
            Ok(0) => return,
            Ok(octets) => {
                piece.truncate(octets);
                Ok(piece)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = result.is_err();
        if sender.send(result).is_err() || failed {
            return;
        }
    }
}
