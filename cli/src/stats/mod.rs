//! Counts over a run: how its connections ended, and what became of its packets.
//!
//! Percentiles are exact (nearest rank): every duration is kept, eight octets each. So are the counts: every server and
//! every client network is kept, about 200 octets each.

mod text;

use std::net::{IpAddr, SocketAddr};

use fourwave_annotate::lang::Phase;
use fourwave_annotate::{Code, Connection, Durations, FindingId, Kind, Who};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::filter::{Network, findings_of};
use crate::tally::{Counts, Tally};

pub use text::write;

/// The counts of a run.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// The inputs.
    pub files: Vec<String>,
    /// What became of the packets.
    pub tally: Tally,
    connections: u64,
    kinds: Counts<Kind>,
    initiators: Counts<Option<Who>>,
    findings: Counts<FindingId>,
    servers: Counts<SocketAddr>,
    client_networks: Counts<Network>,
    /// In the order of [`PHASES`]; nanoseconds.
    durations: [Vec<i64>; 4],
}

type Measure = fn(&Durations) -> Option<i64>;

/// The phases whose length is measured.
const PHASES: [(Phase, Measure); 4] = [
    (Phase::Fin1Ack, |durations| durations.fin1_ack),
    (Phase::CloseWait, |durations| durations.close_wait),
    (Phase::LastAck, |durations| durations.last_ack),
    (Phase::Teardown, |durations| durations.teardown),
];

/// A number of the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Packets read.
    Packets,
    /// Packets with TCP segments that were followed. With those skipped they make all packets.
    PacketsWithSegments,
    /// Segments followed.
    Segments,
    /// Segments with a wrong checksum.
    BadChecksums,
    /// Connections that pass the filters.
    Connections,
}

impl Total {
    const ALL: [Self; 5] =
        [Self::Packets, Self::PacketsWithSegments, Self::Segments, Self::BadChecksums, Self::Connections];

    /// Its key.
    const fn key(self) -> &'static str {
        match self {
            Self::Packets => "packets",
            Self::PacketsWithSegments => "packets_with_segments",
            Self::Segments => "segments",
            Self::BadChecksums => "bad_checksums",
            Self::Connections => "connections",
        }
    }
}

/// What is counted of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// How they ended.
    Kinds,
    /// Who began the close.
    Initiators,
    /// What is to be said of them.
    Findings,
    /// The server's address and port.
    Servers,
    /// The client's network: 24 leading bits of IPv4, 64 of IPv6.
    ClientNetworks,
}

impl Section {
    const ALL: [Self; 5] =
        [Self::Kinds, Self::Initiators, Self::Findings, Self::Servers, Self::ClientNetworks];

    /// Its key.
    const fn key(self) -> &'static str {
        match self {
            Self::Kinds => "kinds",
            Self::Initiators => "initiators",
            Self::Findings => "findings",
            Self::Servers => "servers",
            Self::ClientNetworks => "client_networks",
        }
    }
}

impl Stats {
    /// Counts one more connection.
    pub fn add(&mut self, connection: &Connection) {
        self.connections += 1;
        self.kinds.add(connection.kind);
        self.initiators.add(connection.initiator.peer);
        for finding in findings_of(connection).iter() {
            self.findings.add(finding);
        }
        self.servers.add(connection.addresses.server);
        self.client_networks.add(network_of(connection.addresses.client.ip()));
        for (values, (_, duration)) in self.durations.iter_mut().zip(PHASES) {
            values.extend(duration(&connection.durations));
        }
    }

