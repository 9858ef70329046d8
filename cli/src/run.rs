//! One run: packets of all captures, in order, through dissector and engine to whoever asked for them.

use std::mem;

use fourwave_annotate::{Engine, Observer};
use fourwave_dissector::capture::CaptureError;
use fourwave_dissector::{Checksum, Dissector, Packet, Segment, Visitor, Zone};

use crate::archive::{Archive, Identity, Order};
use crate::args::{EngineArgs, Key};
use crate::output::Output;
use crate::problem::Problem;
use crate::report;
use crate::stop::Stop;
use crate::tally::{Reason, Tally};

/// Takes what a run finds: the observer of its engine, who also sees each packet before what is found in it.
pub trait Consumer: Observer {
    /// A capture begins, which has nothing to do with those before.
    fn capture(&mut self) {}

    /// A packet comes next.
    fn packet(&mut self, packet: &Packet<'_>) {
        let _ = packet;
    }
}

/// What is done about checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksums {
    /// They are not looked at.
    Unread,
    /// Wrong ones are counted.
    Counted,
    /// Wrong ones are counted, and their segments left out.
    Required,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was read.
    Complete,
    /// Something could not be read to its end; the message is out.
    Damaged,
    /// Somebody stopped it.
    Stopped,
}

/// Everything that a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// What to read.
    pub archive: &'a Archive,
    /// How to read it.
    pub engine: &'a EngineArgs,
    /// What to do about checksums.
    pub checksums: Checksums,
    /// What is flushed before waiting.
    pub output: &'a Output,
    /// Ends the run early.
    pub stop: &'a Stop,
}

/// What a command is to read.
pub enum Reading<'a, 'o> {
    /// All captures.
    All(Run<'a>),
    /// One series: the place of its first file, and the order of what follows.
    Series(Run<'a>, usize, &'a mut Order<'o>),
}

/// What was read.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// What became of its packets.
    pub tally: Tally,
    /// Connections that were numbered.
    pub connections: u64,
    /// Most connections that were in memory at once.
    pub most_tracked: usize,
    /// The files of a series that was read alone, in the order in which they were read.
    pub files: Vec<FileRead>,
}

/// A file that was read.
#[derive(Debug)]
pub struct FileRead {
    /// Its place.
    pub place: usize,
    /// What it was when its reading began, if it can be told.
    pub identity: Option<Identity>,
    /// The time of its last packet that has one.
    pub last_ns: Option<i64>,
    /// What was wrong with it; the message is out.
    pub problem: Option<Problem>,
}

impl Reading<'_, '_> {
    /// Reads. What cannot be read is reported and left; the rest goes on.
    pub fn read(self, consumer: &mut impl Consumer) -> Outcome {
        match self {
            Self::All(run) => run.read(consumer),
            Self::Series(run, first, order) => {
                let mut feed = Feed::new(&run, consumer);
                let mut files = Vec::new();
                run.read_series(first, order, &mut feed, |file| files.push(file), true);
                let is_damaged = files.iter().flat_map(|file| &file.problem).any(Problem::is_damage);
                feed.outcome(&run, is_damaged, files)
            }
        }
    }
}

impl Run<'_> {
    /// Reads all captures. What cannot be read is reported and left; the others go on.
    pub fn read(&self, consumer: &mut impl Consumer) -> Outcome {
        let mut feed = Feed::new(self, consumer);
        let mut is_damaged = self.archive.incomplete;
        let mut order = Order::new(self.archive);
        while !self.stop.requested()
            && let Some(first) = order.begin()
        {
            let tell = |file: FileRead| is_damaged |= file.problem.is_some_and(|problem| problem.is_damage());
            self.read_series(first, &mut order, &mut feed, tell, false);
        }
        let outcome = feed.outcome(self, is_damaged, Vec::new());
        note(&outcome.tally, outcome.most_tracked, self.engine);
        outcome
    }

    /// Reads a series as one capture, beginning with the input at `first`, and tells of each file; what it is, if
    /// it is to be recognised later.
    fn read_series<C: Consumer>(
        &self,
        first: usize,
        order: &mut Order<'_>,
        feed: &mut Feed<'_, C>,
        mut tell: impl FnMut(FileRead),
        recognise: bool,
    ) {
        let mut dissector = Dissector::new(self.engine.zone());
        feed.consumer.capture();
        let mut next = Some(first);
        while !self.stop.requested()
            && let Some(place) = next
        {
            // Before it is read: if it grows meanwhile, it will not be taken for what was read.
            let identity = if recognise { self.archive.identity(place) } else { None };
            let read = self.read_input(place, &mut dissector, feed);
            let last_ns = feed.last_ns.take();
            next = order.go_on(last_ns);
            let is_last = place != first && next.is_none();
            // Where a stop cuts a record in two, the input is not to blame.
            let error = read.err().filter(|_| !self.stop.requested());
            let problem = error.map(|error| Problem::new(&error, is_last));
            if let Some(problem) = &problem {
                self.output.flush();
                problem.report();
            }
            tell(FileRead { place, identity, last_ns, problem });
        }
        feed.finish(self.engine);
    }

