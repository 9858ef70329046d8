//! An engine that goes on from a checkpoint says the same as one that has never stopped.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod damaged;

use std::fs;
use std::sync::LazyLock;

use fourwave_annotate::{Engine, Evictions, Idle, Observer, Options, SECOND};
use fourwave_dissector::{FrameId, Segment};
use fourwave_tests::files;
use fourwave_tests::flow::Flow;
use fourwave_tests::run::{Ends, Rest, Story};
use proptest::prelude::*;
use proptest::sample::Index;

static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
    let flows = files("flows", ".flow").unwrap();
    flows.iter().map(|path| Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()).collect()
});

/// A script on ports of its own, and when it begins.
type Start = (Index, i64);

prop_compose! {
    fn options()(
        two_msl in 0..300_i64,
        idle in prop::option::of(1..4000_i64),
        max_connections in prop_oneof![3..20_usize, Just(1_000_000)],
    ) -> Options {
        let idle = idle.map_or_else(Idle::default, |idle| Idle::all(idle * SECOND));
        Options { two_msl_ns: two_msl * SECOND, idle, max_connections, ..Options::default() }
    }
}

fn starts() -> impl Strategy<Value = Vec<Start>> {
    prop::collection::vec((any::<Index>(), 0..7200 * SECOND), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn going_on_is_the_same_as_not_stopping(
        starts in starts(),
        options in options(),
        cuts in prop::collection::vec(any::<Index>(), 1..4),
    ) {
        let (mut story, mut resumed) = (Story::default(), Story::default());
        let evictions = play(&starts, options, &[], &mut story);
        prop_assert_eq!(play(&starts, options, &cuts, &mut resumed), evictions);
        prop_assert_eq!(resumed, story);

        let (mut ends, mut resumed) = (Ends::default(), Ends::default());
        let evictions = play(&starts, options, &[], &mut ends);
        prop_assert_eq!(play(&starts, options, &cuts, &mut resumed), evictions);
        prop_assert_eq!(resumed.0, ends.0);

        let (mut rest, mut resumed) = (Rest::default(), Rest::default());
        let evictions = play(&starts, options, &[], &mut rest);
        prop_assert_eq!(play(&starts, options, &cuts, &mut resumed), evictions);
        prop_assert_eq!(resumed.0, rest.0);
    }
}

/// The scripts, each on a port of its own.
fn flows(starts: &[Start]) -> Vec<(Flow, i64)> {
    const FIRST_PORT: u16 = 20_000;
    let ports = FIRST_PORT..;
    starts
        .iter()
        .zip(ports)
        .map(|((which, start_ns), port)| (on_port(which.get(&FLOWS), port), *start_ns))
        .collect()
}

fn on_port(flow: &Flow, port: u16) -> Flow {
    let mut flow = flow.clone();
    flow.hosts.client.address.set_port(port);
    flow
}

/// The segments of all scripts, as one capture of several files.
fn segments(flows: &[(Flow, i64)]) -> Vec<Segment<'_>> {
    const FRAMES_A_FILE: u32 = 50;
    let mut segments = Vec::new();
    for (flow, start_ns) in flows {
        for packet in flow.packets() {
            let segment = flow.segment(packet, 1);
            segments.push(Segment { time_ns: segment.time_ns + start_ns, ..segment });
        }
    }
    segments.sort_by_key(|segment| segment.time_ns);
    for (segment, place) in segments.iter_mut().zip(0_u32..) {
        segment.at = FrameId::new(place / FRAMES_A_FILE, u64::from(place % FRAMES_A_FILE) + 1);
    }
    segments
}

/// Plays the scripts by an engine that stops and goes on at `cuts`. How many it has pushed out.
fn play(starts: &[Start], options: Options, cuts: &[Index], observer: &mut impl Observer) -> Evictions {
    let flows = flows(starts);
    let segments = segments(&flows);
    let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(segments.len())).collect();
    let mut engine = Engine::new(options);
    for (place, segment) in segments.iter().enumerate() {
        if cuts.contains(&place) {
            let checkpoint = postcard::to_allocvec(&engine).unwrap();
            engine = postcard::from_bytes(&checkpoint).unwrap();
            assert_eq!(postcard::to_allocvec(&engine).unwrap(), checkpoint);
        }
        engine.push(segment, observer);
    }
    let evictions = engine.evictions();
    engine.finish(observer);
    evictions
}
