//! What became of the packets of a run. Every packet is counted once: it held a segment that was followed, or it
//! was skipped for one reason.

mod words;

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use fourwave_dissector::Skip;

/// How often each thing was counted.
#[derive(Clone, Debug)]
pub struct Counts<T>(HashMap<T, u64>);

impl<T> Default for Counts<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Eq + Hash> Counts<T> {
    /// Counts one more.
    pub fn add(&mut self, what: T) {
        *self.0.entry(what).or_default() += 1;
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    /// All that was counted, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&T, u64)> {
        self.0.iter().map(|(what, count)| (what, *count))
    }

    /// Names and counts, the highest count first, then by name.
    pub fn sorted<N: Ord>(&self, name: impl Fn(&T) -> N) -> Vec<(N, u64)> {
        let mut counts: Vec<_> = self.iter().map(|(what, count)| (name(what), count)).collect();
        counts.sort_by(|(a_name, a), (b_name, b)| b.cmp(a).then_with(|| a_name.cmp(b_name)));
        counts
    }
}

/// Why a packet was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The dissector found no segment.
    NoSegment(Skip),
    /// Its segments have wrong checksums, and those were to be left out.
    Checksum,
}

impl Reason {
    /// Whether it may hide TCP segments; that other traffic is skipped is no news.
    #[must_use]
    pub const fn is_notable(self) -> bool {
        match self {
            Self::NoSegment(skip) => match skip {
                Skip::NotIp | Skip::NotTcp(_) | Skip::IcmpQuote | Skip::FragmentWaiting => false,
                Skip::LinkType(_)
                | Skip::Cut(_)
                | Skip::TcpCut
                | Skip::Bad(_)
                | Skip::FragmentBad
                | Skip::LinkFragment
                | Skip::TooDeep
                | Skip::Encrypted => true,
            },
            Self::Checksum => true,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSegment(skip) => skip.fmt(f),
            Self::Checksum => f.write_str("wrong TCP checksum"),
        }
    }
}

/// The packets of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Packets read.
    pub packets: u64,
    /// Those with at least one segment that was followed.
    pub with_segments: u64,
    /// Segments followed.
    pub segments: u64,
    /// Segments with a wrong checksum, followed or not; 0 where checksums were not looked at.
    pub bad_checksums: u64,
    /// The other packets, by reason.
    pub skipped: Counts<Reason>,
}

impl Tally {
    /// Adds the packets of another part of the run.
    pub fn merge(&mut self, other: Self) {
        let Self { packets, with_segments, segments, bad_checksums, skipped } = other;
        self.packets += packets;
        self.with_segments += with_segments;
        self.segments += segments;
        self.bad_checksums += bad_checksums;
        self.skipped.merge(skipped);
    }

    /// A line about skipped packets that may have held segments; `None` if there are none.
    #[must_use]
    pub fn notable(&self) -> Option<String> {
        let reasons = self.skipped.sorted(|reason| reason.to_string());
        let notable = |name: &str| {
            self.skipped.iter().any(|(reason, _)| reason.is_notable() && reason.to_string() == name)
        };
        let list: Vec<_> = reasons
            .into_iter()
            .filter(|(name, _)| notable(name))
            .map(|(name, count)| format!("{name}: {count}"))
            .collect();
        (!list.is_empty()).then(|| format!("skipped packets: {}", list.join(", ")))
    }
}
