//! From the octets of a capture to TCP segments.
//!
//! This is the ground floor: it knows headers, link layers and capture formats, and must not know
//! connections. [`Segment`] is all that the floor above sees.
//!
//! A [`Dissector`] takes packets one by one and shows a [`Visitor`] their headers and TCP segments; what it
//! cannot follow to a segment has a [`Skip`], the reason why.
//!
//! ```
//! use fourwave_dissector::{Dissector, FrameId, LinkType, Packet, Segment, Visitor, Zone};
//!
//! struct Flags(Vec<String>);
//!
//! impl Visitor for Flags {
//!     fn segment(&mut self, segment: &Segment<'_>) {
//!         self.0.push(format!("{} > {} {}", segment.src, segment.dst, segment.tcp.flags));
//!     }
//! }
//!
//! let data = [
//!     0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 7, 198, 51, 100, 4, // IPv4
//!     0x01, 0xbb, 0xc3, 0xca, 0, 0, 1, 44, 0, 0, 0, 101, 0x50, 0x11, 0xff, 0xff, 0, 0, 0, 0, // TCP
//! ];
//! let packet = Packet {
//!     at: FrameId::new(0, 1),
//!     time_ns: 0,
//!     link_type: LinkType::RAW,
//!     interface: 0,
//!     fcs_len: 0,
//!     len: 40,
//!     data: &data,
//! };
//! let mut flags = Flags(Vec::new());
//! let outcome = Dissector::new(Zone::Addresses).dissect(&packet, &mut flags);
//! assert_eq!((outcome.segments, outcome.skipped), (1, None));
//! assert_eq!(flags.0, ["192.0.2.7:443 > 198.51.100.4:50122 FIN,ACK"]);
//! ```
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
mod link_type;
pub mod packet;
pub mod segment;
mod short;
mod skip;
mod span;
mod step;
pub mod tcp;
mod tunnel;
mod zone;

pub use checksum::Checksum;
pub use dissect::{Dissector, Outcome, Visitor};
pub use layer::{Layer, LayerKind, Stratum};
pub use link_type::LinkType;
pub use packet::Packet;
pub use segment::{FrameId, Segment};
pub use skip::Skip;
pub use zone::Zone;
