//! The book says what the rules say, of every segment of whoever stays in it; and what closes regularly stays.

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::conversation::{Act, Arrivals, arrivals, conversation, plain};
use crate::engine::ends::Ends;
use crate::engine::table::{Ending, Matter};
use crate::options::SECOND;

/// What the rules say of each segment.
fn by_rules(arrivals: &Arrivals, options: &Options) -> Vec<Annotation> {
    let mut incarnation = None;
    let say = |(arrival, from): &(Arrival<'static>, Side)| {
        let incarnation =
            incarnation.get_or_insert_with(|| Incarnation::new(7, 2, ClientBasis::Syn, arrival, *from));
        let verdict = incarnation.step_by_rules(arrival, *from, None, options);
        incarnation.annotation(*from, &verdict)
    };
    arrivals.iter().map(say).collect()
}

/// What the book says of each segment, up to the first that is out of it.
fn by_book(book: &mut Book, arrivals: &Arrivals, options: &Options) -> Vec<Annotation> {
    let mut shelf = Shelf::default();
    let mut said = Vec::new();
    let Some(((first, from), rest)) = arrivals.split_first() else { return said };
    let Some(standing) = book.open(first, *from, options) else { return said };
    let Some(journal) = shelf.begin(first, *from) else { return said };
    let mut slot = Slot {
        ends: Ends::new(Both { client: ([10, 0, 0, 1], 1).into(), server: ([10, 0, 0, 2], 2).into() }),
        zone: 0,
        number: 7,
        count: 2,
        basis: ClientBasis::Syn,
        spared: false,
        ending: Ending::default(),
        seen_ns: first.time_ns,
        due_ns: i64::MAX,
        standing,
        matter: Matter::Noted(journal),
    };
    said.extend(book.annotation(&slot, &shelf));
    for (arrival, from) in rest {
        let Matter::Noted(journal) = &mut slot.matter else { break };
        let before = Before { journal, shelf: &shelf, time_ns: slot.seen_ns };
        let Some(standing) = book.go_on(slot.standing, &before, arrival, *from, options) else { break };
        if !shelf.add(journal, slot.seen_ns, arrival, *from) {
            break;
        }
        slot.note(arrival, *from, arrival.time_ns, standing);
        said.extend(book.annotation(&slot, &shelf));
    }
    said
}

/// Has so many connections go that way as it has segments: then nothing is new any more. Theirs came elsewhere, with
/// half the pauses.
fn beat(book: &mut Book, arrivals: &Arrivals, options: &Options) {
    let earlier = |&(arrival, from): &(Arrival<'static>, Side)| {
        let at = FrameId::new(5, arrival.at.frame() + 3);
        let (time_ns, seq) = (arrival.time_ns / 2, arrival.seq.plus(77));
        (Arrival { at, time_ns, clock_ns: time_ns, seq, ack: arrival.ack.plus(77), ..arrival }, from)
    };
    let earlier: Arrivals = arrivals.iter().map(earlier).collect();
    for _ in &earlier {
        by_book(book, &earlier, options);
    }
}

/// What a segment may have that no shape shows: of some of it a rule knows nothing, and the rest is out of the book.
#[derive(Clone, Copy, Debug)]
enum Odd {
    Push,
    IpId(u16),
    Scale(u8),
    Multipath,
    Layer,
    NextFile,
    Clock,
    Jumbo,
    Before,
}

fn odd() -> impl Strategy<Value = Odd> {
    prop_oneof![
        Just(Odd::Push),
        any::<u16>().prop_map(Odd::IpId),
        (0..15_u8).prop_map(Odd::Scale),
        Just(Odd::Multipath),
        Just(Odd::Layer),
        Just(Odd::NextFile),
        Just(Odd::Clock),
        Just(Odd::Jumbo),
        Just(Odd::Before),
    ]
}

