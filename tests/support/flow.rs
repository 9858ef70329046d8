//! Flow scripts: a connection as a text that anyone in the field can read.
//!
//! ```text
//! Three-segment close: waves 2 and 3 share a segment.
//! example EX02
//! opened
//!
//! 1.000 C > S  F. 100:100(0) ack 300
//! 1.010 S > C  F. 300:300(0) ack 101
//! 1.020 C > S  .  101:101(0) ack 301
//! ```
//!
//! The first line is a sentence. A segment is written as tcpdump writes it: time, sender and receiver (`C` the
//! client, `S` the server), flags, `first:last(octets)`, `ack`, then whatever is not as usual of `win`, `ttl`,
//! `id`, `<options>` and `hex` (the first payload octets). `TIME clock` lets time pass without a segment.
//! Before the segments stand what the whole script needs: `client` and `server` (address, port, and `mac` and
//! `ttl`), `start` (the time of 0.000), `example` (the worked example it is), `rule` (the label of a rule of the
//! specification without which it would come out differently, a line for each) and `opened` (the handshake and one
//! exchange of data come first). Lines that begin with `#` are remarks.
//!
//! This file knows the notation. It must not know what any of it means.

use std::net::SocketAddr;

use fourwave_annotate::{Both, Side};
use fourwave_dissector::tcp::{Flags, Header};
use fourwave_dissector::{FrameId, Segment};
use thiserror::Error;

use crate::notation::{self, Words};

/// A script, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// What it shows, in a sentence.
    pub title: String,
    /// The worked example that it is, such as `EX01`.
    pub example: Option<String>,
    /// Rules that it needs, such as `D8e`.
    pub rules: Vec<String>,
    /// The two ends.
    pub hosts: Both<Host>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// Address and port.
    pub address: SocketAddr,
    /// Hardware address with which its packets show up.
    pub mac: [u8; 6],
    /// TTL or hop limit that is left of its packets.
    pub ttl: u8,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A packet is recorded.
    Packet(Packet),
    /// The clock moves to this time, nanoseconds since 1970-01-01 UTC, and no packet is recorded.
    Clock(i64),
}

/// A packet with one TCP segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// Who sent it.
    pub from: Side,
    /// Control bits.
    pub flags: Flags,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgment number; 0 without the ACK flag.
    pub ack: u32,
    /// Window, not scaled.
    pub window: u16,
    /// TTL or hop limit, if not that of its host.
    pub ttl: Option<u8>,
    /// IPv4 identification, if not the number of the packet.
    pub id: Option<u16>,
    /// TCP options as they stand in the header, padded to 32 bits.
    pub options: Vec<u8>,
    /// Payload.
    pub payload: Vec<u8>,
}

/// Why a script cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}: {why}")]
pub struct FlowError {
    /// The line, from 1.
    pub line: usize,
    /// What was wrong and what was expected.
    pub why: String,
}

/// Initial sequence numbers of an `opened` without numbers, as in RFC 9293 figures 12 and 13 the connection then
/// stands at 100 and 300.
const OPENED: [u32; 2] = [89, 279];

impl Flow {
    /// Reads a script.
    ///
    /// # Errors
    /// The first line that cannot be read, and why.
    pub fn parse(script: &str) -> Result<Self, FlowError> {
        let mut flow = Self {
            title: String::new(),
            example: None,
            rules: Vec::new(),
            hosts: Both {
                client: Host { address: ([192, 0, 2, 1], 40000).into(), mac: [2, 0, 0, 0, 0, 1], ttl: 64 },
                server: Host { address: ([198, 51, 100, 2], 443).into(), mac: [2, 0, 0, 0, 0, 2], ttl: 64 },
            },
            steps: Vec::new(),
        };
        let mut start_ns = 0;
        for (index, line) in script.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if flow.title.is_empty() {
                line.clone_into(&mut flow.title);
                continue;
            }
            flow.read_line(line, &mut start_ns).map_err(|why| FlowError { line: index + 1, why })?;
        }
        if flow.hosts.client.address.is_ipv4() != flow.hosts.server.address.is_ipv4() {
            return Err(FlowError { line: 1, why: "client and server need addresses of one family".into() });
        }
        Ok(flow)
    }

    /// The packets alone, in order.
    pub fn packets(&self) -> impl Iterator<Item = &Packet> {
        self.steps.iter().filter_map(|step| match step {
            Step::Packet(packet) => Some(packet),
            Step::Clock(_) => None,
        })
    }

    /// `packet` as the dissector would hand it up, if it were the `frame`-th of its capture.
    #[must_use]
    pub fn segment<'a>(&self, packet: &'a Packet, frame: u64) -> Segment<'a> {
        let (sender, receiver) = (self.hosts[packet.from], self.hosts[packet.from.other()]);
        Segment {
            at: FrameId::new(0, frame),
            layer: 0,
            time_ns: packet.time_ns,
            zone: 0,
            in_packet: true,
            src: sender.address,
            dst: receiver.address,
            ttl: packet.ttl.unwrap_or(sender.ttl),
            ip_id: sender.address.is_ipv4().then(|| packet.ip_id(frame)),
            tcp: Header {
                src_port: sender.address.port(),
                dst_port: receiver.address.port(),
                seq: packet.seq,
                ack: packet.ack,
                flags: packet.flags,
                window: packet.window,
                checksum: 0,
                urgent: 0,
                len: 20 + packet.options.len() as u8,
                options: &packet.options,
            },
            len: packet.payload.len() as u32,
            payload: &packet.payload,
        }
    }

    fn read_line(&mut self, line: &str, start_ns: &mut i64) -> Result<(), String> {
        let mut words = Words::new(line);
        match words.peek() {
            Some("client") => self.hosts.client.read(&mut words)?,
            Some("server") => self.hosts.server.read(&mut words)?,
            Some("example") => self.example = words.after("example")?.map(String::from),
            Some("rule") => {
                self.rules.push(words.after("rule")?.ok_or("expected a label after `rule`")?.into());
            }
            Some("start") => {
                *start_ns = notation::time(words.after("start")?.ok_or("expected a time after `start`")?)?;
            }
            Some("opened") => {
                let numbers = match words.after("opened")? {
                    Some(client) => [notation::number(client)?, words.number("the server's first number")?],
                    None => OPENED,
                };
                self.steps.extend(opening(numbers, *start_ns).map(Step::Packet));
            }
            _ => self.steps.push(step(&mut words, *start_ns)?),
        }
        words.end()
    }
}

