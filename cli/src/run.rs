//! One run: packets of all captures, in order, through dissector and engine to whoever asked for them.

use std::mem;

use fourwave_annotate::{Engine, Observer};
use fourwave_dissector::capture::CaptureError;
use fourwave_dissector::{Checksum, Dissector, Packet, Segment, Visitor, Zone};

use crate::archive::{Archive, Order};
use crate::args::{EngineArgs, Key};
use crate::output::Output;
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

impl Run<'_> {
    /// Reads all captures. What cannot be read is reported and left; the others go on.
    pub fn read(&self, consumer: &mut impl Consumer) -> (End, Tally) {
        let mut feed = Feed {
            engine: Engine::new(self.engine.options()),
            consumer,
            checksums: self.checksums,
            followed: 0,
            most_tracked: 0,
            last_ns: None,
            tally: Tally::default(),
        };
        let mut end = if self.archive.incomplete { End::Damaged } else { End::Complete };
        let mut order = Order::new(self.archive);
        while !self.stop.requested()
            && let Some(first) = order.begin()
        {
            if self.read_series(first, &mut order, &mut feed) == End::Damaged {
                end = End::Damaged;
            }
        }
        if feed.most_tracked >= self.engine.max_connections {
            report::note(&format_args!(
                "{} connections in memory, as many as --max-connections allows: those over or longest silent \
                 may have been pushed out and marked `evicted`",
                feed.most_tracked
            ));
        }
        if let Some(notable) = feed.tally.notable() {
            report::note(&notable);
        }
        (if self.stop.requested() { End::Stopped } else { end }, feed.tally)
    }

    /// Reads a series as one capture, beginning with the input at `first`.
    fn read_series<C: Consumer>(&self, first: usize, order: &mut Order<'_>, feed: &mut Feed<'_, C>) -> End {
        let mut dissector = Dissector::new(self.engine.zone());
        feed.consumer.capture();
        let (mut end, mut is_continued) = (End::Complete, false);
        let mut next = Some(first);
        while !self.stop.requested()
            && let Some(place) = next
        {
            let read = self.read_input(place, &mut dissector, feed);
            next = order.go_on(feed.last_ns.take());
            match read {
                // Where a stop cuts a record in two, the input is not to blame.
                Err(_) if self.stop.requested() => {}
                // The newest file of a rotated capture is cut as a rule, since its capture goes on.
                Err(error) if is_continued && next.is_none() && error.kind.is_truncated() => self.say(|| {
                    report::note(&format_args!(
                        "{error}: the last file of its series, perhaps still being written"
                    ));
                }),
                Err(error) => {
                    self.say(|| report::error(&error));
                    end = End::Damaged;
                }
                Ok(()) => {}
            }
            is_continued = true;
        }
        feed.finish(self.engine);
        end
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

    /// Says something on standard error, after the records that it is about.
    fn say(&self, something: impl FnOnce()) {
        self.output.flush();
        something();
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

impl<C: Consumer> Feed<'_, C> {
    /// Ends a capture. The connections of the next one are numbered on.
    fn finish(&mut self, args: &EngineArgs) {
        let next = Engine::new(args.options()).numbered_from(self.engine.connections());
        mem::replace(&mut self.engine, next).finish(self.consumer);
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
