//! The rules: what a segment does to one connection, and what a connection comes to (SPEC 3 to 5, 7, 8 and 10; RFC 9293
//! sections 3.6 and 3.10.7).
//!
//! | File | What |
//! |---|---|
//! | `arrival`, `reading` | a segment; the segment against the facts |
//! | `incarnation`, `unusual` | the facts of one connection, and the steps of a segment; those that only some have |
//! | `peer`, `rare` | the facts of one peer; those that few have |
//! | `sent`, `recent` | how far a peer has sent, and what is missing; what is kept of its last segments |
//! | `decide`, `refers`, `update` | the decision list; the earlier segments that one refers to; what it changes |
//! | `fast` | the short way of most segments, which a test holds equal to those three |
//! | `close`, `path` | the result of a connection; each peer's path with hindsight |
//! | `evidence`, `findings` | what findings rest on; one file a finding |
//!
//! They must not know that there are other connections, how a connection waits in memory, or what records look like.

pub(crate) mod arrival;
pub(crate) mod close;
mod decide;
mod evidence;
pub(crate) mod fast;
pub(crate) mod findings;
pub(crate) mod incarnation;
mod path;
pub(crate) mod peer;
mod rare;
pub(crate) mod reading;
mod recent;
mod refers;
mod sent;
pub(crate) mod unusual;
mod update;
