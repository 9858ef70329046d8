//! The TCP header (RFC 9293 section 3.1) and its options.
//!
//! Parsed with nom from what was captured. Knows nothing of IP, of the order of segments, or of connections.

mod flags;
mod header;
mod mptcp;
mod option;

pub use flags::Flags;
pub use header::{Header, HeaderError, HeaderFault};
pub use mptcp::{DataSequence, Mapping, Mptcp, ResetReason};
pub use option::{BadOption, Options, SackBlocks, TcpOption, Why};
