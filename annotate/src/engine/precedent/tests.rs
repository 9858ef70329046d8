//! A precedent says what the rules say, of whatever has one; and what closes regularly has one.

use alloc::vec::Vec;

use fourwave_dissector::tcp::Flags;
use proptest::prelude::*;

use super::*;
use crate::conversation::{Act, Arrivals, arrivals, conversation, plain};
use crate::engine::book::Standing;
use crate::engine::ends::Ends;
use crate::engine::journal::Shelf;
use crate::engine::table::{Ending, Matter};
use crate::kind::Kind;
use crate::options::SECOND;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;

/// The same segments in another file, before those of this one, with half the pauses.
fn earlier(arrivals: &[(Arrival<'static>, Side)]) -> Arrivals {
    let earlier = |&(arrival, from): &(Arrival<'static>, Side)| {
        let (at, time_ns) = (FrameId::new(5, arrival.at.frame() + 3), arrival.time_ns / 2);
        (Arrival { at, time_ns, clock_ns: time_ns, ..arrival }, from)
    };
    arrivals.iter().map(earlier).collect()
}

/// The slot of a connection that is only noted; `None` if it cannot be.
fn slot(shelf: &mut Shelf, arrivals: &[(Arrival<'static>, Side)]) -> Option<Slot> {
    let (first, from) = arrivals.first()?;
    let mut journal = shelf.begin(first, *from)?;
    let mut seen_ns = first.time_ns;
    for (arrival, from) in arrivals.iter().skip(1) {
        if !shelf.add(&mut journal, seen_ns, arrival, *from) {
            return None;
        }
        seen_ns = arrival.time_ns;
    }
    Some(Slot {
        ends: Ends::new(Both { client: NOWHERE, server: NOWHERE }),
        zone: 0,
        number: 7,
        count: 1,
        basis: ClientBasis::Syn,
        spared: false,
        ending: Ending::default(),
        seen_ns,
        due_ns: i64::MAX,
        standing: Standing::default(),
        matter: Matter::Noted(journal),
    })
}

/// The record by precedent, if there is one, and by the rules, if the capture ends `later_ns` after the last segment. The
/// precedent has been told before, of a connection that went the same standing elsewhere and at another time.
fn judged(
    arrivals: &[(Arrival<'static>, Side)],
    later_ns: i64,
    evicted: bool,
    options: &Options,
) -> Option<(Option<Connection>, Connection)> {
    let mut shelf = Shelf::default();
    let slot = slot(&mut shelf, arrivals)?;
    let Matter::Noted(journal) = &slot.matter else { return None };
    let closing = Closing { now_ns: slot.seen_ns + later_ns, evicted, options };
    let (first, from) = arrivals.first()?;
    let mut incarnation = Incarnation::new(7, 1, ClientBasis::Syn, first, *from);
    for (arrival, from) in arrivals {
        incarnation.step(arrival, *from, None, options);
    }
    let by_rules = close(&incarnation, slot.ends.addresses(), &closing);
    let mut precedents = Precedents::default();
    let before = earlier(arrivals);
    let slot_before =
        Slot { number: 3, count: 2, basis: ClientBasis::Port, ..self::slot(&mut shelf, &before)? };
    let Matter::Noted(journal_before) = &slot_before.matter else { return None };
    let closing_before = Closing { evicted: !evicted, ..closing };
    precedents.tell(shelf.entries(journal_before, slot_before.seen_ns), &slot_before, &closing_before);
    let told = precedents.tell(shelf.entries(journal, slot.seen_ns), &slot, &closing).cloned();
    Some((told, by_rules))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_by_precedent_is_what_the_rules_say(
        arrivals in conversation(),
        later_ns in 0..100 * SECOND,
        evicted: bool,
        few_repetitions: bool,
    ) {
        let mut options = Options::default();
        if few_repetitions {
            options.thresholds.retransmissions = 1;
        }
        if let Some((Some(told), by_rules)) = judged(&arrivals, later_ns, evicted, &options) {
            prop_assert_eq!(told, by_rules);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_refused_has_a_precedent(
        isn: u32,
        // RFC 9293 says 0, but not all do so.
        reset_seq in prop_oneof![Just(0), any::<u32>()],
        window in 1..=u16::MAX,
        reset_window: u16,
        ttls: [u8; 2],
        ip_ids: [Option<u16>; 2],
        after_ns in prop_oneof![0..SECOND, 0..30 * SECOND],
        later_ns in 0..100 * SECOND,
        evicted: bool,
    ) {
        let first = closed(&[])[0].0;
        let syn = Arrival { seq: Seq(isn), window, ttl: ttls[0], ip_id: ip_ids[0], ..first };
        let reset = Arrival {
            at: FrameId::new(0, 90),
            time_ns: syn.time_ns + after_ns,
            clock_ns: syn.time_ns + after_ns,
            flags: Flags::RST | Flags::ACK,
            seq: Seq(reset_seq),
            ack: syn.end(),
            window: reset_window,
            scale: None,
            ttl: ttls[1],
            ip_id: ip_ids[1],
            ..syn
        };
        let (syn, reset) = ((syn, Side::Client), (reset, Side::Server));
        let options = Options::default();
        let (told, by_rules) = judged(&[syn, reset], later_ns, evicted, &options).unwrap();
        prop_assert_eq!(told.as_ref(), Some(&by_rules));
        for (more, from) in [syn, reset] {
            let Arrival { time_ns, clock_ns, .. } = reset.0;
            let more = (Arrival { at: FrameId::new(0, 91), time_ns, clock_ns, ..more }, from);
            let (told, _) = judged(&[syn, reset, more], later_ns, evicted, &options).unwrap();
            prop_assert_eq!(told, None);
        }
        let odd = Arrival { ack: reset.0.ack.plus(1), ..reset.0 };
        let (told, _) = judged(&[syn, (odd, Side::Server)], later_ns, evicted, &options).unwrap();
        prop_assert_eq!(told, None);
    }
}

/// Data both ways, and a close of the given turns: who, whether with FIN, and whether without the last octet of the
/// other in its ACK.
fn closed(turns: &[(Side, bool, bool)]) -> Arrivals {
    let turns = turns.iter().map(|&(from, fin, lags)| Act { fin, lags, ..plain(from) });
    let acts: Vec<Act> = exchange().into_iter().chain(turns).collect();
    arrivals(Both { client: u32::MAX - 500, server: 1 }, &[plain(Side::Client); 3], &acts)
}

/// Data both ways.
fn exchange() -> [Act; 2] {
    [Side::Client, Side::Server].map(|from| Act { len: 700, ..plain(from) })
}

#[test]
fn regular_closes_have_a_precedent() {
    use Side::{Client, Server};
    let four = [(Client, true, false), (Server, false, false), (Server, true, false), (Client, false, false)];
    let three = [(Server, true, false), (Client, true, false), (Server, false, false)];
    let both = [(Client, true, false), (Server, true, true), (Client, false, false), (Server, false, false)];
    let unfinished = [(Client, true, false), (Server, true, false)];
    for (turns, kind) in [
        (&four[..], Kind::FourWay),
        (&three[..], Kind::ThreeSegment),
        (&both[..], Kind::Simultaneous),
        (&unfinished[..], Kind::ThreeSegment),
        (&[], Kind::OpenAtEnd),
    ] {
        let (told, by_rules) = judged(&closed(turns), SECOND, false, &Options::default()).unwrap();
        assert_eq!(told.as_ref().map(|told| told.kind), Some(kind), "{turns:?}");
        assert_eq!(told, Some(by_rules));
    }
}

#[test]
fn octets_are_those_of_the_connection_itself() {
    let close = |from| Act { fin: true, ..plain(from) };
    let send = |len, from| Act { len, ..plain(from) };
    let (client, server) = (Side::Client, Side::Server);
    let turns = [close(client), send(0, server), send(300, server), send(20, server), close(server)];
    let told = told(&turns).unwrap();
    assert_eq!((told.kind, told.half_close_bytes), (Kind::HalfClose, 320));
}

/// Data both ways, and then `acts`; what is told of it.
fn told(acts: &[Act]) -> Option<Connection> {
    let acts: Vec<Act> = exchange().into_iter().chain(acts.iter().copied()).collect();
    let isns = Both { client: 7, server: u32::MAX - 900 };
    let arrivals = arrivals(isns, &[plain(Side::Client); 3], &acts);
    let (told, by_rules) = judged(&arrivals, SECOND, false, &Options::default()).unwrap();
    assert!(told.as_ref().is_none_or(|told| *told == by_rules));
    told
}

#[test]
fn resets_have_a_precedent() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let data = |from| Act { len: 300, ..plain(from) };
    for (acts, kind) in [
        (&[plain(Client)][..], Kind::Reset),
        (&[], Kind::Reset),
        (&[fin(Client), plain(Server)], Kind::FinThenResetByPeer),
        (&[fin(Server), plain(Client), data(Client)], Kind::FinThenResetByCloser),
        (&[fin(Server), plain(Client), fin(Client)], Kind::ResetDuringClose),
        (&[fin(Client), plain(Server), fin(Server), plain(Client)], Kind::FourWay),
    ] {
        for has_ack in [false, true] {
            let reset = Act { rst: Some(has_ack), ..plain(Server) };
            let with = |reset: Act| told(&[acts, &[reset]].concat());
            assert_eq!(with(reset).map(|told| told.kind), Some(kind), "{acts:?}");
            assert_eq!(with(Act { ttl: 32, ..reset }), None);
            assert_eq!(with(Act { after_ns: 30 * SECOND, ..reset }), None);
            assert_eq!(with(Act { again: true, ..reset }), None);
            assert_eq!(told(&[acts, &[reset, plain(Client)]].concat()), None);
        }
    }
    let reset = Act { rst: Some(true), ..plain(Server) };
    assert_eq!(told(&[data(Client), Act { lags: true, ..data(Server) }, reset]), None);
}

#[test]
fn openings_have_a_precedent_whether_or_not_the_capture_ends_too_soon() {
    let options = Options::default();
    for (segments, kind) in
        [(1, Kind::HandshakeIncomplete), (2, Kind::HandshakeIncomplete), (3, Kind::OpenAtEnd)]
    {
        for later_ns in [0, options.thresholds.truncated_by_end - 1, options.thresholds.truncated_by_end] {
            for evicted in [false, true] {
                let (told, by_rules) = judged(&closed(&[])[..segments], later_ns, evicted, &options).unwrap();
                assert_eq!(told.as_ref().map(|told| told.kind), Some(kind), "{segments}");
                assert_eq!(told, Some(by_rules));
            }
        }
    }
}

#[test]
fn what_is_not_regular_has_none() {
    use Side::{Client, Server};
    let four = [(Client, true, false), (Server, false, false), (Server, true, false), (Client, false, false)];
    let usual = closed(&four);
    let none = |change: &dyn Fn(&mut Arrivals)| {
        let mut arrivals = usual.clone();
        change(&mut arrivals);
        let (told, _) = judged(&arrivals, SECOND, false, &Options::default()).unwrap();
        assert_eq!(told, None);
    };
    none(&|arrivals| arrivals.truncate(7));
    none(&|arrivals| arrivals[4].0.window = 0);
    none(&|arrivals| arrivals[4].0.mptcp = true);
    none(&|arrivals| arrivals[4].0.seq = arrivals[4].0.seq.plus(1));
    none(&|arrivals| arrivals[6].0.ack = arrivals[6].0.ack.previous().previous());
    // The FIN comes after a silence, and stays in CLOSE-WAIT.
    for (place, pause_ns) in [(5, 30 * SECOND), (7, SECOND)] {
        none(&|arrivals| {
            for (arrival, _) in arrivals.iter_mut().skip(place) {
                arrival.time_ns += pause_ns;
                arrival.clock_ns += pause_ns;
            }
        });
    }
}

#[test]
fn there_are_no_more_shapes_than_have_room() {
    let mut precedents = Precedents::default();
    let mut shelf = Shelf::default();
    let options = Options::default();
    let close = [(true, 0), (true, 0), (false, 0)];
    let mut told = 0;
    // Thirteen segments with data or without: 8,192 shapes.
    for bits in 0..2 * MOST_SHAPES {
        let data = (0..13).map(|bit| (false, if bits >> bit & 1 == 1 { 700 } else { 0 }));
        let froms = [Side::Client, Side::Server].into_iter().cycle();
        let acts: Vec<Act> = data
            .chain(close)
            .zip(froms)
            .map(|((fin, len), from)| Act { from, fin, len, after_ns: 1, packets: 1, ..plain(from) })
            .collect();
        let opening = [acts[0]; 3];
        let arrivals = arrivals(Both { client: 0, server: 0 }, &opening, &acts);
        let slot = slot(&mut shelf, &arrivals).unwrap();
        let Matter::Noted(journal) = &slot.matter else { panic!() };
        let closing = Closing { now_ns: slot.seen_ns, evicted: false, options: &options };
        told += usize::from(precedents.tell(shelf.entries(journal, slot.seen_ns), &slot, &closing).is_some());
        shelf.discard(journal);
    }
    assert_eq!(precedents.0.len(), MOST_SHAPES);
    assert!(told <= MOST_SHAPES);
}
