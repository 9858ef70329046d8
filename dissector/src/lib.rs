//! From the octets of a capture to TCP segments.
//!
//! This is the ground floor: it knows headers, link layers and capture formats, and must not know
//! connections. [`Segment`] is all that the floor above sees.
#![cfg_attr(not(feature = "capture"), no_std)]

extern crate alloc;

#[cfg(feature = "capture")]
pub mod capture;
mod checksum;
mod dissect;
pub mod fields;
mod fragment;
mod ip;
mod layer;
mod link;
pub mod packet;
pub mod segment;
mod skip;
mod span;
mod step;
pub mod tcp;
mod tunnel;
mod zone;

pub use checksum::Checksum;
pub use dissect::{Dissector, Outcome, Visitor};
pub use layer::{Layer, LayerKind};
pub use packet::{LinkType, Packet};
pub use segment::{FrameId, Segment};
pub use skip::Skip;
pub use zone::Zone;
