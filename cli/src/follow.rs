//! From the segments of captures to what is said of them: an engine for each capture, and whoever asked.

use std::mem;

use fourwave_annotate::{Engine, Observer};
use fourwave_dissector::{Packet, Segment};

use crate::args::EngineArgs;
use crate::output::Output;
use crate::problem::Problem;

/// Takes what a run finds: the observer of its engine.
pub trait Consumer: Observer {
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
}

/// Takes what is read, in its order.
pub trait Follow {
    /// A capture begins.
    fn begin(&mut self);

    /// A packet comes next.
    fn packet(&mut self, packet: &Packet<'_>);

    /// A segment of that packet.
    fn segment(&mut self, segment: &Segment<'_>);

    /// Something was wrong with an input. It is said after all that is said of what came before.
    fn report(&mut self, problem: &Problem);

    /// The capture ends.
    fn end(&mut self);
}

/// Follows at once.
pub struct Follower<'a, C> {
    args: &'a EngineArgs,
    consumer: &'a mut C,
    output: &'a Output,
    engine: Engine,
    most_tracked: usize,
}

impl<'a, C: Consumer> Follower<'a, C> {
    /// Tells `consumer`, whose records go to `output`.
    pub fn new(args: &'a EngineArgs, consumer: &'a mut C, output: &'a Output) -> Self {
        Self { args, consumer, output, engine: Engine::new(args.options()), most_tracked: 0 }
    }

    /// Connections that were numbered.
    pub const fn connections(&self) -> u64 {
        self.engine.connections()
    }

    /// The most connections that were in memory at once.
    pub const fn most_tracked(&self) -> usize {
        self.most_tracked
    }
}

impl<C: Consumer> Follow for Follower<'_, C> {
    fn begin(&mut self) {
        self.consumer.capture();
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        self.consumer.packet(packet);
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        self.engine.push(segment, self.consumer);
        self.most_tracked = self.most_tracked.max(self.engine.tracked());
    }

    fn report(&mut self, problem: &Problem) {
        self.output.flush();
        problem.report();
    }

    fn end(&mut self) {
        // The connections of the next one are numbered on.
        let next = Engine::new(self.args.options()).numbered_from(self.engine.connections());
        mem::replace(&mut self.engine, next).finish(self.consumer);
    }
}
