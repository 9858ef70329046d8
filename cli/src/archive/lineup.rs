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
}

impl Lineup {
    /// Takes what stands at each place.
    #[must_use]
    pub fn new(candidates: Vec<Option<Candidate>>) -> Self {
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
        Self { candidates, of, families }
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

impl Candidate {
    /// Files of one series have the same link types.
    fn is_of_the_link_types_of(&self, other: &Self) -> bool {
        self.head.link_types().eq(other.head.link_types())
    }
}
