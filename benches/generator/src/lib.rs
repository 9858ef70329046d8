//! Captures of TCP connections whose endings are known beforehand.
//!
//! A connection is a script: who sends which segment when, and what part it plays. The packets are made from the
//! script, and so is the truth about them, which a [`Witness`] gets: nothing is ever read back from the packets. The
//! same [`Plan`] makes the same octets, on any machine.
//!
//! This crate writes headers, checksums and capture formats itself and depends on nothing, so that it can be held
//! against a program without sharing its errors.

mod address;
mod capture;
mod connection;
mod packet;
mod payload;
mod plan;
mod profiles;
mod random;
mod script;
mod stage;
mod truth;

pub use address::Ends;
pub use capture::{Format, Precision};
pub use plan::{Plan, Profile};
pub use script::{Ending, Part, Peer};
pub use truth::{Closed, Frame, Nobody, Totals, Witness};

use std::io::{self, Write};

/// Writes the capture of `plan` to `out` and tells `witness` what is in it.
///
/// # Errors
/// What `out` or `witness` cannot do.
pub fn generate(plan: &Plan, out: impl Write, witness: &mut dyn Witness) -> io::Result<Totals> {
    profiles::play(plan, out, witness)
}
