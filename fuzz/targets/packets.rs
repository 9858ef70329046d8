//! Octets as packets.
#![no_main]

use fourwave_fuzz::packets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| packets(octets));
