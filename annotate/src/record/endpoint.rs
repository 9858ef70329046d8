//! Addresses with ports as text: what `Display` writes, IPv6 as RFC 5952, section 4, asks, in a fraction of the
//! time.

use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use core::ops::Range;

use serde::{Serialize, Serializer};

use crate::json::{Json, Room};
use crate::record::text::serialize_short;

/// Serialises as `ip:port`, IPv6 as `[::1]:80`.
pub(super) struct Endpoint(pub SocketAddr);

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_short(self, serializer)
    }
}

impl Json for Endpoint {
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        match self.0 {
            SocketAddr::V4(address) => v4(address, to.put(b"\"")).put(b"\""),
            SocketAddr::V6(address) if address.scope_id() != 0 || address.ip().to_ipv4_mapped().is_some() => {
                to.put(b"\"").display(&address).put(b"\"")
            }
            SocketAddr::V6(address) => v6(address, to.put(b"\"[")).put(b"\""),
        }
    }
}

fn v4(address: SocketAddrV4, to: Room<'_>) -> Room<'_> {
    let [a, b, c, d] = address.ip().octets();
    let to = two_decimals(a, b, b'.', to);
    two_decimals(c, d, b':', to).number(address.port().into())
}

/// Adds two octets of an address, the second followed by `mark`.
#[inline(always)]
fn two_decimals(first: u8, second: u8, mark: u8, to: Room<'_>) -> Room<'_> {
    let (first, first_len) = marked(DECIMALS[usize::from(first)], b'.');
    let (second, second_len) = marked(DECIMALS[usize::from(second)], mark);
    to.block((first | second << (8 * first_len)).to_le_bytes(), first_len + second_len)
}

/// Text with `mark` behind it, the first character in the lowest octet, and its length.
#[inline(always)]
fn marked((digits, len): (u32, u8), mark: u8) -> (u64, usize) {
    (u64::from(digits) | u64::from(mark) << (8 * len), usize::from(len) + 1)
}

/// The decimal digits of each octet, the first in the lowest octet, and how many they are.
static DECIMALS: [(u32, u8); 256] = {
    let mut decimals = [(0, 0); 256];
    let mut number = 0;
    while number < 256 {
        let mut rest = number as u32;
        loop {
            let (digits, len) = decimals[number];
            decimals[number] = ((digits << 8) | (b'0' as u32 + rest % 10), len + 1);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        number += 1;
    }
    decimals
};

fn v6(address: SocketAddrV6, to: Room<'_>) -> Room<'_> {
    let groups = address.ip().segments();
    let zeros = longest_zeros(&groups);
    let (head, tail) = match &zeros {
        Some(zeros) => (&groups[..zeros.start], &groups[zeros.end..]),
        None => groups.split_at(0),
    };
    let mut to = to;
    for group in head {
        to = hexadecimal(*group, true, to);
    }
    if zeros.is_some() {
        to = if head.is_empty() { to.put(b"::") } else { to.put(b":") };
    }
    if let Some((last, before)) = tail.split_last() {
        for group in before {
            to = hexadecimal(*group, true, to);
        }
        to = hexadecimal(*last, false, to);
    }
    to.put(b"]:").number(address.port().into())
}

/// Adds a group without leading zeros, and a colon if `more` follow.
#[inline(always)]
fn hexadecimal(group: u16, more: bool, to: Room<'_>) -> Room<'_> {
    let group = u32::from(group);
    let digits = group >> 12 | (group & 0x0f00) | (group & 0x00f0) << 12 | (group & 0x000f) << 24;
    // The last digit stands even if it is zero.
    let zeros = (digits | 1 << 24).trailing_zeros() & !7;
    let letters = (digits + 0x0606_0606) >> 4 & 0x0101_0101;
    let text = digits + 0x3030_3030 + letters * u32::from(b'a' - b'9' - 1);
    let len = 4 - zeros as usize / 8;
    let (text, marked_len) = marked((text >> zeros, len as u8), b':');
    to.block(text.to_le_bytes(), if more { marked_len } else { len })
}

/// The longest run of two or more groups that are zero, the first of equals (RFC 5952, sections 4.2.2 and 4.2.3).
fn longest_zeros(groups: &[u16; 8]) -> Option<Range<usize>> {
    // A bit for each group at which a run of `len` or more begins.
    let mut starts =
        groups.iter().enumerate().fold(0_u32, |bits, (place, group)| bits | u32::from(*group == 0) << place);
    let mut len = 1;
    loop {
        let longer = starts & starts >> 1;
        if longer == 0 {
            break;
        }
        (starts, len) = (longer, len + 1);
    }
    let start = starts.trailing_zeros() as usize;
    (len > 1).then(|| start..start + len)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    fn written(address: SocketAddr) -> serde_json::Value {
        serde_json::to_value(Endpoint(address)).unwrap()
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
