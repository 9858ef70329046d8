//! fourwave for C: the annotation engine behind a C ABI, and nothing of its own.
//!
//! Every function begins with `fourwave_` and is described in `include/fourwave.h`, which is made from this source.
//! The rules of the house:
//!
//! - Handles are opaque, belong to the caller from `_new` to `_free`, and know nothing of each other. There is no
//!   global state.
//! - A function that can fail returns a [`fourwave_status`]; results come through pointers. No panic leaves it.
//! - Structures carry their size, so that fields can be added at their end.
//! - Codes and numbers never change; they are only added.
//!
//! It must not know any rule of TCP. `unsafe` lives here and nowhere else: what is done with foreign pointers stands in
//! `guard.rs`.
#![allow(non_camel_case_types, reason = "types that C sees are spelled as C spells them")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller must keep to is the same for all and stands in the header"
)]

mod annotation;
mod connection;
mod engine;
mod guard;
pub mod header;
mod heard;
mod input;
mod options;
mod status;
mod words;

pub use annotation::{fourwave_annotation, fourwave_bounds, fourwave_change, fourwave_timer};
pub use connection::{
    fourwave_connection, fourwave_endpoint, fourwave_evidence, fourwave_finding, fourwave_moment,
    fourwave_reset, fourwave_step, fourwave_summary,
};
pub use engine::fourwave_engine;
pub use heard::fourwave_news;
pub use input::{fourwave_packet, fourwave_segment};
pub use options::fourwave_options;
pub use status::fourwave_status;
pub use words::fourwave_next;

/// The version of this interface: goes up when something that worked would no longer work. A caller that was
/// compiled against another version must not go on.
pub const FOURWAVE_ABI_VERSION: u32 = 1;

/// FOURWAVE_ABI_VERSION of the library that was loaded.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_abi_version() -> u32 {
    FOURWAVE_ABI_VERSION
}

/// The version of the library, such as "0.1.0". Static.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_version() -> *const core::ffi::c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
