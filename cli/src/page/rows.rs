//! The table of connections, column by column: numbers that compress well, texts by their place in a list.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use fourwave_annotate::{
    Both, Code, Connection, ConnectionModifier, Durations, FindingId, Kind, Set, Severity, Who,
};
use serde::Serialize;

use crate::filter::findings_of;

/// What the table shows of a connection.
pub struct Row {
    number: u64,
    ends: Both<SocketAddr>,
    kind: Kind,
    initiator: Option<Who>,
    modifiers: Set<ConnectionModifier>,
    findings: Set<FindingId>,
    worst: Option<Severity>,
    file: u32,
    frame: u64,
    first_ns: i64,
    last_ns: i64,
    durations: Durations,
    segments: Both<u64>,
    octets: Both<u64>,
}

impl Row {
    /// That of `connection`.
    pub fn new(connection: &Connection) -> Self {
        Self {
            number: connection.number,
            ends: connection.addresses,
            kind: connection.kind,
            initiator: connection.initiator.peer,
            modifiers: connection.modifiers,
            findings: findings_of(connection),
            worst: connection.findings.iter().map(|finding| finding.severity).max(),
            file: connection.first.at.file(),
            frame: connection.first.at.frame(),
            first_ns: connection.first.time_ns,
            last_ns: connection.last.time_ns,
            durations: connection.durations,
            segments: connection.segments,
            octets: connection.bytes,
        }
    }

    /// The number of its connection.
    pub const fn number(&self) -> u64 {
        self.number
    }
}

/// No word, or no duration, where words and durations are numbers.
const NONE: i64 = -1;

/// The columns of the table. Times are nanoseconds, those of rows since `base_ns`, a number too large for JavaScript.
#[derive(Serialize)]
pub struct Columns {
    base_ns: String,
    /// In the order of addresses, so that their places are in that order, too.
    addresses: Vec<IpAddr>,
    finding_sets: Vec<Vec<u32>>,
    modifier_sets: Vec<Vec<u32>>,
    number: Vec<u64>,
    first_ns: Vec<i64>,
    length_ns: Vec<i64>,
    client: Vec<usize>,
    client_port: Vec<u16>,
    server: Vec<usize>,
    server_port: Vec<u16>,
    kind: Vec<u32>,
    initiator: Vec<i64>,
    severity: Vec<i64>,
    findings: Vec<usize>,
    modifiers: Vec<usize>,
    fin1_ack: Vec<i64>,
    close_wait: Vec<i64>,
    last_ack: Vec<i64>,
    teardown: Vec<i64>,
    client_segments: Vec<u64>,
    server_segments: Vec<u64>,
    client_octets: Vec<u64>,
    server_octets: Vec<u64>,
    file: Vec<u32>,
    frame: Vec<u64>,
}

impl Columns {
    /// Those of `rows`, which are in the order of their numbers.
    pub fn new(rows: &[&Row]) -> Self {
        let base_ns = rows.iter().map(|row| row.first_ns).min().unwrap_or_default();
        let addresses = rows.iter().flat_map(|row| [row.ends.client.ip(), row.ends.server.ip()]);
        let addresses = Places::new(addresses);
        let finding_sets = Places::new(rows.iter().map(|row| places(row.findings)));
        let modifier_sets = Places::new(rows.iter().map(|row| places(row.modifiers)));
        let duration =
            |of: fn(&Durations) -> Option<i64>| column(rows, |row| of(&row.durations).unwrap_or(NONE));
        Self {
            base_ns: base_ns.to_string(),
            number: column(rows, |row| row.number),
            first_ns: column(rows, |row| row.first_ns.saturating_sub(base_ns)),
            length_ns: column(rows, |row| row.last_ns.saturating_sub(row.first_ns)),
            client: column(rows, |row| addresses.of(&row.ends.client.ip())),
            client_port: column(rows, |row| row.ends.client.port()),
            server: column(rows, |row| addresses.of(&row.ends.server.ip())),
            server_port: column(rows, |row| row.ends.server.port()),
            kind: column(rows, |row| row.kind.index()),
            initiator: column(rows, |row| row.initiator.map_or(NONE, |who| who.index().into())),
            severity: column(rows, |row| row.worst.map_or(NONE, |severity| severity.index().into())),
            findings: column(rows, |row| finding_sets.of(&places(row.findings))),
            modifiers: column(rows, |row| modifier_sets.of(&places(row.modifiers))),
            fin1_ack: duration(|durations| durations.fin1_ack),
            close_wait: duration(|durations| durations.close_wait),
            last_ack: duration(|durations| durations.last_ack),
            teardown: duration(|durations| durations.teardown),
            client_segments: column(rows, |row| row.segments.client),
            server_segments: column(rows, |row| row.segments.server),
            client_octets: column(rows, |row| row.octets.client),
            server_octets: column(rows, |row| row.octets.server),
            file: column(rows, |row| row.file),
            frame: column(rows, |row| row.frame),
            addresses: addresses.list(),
            finding_sets: finding_sets.list(),
            modifier_sets: modifier_sets.list(),
        }
    }
}

fn column<T>(rows: &[&Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(|row| value(row)).collect()
}

/// The words of a set by their places in the vocabulary.
fn places<T: Code>(set: Set<T>) -> Vec<u32> {
    set.iter().map(Code::index).collect()
}

/// Different values in their order, and the place of each.
struct Places<T>(BTreeMap<T, usize>);

impl<T: Ord> Places<T> {
    fn new(values: impl Iterator<Item = T>) -> Self {
        let mut places: BTreeMap<T, usize> = values.map(|value| (value, 0)).collect();
        places.values_mut().enumerate().for_each(|(at, place)| *place = at);
        Self(places)
    }

    fn of(&self, value: &T) -> usize {
        self.0.get(value).copied().unwrap_or_default()
    }

    fn list(self) -> Vec<T> {
        self.0.into_keys().collect()
    }
}