    /// Everything that was counted, in the order of the record.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut add = |section, name, value| rows.push(Row { section, name, value });
        for total in Total::ALL {
            add("totals", total.key().to_owned(), Some(count(self.total(total))));
        }
        for (name, packets) in self.skipped() {
            add("skipped", name, Some(count(packets)));
        }
        for section in Section::ALL {
            for (name, connections) in self.counts(section) {
                add(section.key(), name, Some(count(connections)));
            }
        }
        for (phase, percentiles) in self.percentiles() {
            for (name, value) in percentiles.entries() {
                add("durations_ns", format!("{phase}_{name}"), value);
            }
        }
        rows
    }

    fn total(&self, total: Total) -> u64 {
        match total {
            Total::Packets => self.tally.packets,
            Total::PacketsWithSegments => self.tally.with_segments,
            Total::Segments => self.tally.segments,
            Total::BadChecksums => self.tally.bad_checksums,
            Total::Connections => self.connections,
        }
    }

    /// Packets without segments, by reason.
    fn skipped(&self) -> Vec<(String, u64)> {
        self.tally.skipped.sorted(ToString::to_string)
    }

    fn counts(&self, section: Section) -> Vec<(String, u64)> {
        match section {
            Section::Kinds => self.kinds.sorted(ToString::to_string),
            Section::Initiators => self.initiators.sorted(|who| who.map_or("none", Who::code).to_owned()),
            Section::Findings => self.findings.sorted(ToString::to_string),
            Section::Servers => self.servers.sorted(ToString::to_string),
            Section::ClientNetworks => self.client_networks.sorted(ToString::to_string),
        }
    }

    fn percentiles(&self) -> impl Iterator<Item = (Phase, Percentiles)> {
        PHASES.iter().zip(&self.durations).map(|((phase, _), values)| (*phase, Percentiles::of(values)))
    }
}

impl Serialize for Stats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("record", "stats")?;
        map.serialize_entry("files", &self.files)?;
        for total in Total::ALL {
            map.serialize_entry(total.key(), &self.total(total))?;
        }
        map.serialize_entry("skipped", &Object(self.skipped()))?;
        for section in Section::ALL {
            map.serialize_entry(section.key(), &Object(self.counts(section)))?;
        }
        map.serialize_entry("durations_ns", &Object(self.percentiles().collect::<Vec<_>>()))?;
        map.end()
    }
}

/// A number and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key of the record that it stands under; `totals` for those that stand alone.
    pub section: &'static str,
    /// What is counted or measured.
    pub name: String,
    /// The number; `None` where there is nothing to measure.
    pub value: Option<i64>,
}

/// A count as the numbers of rows are.
fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Serialises pairs as an object, in their order.
struct Object<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Object<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A distribution, by nearest rank; nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Percentiles {
    count: u64,
    p50: Option<i64>,
    p90: Option<i64>,
    p99: Option<i64>,
    max: Option<i64>,
}

impl Percentiles {
    fn of(values: &[i64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let rank = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100);
            sorted.get(rank.saturating_sub(1)).copied()
        };
        Self {
            count: sorted.len() as u64,
            p50: rank(50),
            p90: rank(90),
            p99: rank(99),
            max: sorted.last().copied(),
        }
    }

    fn entries(self) -> [(&'static str, Option<i64>); 5] {
        let count = count(self.count);
        [("count", Some(count)), ("p50", self.p50), ("p90", self.p90), ("p99", self.p99), ("max", self.max)]
    }
}

fn network_of(address: IpAddr) -> Network {
    match address {
        IpAddr::V4(_) => Network::of(address, 24),
        IpAddr::V6(_) => Network::of(address, 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let of = |values: &[i64]| Percentiles::of(values);
        let hundred: Vec<i64> = (1..=100).rev().collect();
        let expected =
            Percentiles { count: 100, p50: Some(50), p90: Some(90), p99: Some(99), max: Some(100) };
        assert_eq!(of(&hundred), expected);
        assert_eq!(
            of(&[7]),
            Percentiles { count: 1, p50: Some(7), p90: Some(7), p99: Some(7), max: Some(7) }
        );
        assert_eq!(of(&[]), Percentiles { count: 0, p50: None, p90: None, p99: None, max: None });
    }

    #[test]
    fn client_networks() {
        assert_eq!(network_of("192.0.2.77".parse().unwrap()).to_string(), "192.0.2.0/24");
        assert_eq!(network_of("2001:db8:0:1:2::9".parse().unwrap()).to_string(), "2001:db8:0:1::/64");
    }
}
