//! From the segments of captures to what is said of them: an engine for each capture, and whoever asked.

use std::mem;

use fourwave_annotate::{Annotation, Both, Connection, Engine, Observer, State, TimeWaitExpired};
use fourwave_dissector::{Packet, Segment};

use crate::args::EngineArgs;
use crate::output::Output;
use crate::problem::Problem;
use crate::run::Run;
use crate::totals::{Endings, Totals};

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
    counted: Counted<'a, C>,
    output: &'a Output,
    engine: Engine,
    totals: Totals,
}

impl<'a, C: Consumer> Follower<'a, C> {
    /// Tells `consumer` what is found in `run`.
    pub fn new(run: &Run<'a>, consumer: &'a mut C) -> Self {
        let Run { engine: args, output, counts_endings, .. } = *run;
        let counted = Counted { consumer, counts_endings, endings: Endings::default() };
        Self { args, counted, output, engine: Engine::new(args.options()), totals: Totals::default() }
    }

    /// What became of connections; what was read, others know.
    pub fn totals(self) -> Totals {
        Totals { endings: self.counted.endings, ..self.totals }
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
        self.engine.push(segment, &mut self.counted);
        self.totals.most_tracked = self.totals.most_tracked.max(self.engine.tracked());
    }

    fn report(&mut self, problem: &Problem) {
        self.output.flush();
        problem.report();
    }

    fn end(&mut self) {
        // The connections of the next one are numbered on.
        let next = Engine::new(self.args.options()).numbered_from(self.engine.connections());
        self.totals.add_evictions(self.engine.evictions());
        mem::replace(&mut self.engine, next).finish(&mut self.counted);
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
