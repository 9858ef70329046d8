//! Reading ahead: one thread reads and dissects, another follows what it finds. What comes out is the same.
//!
//! Between them go batches of segments, with those of their octets that the engine may look at. Empty batches come back,
//! so that nothing is allocated once all are on their way.

use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use fourwave_dissector::tcp::{self, Flags};
use fourwave_dissector::{Packet, Segment};

use crate::follow::{Follow, Milestone, Pieces};
use crate::problem::Problem;

/// Segments of one batch: few enough to stay in a cache until they are followed.
const BATCH: usize = 512;
/// Batches on their way.
const BATCHES: usize = 8;

/// Where the reading thread puts what it finds.
pub struct Ahead {
    batch: Batch,
    full: SyncSender<Batch>,
    empty: Receiver<Batch>,
}

/// Where the following thread takes it from.
pub struct Behind {
    full: Receiver<Batch>,
    empty: SyncSender<Batch>,
}

/// The two ends of the way from one thread to the other. It ends when the first is dropped.
#[must_use]
pub fn way() -> (Ahead, Behind) {
    let (full, from) = sync_channel(BATCHES);
    let (back, empty) = sync_channel(BATCHES + 1);
    (Ahead { batch: Batch::default(), full, empty }, Behind { full: from, empty: back })
}

/// Things found, in their order.
#[derive(Default)]
struct Batch {
    found: Vec<Found>,
    /// The options of all segments, and the payloads that are kept, in the same order.
    octets: Vec<u8>,
}

enum Found {
    Begin,
    /// A segment, and how many octets of options and of payload are its own.
    Segment(Segment<'static>, usize, usize),
    Problem(Problem),
    Passed(Box<Milestone>),
    End,
}

impl Ahead {
    fn add(&mut self, found: Found) {
        self.batch.found.push(found);
        if self.batch.found.len() >= BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        let next = self.empty.try_recv().unwrap_or_default();
        // Nobody receives any more if the following thread has panicked; then that is what is seen.
        let _ = self.full.send(mem::replace(&mut self.batch, next));
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.send();
    }
}

/// Pieces stay here as packets do.
impl Pieces for Ahead {}

impl Follow for Ahead {
    fn begin(&mut self) {
        self.add(Found::Begin);
    }

    /// Packets stay here: who wants them follows at once.
    fn packet(&mut self, _: &Packet<'_>) {}

    fn segment(&mut self, segment: &Segment<'_>) {
        let options = segment.tcp.options;
        // Only the text of a RST is ever looked at.
        let payload = if segment.tcp.flags.contains(Flags::RST) { segment.payload } else { &[] };
        self.batch.octets.extend_from_slice(options);
        self.batch.octets.extend_from_slice(payload);
        let tcp = tcp::Header { options: &[], ..segment.tcp };
        self.add(Found::Segment(Segment { tcp, payload: &[], ..*segment }, options.len(), payload.len()));
    }

    fn report(&mut self, problem: &Problem) {
        self.add(Found::Problem(problem.clone()));
    }

    fn passed(&mut self, milestone: Milestone) {
        self.add(Found::Passed(Box::new(milestone)));
    }

    fn end(&mut self) {
        self.add(Found::End);
    }
}

impl Behind {
    /// Hands everything to `follower` until the way ends.
    pub fn follow(self, follower: &mut impl Follow) {
        for mut batch in self.full {
            let mut octets = batch.octets.as_slice();
            for found in batch.found.drain(..) {
                match found {
                    Found::Begin => follower.begin(),
                    Found::Segment(segment, options, payload) => {
                        let (options, rest) = octets.split_at(options);
                        let (payload, rest) = rest.split_at(payload);
                        octets = rest;
                        let tcp = tcp::Header { options, ..segment.tcp };
                        follower.segment(&Segment { tcp, payload, ..segment });
                    }
                    Found::Problem(problem) => follower.report(&problem),
                    Found::Passed(milestone) => follower.passed(*milestone),
                    Found::End => follower.end(),
                }
            }
            batch.octets.clear();
            // Who reads may have ended.
            let _ = self.empty.try_send(batch);
        }
    }
}
