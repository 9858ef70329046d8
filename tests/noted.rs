//! Whether anybody looks at segments makes no difference to connections, and whether anybody looks at data none to the
//! other segments: they come out the same, in the same order.
//!
//! An engine that is asked for connections alone only notes most segments, and works them out when it must. One that is
//! not asked for data carries it through open connections by a short way.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::sync::LazyLock;

use fourwave_annotate::{Engine, Extract, Idle, Observer, Options, SECOND};
use fourwave_dissector::{FrameId, Segment};
use fourwave_tests::flow::Flow;
use fourwave_tests::reading::annotate;
use fourwave_tests::run::{Ends, Rest, Story};
use fourwave_tests::{files, public_captures};
use proptest::prelude::*;
use proptest::sample::Index;

static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
    let flows = files("flows", ".flow").unwrap();
    flows.iter().map(|path| Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()).collect()
});

#[test]
fn captures_come_out_the_same() {
    let mut paths = files("captures", ".pcap").unwrap();
    paths.extend(files("truth", ".pcap").unwrap());
    assert!(paths.len() > 70);
    if let Some(folder) = public_captures() {
        paths.extend(fs::read_dir(folder.join("files")).unwrap().map(|entry| entry.unwrap().path()));
    }
    for path in paths {
        let (mut story, mut ends, mut rest) = (Story::default(), Ends::default(), Rest::default());
        let _ = annotate(&path, &mut story);
        let _ = annotate(&path, &mut ends);
        let _ = annotate(&path, &mut rest);
        assert_eq!(ends.0, story.connections, "{}", path.display());
        assert_eq!(rest.0.without_data(), story.without_data(), "{}", path.display());
    }
}

/// A script on ports of its own, and when it begins.
type Start = (Index, i64);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Scripts that begin at any time in two hours, so that leases and timers run out between segments of others; or, as
    /// damage has it, at the end of time.
    #[test]
    fn scripts_that_overlap_come_out_the_same(
        starts in prop::collection::vec(
            (any::<Index>(), prop_oneof![100 => 0..7200 * SECOND, 1 => Just(i64::MAX)]),
            1..40,
        ),
        two_msl in prop_oneof![Just(0), 1..300_i64],
        idle in prop::option::of(1..4000_i64),
    ) {
        let mut options = Options { two_msl_ns: two_msl * SECOND, ..Options::default() };
        if let Some(idle) = idle {
            options.idle = Idle::all(idle * SECOND);
        }
        let (mut story, mut ends, mut rest) = (Story::default(), Ends::default(), Rest::default());
        play(&starts, options, &mut story);
        play(&starts, options, &mut ends);
        play(&starts, options, &mut rest);
        prop_assert_eq!(&ends.0, &story.connections);
        prop_assert_eq!(rest.0.without_data(), story.without_data());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Where memory is short, those with one segment are noted even if segments are asked for.
    #[test]
    fn what_is_put_aside_is_told_the_same(
        starts in prop::collection::vec((any::<Index>(), 0..300 * SECOND), 20..40),
    ) {
        let short = Options { max_connections: 80, ..Options::default() };
        let (mut told, mut put_aside) = (Story::default(), Story::default());
        play(&starts, Options::default(), &mut told);
        play(&starts, short, &mut put_aside);
        prop_assert_eq!(told, put_aside);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Scripts that take each other's ports, while the connection before is open, over, or forgotten.
    #[test]
    fn ports_that_are_taken_again_come_out_the_same(
        starts in prop::collection::vec((any::<Index>(), 0..400 * SECOND), 1..30),
        ports in 1..6_u16,
    ) {
        let (mut story, mut ends) = (Story::default(), Ends::default());
        play_on(ports, &starts, Options::default(), &mut story);
        play_on(ports, &starts, Options::default(), &mut ends);
        prop_assert_eq!(&ends.0, &story.connections);
    }
}

/// Plays the scripts together, as one capture, each on a port of its own.
fn play(starts: &[Start], options: Options, observer: &mut impl Observer) {
    play_on(u16::MAX, starts, options, observer);
}

/// Plays the scripts together, as one capture, on so many ports.
fn play_on(ports: u16, starts: &[Start], options: Options, observer: &mut impl Observer) {
    const FIRST_PORT: u16 = 20_000;
    const FRAMES_A_FILE: u32 = 50;
    let on_port = |((which, start_ns), place): (&Start, u16)| {
        let mut flow = which.get(&FLOWS).clone();
        flow.hosts.client.address.set_port(FIRST_PORT + place % ports);
        (flow, *start_ns)
    };
    let flows: Vec<(Flow, i64)> = starts.iter().zip(0..).map(on_port).collect();
    let mut segments = Vec::new();
    for (flow, start_ns) in &flows {
        for packet in flow.packets() {
            let segment = flow.segment(packet, 1);
            segments.push(Segment { time_ns: segment.time_ns.saturating_add(*start_ns), ..segment });
        }
    }
    segments.sort_by_key(|segment| segment.time_ns);
    let mut engine = Engine::new(options);
    for (segment, place) in segments.iter().zip(0..) {
        let at = FrameId::new(place / FRAMES_A_FILE, u64::from(place % FRAMES_A_FILE) + 1);
        // Now and then the clock moves without a packet.
        if place % 7 == 0 {
            engine.advance(segment.time_ns, observer);
        }
        // And somebody knows what comes.
        if place % 20 == 0 {
            let coming = segments[place as usize..].iter().take(Engine::PREFETCHED);
            let extracts: Vec<Extract<'_>> =
                coming.map(|segment| Extract::of(segment, engine.seed())).collect();
            engine.prefetch(extracts.iter());
        }
        engine.push(&Segment { at, ..*segment }, observer);
    }
    engine.finish(observer);
}
