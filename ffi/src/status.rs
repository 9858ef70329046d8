//! What a function returns: numbers that are only ever added, and their texts.

use core::ffi::{CStr, c_char};

/// How a call ended. Numbers never change; new ones may come.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fourwave_status {
    /// All went well.
    FOURWAVE_OK = 0,
    /// A pointer that must not be NULL is NULL.
    FOURWAVE_NULL = 1,
    /// A struct_size is smaller than the structure ever was: it was not set.
    FOURWAVE_STRUCT_SIZE = 2,
    /// There is nothing of that index or number.
    FOURWAVE_NOT_FOUND = 3,
    /// A text is not UTF-8.
    FOURWAVE_NOT_UTF8 = 4,
    /// An argument is not what was expected; fourwave_engine_error or fourwave_options_error says more.
    FOURWAVE_INVALID = 5,
    /// A TCP header cannot be read; fourwave_engine_error says more.
    FOURWAVE_BAD_HEADER = 6,
    /// The engine was told that its input is over.
    FOURWAVE_FINISHED = 7,
    /// The engine was made without "remember", and keeps nothing.
    FOURWAVE_NOT_REMEMBERED = 8,
    /// A fault in this library, told to standard error; the handle can only be freed.
    FOURWAVE_PANIC = 255,
}

pub(crate) use fourwave_status::*;

impl fourwave_status {
    const fn text(self) -> &'static CStr {
        match self {
            FOURWAVE_OK => c"ok",
            FOURWAVE_NULL => c"a pointer that must not be NULL is NULL",
            FOURWAVE_STRUCT_SIZE => c"struct_size is not set",
            FOURWAVE_NOT_FOUND => c"nothing of that index or number",
            FOURWAVE_NOT_UTF8 => c"a text is not UTF-8",
            FOURWAVE_INVALID => c"an argument is not what was expected",
            FOURWAVE_BAD_HEADER => c"a TCP header cannot be read",
            FOURWAVE_FINISHED => c"the engine was told that its input is over",
            FOURWAVE_NOT_REMEMBERED => c"the engine was made without \"remember\"",
            FOURWAVE_PANIC => c"a fault in the library; the handle can only be freed",
        }
    }

    const ALL: [Self; 10] = [
        FOURWAVE_OK,
        FOURWAVE_NULL,
        FOURWAVE_STRUCT_SIZE,
        FOURWAVE_NOT_FOUND,
        FOURWAVE_NOT_UTF8,
        FOURWAVE_INVALID,
        FOURWAVE_BAD_HEADER,
        FOURWAVE_FINISHED,
        FOURWAVE_NOT_REMEMBERED,
        FOURWAVE_PANIC,
    ];
}

/// A status in a few English words. Static; also for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_status_text(status: u32) -> *const c_char {
    let known = fourwave_status::ALL.into_iter().find(|known| *known as u32 == status);
    known.map_or(c"an unknown status", fourwave_status::text).as_ptr()
}
