//! One run: packets of all inputs, in order, through dissector and engine to whoever asked for them.

use fourwave_annotate::{Engine, Observer};
use fourwave_dissector::{Checksum, Dissector, Packet, Segment, Visitor, Zone};

use crate::args::{EngineArgs, Key};
use crate::input::Inputs;
use crate::output::Output;
use crate::report;
use crate::stop::Stop;
use crate::tally::{Reason, Tally};

/// Takes what a run finds: the observer of its engine, who also sees each packet before what is found in it.
pub trait Consumer: Observer {
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
    pub inputs: &'a Inputs,
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
    /// Reads all inputs as one capture. What cannot be read is reported and left; the other inputs go on.
    pub fn read(&self, consumer: &mut impl Consumer) -> (End, Tally) {
        let mut dissector = Dissector::new(self.engine.zone());
        let mut feed = Feed {
            engine: Engine::new(self.engine.options()),
            consumer,
            checksums: self.checksums,
            followed: 0,
            most_tracked: 0,
            tally: Tally::default(),
        };
        let mut end = if self.inputs.incomplete { End::Damaged } else { End::Complete };
        for place in 0..self.inputs.len() {
            if self.stop.requested() {
                break;
            }
            if self.read_input(place, &mut dissector, &mut feed).is_err() {
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
        feed.engine.finish(feed.consumer);
        if let Some(notable) = feed.tally.notable() {
            report::note(&notable);
        }
        (if self.stop.requested() { End::Stopped } else { end }, feed.tally)
    }

    /// Reads one input; `Err` when not to its end, after saying so.
    fn read_input<C: Consumer>(
        &self,
        place: usize,
        dissector: &mut Dissector,
        feed: &mut Feed<'_, C>,
    ) -> Result<(), ()> {
        let read = self.inputs.open(place, self.output, self.stop).and_then(|mut reader| {
            while !self.stop.requested() {
                match reader.next()? {
                    Some(packet) => feed.packet(dissector, &packet),
                    None => break,
                }
            }
            Ok(())
        });
        match read {
            // Where a stop cuts a record in two, the input is not to blame.
            Err(error) if !self.stop.requested() => {
                self.output.flush();
                report::error(&error);
                Err(())
            }
            Ok(()) | Err(_) => Ok(()),
        }
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
    tally: Tally,
}

impl<C: Consumer> Feed<'_, C> {
    fn packet(&mut self, dissector: &mut Dissector, packet: &Packet<'_>) {
        self.consumer.packet(packet);
        self.followed = 0;
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
