//! Addresses with ports as text: what `Display` writes, IPv6 as RFC 5952, section 4, asks, in a fraction of the
//! time.

use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use core::ops::Range;

use serde::ser::SerializeTuple;
use serde::{Serialize, Serializer};

use crate::json::{Json, Room};
use crate::record::text::serialize_short;

/// Serialises as `ip:port`, IPv6 as `[::1]:80`; a newtype with a compact form (see [`super`]).
pub(super) struct Endpoint<'a>(pub &'a SocketAddr);

impl Serialize for Endpoint<'_> {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_newtype_struct("Endpoint", &Address(self.0))
        } else {
            serialize_short(self, serializer)
        }
    }
}

/// What is in an [`Endpoint`].
struct Address<'a>(&'a SocketAddr);

impl Serialize for Address<'_> {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serialize_short(&Endpoint(self.0), serializer);
        }
        match self.0 {
            SocketAddr::V4(address) => {
                let ip = u64::from(address.ip().to_bits());
                serializer.serialize_u64(ip << 16 | u64::from(address.port()))
            }
            // The text has no flow label. The last number is never 0, which stands for a missing one.
            SocketAddr::V6(address) => {
                let ip = address.ip().to_bits();
                let rest = 1 << 48 | u64::from(address.scope_id()) << 16 | u64::from(address.port());
                let mut numbers = serializer.serialize_tuple(3)?;
                for number in [(ip >> 64) as u64, ip as u64, rest] {
                    numbers.serialize_element(&number)?;
                }
                numbers.end()
            }
        }
    }
}

impl Json for Endpoint<'_> {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        match self.0 {
            SocketAddr::V4(address) => v4(address, to),
            SocketAddr::V6(address) => v6(address, to),
        }
    }
}

#[inline(always)]
fn v4<'to>(address: &SocketAddrV4, to: Room<'to>) -> Room<'to> {
    let [a, b, c, d] = address.ip().octets();
    let (first, first_len) = two_decimals(a, b);
    let (second, second_len) = two_decimals(c, d);
    // What stands before the port takes the place of the last dot.
    let to = to.put(b"\"").block(first, first_len).block(second, second_len - 1);
    to.number_between(b':', address.port(), b'"')
}

/// Two octets of an address with a dot behind each, and how long that is.
#[inline(always)]
fn two_decimals(first: u8, second: u8) -> ([u8; 8], usize) {
    let [first, second] = [DECIMALS[usize::from(first)], DECIMALS[usize::from(second)]];
    let text = u64::from(first.text) | u64::from(second.text) << first.bits;
    (text.to_le_bytes(), (first.bits + second.bits) as usize / 8)
}

/// An octet as decimal digits with a dot behind them.
#[derive(Clone, Copy)]
struct Decimal {
    /// The first character in the lowest octet.
    text: u32,
    /// How long it is.
    bits: u32,
}

/// Each octet.
static DECIMALS: [Decimal; 256] = {
    let mut decimals = [Decimal { text: b'.' as u32, bits: 8 }; 256];
    let mut number = 0;
    while number < 256 {
        let mut rest = number as u32;
        loop {
            let Decimal { text, bits } = decimals[number];
            decimals[number] = Decimal { text: text << 8 | (b'0' as u32 + rest % 10), bits: bits + 8 };
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        number += 1;
    }
    decimals
};

#[inline(never)]
fn v6<'to>(address: &SocketAddrV6, to: Room<'to>) -> Room<'to> {
    if address.scope_id() != 0 || address.ip().to_ipv4_mapped().is_some() {
        return to.put(b"\"").display(address).put(b"\"");
    }
    let groups = address.ip().octets();
    let groups = groups.as_chunks().0;
    let to = to.put(b"\"[");
    let to = match longest_zeros(groups) {
        Some(zeros) => {
            let to = each(&groups[..zeros.start], to);
            let to = if zeros.start == 0 { to.put(b"::") } else { to.put(b":") };
            joined(&groups[zeros.end..], to)
        }
        None => joined(groups, to),
    };
    to.put(b"]").number_between(b':', address.port(), b'"')
}

