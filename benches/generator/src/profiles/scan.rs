//! A few hosts knock at every port of many; nobody is at home.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};

use crate::address::{Ends, Shares};
use crate::connection::Connection;
use crate::packet::flag::{ACK, RST, SYN};
use crate::script::{Ending, Part, Peer, Step, step};
use crate::stage::{Manner, Stage};

const MANNER: Manner = Manner { shares: Shares { ipv6: 0, vlan: 0 }, timestamps: 0, reuse: 0 };

/// So many SYNs are out before the first answer.
const IN_FLIGHT: u64 = 20_000;

pub fn play<W: Write>(stage: &mut Stage<'_, W>, connections: u64) -> io::Result<()> {
    let mut unanswered: VecDeque<Connection> = VecDeque::new();
    for probe in 0..connections + IN_FLIGHT {
        if probe < connections {
            let mut connection = stage.connection(Ending::Refused, MANNER);
            connection.ends = ends(probe);
            stage.now_ns += 300 + stage.random.below(400);
            stage.send(&mut connection, step(Peer::Client, SYN, 0, 0, Part::Syn))?;
            unanswered.push_back(connection);
        }
        if probe >= IN_FLIGHT.min(connections)
            && let Some(mut connection) = unanswered.pop_front()
        {
            stage.now_ns += 100 + stage.random.below(300);
            stage.send(&mut connection, refusal())?;
            stage.close(&connection)?;
        }
    }
    Ok(())
}

fn refusal() -> Step {
    step(Peer::Server, RST | ACK, 0, 0, Part::RstRefused)
}

/// Four sources take turns at a thousand ports of one target, then of the next.
fn ends(probe: u64) -> Ends {
    let source = Ipv4Addr::new(10, 9, 0, (probe % 4) as u8 + 1);
    let target = Ipv4Addr::from_bits(0x0b00_0000 + (probe / 4 / 1000) as u32);
    Ends {
        client: SocketAddr::new(source.into(), 40_000 + (probe % 997) as u16),
        server: SocketAddr::new(target.into(), 1 + (probe / 4 % 1000) as u16),
        vlan_tags: 0,
    }
}
