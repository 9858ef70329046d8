//! What is recalled of each segment, in any order, is what was said of it: at the time, and with hindsight.

use std::fs;
use std::path::Path;

use fourwave_annotate::{
    Annotation, Both, Duty, Engine, Hindsight, Observer, Options, Recall, Recalled, Role, State,
};
use fourwave_dissector::capture::Reader;
use fourwave_dissector::{Dissector, FrameId, Segment, Visitor, Zone, tcp};
use fourwave_tests::flow::Flow;
use fourwave_tests::{files, here, public_captures};

/// The segments of one capture.
#[derive(Default)]
struct Segments(Vec<Segment<'static>>);

impl Segments {
    fn of_flow(path: &Path) -> Self {
        let flow = Flow::parse(&fs::read_to_string(path).expect("a readable test file"))
            .expect("a readable test file");
        Self(
            flow.packets()
                .zip(1..)
                .map(|(packet, frame)| without_octets(&flow.segment(packet, frame)))
                .collect(),
        )
    }

    /// As far as the capture can be read.
    fn of_capture(path: &Path) -> Self {
        let mut segments = Self::default();
        let mut dissector = Dissector::new(Zone::Addresses);
        if let Ok(mut reader) = Reader::open(path, 0) {
            while let Ok(Some(packet)) = reader.next() {
                dissector.dissect(&packet, &mut segments);
            }
        }
        segments
    }
}

impl Visitor for Segments {
    fn segment(&mut self, segment: &Segment<'_>) {
        self.0.push(without_octets(segment));
    }
}

fn without_octets(segment: &Segment<'_>) -> Segment<'static> {
    Segment { tcp: tcp::Header { options: &[], ..segment.tcp }, payload: &[], ..*segment }
}

/// The annotations in the order of the input, and the states passed in one packet.
#[derive(Default)]
struct Said(Vec<(Annotation, Both<Vec<State>>)>);

impl Observer for Said {
    fn segment(&mut self, _: &Segment<'_>, annotation: &Annotation) {
        self.0.push((*annotation, Both::default()));
    }

    fn corrected(&mut self, _: &Segment<'_>, annotation: &Annotation, path_in_frame: &Both<Vec<State>>) {
        self.0.push((*annotation, path_in_frame.clone()));
    }
}

/// What of an annotation is recalled: of plain data and acknowledgments all but the duty to retransmit.
fn recallable(mut said: Annotation) -> Annotation {
    if matches!(said.role, Role::Data | Role::Ack) {
        said.owes.client.remove(Duty::Retransmission);
        said.owes.server.remove(Duty::Retransmission);
    }
    said
}

/// How many annotations had to be kept.
fn check(segments: &Segments, name: &Path) -> usize {
    let run = |observer: &mut dyn FnMut(&mut Engine, &Segment<'_>)| {
        let mut engine = Engine::new(Options::default());
        for segment in &segments.0 {
            observer(&mut engine, segment);
        }
        engine
    };
    let mut streamed = Said::default();
    run(&mut |engine, segment| engine.push(segment, &mut streamed));
    let mut hindsight = Hindsight::new(Said::default(), usize::MAX);
    let engine = run(&mut |engine, segment| engine.push(segment, &mut hindsight));
    engine.finish(&mut hindsight);
    let corrected = hindsight.finish();

    let mut recall = Recall::default();
    let mut place = 0;
    let engine = run(&mut |engine, segment| {
        engine.push(segment, &mut recall);
        let said = Some(recallable(streamed.0[place].0));
        assert_eq!(
            recall.streamed(segment).map(recallable),
            said,
            "{} {:?}, at the time",
            name.display(),
            segment.at
        );
        place += 1;
    });
    assert_eq!(corrected.0.len(), segments.0.len(), "{}", name.display());
    for (segment, said) in segments.0.iter().zip(&corrected.0).rev() {
        let recalled = recall.look(segment, Some(&engine));
        let again = recalled
            .map(|Recalled { annotation, path_in_frame, .. }| (recallable(annotation), path_in_frame));
        let said = &(recallable(said.0), said.1.clone());
        assert_eq!(again.as_ref(), Some(said), "{} {:?}, in hindsight", name.display(), segment.at);
    }
    recall.kept()
}

#[test]
fn flows_are_recalled() {
    for path in files("flows", ".flow").expect("a readable test file") {
        check(&Segments::of_flow(&path), &path);
    }
}

#[test]
fn captures_are_recalled() {
    let mut captures = files("truth/linux", ".pcap").expect("a readable test file");
    if let Some(folder) = public_captures() {
        captures.extend(
            fs::read_dir(folder.join("files"))
                .expect("a readable test file")
                .map(|entry| entry.expect("a readable test file").path()),
        );
    }
    let mut segments_seen = 0;
    for path in captures {
        let segments = Segments::of_capture(&path);
        segments_seen += segments.0.len();
        check(&segments, &path);
    }
    assert!(segments_seen > 1000, "{segments_seen} segments are not worth the name");
}

#[test]
fn what_flows_in_an_open_connection_is_not_kept() {
    let short = Segments::of_flow(&here("flows/close/four-way.flow"));
    let first_data = short.0.iter().position(|segment| segment.len > 0).expect("the script has data");
    let mut long = Segments(short.0[..first_data].to_vec());
    let template = short.0[first_data];
    for round in 0..1000 {
        let mut data = template;
        data.tcp.seq = template.tcp.seq.wrapping_add(round * template.len);
        data.time_ns += i64::from(round);
        let mut ack = data;
        (ack.src, ack.dst) = (data.dst, data.src);
        (ack.tcp.seq, ack.tcp.ack) = (data.tcp.ack, data.tcp.seq.wrapping_add(data.len));
        ack.len = 0;
        long.0.extend([data, ack]);
    }
    for (segment, frame) in long.0.iter_mut().zip(1..) {
        segment.at = FrameId::new(0, frame);
    }
    assert!(check(&long, Path::new("long")) <= first_data + 1);
}
