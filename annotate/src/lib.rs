//! How TCP connections end, segment by segment.
#![no_std]

extern crate alloc;

mod annotation;
mod arrival;
mod clock;
mod close;
mod code;
mod connection;
mod decide;
mod engine;
mod evidence;
mod finding;
mod findings;
mod hindsight;
mod incarnation;
mod kind;
pub mod lang;
mod modifier;
mod next;
mod options;
mod path;
mod peer;
mod reading;
mod record;
mod role;
mod seq;
mod side;
mod state;
mod table;
mod update;

pub use annotation::{Annotation, Duties, Duty, TimeWaitExpired};
pub use code::{Code, Set};
pub use connection::{Connection, Durations, Moment, Reset, ResetForm, Retro, Revision, Step, TimeWait};
pub use engine::{Engine, Observer};
pub use finding::{
    Finding, FindingId, FindingSet, InjectionEvidence, Params, ReuseOutcome, Severity, VantageLimit,
};
pub use hindsight::Hindsight;
pub use kind::{By, Certainty, ClientBasis, Initiator, Kind, Who};
pub use lang::Lang;
pub use modifier::{ConnectionModifier, Modifier, Modifiers};
pub use next::{Cause, Next, On};
pub use options::{Idle, Options, Profile, SECOND, Threshold, Thresholds, Unit};
pub use record::{
    Column, ConnectionRecord, Context, EventRecord, Fields, Key, RecordKind, Schema, SegmentRecord, Shape,
    UnknownField,
};
pub use role::{Role, Wave, Waves};
pub use seq::Seq;
pub use side::{Both, Side};
pub use state::{Bounds, Change, Knowledge, State};
