//! A thread that writes records which another one finds. They are written in the order in which they are handed over.

use std::mem;
use std::panic;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use fourwave_annotate::{Annotation, Both, Connection, State, TimeWaitExpired};
use fourwave_dissector::{Segment, tcp};

use super::{Annotated, Format, Output, Record, Surroundings};
use crate::stats::Stats;

/// Records of one batch: many, as each batch wakes who waits for it.
const BATCH: usize = 512;
/// Batches on their way.
const BATCHES: usize = 4;

/// The writing thread, as the finding one sees it.
pub struct Apart {
    batch: Vec<Owned>,
    full: SyncSender<Handed>,
    empty: Receiver<Vec<Owned>>,
    thread: JoinHandle<Box<dyn Format + Send>>,
}

/// What is handed over.
enum Handed {
    Records(Vec<Owned>),
    /// Somebody waits at the other end until all before is written.
    Question(SyncSender<()>),
}

/// A record that does not borrow.
#[expect(clippy::large_enum_variant, reason = "a batch is kept; memory for each connection would cost more")]
enum Owned {
    Segment(Segment<'static>, Annotation, Option<Both<Vec<State>>>),
    Event(TimeWaitExpired),
    Connection(Connection),
    Stats(Box<Stats>),
}

impl Apart {
    /// Starts a thread that writes to `output`.
    pub fn start(mut format: Box<dyn Format + Send>, surroundings: Surroundings, output: Output) -> Self {
        let (full, batches) = sync_channel(BATCHES);
        let (back, empty) = sync_channel(BATCHES + 1);
        let thread = thread::spawn(move || {
            let context = surroundings.context();
            for handed in batches {
                match handed {
                    Handed::Records(batch) => {
                        for record in &batch {
                            output
                                .fill(|buffer| record.lent(|record| format.record(record, context, buffer)));
                        }
                        // The thread that makes records may have ended.
                        let _ = back.try_send(batch);
                    }
                    Handed::Question(asker) => {
                        let _ = asker.send(());
                    }
                }
            }
            format
        });
        Self { batch: Vec::with_capacity(BATCH), full, empty, thread }
    }

    /// Hands over `record`. Options and payload of a segment are left behind: no format for programs shows them.
    pub fn print(&mut self, record: Record<'_>) {
        self.batch.push(match record {
            Record::Segment(Annotated { segment, annotation, path_in_frame }) => {
                let tcp = tcp::Header { options: &[], ..segment.tcp };
                Owned::Segment(Segment { tcp, payload: &[], ..*segment }, *annotation, path_in_frame.cloned())
            }
            Record::Event(event) => Owned::Event(*event),
            Record::Connection(connection) => Owned::Connection(connection.clone()),
            Record::Stats(stats) => Owned::Stats(Box::new(stats.clone())),
        });
        if self.batch.len() == BATCH {
            self.send();
        }
    }

    /// Waits until all that was handed over is written.
    pub fn settle(&mut self) {
        self.send();
        let (asker, answer) = sync_channel(1);
        // As below: there is no answer after a panic.
        let _ = self.full.send(Handed::Question(asker));
        let _ = answer.recv();
    }

    /// Waits until all is written, and ends the thread.
    #[must_use]
    pub fn finish(mut self) -> Box<dyn Format + Send> {
        self.send();
        drop(self.full);
        self.thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
    }

    fn send(&mut self) {
        let mut next = self.empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(BATCH));
        // Here and not where they were written: memory is given back fastest by the thread that took it.
        next.clear();
        // Nobody receives any more if the writing thread has panicked; `finish` passes that on.
        let _ = self.full.send(Handed::Records(mem::replace(&mut self.batch, next)));
    }
}

impl Owned {
    fn lent<T>(&self, take: impl FnOnce(Record<'_>) -> T) -> T {
        match self {
            Self::Segment(segment, annotation, path_in_frame) => take(Record::Segment(Annotated {
                segment,
                annotation,
                path_in_frame: path_in_frame.as_ref(),
            })),
            Self::Event(event) => take(Record::Event(event)),
            Self::Connection(connection) => take(Record::Connection(connection)),
            Self::Stats(stats) => take(Record::Stats(stats)),
        }
    }
}
