//! The files of an archive that can be of series, by their places, and which of them are named alike: so that what
//! continues one is looked for among few of them.

use std::collections::HashMap;

use super::head::Head;
use super::name::Name;

/// A file that can be of a series.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What its head tells.
    pub head: Head,
    /// What it is called.
    pub name: Name,
}

/// All candidates. Those of the same link types stand together, in the order of their first packets.
#[derive(Debug, Default)]
pub struct Lineup {
    /// By place; none where something else stands.
    candidates: Vec<Option<Candidate>>,
    /// The family of each candidate, by place.
    of: HashMap<usize, usize>,
    /// The places, going up, of those that have the same link types, and the same names but for numbers.
    families: Vec<Vec<usize>>,
    /// The places of files that were just begun, by those of the candidates behind which they come by their names.
    begun: HashMap<usize, usize>,
}

impl Lineup {
    /// Takes what stands at each place, and the places and names of files that were just begun.
    #[must_use]
    pub fn new(candidates: Vec<Option<Candidate>>, begun: &[(usize, Name)]) -> Self {
        let (mut of, mut families) = (HashMap::new(), Vec::new());
        let (mut by_stem, mut last) = (HashMap::new(), None);
        for (place, candidate) in candidates.iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            if !last.is_some_and(|last: &Candidate| last.is_of_the_link_types_of(candidate)) {
                by_stem.clear();
            }
            last = Some(candidate);
            let family = *by_stem.entry(candidate.name.stem()).or_insert(families.len());
            if family == families.len() {
                families.push(Vec::new());
            }
            families[family].push(place);
            of.insert(place, family);
        }
        let begun = if begun.is_empty() { HashMap::new() } else { by_names(&candidates, begun) };
        Self { candidates, of, families, begun }
    }

    /// The candidate at `place`, if one stands there.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&Candidate> {
        self.candidates.get(place)?.as_ref()
    }

    /// The places of the candidate at `place` and of those that are called the same but for numbers, going up.
    #[must_use]
    pub fn family(&self, place: usize) -> &[usize] {
        self.of.get(&place).map_or(&[], |family| &self.families[*family])
    }

    /// The place of the file that was just begun and follows the candidate at `place` by its name, if there is one.
    #[must_use]
    pub fn begun_behind(&self, place: usize) -> Option<usize> {
        self.begun.get(&place).copied()
    }

    /// Those behind `place` that have the same link types as `last`, but for the first ones that `are_over`.
    pub fn behind(
        &self,
        place: usize,
        last: &Candidate,
        are_over: impl Fn(&Candidate) -> bool,
    ) -> impl Iterator<Item = (usize, &Candidate)> {
        let is_like = |candidate: &&Candidate| candidate.is_of_the_link_types_of(last);
        let behind = &self.candidates[place + 1..];
        let first = behind.partition_point(|other| other.as_ref().filter(is_like).is_some_and(&are_over));
        let others = (place + 1 + first..).zip(&behind[first..]);
        others.map_while(move |(place, other)| Some((place, other.as_ref().filter(is_like)?)))
    }
}

/// The places of files that were just begun by those of the candidates that stand right before them in the order of names,
/// and are called the same but for numbers.
fn by_names(candidates: &[Option<Candidate>], begun: &[(usize, Name)]) -> HashMap<usize, usize> {
    let candidates = candidates.iter().enumerate();
    let known = candidates.filter_map(|(place, candidate)| Some((&candidate.as_ref()?.name, place, false)));
    let begun = begun.iter().map(|(place, name)| (name, *place, true));
    let mut names: Vec<_> = known.chain(begun).collect();
    names.sort_unstable();
    let pairs = names.iter().zip(names.iter().skip(1)).filter_map(|(one, next)| {
        let ((name, place, is_begun), (next_name, begun, is_next_begun)) = (*one, *next);
        let follows = !is_begun && is_next_begun && name.distance(next_name).is_some();
        follows.then_some((place, begun))
    });
    pairs.collect()
}

impl Candidate {
    /// Files of one series have the same link types.
    fn is_of_the_link_types_of(&self, other: &Self) -> bool {
        self.head.link_types().eq(other.head.link_types())
    }
}

#[cfg(test)]
mod tests {
    use fourwave_dissector::LinkType;
    use fourwave_dissector::capture::InterfaceInfo;

    use super::*;

    /// Behind which of `known` each of `begun` comes.
    fn behind<'n>(known: &[&'n str], begun: &[&'n str]) -> Vec<(&'n str, &'n str)> {
        let interface = InterfaceInfo { link_type: LinkType(1), name: None, description: None };
        let head = Head { first_ns: 0, interfaces: vec![interface], segments: Vec::new() };
        let candidates =
            known.iter().map(|name| Some(Candidate { head: head.clone(), name: Name::new(name) }));
        let places = (known.len()..).zip(begun).map(|(place, name)| (place, Name::new(name)));
        let lineup = Lineup::new(candidates.collect(), &places.collect::<Vec<_>>());
        let places = known.iter().zip(0..);
        let pairs = places
            .filter_map(|(name, place)| Some((*name, begun[lineup.begun_behind(place)? - known.len()])));
        pairs.collect()
    }

    #[test]
    fn what_was_just_begun_comes_behind_the_last_one_by_its_name() {
        assert_eq!(behind(&["x10", "x9"], &["x11"]), [("x10", "x11")]);
        assert_eq!(behind(&["x.pcap"], &["x.pcap1.zst"]), [("x.pcap", "x.pcap1.zst")]);
        assert_eq!(behind(&["01-31_23", "02-01_00"], &["02-01_01"]), [("02-01_00", "02-01_01")]);
        let (known, begun) = (["eth0-8", "eth0-9", "eth1-9", "eth1-10"], ["eth0-10", "eth1-11"]);
        assert_eq!(behind(&known, &begun), [("eth0-9", "eth0-10"), ("eth1-10", "eth1-11")]);
        // Only the first one: nobody begins two.
        assert_eq!(behind(&["x1"], &["x2", "x3"]), [("x1", "x2")]);
    }

    #[test]
    fn what_is_called_otherwise_or_first_comes_behind_none() {
        assert_eq!(behind(&["x1", "x2"], &["x0", "y3", "x2.gz", "empty"]), []);
        assert_eq!(behind(&["a/1"], &["b/2"]), []);
    }
}
