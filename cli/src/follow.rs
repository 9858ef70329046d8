//! From the segments of captures to what is said of them: an engine for each capture, and whoever asked.

use std::io::Read;
use std::mem;
use std::net::SocketAddr;

use fourwave_annotate::{
    Annotation, Both, Connection, Engine, Evictions, Extract, Observer, Seed, State, TimeWaitExpired,
};
use fourwave_dissector::capture::{Piece, Reader};
use fourwave_dissector::{Dissector, Packet, Segment};

use crate::output::Output;
use crate::problem::Problem;
use crate::run::{FileRead, Run};
use crate::tally::Tally;
use crate::totals::{Endings, Totals};

/// Receives inputs as they are stored. The default methods suit consumers that do not copy them.
pub trait Pieces {
    /// Whether it wants what follows, which stays where it is read otherwise; then it wants packets, too.
    fn wants_pieces(&self) -> bool {
        false
    }

    /// An input begins.
    fn input(&mut self, reader: &Reader) {
        let _ = reader;
    }

    /// A piece of the input, after what is found in its packet.
    fn piece(&mut self, piece: &Piece<'_>) {
        let _ = piece;
    }

    /// What stands behind damage in the input.
    fn rest(&mut self, rest: &mut dyn Read) {
        let _ = rest;
    }
}

/// Takes what a run finds: the observer of its engine.
pub trait Consumer: Observer + Pieces {
    /// Whether it wants to see each packet before what is found in it.
    fn wants_packets(&self) -> bool {
        false
    }

    /// A capture begins, which has nothing to do with those before.
    fn capture(&mut self) {}

    /// A packet comes next.
    fn packet(&mut self, packet: &Packet<'_>) {
        let _ = packet;
    }

    /// Hands on all that it was told of. If it remembers nothing then, another can go on in its place.
    fn settle(&mut self) {}

    /// The connection of the last segment, if it is to be told of as far as it is known.
    fn ended(&mut self) -> Option<Ended> {
        None
    }
}

/// A connection of which somebody wants to know before it is settled. Client and server may be swapped.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Its number.
    pub number: u64,
    /// Its ends.
    pub ends: Both<SocketAddr>,
    /// What sets it apart from others between the same ends.
    pub zone: u64,
}

/// A file of a series was read, or so much of it, and nothing of what follows.
pub struct Milestone {
    /// The file.
    pub file: FileRead,
    /// How far it was read.
    pub reach: Reach,
    /// What became of the packets so far.
    pub tally: Tally,
    /// What reading remembers.
    pub dissector: Dissector,
}

/// How far a file was read.
#[derive(Clone, Copy)]
pub struct Reach {
    /// The number of the last frame.
    pub frame: u64,
    /// More of it follows.
    pub is_inside: bool,
    /// It ends a series of several files.
    pub is_last: bool,
}

impl Milestone {
    /// Inside a file there is one after so many packets.
    pub const PACKETS: u64 = 100_000;
}

/// Keeps what is needed to go on from a milestone.
pub trait Keep {
    /// Takes note of a milestone, and says whether [`Self::keep`] is wanted there.
    fn pass(&mut self, milestone: Milestone, engine: &Engine) -> bool;

    /// Keeps what is known at the last milestone: `connections` were told of, and all that was is in the output.
    fn keep(&mut self, engine: &Engine, connections: u64);
}

/// Takes what is read, in its order.
pub trait Follow: Pieces {
    /// A capture begins.
    fn begin(&mut self);

    /// A packet comes next.
    fn packet(&mut self, packet: &Packet<'_>);

    /// A segment of that packet.
    fn segment(&mut self, segment: &Segment<'_>);

    /// Something was wrong with an input. It is said after all that is said of what came before.
    fn report(&mut self, problem: &Problem);

    /// A file was read as one of a series, or a part of it.
    fn passed(&mut self, milestone: Milestone);

    /// The capture ends.
    fn end(&mut self);
}

/// Follows segments of which there are extracts, perhaps of so many connections that it should be told what comes.
pub trait Crowd: Follow {
    /// There are so many that caches do not hold them.
    fn is_crowded(&self) -> bool;

    /// Whether it wants segments beside their extracts. The answer never changes.
    fn wants_segments(&self) -> bool;

    /// What extracts are to be made with. It stays the same.
    fn seed(&self) -> &Seed;

    /// The extracts of segments that come next.
    fn prefetch<'a>(&self, extracts: impl Iterator<Item = &'a Extract<'static>>);

    /// The extract of a segment, and the segment if it is wanted; it may have lost its options and payload.
    fn extract(&mut self, extract: &Extract<'_>, segment: Option<&Segment<'_>>);
}

/// More connections than this are a crowd: what is known of them takes fourteen megabytes, more than the faster caches hold.
const CROWD: usize = 1 << 15;

/// Follows at once.
pub struct Follower<'a, C> {
    counted: Counted<'a, C>,
    output: &'a Output,
    engine: Engine,
    /// Those that the engine counted before.
    evictions: Evictions,
    keeper: Option<&'a mut (dyn Keep + Send + 'a)>,
    totals: Totals,
}

