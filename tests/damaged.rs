//! Damaged captures, from their octets to their connections: whatever the damage is, reading comes to an end, every packet
//! is accounted for, and all ways through the engine say the same.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::io::Cursor;
use std::sync::LazyLock;

use fourwave_tests::files;
use fourwave_tests::reading::annotate_stream;
use fourwave_tests::run::{Ends, Rest, Story};
use proptest::prelude::*;
use proptest::sample::Index;

static CAPTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut paths = files("captures", ".pcap").unwrap();
    paths.extend(files("truth", ".pcap").unwrap());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
});

/// Something that happened to a file.
#[derive(Clone, Debug)]
enum Damage {
    /// An octet is another one.
    Replaced(Index, u8),
    /// So many octets are lost.
    Lost(Index, usize),
    /// These are there beside the others.
    Inserted(Index, Vec<u8>),
    /// So many octets are those that stand elsewhere.
    Overwritten(Index, Index, usize),
}

impl Damage {
    fn befall(&self, octets: &mut Vec<u8>) {
        if octets.is_empty() {
            return;
        }
        let len = octets.len();
        match self {
            Self::Replaced(at, octet) => octets[at.index(len)] = *octet,
            Self::Lost(at, lost) => {
                let at = at.index(len);
                octets.drain(at..len.min(at + lost));
            }
            Self::Inserted(at, inserted) => {
                let at = at.index(len);
                octets.splice(at..at, inserted.iter().copied());
            }
            Self::Overwritten(at, from, count) => {
                let (at, from) = (at.index(len), from.index(len));
                let count = (*count).min(len - at.max(from));
                octets.copy_within(from..from + count, at);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let octet = prop_oneof![any::<u8>(), Just(0), Just(0x7f), Just(0x80), Just(0xff)];
    prop_oneof![
        4 => (any::<Index>(), octet).prop_map(|(at, octet)| Damage::Replaced(at, octet)),
        1 => (any::<Index>(), 1..20_usize).prop_map(|(at, lost)| Damage::Lost(at, lost)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(at, inserted)| Damage::Inserted(at, inserted)),
        2 => (any::<Index>(), any::<Index>(), 1..100_usize)
            .prop_map(|(at, from, count)| Damage::Overwritten(at, from, count)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_ends_and_all_ways_agree(
        which in any::<Index>(),
        damages in prop::collection::vec(damage(), 0..40),
    ) {
        let mut octets = which.get(&CAPTURES).clone();
        damages.iter().for_each(|damage| damage.befall(&mut octets));
        let (mut story, mut ends, mut rest) = (Story::default(), Ends::default(), Rest::default());
        let reading = annotate_stream(Cursor::new(octets.clone()), &mut story);
        annotate_stream(Cursor::new(octets.clone()), &mut ends);
        annotate_stream(Cursor::new(octets), &mut rest);
        prop_assert_eq!(reading.unexplained, 0);
        prop_assert!(reading.with_segments <= reading.packets);
        prop_assert_eq!(&ends.0, &story.connections);
        prop_assert_eq!(rest.0.without_data(), story.without_data());
    }
}
