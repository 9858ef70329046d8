//! Long connections that all send at once: two full segments, an ACK, and so on.

use std::io::{self, Write};

use super::agenda::Agenda;
use crate::address::Shares;
use crate::connection::Connection;
use crate::packet::flag::{ACK, PSH, SYN};
use crate::script::{Ending, Part, Peer, close, step};
use crate::stage::{Manner, START_NS, Stage};

const MANNER: Manner = Manner { shares: Shares { ipv6: 30, vlan: 10 }, timestamps: 100, reuse: 0 };
const MSS: u64 = 1448;
/// Octets in the file of a full segment (`FULL`) and of an acknowledgment (`BARE`).
const FULL: u64 = 1530;
const BARE: u64 = 82;
const FIRST_WITHIN_NS: u64 = 2_000_000_000;

/// What a connection does next.
#[derive(Clone, Copy)]
enum Phase {
    Syn,
    SynAck,
    Ack,
    Request,
    FirstOfTwo,
    SecondOfTwo,
    Acknowledge,
    Close,
}

struct Stream {
    connection: Connection,
    /// Who sends the data.
    source: Peer,
    left: u64,
    phase: Phase,
}

pub fn play<W: Write>(stage: &mut Stage<'_, W>, connections: u64, octets: u64) -> io::Result<()> {
    let mut agenda = Agenda::default();
    let mut streams = Vec::new();
    for place in 0..connections as usize {
        let share = octets * MSS * 2 / (2 * FULL + BARE) / connections;
        streams.push(begin(stage, share));
        agenda.add(START_NS + stage.random.below(FIRST_WITHIN_NS), place);
    }
    while let Some((time, place)) = agenda.next() {
        stage.now_ns = stage.now_ns.max(time) + 1;
        match streams[place].advance(stage)? {
            Some(pause) => agenda.add(time + pause, place),
            None => stage.close(&streams[place].connection)?,
        }
    }
    Ok(())
}

/// A connection that carries about `share` octets.
fn begin<W: Write>(stage: &mut Stage<'_, W>, share: u64) -> Stream {
    let drawn = Ending::random(&mut stage.random);
    // A refused connection would carry nothing.
    let ending = if drawn == Ending::Refused { Ending::RstAbort } else { drawn };
    let mut connection = stage.connection(ending, MANNER);
    let random = &mut stage.random;
    let left = (share / 4 + random.below(share * 3 / 2)).max(1);
    let source = if random.percent(20) { Peer::Client } else { Peer::Server };
    connection.rtt = 200 + random.below(5000);
    close(ending, connection.closer, connection.rtt, random, &mut connection.script);
    Stream { connection, source, left, phase: Phase::Syn }
}

impl Stream {
    /// Sends a segment; the nanoseconds until the next, if there is one.
    fn advance<W: Write>(&mut self, stage: &mut Stage<'_, W>) -> io::Result<Option<u64>> {
        use Peer::{Client, Server};
        let rtt = self.connection.rtt;
        let (step, phase, pause) = match self.phase {
            Phase::Syn => (step(Client, SYN, 0, 0, Part::Syn), Phase::SynAck, rtt * 500),
            Phase::SynAck => (step(Server, SYN | ACK, 0, 0, Part::SynAck), Phase::Ack, rtt * 500),
            Phase::Ack => (step(Client, ACK, 0, 0, Part::Ack), Phase::Request, 50_000),
            Phase::Request => (step(Client, ACK | PSH, 180, 0, Part::Data), Phase::FirstOfTwo, rtt * 1000),
            Phase::FirstOfTwo => return self.send_data(stage, Phase::SecondOfTwo).map(Some),
            Phase::SecondOfTwo => return self.send_data(stage, Phase::Acknowledge).map(Some),
            Phase::Acknowledge => return self.acknowledge(stage).map(Some),
            Phase::Close => {
                stage.play(&mut self.connection)?;
                return Ok(self.connection.next().map(|next| u64::from(next.pause_ns)));
            }
        };
        stage.send(&mut self.connection, step)?;
        self.phase = phase;
        Ok(Some(pause))
    }

    fn send_data<W: Write>(&mut self, stage: &mut Stage<'_, W>, then: Phase) -> io::Result<u64> {
        let len = self.left.min(MSS);
        self.left -= len;
        let flags = if stage.frames().is_multiple_of(16) { ACK | PSH } else { ACK };
        stage.send(&mut self.connection, step(self.source, flags, len as u16, 0, Part::Data))?;
        self.phase = if self.left == 0 { Phase::Acknowledge } else { then };
        Ok(12_000 + stage.random.below(30_000))
    }

    fn acknowledge<W: Write>(&mut self, stage: &mut Stage<'_, W>) -> io::Result<u64> {
        stage.send(&mut self.connection, step(self.source.other(), ACK, 0, 0, Part::Ack))?;
        self.phase = if self.left == 0 { Phase::Close } else { Phase::FirstOfTwo };
        Ok(20_000 + stage.random.below(100_000))
    }
}
