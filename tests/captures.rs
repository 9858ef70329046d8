//! Public captures of every format, link layer and kind of damage: each is read to its end or stops with a reason,
//! and nothing is lost without a count.

use std::collections::BTreeMap;
use std::fs;

use fourwave_annotate::{Annotation, Connection, Hindsight, Observer};
use fourwave_dissector::Segment;
use fourwave_tests::public_captures;
use fourwave_tests::reading::annotate;

/// Counts what it is told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    /// Segments by connection: all, and those that count as the connection's.
    segments: BTreeMap<u64, (u64, u64)>,
    /// What the connections themselves say.
    reported: BTreeMap<u64, u64>,
    revised: u64,
}

impl Observer for Counts {
    fn segment(&mut self, _: &Segment<'_>, annotation: &Annotation) {
        let (all, own) = self.segments.entry(annotation.connection).or_default();
        *all += 1;
        *own += u64::from(!annotation.role.is_outsider());
    }

    fn revised(&mut self, _: &Segment<'_>, _: &Annotation) {
        self.revised += 1;
    }

    fn connection(&mut self, connection: &Connection) {
        let segments = connection.segments.client + connection.segments.server;
        let before = self.reported.insert(connection.number, segments);
        assert_eq!(before, None, "connection {} was reported before", connection.number);
    }
}

#[test]
fn every_capture_is_read_and_its_counts_add_up() {
    let Some(folder) = public_captures() else { return };
    let mut files: Vec<_> =
        fs::read_dir(folder.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut streamed = Counts::default();
        let reading = annotate(&path, &mut streamed);
        if let Some(error) = &reading.stopped {
            let reason = error.to_string();
            assert!(reason.contains(&name), "the reason names the file: {reason}");
            println!("{reason} ({} packets before)", reading.packets);
        }
        let skipped: u64 = reading.skipped.values().sum();
        assert_eq!(reading.unexplained, 0, "{name}: packets without segment and without reason");
        assert!(reading.with_segments + skipped >= reading.packets, "{name}: {reading:?}");

        let annotated: u64 = streamed.segments.values().map(|(all, _)| all).sum();
        assert_eq!(annotated, reading.segments, "{name}: each segment is annotated once");
        let connections = streamed.reported.keys();
        assert!(streamed.segments.keys().all(|number| streamed.reported.contains_key(number)), "{name}");

        let mut hindsight = Hindsight::new(Counts::default(), Hindsight::<Counts>::MOST_HELD);
        let _ = annotate(&path, &mut hindsight);
        let corrected = hindsight.finish();
        let annotated: u64 = corrected.segments.values().map(|(all, _)| all).sum();
        assert_eq!(annotated, reading.segments, "{name}: each segment is corrected once");
        assert!(corrected.reported.keys().eq(connections), "{name}: the same connections");
        let own: BTreeMap<u64, u64> =
            corrected.segments.iter().map(|(number, (_, own))| (*number, *own)).collect();
        assert_eq!(own, corrected.reported, "{name}: connections count their segments");
    }
}
