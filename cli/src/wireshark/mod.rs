//! The plugin for Wireshark from the outside: which Wireshark is installed, what is needed to build for it, where it
//! looks, and why it may not find or load what is there.
//!
//! These files know folders and programs; what the plugin shows, they must not know.

mod copies;
mod doctor;
mod elf;
mod folders;
mod headers;
mod place;
mod profile;
mod program;
mod series;
mod toolchain;
pub mod words;

pub use copies::PLUGIN_FILE;
pub use doctor::{Check, Verdict, examine};
pub use elf::wanted_series;
pub use folders::Folders;
pub use place::place;
pub use profile::{Outcome, install as install_profile};
pub use program::Program;
pub use series::Series;
pub use toolchain::{Missing, Toolchain};
