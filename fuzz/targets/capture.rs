//! Octets as a capture file.
#![no_main]

use fourwave_fuzz::capture;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| capture(octets));
