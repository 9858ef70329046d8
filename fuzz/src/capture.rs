//! Octets as a capture file.

use std::io::{self, Cursor, Read};

use fourwave_dissector::capture::Reader;
use fourwave_tests::reading::annotate_stream;
use fourwave_tests::run::Story;

/// However the octets of a file arrive, the same is read of them; and its pieces follow each other without a gap.
///
/// # Panics
/// If not.
pub fn capture(octets: &[u8]) {
    let at_once = told(Cursor::new(octets.to_vec()));
    assert_eq!(told(Dripping(Cursor::new(octets.to_vec()))), at_once);
    if let Ok(mut reader) = Reader::new(Cursor::new(octets.to_vec()), "octets", 0) {
        let mut read = reader.file_header().map_or_else(Vec::new, |header| header.octets.to_vec());
        while let Ok(Some(piece)) = reader.next_piece() {
            read.extend(piece.octets);
        }
        assert_eq!(read.len() as u64, reader.offset());
        assert!(reader.format().compression.is_some() || octets.starts_with(&read));
    }
}

/// What an engine says of a capture, and what became of its packets.
fn told(source: impl Read + Send + 'static) -> (Story, String) {
    let mut story = Story::default();
    let reading = annotate_stream(source, &mut story);
    assert_eq!(reading.unexplained, 0);
    (story, format!("{reading:?}"))
}

/// A stream of which a few octets arrive at a time.
struct Dripping(Cursor<Vec<u8>>);

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const DROP: usize = 61;
        let size = buffer.len().min(DROP);
        self.0.read(&mut buffer[..size])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::LazyLock;

    use fourwave_tests::files;
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    static CAPTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let paths = files("truth", ".pcap").expect("a folder of captures");
        paths.iter().map(|path| fs::read(path).expect("a capture")).collect()
    });

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn changed_captures_hold(
            which: Index,
            changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..20),
        ) {
            let mut octets = which.get(&CAPTURES).clone();
            for (at, octet) in changes {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            capture(&octets);
        }
    }
}
