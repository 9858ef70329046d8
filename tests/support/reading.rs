//! A capture file, read to its end or to where it stops.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use fourwave_annotate::{Engine, Observer, Options};
use fourwave_dissector::capture::{CaptureError, Reader};
use fourwave_dissector::{Dissector, Segment, Visitor, Zone};

/// What became of a capture file.
#[derive(Debug, Default)]
pub struct Reading {
    /// Packets read.
    pub packets: u64,
    /// Packets that held a segment, or several.
    pub with_segments: u64,
    /// TCP segments found.
    pub segments: u64,
    /// Packets that were left out, or in part, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Packets that held no segment and for which no reason was given. There must be none.
    pub unexplained: u64,
    /// Why reading stopped before the end.
    pub stopped: Option<CaptureError>,
}

/// Reads the capture at `path` and shows `each` its segments.
pub fn read(path: &Path, each: impl FnMut(&Segment<'_>)) -> Reading {
    read_from(Reader::open(path, 0), each)
}

/// Reads a capture and shows `each` its segments.
fn read_from(reader: Result<Reader, CaptureError>, each: impl FnMut(&Segment<'_>)) -> Reading {
    let mut reading = Reading::default();
    let mut visitor = Each(each);
    let mut dissector = Dissector::new(Zone::Addresses);
    let mut reader = match reader {
        Ok(reader) => reader,
        Err(error) => return Reading { stopped: Some(error), ..reading },
    };
    loop {
        match reader.next() {
            Ok(Some(packet)) => {
                let outcome = dissector.dissect(&packet, &mut visitor);
                reading.packets += 1;
                reading.segments += u64::from(outcome.segments);
                reading.with_segments += u64::from(outcome.segments > 0);
                reading.unexplained += u64::from(outcome.segments == 0 && outcome.skipped.is_none());
                if let Some(skip) = outcome.skipped {
                    *reading.skipped.entry(skip.code()).or_default() += 1;
                }
            }
            Ok(None) => return reading,
            Err(error) => {
                reading.stopped = Some(error);
                return reading;
            }
        }
    }
}

/// Reads the capture at `path` through a new engine with default options.
pub fn annotate(path: &Path, observer: &mut impl Observer) -> Reading {
    annotate_from(Reader::open(path, 0), observer)
}

/// The same of a capture that is no file.
pub fn annotate_stream(source: impl Read + Send + 'static, observer: &mut impl Observer) -> Reading {
    annotate_from(Reader::new(source, "stream", 0), observer)
}

fn annotate_from(reader: Result<Reader, CaptureError>, observer: &mut impl Observer) -> Reading {
    let mut engine = Engine::new(Options::default());
    let reading = read_from(reader, |segment| engine.push(segment, observer));
    engine.finish(observer);
    reading
}

/// Shows segments to a function.
pub struct Each<F>(pub F);

impl<F: FnMut(&Segment<'_>)> Visitor for Each<F> {
    fn segment(&mut self, segment: &Segment<'_>) {
        (self.0)(segment);
    }
}
