//! Octets as a script of segments.

use fourwave_annotate::{
    Annotation, Connection, ConnectionRecord, Context, Engine, Extract, Fields, Hindsight, Lang, Observer,
    Options, Recall, SECOND, SegmentRecord,
};
use fourwave_dissector::{FrameId, Segment};
use fourwave_tests::run::{Ends, Rest, Story};
use serde::Serialize;

use crate::script::segments;

/// Segments of a script that are looked at.
const MOST: usize = 200;

/// What is said of connections depends on their segments alone: not on what else somebody asks for, on whether segments
/// wait, or on whether the engine was saved and read back; and it can be written.
///
/// The first octet says what options the engine has.
///
/// # Panics
/// If not.
pub fn connections(octets: &[u8]) {
    let Some((settings, script)) = octets.split_first() else { return };
    let mut segments = segments(script);
    segments.truncate(MOST);
    let mut options = Options::default();
    options.max_connections = if settings & 1 == 0 { options.max_connections } else { 1 };
    options.two_msl_ns = [60, 60, 2, 240][usize::from(settings >> 1 & 3)] * SECOND;
    let play = Play { segments: &segments, options };

    let story: Story = play.push();
    assert_eq!(play.push::<Ends>().0, story.connections);
    assert_eq!(play.push::<Rest>().0.without_data(), story.clone().without_data());
    assert_eq!(play.push_extracts().0, story.connections);
    assert_eq!(play.push_saved(), story);
    let _: Written = play.push();
    play.look_back(&story);
}

/// A script, and how the engine is to see it.
struct Play<'a> {
    segments: &'a [Segment<'static>],
    options: Options,
}

impl Play<'_> {
    /// Segment by segment.
    fn push<O: Observer + Default>(&self) -> O {
        let mut observer = O::default();
        let mut engine = Engine::new(self.options);
        for segment in self.segments {
            engine.push(segment, &mut observer);
        }
        engine.finish(&mut observer);
        observer
    }

    /// What is read of the segments, which is told before.
    fn push_extracts(&self) -> Ends {
        let mut ends = Ends::default();
        let mut engine = Engine::new(self.options);
        for segments in self.segments.chunks(Engine::PREFETCHED) {
            let extracts: Vec<_> =
                segments.iter().map(|segment| Extract::of(segment, engine.seed())).collect();
            engine.prefetch(extracts.iter());
            for extract in &extracts {
                engine.push_extract(extract, None, &mut ends);
            }
        }
        engine.finish(&mut ends);
        ends
    }

    /// By an engine that is saved and read back half way.
    fn push_saved(&self) -> Story {
        let mut story = Story::default();
        let mut engine = Engine::new(self.options);
        let (before, after) = self.segments.split_at(self.segments.len() / 2);
        for segment in before {
            engine.push(segment, &mut story);
        }
        let saved = postcard::to_allocvec(&engine).expect("an engine that can be saved");
        let mut engine: Engine = postcard::from_bytes(&saved).expect("an engine that can be read back");
        for segment in after {
            engine.push(segment, &mut story);
        }
        engine.finish(&mut story);
        story
    }

    /// With hindsight: every segment once, in the order of the capture, and the same connections.
    fn look_back(&self, story: &Story) {
        let mut hindsight = Hindsight::new(InOrder::default(), Hindsight::<InOrder>::MOST_HELD);
        let mut recall = Recall::default();
        let [mut engine, mut recalled] = [(); 2].map(|()| Engine::new(self.options));
        for segment in self.segments {
            engine.push(segment, &mut hindsight);
            recalled.push(segment, &mut recall);
            assert!(recall.look(segment, Some(&recalled)).is_some());
        }
        engine.finish(&mut hindsight);
        recalled.finish(&mut recall);
        assert!(self.segments.iter().all(|segment| recall.look(segment, None).is_some()));

        let InOrder { frames, mut connections } = hindsight.finish();
        assert!(frames.iter().eq(self.segments.iter().map(|segment| &segment.at)));
        connections.sort_by_key(|connection| connection.number);
        let mut expected = story.connections.clone();
        expected.sort_by_key(|connection| connection.number);
        assert_eq!(connections, expected);
    }
}

/// What comes with hindsight.
#[derive(Default)]
struct InOrder {
    frames: Vec<FrameId>,
    connections: Vec<Connection>,
}

impl Observer for InOrder {
    fn segment(&mut self, segment: &Segment<'_>, _: &Annotation) {
        self.frames.push(segment.at);
    }

    fn connection(&mut self, connection: &Connection) {
        self.connections.push(connection.clone());
    }
}

/// Writes records in both languages, and by both ways.
#[derive(Default)]
struct Written;

/// A record as serde writes it, and as it writes itself.
fn compare(record: &impl Serialize, write: impl Fn(&mut [u8]) -> Option<usize>) {
    let mut room = vec![0; 1 << 10];
    let len = loop {
        match write(&mut room) {
            Some(len) => break len,
            None => room.resize(2 * room.len(), 0),
        }
    };
    let expected = serde_json::to_string(record).expect("a record that can be written");
    assert_eq!(String::from_utf8_lossy(&room[..len]), expected);
}

fn contexts(files: &[String]) -> [Context<'_>; 2] {
    [Lang::En, Lang::ZhHans].map(|lang| Context { files, fields: Fields::ALL, lang })
}

impl Observer for Written {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        for context in contexts(&["capture".to_owned()]) {
            let record = SegmentRecord::new(segment, annotation, context);
            compare(&record, |room| record.write_json(room));
        }
    }

    fn connection(&mut self, connection: &Connection) {
        for context in contexts(&["capture".to_owned()]) {
            let record = ConnectionRecord::new(connection, context);
            compare(&record, |room| record.write_json(room));
        }
    }
}

#[cfg(test)]
mod tests {
    use fourwave_annotate::{Code, Kind, Role};
    use fourwave_tests::run::Entry;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2048) })]

        #[test]
        fn any_script_holds(octets in prop::collection::vec(any::<u8>(), 0..400)) {
            connections(&octets);
        }
    }

    /// Were all scripts nonsense, nothing would be tried.
    #[test]
    fn scripts_tell_of_connections() {
        let (mut kinds, mut roles) = (Vec::new(), Vec::new());
        let mut runner = TestRunner::deterministic();
        for _ in 0..400 {
            let octets =
                prop::collection::vec(any::<u8>(), 100..400).new_tree(&mut runner).expect("octets").current();
            let segments = segments(&octets);
            let story: Story = Play { segments: &segments, options: Options::default() }.push();
            kinds.extend(story.connections.iter().map(|connection| connection.kind));
            roles.extend(story.entries.iter().map(|entry| match entry {
                Entry::Segment(_, annotation) => annotation.role,
                Entry::Expired(_) => Role::TimeWaitExpired,
            }));
        }
        let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let missing: Vec<_> = Role::ALL.iter().filter(|role| !roles.contains(role)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
