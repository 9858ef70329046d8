//! What a run came to, in numbers: inputs, packets, connections. Whatever filters keep, everything counts.

use std::marker::PhantomData;

use fourwave_annotate::{ClientBasis, Code, Connection, ConnectionModifier, Evictions, FindingId, Kind, Who};

use crate::filter::findings_of;
use crate::tally::Tally;

/// The numbers of a run, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Files.
    pub files: Files,
    /// Series that were begun; a file that continues no other is one.
    pub series: u64,
    /// Series that were not read since what is known of them is still valid.
    pub series_kept: u64,
    /// What became of the packets.
    pub tally: Tally,
    /// What became of the connections.
    pub endings: Endings,
    /// Connections that left memory too early.
    pub evictions: Evictions,
    /// Most connections that were in memory at once.
    pub most_tracked: usize,
}

/// What became of files. Each counts once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files {
    /// Read to the end.
    pub read: u64,
    /// Not readable, or not to the end.
    pub damaged: u64,
    /// Not read since what is known of them is still valid.
    pub kept: u64,
}

/// What became of connections.
#[derive(Clone, Debug, Default)]
pub struct Endings {
    /// All of them.
    pub connections: u64,
    /// By how they ended.
    pub kinds: ByCode<Kind>,
    /// By who began the close; the rest are those where nobody did.
    initiators: ByCode<Who>,
    /// By what the roles of client and server rest on.
    pub client_bases: ByCode<ClientBasis>,
    /// By what else is to be said of them.
    pub modifiers: ByCode<ConnectionModifier>,
    /// By what was found, each finding once a connection.
    pub findings: ByCode<FindingId>,
}

/// A count for each word of a vocabulary.
#[derive(Clone, Debug)]
pub struct ByCode<T>(Vec<u64>, PhantomData<T>);

impl Totals {
    /// Adds those of another part of the run.
    pub fn merge(&mut self, other: Self) {
        let Self { files, series, series_kept, tally, endings, evictions, most_tracked } = other;
        self.files.read += files.read;
        self.files.damaged += files.damaged;
        self.files.kept += files.kept;
        self.series += series;
        self.series_kept += series_kept;
        self.tally.merge(tally);
        self.endings.merge(&endings);
        self.add_evictions(evictions);
        self.most_tracked = self.most_tracked.max(most_tracked);
    }

    /// Adds the evictions of one engine.
    pub const fn add_evictions(&mut self, Evictions { idle, pushed_out }: Evictions) {
        self.evictions.idle += idle;
        self.evictions.pushed_out += pushed_out;
    }
}

impl Endings {
    /// Counts one more connection.
    pub fn add(&mut self, connection: &Connection) {
        self.connections += 1;
        self.kinds.add(connection.kind);
        connection.initiator.peer.into_iter().for_each(|who| self.initiators.add(who));
        self.client_bases.add(connection.client_basis);
        connection.modifiers.iter().for_each(|modifier| self.modifiers.add(modifier));
        findings_of(connection).iter().for_each(|finding| self.findings.add(finding));
    }

    /// Connections by who began the close, those where nobody did last.
    #[must_use]
    pub fn initiators(&self) -> Vec<(&'static str, u64)> {
        let mut initiators = self.initiators.sorted();
        let none = self.connections - self.initiators.sum();
        if none > 0 {
            initiators.push(("none", none));
        }
        initiators
    }

    fn merge(&mut self, other: &Self) {
        let Self { connections, kinds, initiators, client_bases, modifiers, findings } = other;
        self.connections += connections;
        self.kinds.merge(kinds);
        self.initiators.merge(initiators);
        self.client_bases.merge(client_bases);
        self.modifiers.merge(modifiers);
        self.findings.merge(findings);
    }
}

impl<T: Code> ByCode<T> {
    /// Words that were counted and their counts, the highest first, then in the order of the vocabulary.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&'static str, u64)> {
        let counts = T::ALL.iter().map(|word| word.code()).zip(self.0.iter().copied());
        let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    fn add(&mut self, word: T) {
        self.0[word.index() as usize] += 1;
    }

    fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(count, more)| *count += more);
    }

    fn sum(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl<T: Code> Default for ByCode<T> {
    fn default() -> Self {
        Self(vec![0; T::ALL.len()], PhantomData)
    }
}
