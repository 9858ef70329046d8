//! The two ends of a connection in little room, and what finds them whichever of them sends (SPEC 1.3).

use core::hash::BuildHasher;
use core::hint::select_unpredictable;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use foldhash::quality::RandomState;
use fourwave_dissector::Segment;

use crate::side::{Both, Side};

/// The ends of a connection. They stand in an order of their own, so that both directions have them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Ends {
    /// The upper halves of the addresses; 0 for IPv4.
    uppers: [u64; 2],
    lowers: [u64; 2],
    ports: [u16; 2],
    is_v4: bool,
    /// The client is the second of them.
    is_swapped: bool,
}

impl Ends {
    #[inline]
    pub fn new(addresses: Both<SocketAddr>) -> Self {
        let Both { client, server } = addresses;
        let ((upper, lower), (other_upper, other_lower)) = (halves(client.ip()), halves(server.ip()));
        let (port, other_port) = (client.port(), server.port());
        // Ports decide nearly always, in one comparison.
        let is_swapped =
            if port == other_port { (upper, lower) > (other_upper, other_lower) } else { port > other_port };
        Self {
            uppers: in_order(is_swapped, upper, other_upper),
            lowers: in_order(is_swapped, lower, other_lower),
            ports: in_order(is_swapped, port, other_port),
            is_v4: client.is_ipv4(),
            is_swapped,
        }
    }

    pub fn addresses(&self) -> Both<SocketAddr> {
        let (client, server) = if self.is_swapped { (1, 0) } else { (0, 1) };
        Both { client: self.address(client), server: self.address(server) }
    }

    fn address(&self, place: usize) -> SocketAddr {
        let ip = if self.is_v4 {
            IpAddr::from(Ipv4Addr::from_bits(self.lowers[place] as u32))
        } else {
            Ipv6Addr::from_bits(whole(self.uppers[place], self.lowers[place])).into()
        };
        SocketAddr::new(ip, self.ports[place])
    }

    /// With client and server in each other's place. A connection to itself keeps its sender as the client.
    #[inline]
    pub fn swapped(&self) -> Self {
        let Self { uppers, lowers, ports, .. } = self;
        let differ = uppers[0] != uppers[1] || lowers[0] != lowers[1] || ports[0] != ports[1];
        Self { is_swapped: self.is_swapped != differ, ..*self }
    }

    /// Which of them is the client of `sender`, the ends of a segment with its sender in the place of the client.
    #[inline]
    pub fn side_of(&self, sender: &Self) -> Option<Side> {
        let are_same = self.ports == sender.ports
            && self.lowers == sender.lowers
            && self.uppers == sender.uppers
            && self.is_v4 == sender.is_v4;
        let side = if self.is_swapped == sender.is_swapped { Side::Client } else { Side::Server };
        are_same.then_some(side)
    }

    #[inline]
    fn hash(&self, zone: u64, seed: &Seed) -> Hash {
        let [one, other] = [0, 1].map(|place| whole(self.uppers[place], self.lowers[place]));
        let [port, other_port] = self.ports.map(u64::from);
        Hash((seed.0.hash_one((one, other, port << 16 | other_port, zone)) >> 32) as u32)
    }
}

/// Upper and lower half of an address; one of IPv4 is its lower half.
#[inline]
fn halves(ip: IpAddr) -> (u64, u64) {
    match ip {
        IpAddr::V4(ip) => (0, ip.to_bits().into()),
        IpAddr::V6(ip) => ((ip.to_bits() >> 64) as u64, ip.to_bits() as u64),
    }
}

fn whole(upper: u64, lower: u64) -> u128 {
    u128::from(upper) << 64 | u128::from(lower)
}

/// Without a branch: which way a segment goes cannot be predicted.
#[inline]
fn in_order<T: Copy>(is_swapped: bool, one: T, other: T) -> [T; 2] {
    [select_unpredictable(is_swapped, other, one), select_unpredictable(is_swapped, one, other)]
}

/// What the hash of an engine begins with, so that crafted addresses and ports cannot slow it. By default it is another each
/// time: who makes extracts for an engine takes that of [`Engine::seed`](crate::Engine::seed).
#[derive(Clone, Debug, Default)]
pub struct Seed(RandomState);

/// The pair of sockets of a segment, by which an engine looks for its connection (RFC 9293 section 3.4.1). The sender stands
/// in the place of the client until more is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SocketPair {
    pub ends: Ends,
    pub zone: u64,
    pub hash: Hash,
}

impl SocketPair {
    /// That of `segment`, for engines of this seed.
    #[inline]
    pub fn of(segment: &Segment<'_>, seed: &Seed) -> Self {
        Self::new(Ends::new(Both { client: segment.src, server: segment.dst }), segment.zone, seed)
    }

    #[inline]
    pub fn new(ends: Ends, zone: u64, seed: &Seed) -> Self {
        Self { ends, zone, hash: ends.hash(zone, seed) }
    }

    /// The same with client and server in each other's place.
    pub fn swapped(&self) -> Self {
        Self { ends: self.ends.swapped(), ..*self }
    }
}

/// The hash of a pair of sockets, the same for both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hash(u32);

impl Hash {
    /// As an index wants it, which looks at its lowest bits and at its highest.
    pub const fn wide(self) -> u64 {
        (self.0 as u64) << 32 | self.0 as u64
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn ends(client: &str, server: &str) -> Ends {
        Ends::new(Both { client: client.parse().unwrap(), server: server.parse().unwrap() })
    }

    #[test]
    fn both_directions_are_the_same_connection() {
        let seed = Seed::default();
        for (client, server) in [
            ("10.0.0.1:40000", "10.0.0.2:80"),
            ("10.0.0.2:80", "10.0.0.1:40000"),
            ("10.0.0.1:179", "10.0.0.2:179"),
            ("[2001:db8::2]:179", "[2001:db8::1]:179"),
            ("[::ffff:10.0.0.1]:5", "[2001:db8::1]:6"),
        ] {
            let (there, back) = (ends(client, server), ends(server, client));
            assert_eq!(there.addresses().client.to_string(), client);
            assert_eq!(there.addresses().server.to_string(), server);
            assert_eq!(there.hash(7, &seed), back.hash(7, &seed));
            assert_eq!(there.side_of(&there), Some(Side::Client));
            assert_eq!(there.side_of(&back), Some(Side::Server));
            assert_eq!(there.swapped().side_of(&back), Some(Side::Client));
        }
    }

    #[test]
    fn addresses_of_two_families_are_not_the_same() {
        assert_eq!(ends("0.0.0.1:5", "0.0.0.2:6").side_of(&ends("[::1]:5", "[::2]:6")), None);
    }

    #[test]
    fn who_speaks_with_itself_is_the_client() {
        let alone = ends("10.0.0.1:5", "10.0.0.1:5");
        assert_eq!(alone.swapped().side_of(&alone), Some(Side::Client));
    }
}
