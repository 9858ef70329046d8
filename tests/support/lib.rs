//! What the tests of the whole are made of: flow scripts and what becomes of them.
//!
//! One script, many paths: segments for the engine ([`run`]), a capture for the program and for tshark
//! ([`capture`]), a ladder to read ([`ladder`]), the lines of the specification's worked examples ([`spec`]).

pub mod capture;
pub mod flow;
mod notation;
