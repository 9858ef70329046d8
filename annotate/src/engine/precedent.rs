//! Connections that went as others before them, and so ended as those did.
//!
//! Of a connection whose segments are regular ([`fast`]), all or up to a RST, the rules look at little: its [`Shape`]. Numbers, octets, times and packets are only handed on. So they need to judge a shape but once, at a model
//! of it, and what they say of the model is said of the connection with its own packets, times and octets in their place.
//!
//! This file must not know any rule, and nothing of what a rule says but where it names packets, times and octets.

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use core::iter;
use core::net::{IpAddr, Ipv4Addr, SocketAddr};

use foldhash::quality::RandomState;
use fourwave_dissector::FrameId;
use hashbrown::hash_map::{self, HashMap};

use crate::connection::{Connection, TimeWait};
use crate::engine::course::Course;
use crate::engine::journal::{Entries, Journal};
use crate::engine::lease::is_over;
use crate::engine::shape::Shape;
use crate::engine::table::Slot;
use crate::finding::Finding;
use crate::kind::{ClientBasis, Who};
use crate::modifier::ConnectionModifier;
use crate::options::Options;
use crate::rules::close::{Closing, close, cut_off, durations};
use crate::rules::fast;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};
use crate::state::State;

/// Shapes that are remembered, two kilobytes each.
const MOST_SHAPES: usize = 1024;

/// The ends of a model.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// The shapes seen so far; `None` for one whose model is not all regular.
#[derive(Debug, Default)]
pub(crate) struct Precedents(HashMap<Shape, Option<Box<Precedent>>, RandomState>);

/// What the rules say of the model of a shape.
#[derive(Debug)]
struct Precedent {
    model: Connection,
    /// The same, said of the last connection that had the shape. What is not its own stays as it is.
    told: Connection,
}

impl Precedents {
    /// The record of the connection in `slot` with these entries, if its course has a precedent or can be one.
    pub fn tell(&mut self, entries: Entries<'_>, slot: &Slot, closing: &Closing<'_>) -> Option<&Connection> {
        let mut course = Course::new();
        course.take(entries, &closing.options.thresholds)?;
        if let Some((side, at)) = slot.journal().and_then(Journal::expired) {
            course.expire(side, at);
        }
        Some(self.find(&course.shape, closing.options)?.retell(&course, slot, closing))
    }

    /// The TIME-WAITs of a connection with these entries, if its course has a precedent or can be one, and is over.
    pub fn waits(&mut self, entries: Entries<'_>, options: &Options) -> Option<Both<Option<TimeWait>>> {
        let mut course = Course::new();
        course.take(entries, &options.thresholds)?;
        let model = &self.find(&course.shape, options)?.model;
        let states = Both::from_fn(|side| model.end[side].expected);
        let waits = time_waits(model, &course, options);
        // A RST may have ended one.
        let goes_on = |side| waits[side].filter(|_| states[side] == State::TimeWait);
        is_over(&states).then(|| Both::from_fn(goes_on))
    }

    fn find(&mut self, shape: &Shape, options: &Options) -> Option<&mut Precedent> {
        let is_full = self.0.len() >= MOST_SHAPES;
        let precedent = match self.0.entry(*shape) {
            hash_map::Entry::Occupied(known) => known.into_mut(),
            hash_map::Entry::Vacant(_) if is_full => return None,
            hash_map::Entry::Vacant(new) => new.insert(judge(shape, options).map(|model| {
                let told = model.clone();
                Box::new(Precedent { model, told })
            })),
        };
        precedent.as_deref_mut()
    }
}

/// What the rules say of the model of `shape`. `None` if it is not all regular, or if there are durations in what
/// they find: they would be the model's own.
fn judge(shape: &Shape, options: &Options) -> Option<Connection> {
    let mut segments = shape.model();
    let first = segments.next()?;
    let mut incarnation = Incarnation::new(0, 1, ClientBasis::Syn, &first.0, first.1);
    for (arrival, from) in iter::once(first).chain(segments) {
        // A RST in a shape is what its sender sends next.
        if !fast::is_regular(&incarnation, &arrival, from) && !arrival.rst() {
            return None;
        }
        incarnation.step(&arrival, from, None, options);
    }
    if let Some((side, at)) = shape.expired() {
        incarnation.expire(side, Some(at));
    }
    let closing = Closing { now_ns: incarnation.last.time_ns, evicted: false, options };
    let model = close(&incarnation, Both { client: NOWHERE, server: NOWHERE }, &closing);
    let is_told = |finding: &Finding| finding.params.duration_ns.is_none();
    (model.retro.is_empty() && model.findings.iter().all(is_told)).then_some(model)
}

impl Precedent {
    /// What is said of the model, said of the connection in `slot`.
    fn retell(&mut self, course: &Course, slot: &Slot, closing: &Closing<'_>) -> &Connection {
        let Self { model, told } = self;
        let moment = |at: FrameId| course.moment(at.frame());
        told.number = slot.number;
        told.incarnation = slot.count;
        told.addresses = slot.ends.addresses();
        told.client_basis = slot.basis;
        told.first = moment(model.first.at);
        told.last = moment(model.last.at);
        told.modifiers = model.modifiers;
        // The record of the model was written as soon as its last segment was there.
        let unfinished = model.modifiers.contains(ConnectionModifier::TruncatedByEnd);
        told.modifiers.remove(ConnectionModifier::TruncatedByEnd);
        if let Some(modifier) = cut_off(unfinished, told.last.time_ns, closing) {
            told.modifiers.insert(modifier);
        }
        told.bytes = course.bytes;
        for file in told.files.iter_mut() {
            *file = told.first.at.file();
        }
        told.waves = model.waves.map(|wave| wave.map(|wave| moment(wave.at)));
        for (reset, model) in told.resets.iter_mut().zip(&model.resets) {
            reset.at = moment(model.at).at;
        }
        let resets = model.resets.iter().map(|reset| moment(reset.at).time_ns);
        let has_dwell = model.initiator.peer != Some(Who::Both) && !model.close_wait_merged;
        told.durations = durations(&told.waves, has_dwell, resets);
        told.time_wait = time_waits(model, course, closing.options);
        told.half_close_bytes = course.octets(model.half_close_bytes);
        for side in [Side::Client, Side::Server] {
            for (step, model) in told.path[side].iter_mut().zip(&model.path[side]) {
                step.at = model.at.map(|at| moment(at).at);
            }
        }
        for (finding, model) in told.findings.iter_mut().zip(&model.findings) {
            for (at, model) in finding.frames.iter_mut().zip(&model.frames) {
                *at = moment(*model).at;
            }
            finding.params.octets = model.params.octets.map(|octets| course.octets(octets));
        }
        told
    }
}

/// The TIME-WAITs of the model, in `course`.
fn time_waits(model: &Connection, course: &Course, options: &Options) -> Both<Option<TimeWait>> {
    Both::from_fn(|side| {
        let from_ns = course.moment(model.time_wait[side]?.from_ns.cast_unsigned()).time_ns;
        Some(TimeWait { from_ns, until_ns: from_ns.saturating_add(options.two_msl_ns) })
    })
}