impl Packet {
    /// The IPv4 identification of this packet as the `frame`-th of its capture.
    #[must_use]
    pub fn ip_id(&self, frame: u64) -> u16 {
        self.id.unwrap_or(frame as u16)
    }
}

impl Host {
    fn read(&mut self, words: &mut Words<'_>) -> Result<(), String> {
        let _ = words.next();
        let address = words.next().ok_or("expected address:port")?;
        self.address = address.parse().map_err(|_| format!("expected address:port, found `{address}`"))?;
        while let Some(word) = words.next() {
            match word {
                "mac" => self.mac = notation::mac(words.next().ok_or("expected a hardware address")?)?,
                "ttl" => self.ttl = words.number("the TTL")?,
                _ => return Err(format!("expected `mac` or `ttl`, found `{word}`")),
            }
        }
        Ok(())
    }
}

fn step(words: &mut Words<'_>, start_ns: i64) -> Result<Step, String> {
    let time_ns = start_ns + notation::time(words.next().unwrap_or_default())?;
    if words.peek() == Some("clock") {
        let _ = words.next();
        return Ok(Step::Clock(time_ns));
    }
    let from = match [words.next(), words.next(), words.next()] {
        [Some("C"), Some(">"), Some("S")] => Side::Client,
        [Some("S"), Some(">"), Some("C")] => Side::Server,
        _ => return Err("expected `C > S`, `S > C` or `clock` after the time".into()),
    };
    let flags = notation::flags(words.next().ok_or("expected flags")?)?;
    let (seq, len) = notation::range(words.next().ok_or("expected first:last(octets)")?)?;
    let mut packet = Packet {
        time_ns,
        from,
        flags,
        seq,
        ack: 0,
        window: 65535,
        ttl: None,
        id: None,
        options: Vec::new(),
        payload: vec![b'x'; len],
    };
    let mut has_ack = false;
    while let Some(word) = words.next() {
        match word {
            "ack" => {
                packet.ack = words.number("the acknowledgment number")?;
                has_ack = true;
            }
            "win" => packet.window = words.number("the window")?,
            "ttl" => packet.ttl = Some(words.number("the TTL")?),
            "id" => packet.id = Some(words.number("the identification")?),
            "hex" => {
                let octets = notation::hex(words.next().ok_or("expected octets in hexadecimal")?)?;
                let start =
                    packet.payload.get_mut(..octets.len()).ok_or("more octets than the payload has")?;
                start.copy_from_slice(&octets);
            }
            options if options.starts_with('<') => packet.options = notation::options(options)?,
            _ => return Err(format!("expected ack, win, ttl, id, hex or <options>, found `{word}`")),
        }
    }
    if has_ack != flags.contains(Flags::ACK) {
        return Err("`ack` and the flag `.` go together".into());
    }
    Ok(Step::Packet(packet))
}

/// The opening of the worked examples: handshake, ten octets from the client, twenty from the server.
fn opening([client, server]: [u32; 2], start_ns: i64) -> impl Iterator<Item = Packet> {
    let (c, s) = (client.wrapping_add(1), server.wrapping_add(1));
    let (c_data, s_data) = (c.wrapping_add(10), s.wrapping_add(20));
    let (syn, ack, push) = (Flags::SYN, Flags::ACK, Flags(Flags::PSH.0 | Flags::ACK.0));
    [
        (0, Side::Client, syn, client, 0, 0),
        (10, Side::Server, Flags(syn.0 | ack.0), server, c, 0),
        (20, Side::Client, ack, c, s, 0),
        (21, Side::Client, push, c, s, 10),
        (31, Side::Server, push, s, c_data, 20),
        (41, Side::Client, ack, c_data, s_data, 0),
    ]
    .into_iter()
    .map(move |(milliseconds, from, flags, seq, ack, len)| Packet {
        time_ns: start_ns + milliseconds * 1_000_000,
        from,
        flags,
        seq,
        ack,
        window: 65535,
        ttl: None,
        id: None,
        options: Vec::new(),
        payload: vec![b'x'; len],
    })
}
