//! Files that were changed at random: reading never panics and always ends.

use proptest::prelude::*;
use proptest::sample::Index;

use super::build::samples;
use super::compression::compressed_samples;
use super::read;

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
    fn any_octets_are_read_to_an_end(octets in prop::collection::vec(octet(), 0..300)) {
        let _ = read(&octets);
    }
}
