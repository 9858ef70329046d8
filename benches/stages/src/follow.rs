//! The stages of the program, without its output.

use std::path::Path;

use fourwave_annotate::{Annotation, Connection, Engine, Observer, Options};
use fourwave_dissector::capture::{CaptureError, Reader};
use fourwave_dissector::{Dissector, Packet, Segment, Visitor, Zone};

use crate::Seen;

/// Takes records out of the file.
pub fn read(file: &Path) -> Result<Seen, String> {
    let mut seen = Seen::default();
    each_packet(file, |packet| {
        seen.packets += 1;
        seen.sum += u64::from(packet.len);
    })?;
    Ok(seen)
}

/// Finds the TCP segments, too.
pub fn dissect(file: &Path) -> Result<Seen, String> {
    struct Sum(Seen);
    impl Visitor for Sum {
        fn segment(&mut self, segment: &Segment<'_>) {
            self.0.sum += u64::from(segment.len);
        }
    }
    let mut sum = Sum(Seen::default());
    let mut dissector = Dissector::new(Zone::Addresses);
    each_packet(file, |packet| {
        sum.0.packets += 1;
        dissector.dissect(packet, &mut sum);
    })?;
    Ok(sum.0)
}

/// Follows the connections, too.
pub fn follow(file: &Path) -> Result<Seen, String> {
    struct Follower {
        engine: Engine,
        sum: Sum,
    }
    #[derive(Default)]
    struct Sum(Seen);
    impl Observer for Sum {
        fn segment(&mut self, _: &Segment<'_>, annotation: &Annotation) {
            self.0.sum += annotation.role as u64;
        }

        fn connection(&mut self, connection: &Connection) {
            self.0.sum += connection.kind as u64;
        }
    }
    impl Visitor for Follower {
        fn segment(&mut self, segment: &Segment<'_>) {
            self.engine.push(segment, &mut self.sum);
        }
    }
    let mut follower = Follower { engine: Engine::new(Options::default()), sum: Sum::default() };
    let mut dissector = Dissector::new(Zone::Addresses);
    each_packet(file, |packet| {
        follower.sum.0.packets += 1;
        dissector.dissect(packet, &mut follower);
    })?;
    follower.engine.finish(&mut follower.sum);
    Ok(follower.sum.0)
}

fn each_packet(file: &Path, mut take: impl FnMut(&Packet<'_>)) -> Result<(), String> {
    let said = |error: CaptureError| error.to_string();
    let mut reader = Reader::open(file, 0).map_err(said)?;
    while let Some(packet) = reader.next().map_err(said)? {
        take(&packet);
    }
    Ok(())
}
