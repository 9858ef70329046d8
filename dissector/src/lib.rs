//! From the octets of a capture to TCP segments.
//!
//! This is the ground floor: it knows headers, link layers and capture formats, and must not know
//! connections. [`Segment`] is all that the floor above sees.
#![cfg_attr(not(feature = "capture"), no_std)]

extern crate alloc;

#[cfg(feature = "capture")]
pub mod capture;
pub mod packet;
pub mod segment;
pub mod tcp;

pub use packet::{LinkType, Packet};
pub use segment::{FrameId, Segment};
