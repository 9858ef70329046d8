//! Short connections, one after another in each of some places.

use std::io::{self, Write};

use super::agenda::Agenda;
use crate::address::Shares;
use crate::connection::Connection;
use crate::packet::flag::{ACK, PSH, RST, SYN};
use crate::script::{Ending, Part, Peer, close, step};
use crate::stage::{Manner, START_NS, Stage};

const MANNER: Manner = Manner { shares: Shares { ipv6: 30, vlan: 10 }, timestamps: 80, reuse: 1 };

/// The first connections of all places begin within so many nanoseconds.
const FIRST_WITHIN_NS: u64 = 30_000_000;

pub fn play<W: Write>(
    stage: &mut Stage<'_, W>,
    connections: u64,
    concurrent: usize,
    stretch: u64,
) -> io::Result<()> {
    let mut agenda = Agenda::default();
    let mut places: Vec<Connection> = Vec::new();
    for place in 0..concurrent.min(connections as usize) {
        let from = START_NS + stage.random.below(FIRST_WITHIN_NS);
        let connection = begin(stage);
        agenda.add(from + first_pause(&connection), place);
        places.push(connection);
    }
    while let Some((time, place)) = agenda.next() {
        stage.now_ns = stage.now_ns.max(time) + 1;
        let connection = &mut places[place];
        stage.play(connection)?;
        if let Some(next) = connection.next() {
            agenda.add(time + u64::from(next.pause_ns) * stretch, place);
            continue;
        }
        stage.close(connection)?;
        if stage.totals.connections < connections {
            *connection = begin(stage);
            agenda.add(stage.now_ns + first_pause(connection), place);
        }
    }
    Ok(())
}

/// A connection with its script.
fn begin<W: Write>(stage: &mut Stage<'_, W>) -> Connection {
    use Peer::{Client, Server};
    let ending = Ending::random(&mut stage.random);
    let mut connection = stage.connection(ending, MANNER);
    let (random, rtt) = (&mut stage.random, connection.rtt);
    let trip = rtt / 2 + 1;
    let script = &mut connection.script;
    script.push(step(Client, SYN, 0, random.below(3000), Part::Syn));
    if ending == Ending::Refused {
        script.push(step(Server, RST | ACK, 0, rtt / 2, Part::RstRefused));
        return connection;
    }
    script.push(step(Server, SYN | ACK, 0, trip, Part::SynAck));
    script.push(step(Client, ACK, 0, trip, Part::Ack));
    let requests = if random.below(8) == 0 { 2 } else { 1 };
    for _ in 0..requests {
        script.push(step(Client, ACK | PSH, 60 + random.below(240) as u16, 30, Part::Data));
        let len = 80 + random.below(720) as u16;
        script.push(step(Server, ACK | PSH, len, rtt / 2 + random.below(10_000), Part::Data));
    }
    if random.percent(50) {
        script.push(step(Client, ACK, 0, trip, Part::Ack));
    }
    close(ending, connection.closer, rtt, random, script);
    connection
}

fn first_pause(connection: &Connection) -> u64 {
    connection.next().map_or(0, |first| u64::from(first.pause_ns))
}
