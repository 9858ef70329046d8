//! Files that were changed at random: reading never panics and always ends.

use proptest::prelude::*;
use proptest::sample::Index;

use super::build::{interface, option, packet_with, samples, section};
use super::compression::compressed_samples;
use super::read;
use crate::capture::Endianness::{Big, Little};
use crate::capture::pcapng::Pcapng;
use crate::capture::step::{Step, Whole};

/// Octets that matter as lengths, types and magic numbers, and any other.
fn octet() -> impl Strategy<Value = u8> {
    prop_oneof![
        prop::sample::select(vec![0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 0x0a, 0x0d, 0x7f, 0x80, 0xff]),
        any::<u8>()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mutated_files_are_read_to_an_end(
        sample in prop::sample::select(samples()),
        changes in prop::collection::vec((any::<Index>(), octet()), 0..6),
        cut in any::<Index>(),
        twice in any::<bool>(),
    ) {
        let mut file = sample.clone();
        for (at, octet) in changes {
            let at = at.index(file.len());
            file[at] = octet;
        }
        if twice {
            file.truncate(cut.index(sample.len() + 1));
            file.extend(sample);
        }
        let (packets, error) = read(&file);
        // Each packet takes octets of the file.
        prop_assert!(packets.len() <= file.len() / 16);
        prop_assert!(error.is_none_or(|error| error.offset <= file.len() as u64));
    }

    #[test]
    fn mutated_compressed_files_are_read_to_an_end(
        (sample, _) in prop::sample::select(compressed_samples()),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = sample;
        for (at, octet) in changes {
            let at = at.index(file.len());
            file[at] = octet;
        }
        let _ = read(&file);
    }

    #[test]
    fn both_ways_through_enhanced_packet_blocks_say_the_same(
        order in prop::sample::select(vec![Little, Big]),
        tsresol in prop::sample::select(vec![6, 9, 12, 0x8a]),
        (id, ticks, beyond) in (0..3_u32, any::<u64>(), 0..3_u32),
        data in prop::collection::vec(any::<u8>(), 0..9),
        options in prop::sample::select(vec![vec![], vec![(1, &b"comment"[..])], vec![(2, &[0x80; 4])]]),
        changes in prop::collection::vec((any::<Index>(), octet()), 0..3),
    ) {
        let mut pcapng = Pcapng::new(order);
        pcapng.step(&section(order)).unwrap();
        for fcs_len in [0, 4] {
            let options = [option(order, 9, &[tsresol]), option(order, 13, &[fcs_len])].concat();
            pcapng.step(&interface(order, 1, 0, &options)).unwrap();
        }
        let options: Vec<_> =
            options.into_iter().flat_map(|(code, value)| option(order, code, value)).collect();
        let len = u32::try_from(data.len()).unwrap() + beyond;
        let mut block = packet_with(order, id, ticks, &data, len, &options);
        for (at, octet) in &changes {
            let at = at.index(block.len());
            block[at] = *octet;
        }
        block.extend(section(order));
        let short = pcapng.packet(&block).map(|record| Step::Whole(Whole::Packet(record)));
        prop_assert!(short.is_some() || id == 2 || !changes.is_empty());
        if short.is_some() {
            prop_assert_eq!(format!("{:?}", short), format!("{:?}", pcapng.step(&block).ok()));
        }
    }

    #[test]
    fn any_octets_are_read_to_an_end(octets in prop::collection::vec(octet(), 0..300)) {
        let _ = read(&octets);
    }
}
