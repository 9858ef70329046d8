//! Conversations for tests: mostly regular, and now and then not.

use alloc::vec::Vec;
use core::iter;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;
use proptest::prelude::*;

use crate::options::SECOND;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// Segments, and who sent each.
pub(crate) type Arrivals = Vec<(Arrival<'static>, Side)>;

/// What a peer sends next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act {
    pub from: Side,
    pub fin: bool,
    /// It resets, with ACK or without.
    pub rst: Option<bool>,
    pub len: u32,
    /// What it acknowledges: all, or all but the last of what it has received.
    pub lags: bool,
    /// It sends once more what it has sent.
    pub again: bool,
    pub window: u16,
    pub after_ns: i64,
    pub packets: u64,
    pub ttl: u8,
}

fn act() -> impl Strategy<Value = Act> {
    let len = prop_oneof![3 => Just(0_u32), 2 => 1_u32..1500];
    let after_ns = prop_oneof![
        10 => Just(0_i64), 20 => 0..SECOND / 2, 1 => Just(SECOND), 1 => 0..2 * SECOND, 1 => Just(31 * SECOND),
    ];
    (
        prop_oneof![Just(Side::Client), Just(Side::Server)],
        prop::bool::weighted(0.1),
        len,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.02),
        prop_oneof![40 => 1..=u16::MAX, 1 => Just(0)],
        after_ns,
        prop_oneof![30 => 1_u64..9, 1 => Just(0), 1 => Just(1 << 33)],
        prop_oneof![30 => Just(64), 2 => 63..=65_u8, 1 => any::<u8>()],
    )
        .prop_map(|(from, fin, len, lags, again, window, after_ns, packets, ttl)| Act {
            from,
            fin,
            rst: None,
            len,
            lags,
            again,
            window,
            after_ns,
            packets,
            ttl,
        })
}

/// What comes after a close, or in its place: a RST as often as not.
fn more() -> impl Strategy<Value = Vec<Act>> {
    let reset = (act(), any::<bool>()).prop_map(|(act, has_ack)| Act { rst: Some(has_ack), ..act });
    let one = prop_oneof![Just(Vec::new()), reset.prop_map(|reset| Vec::from([reset]))];
    prop_oneof![4 => one, 1 => prop::collection::vec(act(), 0..3)]
}

/// A close by both peers, as often as not regular; the one that does not begin it may have more to send.
fn closing() -> impl Strategy<Value = Vec<Act>> {
    let turn = |from, fin| act().prop_map(move |act| Act { from, fin, len: 0, again: false, ..act });
    let turns = [(Side::Client, true), (Side::Server, true), (Side::Client, false), (Side::Server, false)];
    let turns =
        Just(turns).prop_shuffle().prop_flat_map(move |turns| turns.map(|(from, fin)| turn(from, fin)));
    let more = prop_oneof![Just(Vec::new()), prop::collection::vec(act(), 1..4)];
    (turns, more).prop_map(|([first, rest @ ..], more)| {
        let more = more.into_iter().map(|act| Act { from: first.from.other(), ..act });
        iter::once(first).chain(more).chain(rest).collect()
    })
}

/// The segments of a conversation: a usual opening, then `acts`.
pub(crate) fn arrivals(isns: Both<u32>, opening: &[Act; 3], acts: &[Act]) -> Arrivals {
    let mut next = Both::<Option<Seq>>::default();
    let mut before_last = Both { client: Seq(isns.client), server: Seq(isns.server) };
    let (mut time_ns, mut frame) = (1_700_000_000 * SECOND, 1);
    let mut arrivals = Arrivals::new();
    let froms = [Side::Client, Side::Server, Side::Client];
    let opening = opening.iter().zip(froms).map(|(act, from)| Act {
        from,
        fin: false,
        len: 0,
        lags: false,
        again: false,
        window: act.window.max(1),
        ..*act
    });
    for act in opening.chain(acts.iter().copied()) {
        time_ns += act.after_ns;
        frame += act.packets;
        let (from, other) = (act.from, act.from.other());
        let syn = next[from].is_none();
        let again = act.again && !syn;
        let mut flags = match act.rst {
            Some(_) => Flags::RST,
            None if syn => Flags::SYN,
            None if act.fin => Flags::FIN,
            None => Flags(0),
        };
        if next[other].is_some() && act.rst != Some(false) {
            flags = flags | Flags::ACK;
        }
        let acked = if act.lags { Some(before_last[other]) } else { next[other] };
        let arrival = Arrival {
            at: FrameId::new(0, frame),
            layer: 0,
            time_ns,
            clock_ns: time_ns,
            flags,
            seq: if again { before_last[from] } else { next[from].unwrap_or(Seq(isns[from])) },
            ack: acked.unwrap_or(Seq(0)),
            len: if syn || act.rst.is_some() { 0 } else { act.len },
            window: act.window,
            scale: syn.then_some(7),
            ttl: act.ttl,
            ip_id: None,
            mptcp: false,
            text: &[],
        };
        if arrival.occupied() > 0 && !again {
            before_last[from] = arrival.seq;
            next[from] = Some(arrival.end());
        }
        arrivals.push((arrival, from));
    }
    arrivals
}

/// Any conversation: data both ways, then a close, of which the end may be missing, and what comes after it.
pub(crate) fn conversation() -> impl Strategy<Value = Arrivals> {
    let isns = (any::<u32>(), any::<u32>()).prop_map(|(client, server)| Both { client, server });
    let acts = prop_oneof![4 => prop::collection::vec(act(), 0..8), 1 => prop::collection::vec(act(), 8..28)];
    let closing = prop_oneof![5 => closing(), 2 => Just(Vec::new())];
    let cut = prop_oneof![3 => Just(usize::MAX), 1 => 1..5_usize];
    (isns, [act(), act(), act()], acts, closing, cut, more()).prop_map(
        |(isns, opening, acts, closing, cut, more)| {
            let acts: Vec<Act> = acts.into_iter().chain(closing.into_iter().take(cut)).chain(more).collect();
            arrivals(isns, &opening, &acts)
        },
    )
}

/// An ACK of all that was received.
pub(crate) const fn plain(from: Side) -> Act {
    Act {
        from,
        fin: false,
        rst: None,
        len: 0,
        lags: false,
        again: false,
        window: 500,
        after_ns: 1000,
        packets: 3,
        ttl: 64,
    }
}
