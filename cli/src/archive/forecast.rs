//! Which files will be of which series, told before they are read: for who wants to read several series at once.
//!
//! Heads say when files begin, but not when they end. Files that are named alike are taken to follow each other, all
//! others to stand alone. Whether that is so shows when they are read; each file that was makes the next forecast better.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Archive;
use super::chain::{Candidate, SILENCE_ALIKE};
use super::order::{Number, Order};

/// So many files are looked at for one that is named alike.
const LOOKED_AT: usize = 64;

/// The series that are left of an archive.
pub struct Forecast<'a> {
    archive: &'a Archive,
    /// The series of each place.
    series: Arc<[Number]>,
    /// The number of the first one.
    first: Number,
    /// The places of each one.
    places: Vec<Arc<[usize]>>,
}

impl<'a> Forecast<'a> {
    /// What is to be expected behind all that `order` has handed out, where the ends of some files are known.
    #[must_use]
    pub fn new(order: &Order<'a>, ends: &BTreeMap<usize, Option<i64>>) -> Self {
        let mut order = order.clone();
        let (first, mut places) = (order.number() + 1, Vec::new());
        while let Some(first) = order.begin() {
            let mut series = vec![first];
            let mut last = first;
            while let Some(end_ns) = ends.get(&last).copied().or_else(|| likely_end(&order, last).map(Some))
                && let Some(next) = order.go_on(end_ns)
            {
                series.push(next);
                last = next;
            }
            places.push(series.into());
        }
        Self { archive: order.archive(), series: order.series().clone(), first, places }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The places of a series, by its number from 0.
    #[must_use]
    pub fn places(&self, number: usize) -> &[usize] {
        self.places.get(number).map_or(&[], |places| places)
    }

    /// The walk through that series.
    #[must_use]
    pub fn order(&self, number: usize) -> Option<Order<'a>> {
        let places = self.places.get(number)?.clone();
        let from = self.places(number + 1).first().copied().unwrap_or(self.series.len());
        Some(Order::expecting(self.archive, self.series.clone(), self.first + number as Number, places, from))
    }
}

/// When the file at `place` may end: just before one begins that is named alike. `None` if nothing is likely to follow.
fn likely_end(order: &Order<'_>, place: usize) -> Option<i64> {
    let archive = order.archive();
    let last = archive.candidate(place)?;
    let follows = |(_, candidate): &(usize, &Candidate)| {
        let silence = candidate.head.first_ns.saturating_sub(last.head.first_ns);
        silence > 0 && silence <= SILENCE_ALIKE && candidate.name.distance(&last.name).is_some()
    };
    let next = order.like(last, place + 1..archive.len()).take(LOOKED_AT).find(follows);
    next.map(|(_, next)| next.head.first_ns - 1)
}

#[cfg(test)]
mod tests {
    use fourwave_dissector::LinkType;
    use fourwave_dissector::capture::InterfaceInfo;
    use proptest::prelude::*;

    use super::super::discover::Input;
    use super::super::head::Head;
    use super::super::name::Name;
    use super::super::{Entry, in_order};
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    /// What a file is called, its link type, when it begins and for how long it goes on, in seconds.
    type File = (&'static str, u16, i64, i64);

    fn archive(files: &[File]) -> (Archive, Vec<Option<i64>>) {
        let entry = |&(name, link_type, begins, _): &File| {
            let interface = InterfaceInfo { link_type: LinkType(link_type), name: None, description: None };
            let head = Head { first_ns: begins * SECOND, interfaces: vec![interface] };
            Entry {
                input: Input::File(name.into()),
                candidate: Some(Candidate { head, name: Name::new(name) }),
            }
        };
        let entries = in_order(files.iter().map(entry).collect());
        let names: Arc<[String]> = entries.iter().map(|entry| entry.input.name()).collect();
        let of_name = |name: &String| files.iter().find(|file| file.0 == name);
        let ends =
            names.iter().map(|name| of_name(name).map(|(_, _, begins, lasts)| (begins + lasts) * SECOND));
        let ends = ends.collect();
        (Archive { names, entries, incomplete: false, grows: false }, ends)
    }

    /// The series as they are when each file is read before it is known which one follows.
    fn in_turn(archive: &Archive, ends: &[Option<i64>]) -> Vec<Vec<usize>> {
        let (mut order, mut all) = (Order::new(archive), Vec::new());
        while let Some(first) = order.begin() {
            all.push(vec![first]);
            let series = all.last_mut().unwrap();
            while let Some(next) = order.go_on(ends[series[series.len() - 1]]) {
                series.push(next);
            }
        }
        all
    }

    /// The same with forecasts, and how many it took.
    fn forecast(archive: &Archive, ends: &[Option<i64>]) -> (Vec<Vec<usize>>, usize) {
        let (mut walk, mut known, mut all) = (Order::new(archive), BTreeMap::new(), Vec::new());
        for forecasts in 1.. {
            let forecast = Forecast::new(&walk, &known);
            let mut is_mistaken = false;
            for number in 0..forecast.len() {
                let mut order = forecast.order(number).unwrap();
                let mut next = forecast.places(number).first().copied();
                while let Some(place) = next {
                    next = order.go_on(ends[place]);
                }
                known.extend(order.ends().iter().copied());
                // Who reads side by side learns of some behind the first mistake, too.
                is_mistaken |= order.is_mistaken();
                if !is_mistaken {
                    walk.pass(order.places());
                    all.push(order.places().to_vec());
                }
            }
            if !is_mistaken {
                return (all, forecasts);
            }
        }
        unreachable!("it learns of at least one file each time")
    }

    #[test]
    fn what_names_and_heads_tell_is_so_at_once() {
        let (archive, ends) = archive(&[
            ("x1", 1, 0, 60),
            ("x2", 1, 60, 60),
            ("alone", 1, 30, 500),
            ("x3", 1, 120, 60),
            ("y1", 101, 0, 5),
            ("y2", 101, 9, 5),
        ]);
        let expected = vec![vec![0, 2, 3], vec![1], vec![4, 5]];
        assert_eq!(in_turn(&archive, &ends), expected);
        assert_eq!(forecast(&archive, &ends), (expected, 1));
    }

    #[test]
    fn what_nobody_could_know_is_learnt() {
        // Named otherwise, and begun when the other had ended; named alike, and begun before it had.
        for files in [[("one", 1, 0, 60), ("two", 1, 61, 60)], [("x1", 1, 0, 60), ("x2", 1, 30, 60)]] {
            let (archive, ends) = archive(&files);
            assert_eq!(forecast(&archive, &ends), (in_turn(&archive, &ends), 2));
        }
    }

    proptest! {
        #[test]
        fn forecasts_come_to_the_same(
            files in prop::collection::vec((1..3_u16, 0..200_i64, prop_oneof![0..5_i64, 0..100_i64]), 1..12),
        ) {
            const NAMES: [&str; 12] =
                ["x1", "x2", "x3", "ant", "y1", "bee", "y2", "x4", "cow", "dog", "x5", "y3"];
            let files: Vec<File> = NAMES
                .into_iter()
                .zip(files)
                .map(|(name, (link_type, begins, lasts))| (name, link_type, begins, lasts))
                .collect();
            let (archive, ends) = archive(&files);
            let (series, forecasts) = forecast(&archive, &ends);
            prop_assert_eq!(series, in_turn(&archive, &ends));
            prop_assert!(forecasts <= files.len() + 1);
        }
    }
}
