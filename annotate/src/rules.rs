//! The rules: what a segment does to one connection, and what a connection comes to (SPEC 3 to 5, 7, 8 and 10; RFC 9293
//! sections 3.6 and 3.10.7).
//!
//! | File | What |
//! |---|---|
//! | `arrival`, `reading` | a segment; the segment against the facts |
//! | `incarnation`, `unusual` | the facts of one connection, and the steps of a segment; those that only some have |
//! | `peer`, `rare` | the facts of one peer; those that few have |
//! | `sent`, `recent` | how far a peer has sent, and what is missing; what is kept of its last segments |
//! | `decide`, `refers` | the decision list; the earlier segments that one refers to |
//! | `update`, `inference`, `octets` | what a segment changes; a FIN that was not seen; octets that are new |
//! | `fast` | the short way of most segments, held equal to the long one by a test |
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
mod inference;
mod octets;
mod path;
pub(crate) mod peer;
mod rare;
pub(crate) mod reading;
mod recent;
mod refers;
mod sent;
pub(crate) mod unusual;
mod update;
