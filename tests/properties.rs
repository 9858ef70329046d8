//! What must hold of every connection, whatever happens to its segments.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use fourwave_annotate::{Bounds, Change, Side};
use fourwave_dissector::tcp::Flags;
use fourwave_tests::files;
use fourwave_tests::flow::{Flow, Packet, Step};
use fourwave_tests::progress::reaches;
use fourwave_tests::run::{Entry, Story, connections_alone, run};
use proptest::prelude::*;
use proptest::sample::Index;

static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
    let flows = files("flows", ".flow").unwrap();
    flows.iter().map(|path| Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()).collect()
});

/// Without a segment, with one twice, with two neighbours exchanged: every one of every script.
#[test]
fn a_segment_lost_doubled_or_overtaken_breaks_no_bound() {
    for flow in &*FLOWS {
        for at in 0..flow.steps.len() {
            let changed = |change: fn(&mut Vec<Step>, usize)| {
                let mut flow = flow.clone();
                change(&mut flow.steps, at);
                flow
            };
            check(&changed(|steps, at| drop(steps.remove(at))));
            check(&changed(|steps, at| steps.insert(at, steps[at].clone())));
            check(&changed(|steps, at| overtake(steps, at, at + 1)));
        }
    }
}

/// The addresses say who is who and nothing else: with those of client and server exchanged all is as before.
#[test]
fn addresses_make_no_difference() {
    for flow in &*FLOWS {
        let (client, server) = (flow.hosts.client.address, flow.hosts.server.address);
        let mut swapped = flow.clone();
        swapped.hosts.client.address.set_ip(server.ip());
        swapped.hosts.server.address.set_ip(client.ip());
        let mut said = run(&swapped);
        for connection in &mut said.connections {
            connection.addresses.client.set_ip(client.ip());
            connection.addresses.server.set_ip(server.ip());
        }
        assert_eq!(said, run(flow), "{}", flow.title);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Sequence numbers are a circle without a first one.
    #[test]
    fn initial_sequence_numbers_make_no_difference(which: Index, client: u32, server: u32) {
        let flow = which.get(&FLOWS);
        let mut shifted = flow.clone();
        for packet in shifted.steps.iter_mut().filter_map(packet_of) {
            let (own, peer) = match packet.from {
                Side::Client => (client, server),
                Side::Server => (server, client),
            };
            packet.seq = packet.seq.wrapping_add(own);
            if packet.flags.contains(Flags::ACK) {
                packet.ack = packet.ack.wrapping_add(peer);
            }
        }
        prop_assert_eq!(without_numbers(run(&shifted)), without_numbers(run(flow)));
    }

    /// Losses, copies and delays of any number of segments.
    #[test]
    fn a_bad_network_breaks_no_bound(which: Index, mishaps in prop::collection::vec(mishap(), 1..12)) {
        let mut flow = which.get(&FLOWS).clone();
        for mishap in mishaps {
            mishap.befall(&mut flow.steps);
        }
        check(&flow);
    }

    /// Segments that make no sense.
    #[test]
    fn no_segment_breaks_a_bound(
        which: Index,
        segments in prop::collection::vec((any::<Index>(), segment()), 1..40),
        opened: bool,
    ) {
        let mut flow = which.get(&FLOWS).clone();
        if !opened {
            flow.steps.clear();
        }
        for (place, packet) in segments {
            let at = if flow.steps.is_empty() { 0 } else { place.index(flow.steps.len()) };
            flow.steps.insert(at, Step::Packet(packet));
        }
        check(&flow);
    }
}

/// Something that happens to segments on their way.
#[derive(Clone, Debug)]
enum Mishap {
    Lost(Index),
    Doubled(Index, Index),
    Delayed(Index, Index),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        any::<Index>().prop_map(Mishap::Lost),
        any::<(Index, Index)>().prop_map(|(which, to)| Mishap::Doubled(which, to)),
        any::<(Index, Index)>().prop_map(|(which, to)| Mishap::Delayed(which, to)),
    ]
}

