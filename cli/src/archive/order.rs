//! The order of reading: series after series, each file after file. What comes next is decided when the last file
//! was read to its end, so that none is read twice.
//!
//! Where series are read side by side, each is walked on its own, as a [`Forecast`](super::Forecast) says. It is
//! mistaken as soon as the end of a file shows that another one follows than was expected, or none.

use std::collections::HashSet;
use std::sync::Arc;

use super::chain::{Look, Tail};
use super::head::{self, Fingerprint};
use super::{Archive, identity};

/// What series are numbered by, in their order.
pub(super) type Number = u32;

/// Of no series yet.
const LEFT: Number = Number::MAX;

/// Walks through an archive, or through one series of a forecast.
#[derive(Clone)]
pub struct Order<'a> {
    archive: &'a Archive,
    /// The series of each place.
    series: Arc<[Number]>,
    /// The series that is being read, or was read last.
    number: Number,
    /// No place before this one is left.
    from: usize,
    current: Option<Current>,
    /// The segments with which the files of this series begin, so far.
    begun_with: HashSet<Fingerprint>,
    forecast: Option<Expected>,
}

/// The file that is being read.
#[derive(Clone, Copy)]
struct Current {
    place: usize,
    /// The time of the first packet of its series.
    first_ns: i64,
    /// The time of the last packet that is known.
    last_ns: i64,
}

/// How a series should go.
#[derive(Clone)]
struct Expected {
    places: Arc<[usize]>,
    /// It goes otherwise.
    is_mistaken: bool,
}

impl<'a> Order<'a> {
    /// Stands before the first series of `archive`.
    #[must_use]
    pub fn new(archive: &'a Archive) -> Self {
        let series = vec![LEFT; archive.len()].into();
        Self {
            archive,
            series,
            number: 0,
            from: 0,
            current: None,
            begun_with: HashSet::new(),
            forecast: None,
        }
    }

    /// Stands at the beginning of the series `number`, which should have these places, where `series` tells of all. The next
    /// series begins at `from`.
    pub(super) fn expecting(
        archive: &'a Archive,
        series: Arc<[Number]>,
        number: Number,
        places: Arc<[usize]>,
        from: usize,
    ) -> Self {
        let first = places.first().copied();
        let forecast = Some(Expected { places, is_mistaken: false });
        let begun_with = HashSet::new();
        let mut order = Self { archive, series, number, from, current: None, begun_with, forecast };
        if let Some(first) = first {
            order.enter(first);
        }
        order
    }

    /// Begins the next series: the place of its first file.
    pub fn begin(&mut self) -> Option<usize> {
        let left = self.series.get(self.from..)?;
        let place = self.from + left.iter().position(|number| *number == LEFT)?;
        self.from = place + 1;
        self.number += 1;
        self.hand_out(place);
        self.enter(place);
        Some(place)
    }

    /// Passes over the next series, which has these places.
    pub fn pass(&mut self, places: &[usize]) {
        self.number += 1;
        for place in places {
            self.hand_out(*place);
        }
    }

    /// Stands before the files that were handed out behind the first of the current series.
    pub fn restart(&mut self, first: usize, handed_out: &[usize]) {
        let series = Arc::make_mut(&mut self.series);
        handed_out.iter().for_each(|place| series[*place] = LEFT);
        self.from = self.from.min(first + 1);
        self.enter(first);
    }

    /// Goes on with the next file of the series after the last one was read up to a packet at `last_ns`.
    pub fn go_on(&mut self, last_ns: Option<i64>) -> Option<usize> {
        let current = self.current.as_mut()?;
        current.last_ns = last_ns.unwrap_or(current.last_ns);
        let current = *current;
        let next = self.successor(current).or_else(|| self.begun_behind(current.place));
        match &mut self.forecast {
            Some(forecast) => {
                forecast.is_mistaken |= next != forecast.after(current.place);
                if forecast.is_mistaken {
                    return None;
                }
            }
            None => {
                self.hand_out(next?);
                while self.series.get(self.from).is_some_and(|number| *number != LEFT) {
                    self.from += 1;
                }
            }
        }
        self.current = Some(Current { place: next?, ..current });
        self.remember(next?);
        next
    }