impl Odd {
    fn add_to(self, arrival: &mut Arrival<'_>) {
        match self {
            Self::Push => arrival.flags = arrival.flags | Flags::PSH,
            Self::IpId(id) => arrival.ip_id = Some(id),
            Self::Scale(scale) => arrival.scale = Some(scale).filter(|_| arrival.syn()),
            Self::Multipath => arrival.mptcp = true,
            Self::Layer => arrival.layer = 1,
            Self::NextFile => arrival.at = FrameId::new(arrival.at.file() + 1, arrival.at.frame()),
            Self::Clock => arrival.clock_ns += 1,
            Self::Jumbo => arrival.len = if arrival.syn() || arrival.rst() { 0 } else { 1 << 16 },
            Self::Before => {
                arrival.time_ns -= SECOND;
                arrival.clock_ns -= SECOND;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_book_says_what_the_rules_say(
        mut arrivals in conversation(),
        odd in prop::option::of((any::<Index>(), odd())),
        are_at_once in prop::bool::weighted(0.1),
        limits in prop::option::weighted(0.2, prop::array::uniform3(0..40_i64)),
    ) {
        let mut options = Options::default();
        if let Some([idle, dwell, copies]) = limits {
            options.thresholds.idle_close = idle;
            options.thresholds.close_wait_note = dwell;
            options.thresholds.retransmissions = copies % 4;
        }
        if are_at_once {
            let first_ns = arrivals[0].0.time_ns;
            for (arrival, _) in &mut arrivals {
                (arrival.time_ns, arrival.clock_ns) = (first_ns, first_ns);
            }
        }
        if let Some((which, odd)) = odd {
            let len = arrivals.len();
            odd.add_to(&mut arrivals[which.index(len)].0);
        }
        let mut book = Book::default();
        beat(&mut book, &arrivals, &options);
        let said = by_book(&mut book, &arrivals, &options);
        prop_assert_eq!(&said[..], &by_rules(&arrivals, &options)[..said.len()]);
    }
}

/// Data both ways, and then `acts`.
fn exchange_and(acts: &[Act]) -> Arrivals {
    let data = [Side::Client, Side::Server].map(|from| Act { len: 700, ..plain(from) });
    let acts: Vec<Act> = data.into_iter().chain(acts.iter().copied()).collect();
    arrivals(Both { client: u32::MAX - 500, server: 1 }, &[plain(Side::Client); 3], &acts)
}

/// How many segments of a conversation are in the book, once it was beaten.
fn known(arrivals: &Arrivals) -> usize {
    let (mut book, options) = (Book::default(), Options::default());
    beat(&mut book, arrivals, &options);
    let said = by_book(&mut book, arrivals, &options);
    assert_eq!(said[..], by_rules(arrivals, &options)[..said.len()]);
    said.len()
}

#[test]
fn whatever_closes_regularly_stays_in_the_book() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let reset = |from| Act { rst: Some(true), ..plain(from) };
    let lags = |act: Act| Act { lags: true, ..act };
    for acts in [
        &[fin(Client), plain(Server), fin(Server), plain(Client)][..],
        &[fin(Server), fin(Client), plain(Server)],
        &[fin(Client), lags(fin(Server)), plain(Client), plain(Server)],
        &[fin(Client), plain(Server), Act { len: 300, ..plain(Server) }, fin(Server), plain(Client)],
        &[reset(Server)],
        &[fin(Client), plain(Server), reset(Server)],
    ] {
        let all = exchange_and(acts);
        assert_eq!(known(&all), all.len(), "{acts:?}");
    }
    let mut refused = exchange_and(&[reset(Server)]);
    refused.drain(1..5);
    refused[1].0.ack = refused[0].0.end();
    assert_eq!(known(&refused), 2);
}

#[test]
fn what_the_rules_weigh_is_out_of_it() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let reset = Act { rst: Some(true), ..plain(Server) };
    let late = |act: Act, after_ns| Act { after_ns, ..act };
    let limits = Options::default().thresholds;
    for (acts, stay) in [
        (&[late(fin(Client), limits.idle_close)][..], 0),
        (&[late(reset, limits.idle_close)], 0),
        (&[Act { ttl: 32, ..reset }], 0),
        (&[Act { window: 0, ..plain(Client) }], 0),
        (&[Act { again: true, ..plain(Client) }], 0),
        (&[fin(Client), plain(Server), late(fin(Server), limits.close_wait_note)], 2),
        (&[fin(Client), plain(Server), plain(Server)], 2),
        (&[reset, plain(Client)], 1),
    ] {
        let all = exchange_and(acts);
        assert_eq!(known(&all), all.len() - acts.len() + stay, "{acts:?}");
    }
}

#[test]
fn the_first_leaves_and_the_next_go_one_further() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let all = exchange_and(&[fin(Client), fin(Server), plain(Client)]);
    let (mut book, options) = (Book::default(), Options::default());
    // The first finds a position, and each after it one more, if another came as far.
    for (connection, segments) in [1, 2, 3, 4, 5, 6, 7, 8, 8].into_iter().enumerate() {
        assert_eq!(by_book(&mut book, &all, &options).len(), segments, "{connection}");
        assert_eq!(book.positions.len(), segments);
    }
}

