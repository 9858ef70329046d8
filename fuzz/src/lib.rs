//! What must hold whatever octets come: as a capture file, as packets, as what hosts send each other.
//!
//! Each function takes any octets, and panics if something does not hold. A fuzzer, which sees what code runs, can try one
//! for hours (`targets/`; CONTRIBUTING.md says how). The tests here try random octets for a moment, on every change.

mod capture;
mod connections;
mod packets;
mod script;

pub use capture::capture;
pub use connections::connections;
pub use packets::packets;
