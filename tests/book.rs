//! Who came before makes no difference: among many connections that went the same way, and so are told of by the book, each
//! comes out as in an engine of its own, where the rules see every segment but a first SYN.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::sync::LazyLock;

use fourwave_annotate::{ConnectionModifier, Engine, Options, SECOND};
use fourwave_dissector::{FrameId, Segment};
use fourwave_tests::files;
use fourwave_tests::flow::Flow;
use fourwave_tests::run::{Entry, Story};
use proptest::prelude::*;
use proptest::sample::Index;

static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
    let flows = files("flows", ".flow").unwrap();
    flows.iter().map(|path| Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()).collect()
});

/// Which of a few scripts is played, and when it begins.
type Start = (Index, i64);

/// A few scripts, so that each is played often.
fn few() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 1..4)
}

/// The scripts that are played, each on a port of its own.
fn played(few: &[Index], starts: &[Start]) -> Vec<(Flow, i64)> {
    const FIRST_PORT: u16 = 20_000;
    let on_port = |((which, start_ns), place): (&Start, u16)| {
        let mut flow = which.get(few).get(&FLOWS).clone();
        flow.hosts.client.address.set_port(FIRST_PORT + place);
        (flow, *start_ns)
    };
    starts.iter().zip(0..).map(on_port).collect()
}

/// The segments of all, as one capture.
fn capture(flows: &[(Flow, i64)]) -> Vec<Segment<'_>> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for (flow, start_ns) in flows {
        segments.extend(flow.packets().map(|packet| {
            let segment = flow.segment(packet, 1);
            Segment { time_ns: segment.time_ns + start_ns, ..segment }
        }));
    }
    segments.sort_by_key(|segment| segment.time_ns);
    for (segment, frame) in segments.iter_mut().zip(1..) {
        segment.at = FrameId::new(0, frame);
    }
    segments
}

/// True if it was sent between the ends of `flow`.
fn is_of(segment: &Segment<'_>, flow: &Flow) -> bool {
    let client = flow.hosts.client.address;
    segment.src == client || segment.dst == client
}

/// What is said of `segments`; the clock moves on to `end_ns` at last.
fn told<'a>(segments: impl Iterator<Item = &'a Segment<'a>>, end_ns: i64, options: Options) -> Story {
    let (mut engine, mut story) = (Engine::new(options), Story::default());
    for segment in segments {
        engine.push(segment, &mut story);
    }
    engine.advance(end_ns, &mut story);
    engine.finish(&mut story);
    story
}

/// What is said of the connections of `flow`, which are numbered from 1.
fn of_flow(story: &Story, flow: &Flow) -> Vec<Entry> {
    let client = flow.hosts.client.address;
    let addresses = |number: u64| {
        story.connections.iter().find(|connection| connection.number == number).map(|found| found.addresses)
    };
    let mut numbers = Vec::new();
    let mut entries = Vec::new();
    for entry in &story.entries {
        let number = match entry {
            Entry::Segment(_, annotation) => annotation.connection,
            Entry::Expired(event) => event.connection,
        };
        let ends = addresses(number).unwrap();
        if ends.client != client && ends.server != client {
            continue;
        }
        if !numbers.contains(&number) {
            numbers.push(number);
        }
        let connection = numbers.iter().position(|known| *known == number).unwrap() as u64 + 1;
        let mut entry = *entry;
        match &mut entry {
            Entry::Segment(_, annotation) => annotation.connection = connection,
            Entry::Expired(event) => event.connection = connection,
        }
        entries.push(entry);
    }
    entries
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_comes_late_is_told_of_as_who_comes_alone(
        few in few(),
        starts in prop::collection::vec((any::<Index>(), 0..300 * SECOND), 20..60),
    ) {
        let flows = played(&few, &starts);
        let segments = capture(&flows);
        let end_ns = segments.last().map_or(0, |last| last.time_ns);
        let together = told(segments.iter(), end_ns, Options::default());
        for (flow, _) in &flows {
            let own = segments.iter().filter(|segment| is_of(segment, flow));
            let alone = told(own, end_ns, Options::default());
            prop_assert_eq!(of_flow(&together, flow), of_flow(&alone, flow));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Everything happens within half a second. Where a TIME-WAIT is shorter than one, nothing can wait, and every
    /// connection is followed by the rules.
    #[test]
    fn whoever_is_pushed_out_is_the_same(
        few in few(),
        starts in prop::collection::vec((any::<Index>(), 0..10 * SECOND), 20..60),
        max_connections in 2..20_usize,
    ) {
        let flows = played(&few, &starts);
        let mut segments = capture(&flows);
        let Some(start_ns) = segments.first().map(|first| first.time_ns) else { return Ok(()) };
        for segment in &mut segments {
            segment.time_ns = start_ns + (segment.time_ns - start_ns) / 100_000;
        }
        let end_ns = segments.last().map_or(0, |last| last.time_ns);
        prop_assume!(end_ns - start_ns < SECOND / 2);
        let story = |two_msl_ns| {
            let story = told(segments.iter(), end_ns, Options { two_msl_ns, max_connections, ..Options::default() });
            let evicted = |number: &u64| {
                let mut connections = story.connections.iter();
                connections.any(|it| it.number == *number && it.modifiers.contains(ConnectionModifier::Evicted))
            };
            let order: Vec<u64> = story.connections.iter().map(|it| it.number).filter(evicted).collect();
            (story.entries, order)
        };
        prop_assert_eq!(story(60 * SECOND), story(SECOND - 1));
    }
}
