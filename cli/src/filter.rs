//! Which records to keep. A filter never changes what the engine sees, so numbers and states stay.
//!
//! The same option given again means or, different options mean and. What a record does not carry itself is
//! remembered for as long as its connection lives: the addresses for a timer event, the roles for a connection.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use fourwave_annotate::{
    Annotation, Both, Connection, FindingId, FindingSet, Kind, Role, Set, TimeWaitExpired,
};
use fourwave_dissector::Segment;

use crate::args::FilterArgs;

/// An address, or a network: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// The network of `prefix` leading bits that `address` is in.
    #[must_use]
    pub fn of(address: IpAddr, prefix: u32) -> Self {
        let address = match address {
            IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & mask32(prefix)).into()),
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & mask128(prefix)).into()),
        };
        Self { address, prefix }
    }

    /// Whether `address` is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && *self == Self::of(address, self.prefix)
    }
}

fn mask32(prefix: u32) -> u32 {
    u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0)
}

fn mask128(prefix: u32) -> u128 {
    u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0)
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr =
            address.parse().map_err(|_| format!("expected an IP address, found `{address}`"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.map(str::parse) {
            None => longest,
            Some(Ok(prefix)) if prefix <= longest => prefix,
            Some(_) => return Err(format!("expected a length from 0 to {longest} after the /")),
        };
        Ok(Self::of(address, prefix))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// A point in time, nanoseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = match epoch_seconds(text) {
            Some(time) => Some(time),
            None => text.parse::<jiff::Timestamp>().ok().and_then(|t| i64::try_from(t.as_nanosecond()).ok()),
        };
        time.map(Self).ok_or_else(|| {
            format!("expected a time such as 2024-01-31T08:00:00Z or 1706688000.25, found `{text}`")
        })
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(self.0.into()) {
            Ok(time) => time.fmt(f),
            Err(_) => write!(f, "{} ns", self.0),
        }
    }
}

/// Seconds with up to nine decimals, exactly: a float would lose nanoseconds.
fn epoch_seconds(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 9 || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let nanoseconds: i64 = format!("{decimals:0<9}").parse().ok()?;
    let time = whole.parse::<i64>().ok()?.checked_mul(1_000_000_000)?.checked_add(nanoseconds)?;
    Some(if negative { -time } else { time })
}

/// What a filter remembers of a living connection.
struct Known {
    addresses: [SocketAddr; 2],
    roles: Set<Role>,
}

/// The filters of a run.
pub struct Filter {
    kinds: Set<Kind>,
    roles: Set<Role>,
    findings: FindingSet,
    hosts: Vec<Network>,
    ports: Vec<u16>,
    connections: Vec<u64>,
    from: Vec<Instant>,
    to: Vec<Instant>,
    /// By connection number; kept only where a filter needs it.
    known: HashMap<u64, Known>,
}

impl Filter {
    /// The filters asked for.
    #[must_use]
    pub fn new(args: &FilterArgs) -> Self {
        Self {
            kinds: args.kind.iter().copied().collect(),
            roles: args.role.iter().copied().collect(),
            findings: args.finding.iter().copied().collect(),
            hosts: args.host.clone(),
            ports: args.port.clone(),
            connections: args.connection.clone(),
            from: args.from.clone(),
            to: args.to.clone(),
            known: HashMap::new(),
        }
    }

