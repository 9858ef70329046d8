//! Addresses with ports as text: what `Display` writes, IPv6 as RFC 5952, section 4, asks, in a fraction of the
//! time. Written from the last digit to the first, since that is the order in which digits come.

use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use core::ops::Range;

use serde::{Serialize, Serializer};

/// Serialises as `ip:port`, IPv6 as `[::1]:80`.
pub(super) struct Endpoint(pub SocketAddr);

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            SocketAddr::V4(address) => serializer.serialize_str(Backwards::v4(address).as_str()),
            SocketAddr::V6(address) if address.scope_id() != 0 || address.ip().to_ipv4_mapped().is_some() => {
                serializer.collect_str(&address)
            }
            SocketAddr::V6(address) => serializer.serialize_str(Backwards::v6(address).as_str()),
        }
    }
}

/// The longest text of an endpoint.
const LONGEST: usize = "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535".len();

/// Text that grows at its beginning.
struct Backwards {
    octets: [u8; LONGEST],
    start: usize,
}

impl Backwards {
    const EMPTY: Self = Self { octets: [0; LONGEST], start: LONGEST };

    fn v4(address: SocketAddrV4) -> Self {
        let [a, b, c, d] = address.ip().octets();
        let mut text = Self::EMPTY;
        text.number::<10>(address.port());
        for (mark, octet) in [(b':', d), (b'.', c), (b'.', b), (b'.', a)] {
            text.put(mark);
            text.number::<10>(octet.into());
        }
        text
    }

    fn v6(address: SocketAddrV6) -> Self {
        let groups = address.ip().segments();
        let mut text = Self::EMPTY;
        text.number::<10>(address.port());
        text.put(b':');
        text.put(b']');
        if let Some(zeros) = longest_zeros(&groups) {
            text.groups(&groups[zeros.end..]);
            text.put(b':');
            text.put(b':');
            text.groups(&groups[..zeros.start]);
        } else {
            text.groups(&groups);
        }
        text.put(b'[');
        text
    }

    fn groups(&mut self, groups: &[u16]) {
        for (place, group) in groups.iter().rev().enumerate() {
            if place > 0 {
                self.put(b':');
            }
            self.number::<16>(*group);
        }
    }

    fn number<const BASE: u16>(&mut self, mut number: u16) {
        loop {
            self.put(b"0123456789abcdef"[usize::from(number % BASE)]);
            number /= BASE;
            if number == 0 {
                break;
            }
        }
    }

    fn put(&mut self, octet: u8) {
        self.start -= 1;
        self.octets[self.start] = octet;
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.octets[self.start..]).unwrap_or_default()
    }
}

/// The longest run of two or more groups that are zero, the first of equals (RFC 5952, sections 4.2.2 and 4.2.3).
fn longest_zeros(groups: &[u16; 8]) -> Option<Range<usize>> {
    let mut longest = 0..0;
    let mut run = 0..0;
    for (place, group) in groups.iter().enumerate() {
        let start = if *group == 0 { run.start } else { place + 1 };
        run = start..place + 1;
        if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    (longest.len() > 1).then_some(longest)
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
