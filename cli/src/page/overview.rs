//! What all connections come to, whether the page has room for them or not.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::net::{IpAddr, SocketAddr};

use fourwave_annotate::lang::Phase;
use fourwave_annotate::{Code, Connection, Durations, FindingId, Kind, Severity, Who};
use serde::Serialize;

use super::spread::{self, Spread};
use super::timeline::{self, Timeline};
use super::top::Top;
use crate::attention::urgency;
use crate::explain::Verdict;
use crate::tally::Counts;

/// So many talkers are shown of a finding.
const TALKERS: usize = 10;

type Measure = fn(&Durations) -> Option<i64>;

/// The phases of which the distribution is shown.
const PHASES: [(Phase, Measure); 3] = [
    (Phase::Fin1Ack, |durations| durations.fin1_ack),
    (Phase::CloseWait, |durations| durations.close_wait),
    (Phase::LastAck, |durations| durations.last_ack),
];

/// Counts of connections.
#[derive(Default)]
pub struct Overview {
    connections: u64,
    /// Those that need attention.
    urgent: u64,
    first_ns: Option<i64>,
    last_ns: Option<i64>,
    kinds: Counts<Kind>,
    initiators: Counts<Option<Who>>,
    verdicts: Counts<Verdict>,
    findings: Counts<(FindingId, Severity)>,
    talkers: BTreeMap<FindingId, Talkers>,
    timeline: Timeline,
    /// In the order of [`PHASES`].
    spreads: [Spread; 3],
}

/// Who has a finding.
#[derive(Default)]
struct Talkers {
    servers: Top<SocketAddr>,
    clients: Top<IpAddr>,
}

/// An overview as a page shows it. Counts are pairs, the highest first.
#[derive(Serialize)]
pub struct Shown {
    connections: u64,
    urgent: u64,
    first_ns: Option<String>,
    last_ns: Option<String>,
    kinds: Vec<(String, u64)>,
    initiators: Vec<(String, u64)>,
    verdicts: Vec<(String, u64)>,
    /// The worst first.
    findings: Vec<(FindingId, Severity, u64)>,
    /// Of the findings in their order.
    talkers: Vec<(FindingId, TopShown<SocketAddr>, TopShown<IpAddr>)>,
    timeline: timeline::Shown,
    durations: Vec<(Phase, spread::Shown)>,
}

/// The most frequent of many.
#[derive(Serialize)]
struct TopShown<T> {
    counts: Vec<(T, u64)>,
    /// How much lower than the truth a count can be.
    missed: u64,
}

impl Overview {
    /// Counts one more connection.
    pub fn add(&mut self, connection: &Connection) {
        self.connections += 1;
        self.urgent += u64::from(urgency(connection).is_some());
        // 0 stands for a packet without time.
        let times = [connection.first.time_ns, connection.last.time_ns].into_iter().filter(|time| *time != 0);
        self.first_ns = self.first_ns.into_iter().chain(times.clone()).min();
        self.last_ns = self.last_ns.into_iter().chain(times).max();
        self.kinds.add(connection.kind);
        self.initiators.add(connection.initiator.peer);
        let verdict = Verdict::of(connection);
        self.verdicts.add(verdict);
        if connection.last.time_ns != 0 {
            self.timeline.add(connection.last.time_ns, verdict);
        }
        for (spread, (_, duration)) in self.spreads.iter_mut().zip(PHASES) {
            duration(&connection.durations).into_iter().for_each(|ns| spread.add(ns));
        }
        self.add_findings(connection);
    }

    /// Each finding counts once a connection.
    fn add_findings(&mut self, connection: &Connection) {
        let mut worst = BTreeMap::new();
        for finding in &connection.findings {
            let severity = worst.entry(finding.id).or_insert(finding.severity);
            *severity = finding.severity.max(*severity);
        }
        for (id, severity) in worst {
            self.findings.add((id, severity));
            let talkers = self.talkers.entry(id).or_default();
            talkers.servers.add(connection.addresses.server);
            talkers.clients.add(connection.addresses.client.ip());
        }
    }

    /// As a page shows it.
    pub fn shown(&self) -> Shown {
        let durations = PHASES.iter().zip(&self.spreads).map(|((phase, _), spread)| (*phase, spread.shown()));
        Shown {
            connections: self.connections,
            urgent: self.urgent,
            first_ns: self.first_ns.map(|ns| ns.to_string()),
            last_ns: self.last_ns.map(|ns| ns.to_string()),
            kinds: self.kinds.sorted(ToString::to_string),
            initiators: self.initiators.sorted(|who| who.map_or("none", Who::code).to_owned()),
            verdicts: self.verdicts.sorted(|verdict| verdict.code().to_owned()),
            findings: self.findings(),
            talkers: self.talkers.iter().map(|(id, talkers)| talkers.shown(*id)).collect(),
            timeline: self.timeline.shown(),
            durations: durations.collect(),
        }
    }

    /// The worst first, then the most frequent.
    fn findings(&self) -> Vec<(FindingId, Severity, u64)> {
        let counts = self.findings.iter().map(|(&(id, severity), count)| (id, severity, count));
        let mut counts: Vec<_> = counts.collect();
        counts.sort_unstable_by_key(|&(id, severity, count)| (Reverse((severity, count)), id));
        counts
    }
}

impl Talkers {
    fn shown(&self, id: FindingId) -> (FindingId, TopShown<SocketAddr>, TopShown<IpAddr>) {
        (id, TopShown::of(&self.servers), TopShown::of(&self.clients))
    }
}

impl<T: Copy + Eq + Hash + Ord> TopShown<T> {
    fn of(top: &Top<T>) -> Self {
        Self { counts: top.first(TALKERS), missed: top.missed() }
    }
}
