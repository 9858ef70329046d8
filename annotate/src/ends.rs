//! The two ends of a connection in little room, and the hash that finds them whichever of them sends (SPEC 1.3).

use core::hash::BuildHasher;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use foldhash::quality::RandomState;

use crate::side::{Both, Side};

/// Address and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct End {
    /// The address, its highest 32 bits first; one of IPv4 stands in the first number alone.
    ip: [u32; 4],
    port: u16,
}

impl End {
    #[inline]
    fn new(address: SocketAddr) -> Self {
        let ip = match address.ip() {
            IpAddr::V4(ip) => [ip.to_bits(), 0, 0, 0],
            IpAddr::V6(ip) => {
                let bits = ip.to_bits();
                [bits >> 96, bits >> 64, bits >> 32, bits].map(|part| part as u32)
            }
        };
        Self { ip, port: address.port() }
    }

    fn address(&self, is_v4: bool) -> SocketAddr {
        let ip = if is_v4 {
            Ipv4Addr::from_bits(self.ip[0]).into()
        } else {
            let bits = self.ip.iter().fold(0, |bits, part| bits << 32 | u128::from(*part));
            Ipv6Addr::from_bits(bits).into()
        };
        SocketAddr::new(ip, self.port)
    }
}

/// The ends of a connection.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Ends {
    ends: Both<End>,
    is_v4: bool,
}

impl Ends {
    #[inline]
    pub fn new(addresses: Both<SocketAddr>) -> Self {
        let is_v4 = addresses.client.is_ipv4();
        Self { ends: Both { client: End::new(addresses.client), server: End::new(addresses.server) }, is_v4 }
    }

    pub fn addresses(&self) -> Both<SocketAddr> {
        Both::from_fn(|side| self.ends[side].address(self.is_v4))
    }

    /// With client and server in each other's place.
    #[inline]
    pub fn swapped(&self) -> Self {
        let Both { client, server } = self.ends;
        Self { ends: Both { client: server, server: client }, ..*self }
    }

    /// Which of them is the client of `sender`, the ends of a segment with its sender in the place of the client.
    #[inline]
    pub fn side_of(&self, sender: &Self) -> Option<Side> {
        if self.is_v4 != sender.is_v4 {
            None
        } else if self.ends == sender.ends {
            Some(Side::Client)
        } else if self.ends.client == sender.ends.server && self.ends.server == sender.ends.client {
            Some(Side::Server)
        } else {
            None
        }
    }

    /// The same for both directions.
    #[inline]
    pub fn hash(&self, hasher: &RandomState, zone: u64) -> u64 {
        let Both { client, server } = &self.ends;
        if self.is_v4 {
            let narrow = |end: &End| u64::from(end.ip[0]) << 16 | u64::from(end.port);
            let (one, other) = (narrow(client), narrow(server));
            return hasher.hash_one((one.min(other), one.max(other), zone));
        }
        let wide = |end: &End| (end.ip, end.port);
        let (one, other) = (wide(client), wide(server));
        hasher.hash_one((one.min(other), one.max(other), zone))
    }
}
