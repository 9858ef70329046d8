//! What is written down comes back.

use alloc::format;
use alloc::vec::Vec;

use fourwave_dissector::tcp::Flags;
use proptest::prelude::*;

use super::*;

pub(super) fn arrival(frame: u64, time_ns: i64) -> Arrival<'static> {
    Arrival {
        at: FrameId::new(0, frame),
        layer: 0,
        time_ns,
        clock_ns: time_ns,
        flags: Flags(Flags::ACK.0),
        seq: Seq(1),
        ack: Seq(2),
        len: 3,
        window: 4,
        scale: None,
        ttl: 64,
        ip_id: None,
        mptcp: false,
        text: &[],
    }
}

/// A segment, how long it comes after the one before, and how far its numbers are from what is expected.
#[derive(Clone, Debug)]
struct Sent {
    from: Side,
    arrival: Arrival<'static>,
    after_ns: u64,
    after_packets: u64,
    skips: (u32, u32),
}

/// Few are unusual, any of them in each respect.
fn sent() -> impl Strategy<Value = Sent> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let flags = prop_oneof![
        5 => Just(Flags::ACK), 2 => Just(Flags::ACK | Flags::FIN), 2 => Just(Flags::SYN),
        1 => Just(Flags::SYN | Flags::ACK), 1 => Just(Flags::RST), 1 => Just(Flags(0)),
    ];
    let skip = || prop_oneof![6 => Just(0_u32), 1 => Just(u32::MAX), 1 => any::<u32>()];
    let after_ns = prop_oneof![6 => 0..1_u64 << 32, 1 => Just(1 << 32), 1 => 0..1_u64 << 50];
    let after_packets = prop_oneof![6 => 1..1_u64 << 24, 1 => Just(1 << 24), 1 => 1..1_u64 << 45];
    let carried =
        (0_u16.., any::<u16>(), any::<Option<u16>>(), any::<u8>(), any::<Option<u8>>(), any::<bool>());
    (side, flags, skip(), skip(), after_ns, after_packets, carried).prop_map(
        |(
            from,
            flags,
            seq_skip,
            ack_skip,
            after_ns,
            after_packets,
            (len, window, ip_id, ttl, scale, mptcp),
        )| {
            let has_data = !flags.contains(Flags::SYN) && !flags.contains(Flags::RST);
            let len = if has_data { len.into() } else { 0 };
            let scale = scale.filter(|_| flags.contains(Flags::SYN));
            let arrival = Arrival { flags, len, window, ip_id, ttl, scale, mptcp, ..arrival(1, 0) };
            Sent { from, arrival, after_ns, after_packets, skips: (seq_skip, ack_skip) }
        },
    )
}

/// The segments as they come. The first of each peer has the number that is given.
fn arrivals(all: Vec<Sent>, first_ns: i64, mut next: [Seq; 2]) -> Vec<(Arrival<'static>, Side)> {
    let (mut time_ns, mut at) = (first_ns, FrameId::new(0, 1));
    let come = |Sent { from, arrival, after_ns, after_packets, skips: (seq_skip, ack_skip) }| {
        time_ns = time_ns.saturating_add_unsigned(after_ns);
        at = at.plus(after_packets);
        let seq = next[from as usize].plus(seq_skip);
        let usual = if arrival.has_ack() { next[from.other() as usize] } else { Seq(0) };
        let arrival = Arrival { at, time_ns, clock_ns: time_ns, seq, ack: usual.plus(ack_skip), ..arrival };
        next[from as usize] = arrival.end();
        (arrival, from)
    };
    all.into_iter().map(come).collect()
}