    /// Reads one input.
    fn read_input<C: Consumer>(
        &self,
        place: usize,
        dissector: &mut Dissector,
        feed: &mut Feed<'_, C>,
    ) -> Result<(), CaptureError> {
        let mut reader = self.archive.open(place, self.output, self.stop)?;
        while !self.stop.requested()
            && let Some(packet) = reader.next()?
        {
            feed.packet(dissector, &packet);
        }
        Ok(())
    }
}

/// Says what the reader of the records should know about what was left out of them.
pub fn note(tally: &Tally, most_tracked: usize, engine: &EngineArgs) {
    if most_tracked >= engine.max_connections {
        report::note(&format_args!(
            "{most_tracked} connections in memory, as many as --max-connections allows: those over or longest silent \
             may have been pushed out and marked `evicted`"
        ));
    }
    if let Some(notable) = tally.notable() {
        report::note(&notable);
    }
}

impl EngineArgs {
    /// What is done about checksums where nobody asks for their number.
    #[must_use]
    pub fn checksums(&self) -> Checksums {
        if self.verify_checksums { Checksums::Required } else { Checksums::Unread }
    }

    fn zone(&self) -> Zone {
        match self.key {
            Key::Addresses => Zone::Addresses,
            Key::Vlan => Zone::Vlan,
            Key::Tunnel => Zone::Tunnel,
        }
    }
}

/// Hands the segments of a packet to the engine.
struct Feed<'a, C> {
    engine: Engine,
    consumer: &'a mut C,
    checksums: Checksums,
    /// Segments of the current packet that were followed.
    followed: u32,
    /// Most connections that were in memory at once.
    most_tracked: usize,
    /// The time of the last packet that has one.
    last_ns: Option<i64>,
    tally: Tally,
}

impl<'a, C: Consumer> Feed<'a, C> {
    fn new(run: &Run<'_>, consumer: &'a mut C) -> Self {
        Self {
            engine: Engine::new(run.engine.options()),
            consumer,
            checksums: run.checksums,
            followed: 0,
            most_tracked: 0,
            last_ns: None,
            tally: Tally::default(),
        }
    }

    /// Ends a capture. The connections of the next one are numbered on.
    fn finish(&mut self, args: &EngineArgs) {
        let next = Engine::new(args.options()).numbered_from(self.engine.connections());
        mem::replace(&mut self.engine, next).finish(self.consumer);
    }

    fn outcome(self, run: &Run<'_>, is_damaged: bool, files: Vec<FileRead>) -> Outcome {
        let end = match is_damaged {
            _ if run.stop.requested() => End::Stopped,
            true => End::Damaged,
            false => End::Complete,
        };
        let (connections, most_tracked) = (self.engine.connections(), self.most_tracked);
        Outcome { end, tally: self.tally, connections, most_tracked, files }
    }

    fn packet(&mut self, dissector: &mut Dissector, packet: &Packet<'_>) {
        self.consumer.packet(packet);
        self.followed = 0;
        if packet.time_ns != 0 {
            self.last_ns = Some(packet.time_ns);
        }
        let outcome = dissector.dissect(packet, self);
        self.tally.packets += 1;
        match outcome.skipped {
            _ if self.followed > 0 => self.tally.with_segments += 1,
            Some(skip) if outcome.segments == 0 => self.tally.skipped.add(Reason::NoSegment(skip)),
            Some(_) | None => self.tally.skipped.add(Reason::Checksum),
        }
    }

    fn wanted(&mut self, segment: &Segment<'_>) -> bool {
        if self.checksums == Checksums::Unread || segment.checksum() != Checksum::Bad {
            return true;
        }
        self.tally.bad_checksums += 1;
        self.checksums == Checksums::Counted
    }
}

impl<C: Consumer> Visitor for Feed<'_, C> {
    fn segment(&mut self, segment: &Segment<'_>) {
        if self.wanted(segment) {
            self.followed += 1;
            self.tally.segments += 1;
            self.engine.push(segment, self.consumer);
            self.most_tracked = self.most_tracked.max(self.engine.tracked());
        }
    }
}
