//! What Wireshark looks for in a plugin. It is exported from here because rustc hides the symbols of C objects in a
//! shared library; everything else stands in `shim/`, in C, and calls the C ABI of `fourwave-ffi`.
//!
//! No Rust function is below a function of Wireshark on the stack: its exceptions jump over frames.
#![allow(non_upper_case_globals, reason = "Wireshark gives the names")]

mod command_line;

use core::ffi::{c_char, c_int};
use std::env;

// The functions that the shim calls.
use fourwave as _;

/// The version of the plugin.
#[unsafe(no_mangle)]
pub static plugin_version: [c_char; VERSION.len()] = chars();

/// The version of Wireshark that it was compiled for; another one refuses it.
#[unsafe(no_mangle)]
pub static plugin_want_major: c_int = number(env!("FOURWAVE_WIRESHARK_MAJOR"));

/// Its second part.
#[unsafe(no_mangle)]
pub static plugin_want_minor: c_int = number(env!("FOURWAVE_WIRESHARK_MINOR"));

/// What kind of plugin it is.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_describe() -> u32 {
    const DISSECTOR: u32 = 1; // WS_PLUGIN_DESC_DISSECTOR
    DISSECTOR
}

/// Registers the protocol.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_register() {
    let printed = command_line::printed(env::args_os());
    // SAFETY: a function of the shim that takes a number; Wireshark calls this once, from its main thread.
    unsafe { fourwave_shim_register(printed as u32) }
}

unsafe extern "C" {
    fn fourwave_shim_register(printed: u32);
}

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

const fn chars() -> [c_char; VERSION.len()] {
    let mut chars = [0; VERSION.len()];
    let mut index = 0;
    while index < chars.len() {
        chars[index] = VERSION.as_bytes()[index] as c_char;
        index += 1;
    }
    chars
}

const fn number(digits: &str) -> c_int {
    let mut number = 0;
    let mut rest = digits.as_bytes();
    while let [digit, tail @ ..] = rest {
        number = number * 10 + (*digit - b'0') as c_int;
        rest = tail;
    }
    number
}