#[test]
fn the_end_of_a_time_wait_is_what_the_rules_say() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let options = Options::default();
    for closer in [Client, Server] {
        let all = exchange_and(&[fin(closer), fin(closer.other()), plain(closer)]);
        let mut book = Book::default();
        beat(&mut book, &all, &options);
        let ((first, from), rest) = all.split_first().unwrap();
        let mut standing = book.open(first, *from, &options).unwrap();
        let mut incarnation = Incarnation::new(0, 1, ClientBasis::Syn, first, *from);
        incarnation.step_by_rules(first, *from, None, &options);
        let mut shelf = Shelf::default();
        let mut journal = shelf.begin(first, *from).unwrap();
        let mut time_ns = first.time_ns;
        for (arrival, from) in rest {
            let before = Before { journal: &journal, shelf: &shelf, time_ns };
            standing = book.go_on(standing, &before, arrival, *from, &options).unwrap();
            assert!(shelf.add(&mut journal, time_ns, arrival, *from));
            time_ns = arrival.time_ns;
            incarnation.step_by_rules(arrival, *from, None, &options);
        }
        assert_eq!(book.states(standing), Some(incarnation.states()));
        assert_eq!(book.expiry(standing, closer), Some(incarnation.expire(closer, None)));
        assert_eq!(book.expiry(standing, closer.other()), None);
    }
}

/// Sixteen segments, each of which acknowledges all or all but the last: one of 65,536 shapes.
fn one_of_many(bits: u32) -> Arrivals {
    let lags = (0..16).map(|bit| bits >> bit & 1 == 1);
    let froms = [Side::Client, Side::Server].into_iter().cycle();
    let acts: Vec<Act> = lags.zip(froms).map(|(lags, from)| Act { len: 700, lags, ..plain(from) }).collect();
    arrivals(Both::default(), &[plain(Side::Client); 3], &acts)
}

#[test]
fn a_full_book_begins_anew_once_it_is_of_no_use() {
    let (mut book, options) = (Book::default(), Options::default());
    let mut was_given_up = false;
    for bits in (0..1 << 16).step_by(3) {
        let (all, before) = (one_of_many(bits), book.first);
        // Else few of them would be opened by it.
        book.worth = Worth::default();
        let said = by_book(&mut book, &all, &options);
        was_given_up |= book.first != before;
        assert!(book.turns <= MOST_TURNS && book.positions.len() <= book.turns);
        assert_eq!(said[..], by_rules(&all, &options)[..said.len()]);
    }
    assert!(was_given_up);
    // Whoever stood in it is out of it.
    assert!(book.get(Standing(1)).is_none());
    let close = exchange_and(&[Act { fin: true, ..plain(Side::Client) }]);
    for _ in 0..2 * MOST_TURNS {
        book.worth = Worth::default();
        by_book(&mut book, &close, &options);
    }
    assert_eq!(by_book(&mut book, &close, &options).len(), close.len());
}

#[test]
fn a_book_that_most_leave_opens_few_until_they_stay() {
    use Side::{Client, Server};
    let fin = |from| Act { fin: true, ..plain(from) };
    let stays = exchange_and(&[fin(Client), fin(Server), plain(Client)]);
    let leaves = exchange_and(&[fin(Client), Act { again: true, ..fin(Client) }]);
    let (mut book, options) = (Book::default(), Options::default());
    let mut opened = |all: &Arrivals, connections: u32| -> usize {
        (0..connections).filter(|_| !by_book(&mut book, all, &options).is_empty()).count()
    };
    assert_eq!(opened(&leaves, Worth::LEAST), Worth::LEAST as usize);
    assert_eq!(opened(&leaves, 1600), 100);
    // As they come to stay, all are opened again.
    opened(&stays, 20_000);
    assert_eq!(opened(&stays, 1600), 1600);
}