impl Mishap {
    fn befall(&self, steps: &mut Vec<Step>) {
        if steps.is_empty() {
            return;
        }
        match self {
            Self::Lost(which) => drop(steps.remove(which.index(steps.len()))),
            Self::Doubled(which, to) => {
                let copy = which.get(steps).clone();
                steps.insert(to.index(steps.len()), copy);
            }
            Self::Delayed(which, to) => {
                let (which, to) = (which.index(steps.len()), to.index(steps.len()));
                overtake(steps, which, to);
            }
        }
    }
}

/// Moves the step at `which` to `to`; it happens at the time of the one that was there.
fn overtake(steps: &mut Vec<Step>, which: usize, to: usize) {
    if to >= steps.len() {
        return;
    }
    let time = time_of(&steps[to]);
    let mut step = steps.remove(which);
    match &mut step {
        Step::Packet(packet) => packet.time_ns = time,
        Step::Clock(clock) => *clock = time,
    }
    steps.insert(to, step);
}

const fn time_of(step: &Step) -> i64 {
    match step {
        Step::Packet(packet) => packet.time_ns,
        Step::Clock(time_ns) => *time_ns,
    }
}

const fn packet_of(step: &mut Step) -> Option<&mut Packet> {
    match step {
        Step::Packet(packet) => Some(packet),
        Step::Clock(_) => None,
    }
}

/// Any segment, but often near the numbers at which the scripts stand.
fn segment() -> impl Strategy<Value = Packet> {
    let number = || prop_oneof![4 => 85..110_u32, 4 => 275..330_u32, 1 => any::<u32>(), 1 => 4999..5003_u32];
    let window = prop_oneof![Just(0), Just(1), Just(65535)];
    let time = prop_oneof![0..2_000_000_000_i64, 0..200_000_000_000_i64, any::<i64>()];
    (any::<bool>(), 0..64_u16, number(), number(), 0..30_usize, window, time).prop_map(
        |(client, flags, seq, ack, len, window, time_ns)| Packet {
            time_ns,
            from: if client { Side::Client } else { Side::Server },
            flags: Flags(flags),
            seq,
            ack,
            window,
            ttl: None,
            id: None,
            options: Vec::new(),
            payload: vec![b'x'; len],
        },
    )
}

/// What must hold of everything that the engine says.
fn check(flow: &Flow) {
    let story = run(flow);
    let told = story.entries.iter().filter(|entry| matches!(entry, Entry::Segment(..)));
    assert_eq!(told.count(), flow.packets().count(), "each segment is annotated once");

    let mut numbers = BTreeSet::new();
    for entry in story.entries.iter().chain(&story.revisions) {
        let (connection, peers) = match entry {
            Entry::Segment(_, said) => (said.connection, said.peers),
            Entry::Expired(event) => (event.connection, event.peers),
        };
        numbers.insert(connection);
        for (side, Change { before, after }) in peers.iter() {
            for Bounds { confirmed, expected } in [before, after] {
                let ascending = reaches(*confirmed, *expected);
                assert!(ascending, "{}: {side} {confirmed}/{expected} in {entry:?}", flow.title);
            }
        }
    }
    assert_eq!(connections_alone(flow), story.connections, "{}: whether segments are asked for", flow.title);
    let reported: BTreeMap<_, _> = story.connections.iter().map(|one| (one.number, one)).collect();
    assert_eq!(reported.len(), story.connections.len(), "each connection is reported once");
    assert!(numbers.iter().eq(reported.keys()), "{numbers:?} were annotated");
    for connection in &story.connections {
        for side in [Side::Client, Side::Server] {
            let Bounds { confirmed, expected } = connection.end[side];
            assert!(reaches(confirmed, expected), "{}: {side} ends {confirmed}/{expected}", flow.title);
        }
    }
}

/// The story with all sequence numbers 0.
fn without_numbers(mut story: Story) -> Story {
    for entry in story.entries.iter_mut().chain(&mut story.revisions) {
        match entry {
            Entry::Segment(seen, _) => (seen.seq, seen.ack) = (0, 0),
            Entry::Expired(_) => {}
        }
    }
    story
}
