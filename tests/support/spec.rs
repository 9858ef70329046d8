//! The worked examples of the specification (its section 13): read from `docs/SPEC.md`, and written from
//! what the engine said in the same notation, so that the two can be held against each other part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use fourwave_annotate::{
    Bounds, Change, Code, Connection, Modifiers, Revision, Role, Side, State, Step, Waves, Who,
};
use fourwave_dissector::tcp::Flags;

use crate::notation::{list, seconds};
use crate::run::{Entry, Seen, Story};

/// One worked example.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Example {
    /// `EX01` and so on.
    pub id: String,
    /// Segments and clock events, in order.
    pub lines: Vec<Line>,
    /// Connections, in order.
    pub connections: Vec<Summary>,
}

/// A segment or clock event of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Frame, time, sender, flags and numbers, with single spaces.
    pub segment: String,
    /// The role.
    pub role: String,
    /// The modifiers.
    pub modifiers: BTreeSet<String>,
    /// The waves, such as `w2,3`.
    pub waves: String,
    /// The client's bounds, before and after.
    pub client: String,
    /// The server's bounds, before and after.
    pub server: String,
}

/// The connection record of an example.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// The incarnation, such as `#1`.
    pub incarnation: String,
    /// What is said of it: values by name. A name can have several values.
    pub said: BTreeMap<String, BTreeSet<String>>,
    /// Both paths.
    pub path: String,
}

impl Example {
    /// Reads all examples of the specification: they stand between its code fences, separated by empty lines.
    ///
    /// # Errors
    /// The first line that is none of an example.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let fenced = text.split("```").nth(1).unwrap_or_default();
        fenced.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(Self::parse).collect()
    }

    /// Reads one example.
    ///
    /// # Errors
    /// The first line that is none of an example.
    pub fn parse(block: &str) -> Result<Self, String> {
        let mut example = Self::default();
        for line in block.lines() {
            let line = line.trim();
            if let Some(summary) = line.strip_prefix("=> ") {
                example.connections.push(Summary::parse(summary));
            } else if let Some(path) = line.strip_prefix("path ") {
                let last = example.connections.last_mut();
                path.clone_into(&mut last.ok_or_else(|| format!("path of no connection: `{line}`"))?.path);
            } else if example.id.is_empty() {
                line.split(' ').next().unwrap_or_default().clone_into(&mut example.id);
            } else {
                example.lines.push(Line::parse(line)?);
            }
        }
        Ok(example)
    }
}

impl Line {
    fn parse(line: &str) -> Result<Self, String> {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [segment, what, waves, client, server] = columns[..] else {
            return Err(format!("expected five columns: `{line}`"));
        };
        let mut words = what.split(" +").map(String::from);
        Ok(Self {
            segment: segment.split_whitespace().collect::<Vec<_>>().join(" "),
            role: words.next().unwrap_or_default(),
            modifiers: words.collect(),
            waves: waves.into(),
            client: client.into(),
            server: server.into(),
        })
    }
}

impl Summary {
    fn parse(line: &str) -> Self {
        let mut summary = Self::default();
        let mut entries: Vec<(&str, String)> = Vec::new();
        for word in line.split(' ') {
            match (word.split_once('='), entries.last_mut()) {
                (Some((name, value)), _) => entries.push((name, value.into())),
                (None, Some((_, value))) => *value = format!("{value} {word}"),
                (None, None) => word.clone_into(&mut summary.incarnation),
            }
        }
        for (name, value) in entries {
            let values = summary.said.entry(name.into()).or_default();
            match name {
                "mods" | "findings" | "retro" => values.extend(value.split(',').map(String::from)),
                _ => values.extend([value]),
            }
        }
        summary
    }
}

/// What the engine said, in the notation of the examples.
#[must_use]
pub fn write(id: &str, story: &Story) -> String {
    let mut text = format!("{id}\n");
    for entry in &story.entries {
        let (left, role, modifiers, waves, peers) = match entry {
            Entry::Segment(seen, said) => {
                (segment(seen, said.from), said.role, said.modifiers, said.waves, said.peers)
            }
            Entry::Expired(event) => {
                let left = format!("- {} clock", seconds(event.time_ns));
                (left, Role::TimeWaitExpired, Modifiers::default(), Waves::EMPTY, event.peers)
            }
        };
        let waves = list(waves.iter().map(|wave| wave.number()), ",");
        let _ = writeln!(
            text,
            "{left} | {role}{} | w{} | C {} | S {}",
            modifier_words(&modifiers),
            if waves.is_empty() { "-" } else { &waves },
            change(peers.client),
            change(peers.server)
        );
    }
    for connection in &story.connections {
        let _ = writeln!(text, "=> {}", summary(connection));
        let [client, server] = [Side::Client, Side::Server].map(|side| path(&connection.path[side]));
        let _ = writeln!(text, "   path C {client} | S {server}");
    }
    text
}

