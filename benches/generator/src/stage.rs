//! Where connections are played: the clock, the choices, the capture, and the witness.

use std::collections::VecDeque;
use std::io::{self, Write};

use crate::address::{Ends, Shares};
use crate::capture::Capture;
use crate::connection::{Connection, Sender};
use crate::packet::flag::{ACK, RST};
use crate::packet::{self, Segment};
use crate::payload::{self, Text};
use crate::plan::Plan;
use crate::random::Random;
use crate::script::{Ending, Peer, Step};
use crate::truth::{Closed, Frame, Totals, Witness};

/// The time of the first packets, in nanoseconds since 1970: 2023-11-14 22:13:20 UTC.
pub const START_NS: u64 = 1_700_000_000_000_000_000;

/// Used addresses and ports rest until so many wait behind them.
const RESTING: usize = 2048;
const MOST_RESTING: usize = 65_536;

/// What connections of a profile are like, in cases of a hundred.
#[derive(Clone, Copy)]
pub struct Manner {
    pub shares: Shares,
    pub timestamps: u64,
    /// Takes the addresses and ports of a connection that is over.
    pub reuse: u64,
}

/// The stage.
pub struct Stage<'a, W> {
    pub random: Random,
    pub now_ns: u64,
    pub totals: Totals,
    capture: Capture<W>,
    witness: &'a mut dyn Witness,
    text: Text,
    /// Addresses and ports of connections that closed cleanly, and when.
    used: VecDeque<(Ends, u64)>,
    packet: Vec<u8>,
    payload: Vec<u8>,
    options: Vec<u8>,
}

impl<'a, W: Write> Stage<'a, W> {
    /// A stage on which nothing happened yet.
    pub fn new(plan: &Plan, out: W, witness: &'a mut dyn Witness) -> io::Result<Self> {
        let mut random = Random::new(plan.seed);
        Ok(Self {
            text: Text::new(&mut random),
            random,
            now_ns: START_NS,
            totals: Totals::new(plan),
            capture: Capture::new(out, plan.format, plan.precision, plan.snap_len)?,
            witness,
            used: VecDeque::new(),
            packet: Vec::new(),
            payload: Vec::new(),
            options: Vec::new(),
        })
    }

    /// A new connection, without a script.
    pub fn connection(&mut self, ending: Ending, manner: Manner) -> Connection {
        let number = self.totals.connections;
        let random = &mut self.random;
        let reuses = manner.reuse > 0 && self.used.len() > RESTING && random.percent(manner.reuse);
        let used = if reuses { self.used.pop_front() } else { None };
        let ends = used.map_or_else(|| Ends::of(number, manner.shares, random), |(ends, _)| ends);
        let closer = if random.percent(50) { Peer::Client } else { Peer::Server };
        let timestamps = random.percent(manner.timestamps);
        let text = random.percent(50);
        let [client_seq, server_seq, client_time, server_time] = [(); 4].map(|()| random.bits32());
        let sender = |next_seq, timestamp| Sender { next_seq, acked: 0, timestamp };
        self.totals.connections += 1;
        self.totals.endings[ending as usize] += 1;
        self.totals.on_ipv6 += u64::from(ends.client.is_ipv6());
        self.totals.with_vlan += u64::from(ends.vlan_tags > 0);
        self.totals.reused += u64::from(used.is_some());
        self.totals.closed_by_client += u64::from(closer == Peer::Client);
        Connection {
            number,
            ends,
            ending,
            closer,
            client: sender(client_seq, client_time),
            server: sender(server_seq, server_time),
            timestamps,
            text,
            rtt: 200 + self.random.below(20_000),
            script: Vec::new(),
            done: 0,
            used_until_ns: used.map(|(_, until)| until),
            reused_after_ns: None,
            first_frame: 0,
            close: Vec::new(),
        }
    }

    /// Sends a segment.
    pub fn send(&mut self, connection: &mut Connection, step: Step) -> io::Result<()> {
        connection.options(&step, &mut self.options);
        self.payload.resize(usize::from(step.len), 0);
        match (step.len, connection.text) {
            (0, _) => {}
            (_, true) => self.text.fill(&mut self.payload, &mut self.random),
            (_, false) => payload::noise(&mut self.payload, &mut self.random),
        }
        let (seq, ack) = connection.number(&step);
        let segment = Segment {
            from: step.from,
            flags: step.flags,
            seq,
            ack,
            window: if step.flags & RST == 0 { 502 } else { 0 },
            options: &self.options,
            payload: &self.payload,
        };
        let ip_id = self.random.bits32() as u16;
        packet::build(&mut self.packet, &connection.ends, ip_id, &segment);
        self.capture.packet(self.now_ns, &self.packet)?;
        let reply_form = step.flags & (RST | ACK) == RST && seq == connection.acked_by(step.from.other());
        self.tell(connection, &step, reply_form)
    }

    /// Sends the next segment of the script.
    pub fn play(&mut self, connection: &mut Connection) -> io::Result<()> {
        let Some(step) = connection.next() else { return Ok(()) };
        connection.done += 1;
        self.send(connection, step)
    }

    /// The connection had its last segment.
    pub fn close(&mut self, connection: &Connection) -> io::Result<()> {
        if matches!(connection.ending, Ending::Clean4 | Ending::Clean3) && self.used.len() < MOST_RESTING {
            self.used.push_back((connection.ends, self.now_ns));
        }
        self.witness.closed(&Closed {
            connection: connection.number,
            ending: connection.ending,
            closer: connection.closer,
            ends: &connection.ends,
            first_frame: connection.first_frame,
            last_ns: self.now_ns,
            reused_after_ns: connection.reused_after_ns,
            close: &connection.close,
        })
    }

    /// Frames so far.
    pub fn frames(&self) -> u64 {
        self.capture.frames
    }

    /// The end.
    pub fn finish(mut self) -> io::Result<Totals> {
        self.capture.flush()?;
        self.totals.packets = self.capture.frames;
        self.totals.octets = self.capture.octets;
        Ok(self.totals)
    }

    fn tell(&mut self, connection: &mut Connection, step: &Step, reply_form: bool) -> io::Result<()> {
        let number = self.capture.frames;
        if connection.first_frame == 0 {
            connection.first_frame = number;
            connection.reused_after_ns = connection.used_until_ns.map(|until| self.now_ns - until);
        }
        if step.part.closes() {
            connection.close.push((number, step.part));
        }
        *self.totals.parts.entry(step.part.name()).or_default() += 1;
        self.witness.frame(&Frame {
            number,
            time_ns: self.now_ns,
            connection: connection.number,
            from: step.from,
            part: step.part,
            reply_form,
        })
    }
}
