//! Which files will be of which series, told before they are read: for who wants to read several series at once.
//!
//! Heads say when files begin, but not when they end. A file that was last written to soon after it begins ended then. One
//! that was copied is taken to go on as it begins, but not quite until the next one that is named alike begins: so those
//! follow each other, unless they must overlap. Whether that is so shows when they are read.

use std::fs::Metadata;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::chain::SILENCE_ALIKE;
use super::order::{Number, Order};
use super::{Archive, head};

const SECOND: i64 = 1_000_000_000;

/// For so many nanoseconds a file is written to at most, if it was not copied since: a week.
const WRITTEN: i64 = 7 * 24 * 3600 * SECOND;

/// So many nanoseconds may a file be written to after the next one of its series was begun.
const CLOSING: i64 = 2 * SECOND;

/// All series of an archive.
pub struct Forecast<'a> {
    archive: &'a Archive,
    /// The series of each place.
    series: Arc<[Number]>,
    /// The places of each series.
    places: Vec<Arc<[usize]>>,
    /// Octets in all files, and in those of the largest series.
    octets: (u64, u64),
}

impl<'a> Forecast<'a> {
    /// What is to be expected of `archive`.
    #[must_use]
    pub fn new(archive: &'a Archive) -> Self {
        let (mut order, mut places, mut octets) = (Order::new(archive), Vec::new(), (0, 0));
        while let Some(first) = order.begin() {
            let (mut series, mut size) = (vec![first], 0);
            loop {
                let last = series[series.len() - 1];
                let metadata = archive.metadata(last);
                size += metadata.as_ref().map_or(0, Metadata::len);
                let end_ns = likely_end(&order, last, metadata.as_ref());
                let Some(next) = order.go_on(Some(end_ns)) else { break };
                series.push(next);
            }
            octets = (octets.0 + size, size.max(octets.1));
            places.push(series.into());
        }
        Self { archive, series: order.series().clone(), places, octets }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Octets in all files, and in those of the largest series.
    #[must_use]
    pub const fn octets(&self) -> (u64, u64) {
        self.octets
    }

    /// The walk through the series `number`, counted from 0, which stands at its first file.
    #[must_use]
    pub fn order(&self, number: usize) -> Option<Order<'a>> {
        let places = self.places.get(number)?.clone();
        let next = self.places.get(number + 1).and_then(|places| places.first());
        let from = next.copied().unwrap_or(self.series.len());
        Some(Order::expecting(self.archive, self.series.clone(), number as Number + 1, places, from))
    }
}

/// When the file at `place` may end, in nanoseconds since 1970: after all others begin, if none follows soon that is named
/// alike.
fn likely_end(order: &Order<'_>, place: usize, metadata: Option<&Metadata>) -> i64 {
    const NEVER: i64 = i64::MAX;
    let archive = order.archive();
    let Some(last) = archive.lineup.get(place) else { return NEVER };
    let first_ns = last.head.first_ns;
    let family = archive.lineup.family(place);
    let behind = &family[family.partition_point(|other| *other <= place)..];
    let left = behind.iter().filter(|place| order.is_left(**place));
    let next_ns = left.filter_map(|place| archive.lineup.get(*place)).find_map(|candidate| {
        let silence = candidate.head.first_ns.saturating_sub(first_ns);
        let follows = silence > 0 && candidate.name.distance(&last.name).is_some();
        follows.then_some(candidate.head.first_ns)
    });
    let Some(next_ns) = next_ns.filter(|next_ns| next_ns.saturating_sub(first_ns) <= SILENCE_ALIKE) else {
        return NEVER;
    };
    let written = metadata.and_then(|metadata| metadata.modified().ok());
    let written = written.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let written_ns = written.and_then(|time| i64::try_from(time.as_nanos()).ok());
    let written_ns =
        written_ns.filter(|written_ns| (0..WRITTEN).contains(&written_ns.saturating_sub(first_ns)));
    let (end_ns, may_be_off_ns) = match written_ns {
        // A file is closed when the next one was begun.
        Some(written_ns) => (written_ns, CLOSING),
        None => {
            let size = metadata.map_or(0, Metadata::len);
            let span_ns = archive.path(place).and_then(|path| head::likely_span(path, size)).unwrap_or(0);
            (first_ns.saturating_add(span_ns), span_ns / 4 * 3)
        }
    };
    if end_ns.saturating_sub(may_be_off_ns) > next_ns { end_ns } else { next_ns - 1 }
}

#[cfg(test)]
mod tests {
    use fourwave_dissector::LinkType;
    use fourwave_dissector::capture::InterfaceInfo;
    use proptest::prelude::*;