impl<'a, C: Consumer> Follower<'a, C> {
    /// Tells `consumer` what is found in `run`, going on with `engine` if there is one, and lets `keeper`, if there is
    /// one, keep what others need to go on.
    pub fn new(
        run: &Run<'a>,
        consumer: &'a mut C,
        engine: Option<Engine>,
        keeper: Option<&'a mut (dyn Keep + Send + 'a)>,
    ) -> Self {
        let Run { engine: args, output, counts_endings, .. } = *run;
        let counted = Counted { consumer, counts_endings, endings: Endings::default() };
        let engine = engine.unwrap_or_else(|| Engine::new(args.options()));
        let evictions = engine.evictions();
        Self { counted, output, engine, evictions, keeper, totals: Totals::default() }
    }

    /// What became of connections; what was read, others know.
    pub fn totals(self) -> Totals {
        Totals { endings: self.counted.endings, ..self.totals }
    }
}

impl<C: Consumer> Pieces for Follower<'_, C> {
    fn wants_pieces(&self) -> bool {
        self.counted.consumer.wants_pieces()
    }

    fn input(&mut self, reader: &Reader) {
        self.counted.consumer.input(reader);
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.counted.consumer.piece(piece);
    }

    fn rest(&mut self, rest: &mut dyn Read) {
        self.counted.consumer.rest(rest);
    }
}

impl<C: Consumer> Follow for Follower<'_, C> {
    fn begin(&mut self) {
        self.counted.consumer.capture();
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        self.counted.consumer.packet(packet);
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        self.extract(&Extract::of(segment, self.engine.seed()), Some(segment));
    }

    fn report(&mut self, problem: &Problem) {
        self.output.flush();
        problem.report();
    }

    fn passed(&mut self, milestone: Milestone) {
        if let Some(keeper) = &mut self.keeper
            && keeper.pass(milestone, &self.engine)
        {
            self.counted.consumer.settle();
            keeper.keep(&self.engine, self.counted.endings.connections);
        }
    }

    fn end(&mut self) {
        // The connections of the next one are numbered on.
        let next = self.engine.for_next_capture();
        let Evictions { idle, pushed_out } = self.engine.evictions();
        self.totals.add_evictions(Evictions {
            idle: idle - self.evictions.idle,
            pushed_out: pushed_out - self.evictions.pushed_out,
        });
        self.evictions = Evictions::default();
        mem::replace(&mut self.engine, next).finish(&mut self.counted);
    }
}

impl<C: Consumer> Crowd for Follower<'_, C> {
    fn is_crowded(&self) -> bool {
        self.engine.tracked() > CROWD
    }

    fn wants_segments(&self) -> bool {
        self.counted.wants_segments()
    }

    fn seed(&self) -> &Seed {
        self.engine.seed()
    }

    fn prefetch<'a>(&self, extracts: impl Iterator<Item = &'a Extract<'static>>) {
        self.engine.prefetch(extracts);
    }

    fn extract(&mut self, extract: &Extract<'_>, segment: Option<&Segment<'_>>) {
        self.engine.push_extract(extract, segment, &mut self.counted);
        self.totals.most_tracked = self.totals.most_tracked.max(self.engine.tracked());
        // It counts when it is settled.
        if let Some(Ended { number, ends, zone }) = self.counted.consumer.ended()
            && let Some(connection) = self.engine.so_far(number, ends, zone)
        {
            self.counted.consumer.connection(&connection);
        }
    }
}

/// A consumer, and what became of the connections that it was told of.
struct Counted<'a, C> {
    consumer: &'a mut C,
    counts_endings: bool,
    endings: Endings,
}

impl<C: Observer> Observer for Counted<'_, C> {
    fn wants_segments(&self) -> bool {
        self.consumer.wants_segments()
    }

    fn wants_data(&self) -> bool {
        self.consumer.wants_data()
    }

    fn wants_connections(&self) -> bool {
        self.counts_endings || self.consumer.wants_connections()
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.consumer.segment(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.consumer.revised(segment, annotation);
    }

    fn corrected(
        &mut self,
        segment: &Segment<'_>,
        annotation: &Annotation,
        path_in_frame: &Both<Vec<State>>,
    ) {
        self.consumer.corrected(segment, annotation, path_in_frame);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.consumer.time_wait_expired(event);
    }

    fn connection(&mut self, connection: &Connection) {
        self.endings.add(connection);
        self.consumer.connection(connection);
    }
}
