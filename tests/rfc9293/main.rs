//! RFC 9293, section by section, transcribed by hand and held against what the engine does.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod section_3_10_7_4;
mod section_3_3_2;
mod section_3_6;
