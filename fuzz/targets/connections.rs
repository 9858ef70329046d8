//! Octets as a script of segments.
#![no_main]

use fourwave_fuzz::connections;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| connections(octets));