/// A journal of the segments, as far as there is room, and how many these are.
fn written(shelf: &mut Shelf, arrivals: &[(Arrival<'static>, Side)]) -> (Journal, usize) {
    let ((first, from), others) = arrivals.split_first().unwrap();
    let mut journal = shelf.begin(first, *from).unwrap();
    let mut before_ns = first.time_ns;
    let mut count = 1;
    for (arrival, from) in others {
        if !shelf.add(&mut journal, before_ns, arrival, *from) {
            break;
        }
        before_ns = arrival.time_ns;
        count += 1;
    }
    (journal, count)
}

proptest! {
    #[test]
    fn segments_come_back_as_they_were(
        all in prop::collection::vec(sent(), 1..100),
        first_ns in prop_oneof![Just(0), any::<i64>()],
        next in any::<[u32; 2]>(),
    ) {
        let arrivals = arrivals(all, first_ns, next.map(Seq));
        let mut shelf = Shelf::default();
        // Others stand between its blocks.
        let (other, _) = written(&mut shelf, &arrivals);
        shelf.discard(&other);
        let (journal, count) = written(&mut shelf, &arrivals);
        prop_assert!(count == arrivals.len() || count >= usize::from(MOST_PLACES / MOST_OF_SEGMENT));
        let expected = &arrivals[..count];
        let last_ns = expected[count - 1].0.time_ns;
        let read: Vec<_> = shelf.read(&journal, last_ns).collect();
        prop_assert_eq!(format!("{read:?}"), format!("{expected:?}"));
        for ((arrival, from), nth) in expected.iter().zip(0..) {
            prop_assert_eq!(shelf.moment(&journal, last_ns, nth, count as u8), Some(arrival.moment()));
            let (side, end) = (*from, arrival.end());
            let ended = expected.iter().position(|(other, from)| *from == side && other.end() == end);
            prop_assert_eq!(shelf.ended_at(&journal, side, end).map(usize::from), ended);
        }
        let first = expected[0].0;
        let is_syn = first.syn() && !first.has_ack();
        prop_assert_eq!(shelf.begins_with_syn(&journal, first.seq), is_syn);
        prop_assert!(!shelf.begins_with_syn(&journal, first.seq.plus(1)));
    }
}

#[test]
fn what_is_expected_needs_no_place_of_its_own() {
    let syn = Arrival { flags: Flags::SYN, len: 0, seq: Seq(u32::MAX - 1), ack: Seq(0), ..arrival(1, 0) };
    let flags = Flags::SYN | Flags::ACK;
    let syn_ack = Arrival { flags, len: 0, seq: Seq(7), ack: Seq(u32::MAX), ..arrival(2, 0) };
    let data = Arrival { seq: Seq(u32::MAX), ack: Seq(8), len: 10, ..arrival(3, 0) };
    let answer = Arrival { seq: Seq(8), ack: Seq(9), len: 0, ..arrival(4, 0) };
    let all = [(syn, Side::Client), (syn_ack, Side::Server), (data, Side::Client), (answer, Side::Server)];
    let mut shelf = Shelf::default();
    assert_eq!(written(&mut shelf, &all).0.places, 4);
    // Nor in the middle of a connection.
    assert_eq!(written(&mut shelf, &all[2..]).0.places, 2);
    // A part that is acknowledged is not what is expected.
    let part = Arrival { ack: Seq(5), ..answer };
    assert_eq!(written(&mut shelf, &[all[2], (part, Side::Server)]).0.places, 3);
}

#[test]
fn what_is_discarded_makes_room() {
    let mut shelf = Shelf::default();
    for _ in 0..100 {
        let mut journal = shelf.begin(&arrival(1, 0), Side::Client).unwrap();
        for frame in 2..20 {
            assert!(shelf.add(&mut journal, 0, &arrival(frame, 0), Side::Client));
        }
        shelf.discard(&journal);
    }
    // All but the first are sent again.
    assert_eq!(shelf.blocks.len(), (1 + 18 * 2_usize).div_ceil(PLACES));
}

#[test]
fn what_has_no_room_or_is_out_of_order_is_refused() {
    let mut shelf = Shelf::default();
    let mut journal = shelf.begin(&arrival(2, 0), Side::Client).unwrap();
    for refused in [
        Arrival { len: 65_536, ..arrival(3, 0) },
        Arrival { flags: Flags::SYN, ..arrival(3, 0) },
        Arrival { flags: Flags::RST, ..arrival(3, 0) },
        Arrival { layer: 1, ..arrival(3, 0) },
        Arrival { clock_ns: 1, ..arrival(3, 0) },
        arrival(1, 0),
        arrival(2, 0),
        arrival(3, -1),
    ] {
        assert!(!shelf.add(&mut journal, 0, &refused, Side::Client), "{refused:?}");
    }
    let goes_on = |frame: u64| Arrival { seq: Seq(1 + 3 * (frame as u32 - 2)), ..arrival(frame, 0) };
    let added = (3..1000).take_while(|&frame| shelf.add(&mut journal, 0, &goes_on(frame), Side::Client));
    assert_eq!(added.count(), usize::from(MOST_PLACES - MOST_OF_SEGMENT));
}