/// A group of an address of IPv6.
type Group = [u8; 2];

/// Adds groups with colons between them.
#[inline(always)]
fn joined<'to>(groups: &[Group], to: Room<'to>) -> Room<'to> {
    match groups.split_last() {
        Some((last, before)) => hexadecimal(*last, 0, each(before, to)),
        None => to,
    }
}

/// Adds groups with a colon behind each.
#[inline(always)]
fn each<'to>(groups: &[Group], to: Room<'to>) -> Room<'to> {
    groups.iter().fold(to, |to, group| hexadecimal(*group, 1, to))
}

/// Adds a group without leading zeros, and as many colons as `more` says: one or none.
#[inline(always)]
fn hexadecimal(group: Group, more: usize, to: Room<'_>) -> Room<'_> {
    let [high, low] = group.map(|octet| u64::from(HEXADECIMALS[usize::from(octet)]));
    let digits = high | low << 16;
    // The last digit stands even if it is zero.
    let zeros = ((digits ^ 0x3030_3030) | 1 << 24).trailing_zeros() as usize / 8;
    let text = (digits | u64::from(b':') << 32) >> (8 * zeros);
    to.block(text.to_le_bytes(), 4 - zeros + more)
}

/// The two hexadecimal digits of each octet, the first in the lowest octet.
static HEXADECIMALS: [u16; 256] = {
    let mut octets = [0; 256];
    let mut number = 0;
    while number < 256 {
        let [high, low] = [DIGITS[number / 16], DIGITS[number % 16]];
        octets[number] = u16::from_le_bytes([high, low]);
        number += 1;
    }
    octets
};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The longest run of two or more groups that are zero, the first of equals (RFC 5952, sections 4.2.2 and 4.2.3).
#[inline(always)]
fn longest_zeros(groups: &[Group]) -> Option<Range<usize>> {
    // A bit for each group, the highest for the first.
    let zeros = groups.iter().fold(0_u8, |bits, group| bits << 1 | u8::from(*group == [0, 0]));
    let (start, end) = LONGEST_RUNS[usize::from(zeros)];
    (start < end).then(|| start.into()..end.into())
}

/// Where the longest run of two or more ones in each octet begins and ends, counted from the highest bit.
static LONGEST_RUNS: [(u8, u8); 256] = {
    let mut runs = [(0, 0); 256];
    let mut octet = 0;
    while octet < 256 {
        let mut place = 0;
        while place < 8 {
            let len = ((octet as u8) << place).leading_ones() as u8;
            let (start, end) = runs[octet];
            if len > 1 && len > end - start {
                runs[octet] = (place, place + len);
            }
            place += 1;
        }
        octet += 1;
    }
    runs
};

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    fn written(address: SocketAddr) -> serde_json::Value {
        serde_json::to_value(Endpoint(&address)).unwrap()
    }

    proptest! {
        #[test]
        fn v4_is_what_it_displays(ip: [u8; 4], port: u16) {
            let address = SocketAddr::from((ip, port));
            prop_assert_eq!(written(address), address.to_string());
        }

        #[test]
        fn v6_is_what_it_displays(
            ip in prop::array::uniform8(prop_oneof![Just(0), Just(0xffff), 1..256_u16, any::<u16>()]),
            port: u16,
            scope in 0..3_u32,
        ) {
            let address = SocketAddrV6::new(ip.into(), port, 0, scope).into();
            prop_assert_eq!(written(address), SocketAddr::to_string(&address));
        }
    }

    #[test]
    fn zeros_at_either_end_and_addresses_of_ipv4() {
        for text in ["[::]:0", "[::1]:80", "[fe80::]:1", "[2001:db8::1:0:0:1]:443", "[::ffff:192.0.2.7]:443"]
        {
            assert_eq!(written(text.parse().unwrap()), text);
        }
    }
}