    /// Whether a segment or event can only be judged when its connection is over.
    #[must_use]
    pub fn needs_kind(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// Whether a connection can only be judged by the roles of its segments.
    #[must_use]
    pub fn asks_for_roles(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Whether it remembers something of each connection.
    #[must_use]
    pub fn remembers(&self) -> bool {
        !(self.roles.is_empty() && self.hosts.is_empty() && self.ports.is_empty())
    }

    /// Takes note of a segment, whether it is kept or not.
    pub fn note(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        if !self.remembers() {
            return;
        }
        let known = self
            .known
            .entry(annotation.connection)
            .or_insert_with(|| Known { addresses: [segment.src, segment.dst], roles: Set::EMPTY });
        known.roles.insert(annotation.role);
    }

    /// Takes note of a timer event, whether it is kept or not.
    pub fn note_event(&mut self, event: &TimeWaitExpired) {
        if let Some(known) = self.known.get_mut(&event.connection) {
            known.roles.insert(Role::TimeWaitExpired);
        }
    }

    /// Whether a segment is kept, the kind of its connection aside.
    #[must_use]
    pub fn keeps(&self, segment: &Segment<'_>, annotation: &Annotation) -> bool {
        (self.roles.is_empty() || self.roles.contains(annotation.role))
            && (self.findings.is_empty() || self.findings.intersects(annotation.findings))
            && self.keeps_number(annotation.connection)
            && self.keeps_addresses([&segment.src, &segment.dst])
            && self.keeps_time(segment.time_ns, segment.time_ns)
    }

    /// Whether a timer event is kept, the kind of its connection aside.
    #[must_use]
    pub fn keeps_event(&self, event: &TimeWaitExpired) -> bool {
        let known = self.known.get(&event.connection);
        (self.roles.is_empty() || self.roles.contains(Role::TimeWaitExpired))
            && self.findings.is_empty()
            && self.keeps_number(event.connection)
            && known.is_none_or(|known| self.keeps_addresses(known.addresses.each_ref()))
            && self.keeps_time(event.time_ns, event.time_ns)
    }

    /// Whether the kind of a connection is one asked for.
    #[must_use]
    pub fn keeps_kind(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }

    /// Whether a finding is one asked for.
    #[must_use]
    pub fn keeps_finding(&self, finding: FindingId) -> bool {
        self.findings.is_empty() || self.findings.contains(finding)
    }

    /// Forgets what is known of a connection that is over.
    pub fn forget(&mut self, connection: u64) {
        self.take(connection);
    }

    /// Whether a connection is kept. What is known of it is forgotten.
    pub fn keeps_connection(&mut self, connection: &Connection) -> bool {
        let roles = self.take(connection.number).map_or(Set::EMPTY, |known| known.roles);
        let Both { client, server } = &connection.addresses;
        self.keeps_kind(connection.kind)
            && (self.roles.is_empty() || self.roles.intersects(roles))
            && (self.findings.is_empty()
                || connection.findings.iter().any(|finding| self.findings.contains(finding.id)))
            && self.keeps_number(connection.number)
            && self.keeps_addresses([client, server])
            && self.keeps_time(connection.first.time_ns, connection.last.time_ns)
    }

    /// What is known of a connection, which is forgotten.
    fn take(&mut self, connection: u64) -> Option<Known> {
        // Most filters need to know nothing; then numbers need not be hashed.
        if self.known.is_empty() { None } else { self.known.remove(&connection) }
    }

    fn keeps_number(&self, number: u64) -> bool {
        self.connections.is_empty() || self.connections.contains(&number)
    }

    #[inline]
    fn keeps_addresses(&self, ends: [&SocketAddr; 2]) -> bool {
        let host = |host: &Network| ends.iter().any(|end| host.contains(end.ip()));
        let port = |port: &u16| ends.iter().any(|end| end.port() == *port);
        (self.hosts.is_empty() || self.hosts.iter().any(host))
            && (self.ports.is_empty() || self.ports.iter().any(port))
    }

    /// Whether the time from `first` to `last` touches the one asked for.
    fn keeps_time(&self, first: i64, last: i64) -> bool {
        (self.from.is_empty() || self.from.iter().any(|from| last >= from.0))
            && (self.to.is_empty() || self.to.iter().any(|to| first <= to.0))
    }
}

/// The findings of a connection, as a set.
#[must_use]
pub fn findings_of(connection: &Connection) -> Set<FindingId> {
    connection.findings.iter().map(|finding| finding.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn networks_compare_leading_bits() {
        assert!(network("192.0.2.0/24").contains("192.0.2.255".parse().unwrap()));
        assert!(!network("192.0.2.0/24").contains("192.0.3.0".parse().unwrap()));
        assert!(network("192.0.2.9").contains("192.0.2.9".parse().unwrap()));
        assert!(!network("192.0.2.9").contains("192.0.2.8".parse().unwrap()));
        assert!(network("0.0.0.0/0").contains("203.0.113.1".parse().unwrap()));
        assert!(!network("0.0.0.0/0").contains("::1".parse().unwrap()));
        assert!(network("2001:db8::/32").contains("2001:db8:1::2".parse().unwrap()));
        assert!(network("::/0").contains("::1".parse().unwrap()));
    }

    #[test]
    fn wrong_networks_are_refused() {
        for wrong in ["", "example.org", "192.0.2.0/33", "192.0.2.0/", "::/129", "192.0.2.0/-1"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_exact_to_the_nanosecond() {
        let expected = Ok(Instant(1_700_000_000_123_456_789));
        assert_eq!("1700000000.123456789".parse(), expected);
        assert_eq!("2023-11-14T22:13:20.123456789Z".parse(), expected);
        assert_eq!("2023-11-15T00:13:20.123456789+02:00".parse(), expected);
        assert_eq!("-0.5".parse(), Ok(Instant(-500_000_000)));
        for wrong in ["", ".", "1.", "1.0000000001", "1e3", "yesterday", "99999999999999"] {
            assert_eq!(wrong.parse::<Instant>().is_ok(), wrong == "1.", "{wrong}");
        }
    }
}