fn segment(seen: &Seen, from: Side) -> String {
    let direction = match from {
        Side::Client => "c>s",
        Side::Server => "s>c",
    };
    let letters =
        [('S', Flags::SYN), ('F', Flags::FIN), ('R', Flags::RST), ('P', Flags::PSH), ('A', Flags::ACK)];
    let flags: String =
        letters.iter().filter(|(_, flag)| seen.flags.contains(*flag)).map(|(letter, _)| letter).collect();
    let ack = if seen.flags.contains(Flags::ACK) { seen.ack.to_string() } else { "-".into() };
    let window = if seen.window == 65535 { String::new() } else { format!(" win={}", seen.window) };
    let time = seconds(seen.time_ns);
    format!("{} {time} {direction} {flags} seq={} ack={ack} len={}{window}", seen.frame, seen.seq, seen.len)
}

fn modifier_words(modifiers: &Modifiers) -> String {
    let mut words = String::new();
    modifiers.for_each(|code, number| {
        let _ = match number {
            Some(number) => write!(words, " +{code}:{number}"),
            None => write!(words, " +{code}"),
        };
    });
    words
}

fn change(peer: Change) -> String {
    if peer.before == peer.after {
        bounds(peer.after)
    } else {
        format!("{}→{}", bounds(peer.before), bounds(peer.after))
    }
}

fn bounds(bounds: Bounds) -> String {
    if bounds.confirmed == bounds.expected {
        abbreviated(bounds.confirmed).into()
    } else {
        format!("{}/{}", abbreviated(bounds.confirmed), abbreviated(bounds.expected))
    }
}

const fn abbreviated(state: State) -> &'static str {
    match state {
        State::Unknown => "??",
        State::Closed => "CL",
        State::Listen => "LI",
        State::SynSent => "SS",
        State::SynReceived => "SR",
        State::Established => "ES",
        State::FinWait1 => "F1",
        State::FinWait2 => "F2",
        State::CloseWait => "CW",
        State::Closing => "CG",
        State::LastAck => "LA",
        State::TimeWait => "TW",
    }
}

fn summary(connection: &Connection) -> String {
    let mut words = vec![format!("#{}", connection.incarnation), format!("kind={}", connection.kind)];
    let initiator = &connection.initiator;
    words.push(match (initiator.peer, initiator.by) {
        (Some(Who::Both), Some(by)) => {
            format!("initiator=both by {by}, first seen {}", initiator.first_seen.map_or("", Code::code))
        }
        (Some(who), Some(by)) => format!("initiator={who} by {by}"),
        (None, _) | (_, None) => "initiator=none".into(),
    });
    let durations = &connection.durations;
    let close_wait = if connection.close_wait_merged {
        Some("merged".into())
    } else {
        durations.close_wait.map(milliseconds)
    };
    words.extend(durations.fin1_ack.map(|ns| format!("fin1_ack={}", milliseconds(ns))));
    words.extend(close_wait.map(|dwell| format!("close_wait={dwell}")));
    words.extend(durations.last_ack.map(|ns| format!("last_ack={}", milliseconds(ns))));
    for (side, stay) in connection.time_wait.iter() {
        let letter = match side {
            Side::Client => 'C',
            Side::Server => 'S',
        };
        words.extend(
            stay.map(|stay| {
                format!("time_wait={letter}@{}..{}", seconds(stay.from_ns), seconds(stay.until_ns))
            }),
        );
    }
    if connection.half_close_bytes > 0 {
        words.push(format!("half_close_bytes={}", connection.half_close_bytes));
    }
    let lists = [
        ("mods", list(connection.modifiers.iter(), ",")),
        ("retro", list(connection.retro.iter().map(|retro| revision(retro.at.frame(), retro.what)), ",")),
        ("findings", list(connection.findings.iter().map(|finding| finding.id), ",")),
    ];
    words.extend(
        lists.iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| format!("{name}={list}")),
    );
    words.join(" ")
}

fn revision(frame: u64, what: Revision) -> String {
    match what {
        Revision::Role { was, is } | Revision::Moved { was, is, connection: _ } => {
            format!("{frame}:{was}>{is}")
        }
        Revision::InferenceWithdrawn => format!("{frame}:fin-inferred>withdrawn"),
    }
}

fn path(steps: &[Step]) -> String {
    list(steps.iter().map(|step| abbreviated(step.state)), " ")
}

fn milliseconds(ns: i64) -> String {
    format!("{}ms", (ns + 500_000).div_euclid(1_000_000))
}