    /// True if a forecast was, and this does not go as it said.
    #[must_use]
    pub fn is_mistaken(&self) -> bool {
        self.forecast.as_ref().is_some_and(|forecast| forecast.is_mistaken)
    }

    /// The places that a forecast said.
    #[must_use]
    pub fn places(&self) -> &[usize] {
        self.forecast.as_ref().map_or(&[], |forecast| &forecast.places)
    }

    pub(super) const fn archive(&self) -> &'a Archive {
        self.archive
    }

    pub(super) fn series(&self) -> &Arc<[Number]> {
        &self.series
    }

    /// Whether the place is of no series so far, nor handed out of this one.
    pub(super) fn is_left(&self, place: usize) -> bool {
        let number = self.series[place];
        number > self.number || number == self.number && self.current.is_some_and(|at| place > at.place)
    }

    fn hand_out(&mut self, place: usize) {
        Arc::make_mut(&mut self.series)[place] = self.number;
    }

    fn enter(&mut self, first: usize) {
        self.current = self.archive.lineup.get(first).map(|candidate| {
            let first_ns = candidate.head.first_ns;
            Current { place: first, first_ns, last_ns: first_ns }
        });
        self.begun_with.clear();
        self.remember(first);
    }

    fn remember(&mut self, place: usize) {
        if let Some(candidate) = self.archive.lineup.get(place) {
            self.begun_with.extend(&candidate.head.segments);
        }
    }

    /// The place that continues a series. It is behind the last place of the series, so that places never go down
    /// within one: frames are compared by place.
    fn successor(&self, current: Current) -> Option<usize> {
        let Current { place, first_ns, last_ns } = current;
        let lineup = &self.archive.lineup;
        let last = lineup.get(place)?;
        // Those that a forecast says of this series are left, too.
        let from = self.from.min(place + 1);
        let tail = Tail { lineup, from, place, last, first_ns, last_ns };
        tail.successor(&View { order: self, last: place })
    }

    /// The file behind the last one of a series that was begun and has no packet yet.
    fn begun_behind(&self, last: usize) -> Option<usize> {
        self.archive.lineup.begun_behind(last).filter(|place| self.is_left(*place))
    }
}

impl Expected {
    /// What should come after the file at `place`.
    fn after(&self, place: usize) -> Option<usize> {
        self.places.get(self.places.partition_point(|other| *other <= place)).copied()
    }
}

/// What there is beside the last file of a series.
struct View<'o, 'a> {
    order: &'o Order<'a>,
    last: usize,
}

impl Look for View<'_, '_> {
    fn is_left(&self, candidate: usize) -> bool {
        self.order.is_left(candidate)
    }

    fn reaches(&self, candidate: usize, time_ns: i64) -> bool {
        self.order.archive.path(candidate).is_some_and(|path| head::reaches(path, time_ns))
    }

    fn begins_again(&self, candidate: usize) -> bool {
        let candidate = self.order.archive.lineup.get(candidate);
        let segments = candidate.map_or(&[][..], |candidate| &candidate.head.segments);
        let again = segments.iter().filter(|segment| self.order.begun_with.contains(segment)).count();
        2 * again > segments.len()
    }

    fn is_copy(&self, candidate: usize) -> bool {
        let archive = self.order.archive;
        let heads = archive.lineup.get(candidate).zip(archive.lineup.get(self.last));
        let paths = archive.path(candidate).zip(archive.path(self.last));
        heads.is_some_and(|(one, other)| one.head.begins_as(&other.head))
            || paths.is_some_and(|(one, other)| identity::is_copy(one, other))
    }
}
