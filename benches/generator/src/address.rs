//! Who talks to whom.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::random::Random;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The one that opens it.
    pub client: SocketAddr,
    /// The other one.
    pub server: SocketAddr,
    /// VLAN tags around its packets: 0, 1, or 2 (802.1ad around 802.1Q).
    pub vlan_tags: u8,
}

/// How likely the less common is, in cases of a hundred.
#[derive(Clone, Copy)]
pub struct Shares {
    pub ipv6: u64,
    pub vlan: u64,
}

impl Ends {
    /// The ends of connection `number`. No two numbers share a client's address and port.
    pub fn of(number: u64, shares: Shares, random: &mut Random) -> Self {
        const FIRST_PORT: u64 = 1024;
        const PORTS: u64 = 61_440;
        // An odd multiplier: one to one on 32 bits.
        let scattered = number.wrapping_mul(0x9E37_79B1) & 0xffff_ffff;
        let port = (FIRST_PORT + scattered % PORTS) as u16;
        let host = (scattered / PORTS) as u32;
        let ipv6 = random.percent(shares.ipv6);
        let vlan_tags = match random.percent(shares.vlan) {
            true if random.percent(20) => 2,
            true => 1,
            false => 0,
        };
        let client = Ipv4Addr::from_bits(0x0a00_0001 + host);
        let server = Ipv4Addr::from_bits(0xc000_0200 + random.below(64) as u32);
        let server_port = [443, 443, 443, 80, 8080, 5432, 6379, 22][random.below(8) as usize];
        let address = |address, subnet| -> IpAddr {
            if ipv6 { documentation_address(subnet, address).into() } else { address.into() }
        };
        Self {
            client: SocketAddr::new(address(client, 0), port),
            server: SocketAddr::new(address(server, 1), server_port),
            vlan_tags,
        }
    }
}

/// 2001:db8:0:SUBNET:: and the octets of `host`.
fn documentation_address(subnet: u16, host: Ipv4Addr) -> Ipv6Addr {
    let [a, b, c, d] = host.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    Ipv6Addr::new(0x2001, 0xdb8, 0, subnet, 0, 0, high, low)
}