    use super::super::discover::Input;
    use super::super::head::Head;
    use super::super::lineup::Candidate;
    use super::super::name::Name;
    use super::super::{Entry, Known};
    use super::*;

    /// What a file is called, its link type or 0 if it was just begun, when it begins and for how long it goes on, in
    /// seconds, and its first segment.
    type File = (&'static str, u16, i64, i64, u64);

    fn archive(files: &[File]) -> (Archive, Vec<Option<i64>>) {
        let entry = |&(name, link_type, begins, _, segment): &File| {
            let interface = InterfaceInfo { link_type: LinkType(link_type), name: None, description: None };
            let (first_ns, interfaces) = (begins * SECOND, vec![interface]);
            let head = Head { first_ns, interfaces, segments: vec![segment] };
            Entry {
                input: Input::File(name.into()),
                known: match link_type {
                    0 => Known::Begun(Name::new(name)),
                    _ => Known::Candidate(Candidate { head, name: Name::new(name) }),
                },
            }
        };
        let archive = Archive::new(files.iter().map(entry).collect(), false);
        let of_name = |name: &String| files.iter().find(|file| file.0 == name);
        let end = |name| of_name(name).map(|(_, _, begins, lasts, _)| (begins + lasts) * SECOND);
        let ends = archive.names.iter().map(end).collect();
        (archive, ends)
    }

    /// The series as they are when each file is read before it is known which one follows.
    fn in_turn(archive: &Archive, ends: &[Option<i64>]) -> Vec<Vec<usize>> {
        rest(Order::new(archive), ends)
    }

    fn rest(mut order: Order<'_>, ends: &[Option<i64>]) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        while let Some(first) = order.begin() {
            all.push(vec![first]);
            let series = all.last_mut().unwrap();
            while let Some(next) = order.go_on(ends[series[series.len() - 1]]) {
                series.push(next);
            }
        }
        all
    }

    /// The same by a forecast, from the first mistake on in turn; and how many series were before that.
    fn by_forecast(archive: &Archive, ends: &[Option<i64>]) -> (Vec<Vec<usize>>, usize) {
        let (forecast, mut walk, mut all) = (Forecast::new(archive), Order::new(archive), Vec::new());
        for number in 0..forecast.len() {
            let mut order = forecast.order(number).unwrap();
            let mut next = order.places().first().copied();
            while let Some(place) = next {
                next = order.go_on(ends[place]);
            }
            if order.is_mistaken() {
                break;
            }
            walk.pass(order.places());
            all.push(order.places().to_vec());
        }
        let certain = all.len();
        all.extend(rest(walk, ends));
        (all, certain)
    }

    #[test]
    fn what_names_and_heads_tell_is_so_at_once() {
        let (archive, ends) = archive(&[
            ("x1", 1, 0, 60, 1),
            ("x2", 1, 60, 60, 2),
            ("alone", 1, 30, 500, 3),
            ("x3", 1, 120, 60, 4),
            ("y1", 101, 0, 5, 5),
            ("y2", 101, 9, 5, 6),
            ("x4", 0, 0, 0, 0),
            ("z4", 0, 0, 0, 0),
        ]);
        let expected = vec![vec![0, 2, 3, 6], vec![1], vec![4, 5], vec![7]];
        assert_eq!(in_turn(&archive, &ends), expected);
        assert_eq!(by_forecast(&archive, &ends), (expected, 4));
    }

    #[test]
    fn what_nobody_could_know_shows() {
        // Named otherwise, and begun when the other had ended; named alike, and begun before it had.
        for files in
            [[("one", 1, 0, 60, 1), ("two", 1, 61, 60, 2)], [("x1", 1, 0, 60, 1), ("x2", 1, 30, 60, 2)]]
        {
            let (archive, ends) = archive(&files);
            assert_eq!(by_forecast(&archive, &ends), (in_turn(&archive, &ends), 0));
        }
    }

    proptest! {
        #[test]
        fn forecasts_come_to_the_same(
            files in prop::collection::vec(
                (0..3_u16, 0..200_i64, prop_oneof![0..5_i64, 0..100_i64], 0..9_u64),
                1..12,
            ),
        ) {
            const NAMES: [&str; 12] =
                ["x1", "x2", "x3", "ant", "y1", "bee", "y2", "x4", "cow", "dog", "x5", "y3"];
            let files: Vec<File> = NAMES
                .into_iter()
                .zip(files)
                .map(|(name, (link_type, begins, lasts, segment))| (name, link_type, begins, lasts, segment))
                .collect();
            let (archive, ends) = archive(&files);
            prop_assert_eq!(by_forecast(&archive, &ends).0, in_turn(&archive, &ends));
        }
    }
}
