//! How TCP connections end, segment by segment.
//!
//! An [`Engine`] takes in the [`Segment`](fourwave_dissector::Segment)s of a capture in their order and tells an
//! [`Observer`] of each what it does to the end of its connection (its [`Role`] and [`Waves`]), in which states of
//! RFC 9293 both peers were and are ([`Bounds`]: what is proved, and what is expected), and, when a connection is
//! over, who closed it, how, and what was wrong ([`Connection`]). It does no I/O and reads no clock: time comes with
//! the segments.
//!
//! ```
//! use fourwave_annotate::{Annotation, Code, Engine, Observer, Options};
//! use fourwave_dissector::{FrameId, Segment, tcp};
//!
//! struct Print(Vec<String>);
//!
//! impl Observer for Print {
//!     fn segment(&mut self, _: &Segment<'_>, annotation: &Annotation) {
//!         let server = annotation.peers.server.after;
//!         self.0.push(format!("{}: server {} / {}", annotation.role, server.confirmed, server.expected));
//!     }
//! }
//!
//! // A capture that begins with the FIN of 192.0.2.7 and shows its acknowledgment.
//! let mut print = Print(Vec::new());
//! let mut engine = Engine::new(Options::default());
//! for (frame, octets, src, dst) in [
//!     (1, [1, 187, 195, 202, 0, 0, 1, 44, 0, 0, 0, 100, 80, 17, 255, 255, 0, 0, 0, 0], "192.0.2.7:443", "198.51.100.4:50122"),
//!     (2, [195, 202, 1, 187, 0, 0, 0, 100, 0, 0, 1, 45, 80, 16, 255, 255, 0, 0, 0, 0], "198.51.100.4:50122", "192.0.2.7:443"),
//! ] {
//!     let segment = Segment {
//!         at: FrameId::new(0, frame),
//!         layer: 0,
//!         time_ns: 1_000_000 * frame as i64,
//!         zone: 0,
//!         in_packet: true,
//!         src: src.parse()?,
//!         dst: dst.parse()?,
//!         ttl: 64,
//!         ip_id: None,
//!         tcp: tcp::Header::parse(&octets)?,
//!         len: 0,
//!         payload: &[],
//!     };
//!     engine.push(&segment, &mut print);
//! }
//! engine.finish(&mut print);
//! assert_eq!(print.0, ["fin-1: server FIN-WAIT-1 / FIN-WAIT-1", "ack-of-fin-1: server FIN-WAIT-1 / FIN-WAIT-2"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`SegmentRecord`], [`EventRecord`] and [`ConnectionRecord`] serialise what the engine says; [`lang`] says it in
//! English and Chinese; [`Hindsight`] holds annotations back until no later segment can change them.
#![no_std]

extern crate alloc;

mod annotation;
mod code;
mod connection;
#[cfg(test)]
mod conversation;
mod engine;
mod finding;
mod harmless;
mod hindsight;
mod json;
mod kind;
pub mod lang;
mod list;
mod modifier;
mod next;
mod observer;
mod options;
mod recall;
mod record;
mod role;
mod rules;
mod seq;
mod side;
mod state;

pub use annotation::{Annotation, Duties, Duty, TimeWaitExpired};
pub use code::{Code, Set};
pub use connection::{Connection, Durations, Moment, Reset, ResetForm, Retro, Revision, Step, TimeWait};
pub use engine::ends::Seed;
pub use engine::{Engine, Evictions, Extract};
pub use finding::{
    Finding, FindingId, FindingSet, InjectionEvidence, Params, Raised, ReuseOutcome, Severity, VantageLimit,
};
pub use harmless::{harmless, is_harmful};
pub use hindsight::Hindsight;
pub use kind::{By, Certainty, ClientBasis, Initiator, Kind, Who};
pub use lang::Lang;
pub use list::List;
pub use modifier::{ConnectionModifier, Modifier, Modifiers};
pub use next::{Cause, Next, On};
pub use observer::Observer;
pub use options::{Idle, Options, Profile, SECOND, Threshold, ThresholdError, Thresholds, Unit};
pub use recall::{Recall, Recalled};
pub use record::{
    Column, Common, ConnectionRecord, Context, EventRecord, Fields, Key, RecordKind, Schema, SegmentRecord,
    Shape, UnknownField,
};
pub use role::{Role, Wave, Waves};
pub use seq::Seq;
pub use side::{Both, Side};
pub use state::{Bounds, Change, State};
