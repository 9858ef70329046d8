//! The short way for the commonest segment: one that continues an open connection in order and says nothing else.
//!
//! It applies if [`is_plain`] holds. The rules (SPEC 4, 5) then leave no choice: the role is `data` or `ack`, no wave,
//! no finding, both peers are still expected in ESTABLISHED, and the facts change as [`step`] writes them down. What
//! the long way does beyond that comes to nothing here, and a test below holds the two equal.

use fourwave_dissector::tcp::Flags;

use crate::arrival::Arrival;
use crate::connection::Moment;
use crate::finding::FindingSet;
use crate::incarnation::{Decision, Incarnation, Verdict};
use crate::modifier::{Modifier, Modifiers};
use crate::peer::{Acked, Last};
use crate::role::{Role, Waves};
use crate::side::{Both, Side};
use crate::state::{Bounds, Change, State};
use crate::update::{learn_bits, window_shift};

const OPEN: Bounds = Bounds { confirmed: State::Established, expected: State::Established };

/// Takes in a segment if it is a plain one.
pub(crate) fn step(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) -> Option<Verdict> {
    if !is_plain(incarnation, arrival, from) {
        return None;
    }
    let before = incarnation.bounds;
    let shift = window_shift(incarnation, from);
    let (sender, receiver) = incarnation.peers.of_mut(from);
    let (at, time_ns, has_data) = (arrival.at, arrival.time_ns, arrival.len > 0);

    sender.any = true;
    sender.segments += 1;
    sender.ttls.push(arrival.ttl);
    sender.window_closed = false;
    sender.window = Some(u32::from(arrival.window) << shift);
    sender.recent.push(arrival.ack, has_data);
    if sender.acked().is_none_or(|acked| arrival.ack.after(acked)) {
        sender.ack = Some(Acked { number: arrival.ack, time_ns, at });
    }
    if let Some(sent) = &mut receiver.sent {
        sent.fill_to(arrival.ack);
    }
    receiver.is_answered();
    if has_data {
        if let Some(sent) = &mut sender.sent {
            (sent.max, sent.contig) = (arrival.end(), arrival.end());
        }
        sender.bytes += u64::from(arrival.len);
        (sender.heard_last, receiver.heard_last) = (false, true);
        sender.sent_at.push(arrival.seq, at);
    }
    sender.last = Some(Last::of(arrival));
    learn_bits(sender, receiver, arrival, has_data, false, incarnation.syn_data);
    if before != (Both { client: OPEN, server: OPEN }) {
        incarnation.compute_bounds(); // It may confirm what was expected.
    }

    let (role, mut modifiers) = (if has_data { Role::Data } else { Role::Ack }, Modifiers::default());
    if has_data {
        modifiers.insert(Modifier::Data);
    }
    incarnation.only_strays = false;
    incarnation.roles.insert(role);
    incarnation.last = Moment { at, time_ns: incarnation.last.time_ns.max(time_ns) };
    if let Some(evidence) = &mut incarnation.evidence {
        evidence.keepalives = None;
    }
    Some(Verdict {
        decision: Decision { role, waves: Waves::EMPTY, modifiers },
        peers: Both::from_fn(|side| Change { before: before[side], after: incarnation.bounds[side] }),
        acks_fin: None,
        repeats: None,
        answers: None,
        findings: FindingSet::EMPTY,
    })
}

/// True for an ACK, with data or without, in an open connection (if both peers are expected in ESTABLISHED there is
/// no FIN, and no RST that counts), at the very end of what its sender sent, for nothing that was not seen, with the
/// window open on both sides, that answers nothing owed and is no copy of the segment before.
fn is_plain(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    const DECISIVE: u16 = Flags::SYN.0 | Flags::FIN.0 | Flags::RST.0 | Flags::ACK.0;
    let only_acks = arrival.flags.0 & DECISIVE == Flags::ACK.0;
    let is_open = incarnation.bounds.iter().all(|(_, bounds)| bounds.expected == State::Established);
    if !only_acks || !is_open || arrival.mptcp {
        return false;
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let (Some(sent), Some(others), Some(last)) = (&sender.sent, &receiver.sent, &sender.last) else {
        return false;
    };
    let in_order = arrival.seq == sent.max && sent.is_whole();
    let is_old = receiver.acked().is_some_and(|acked| acked.after(arrival.seq));
    let is_new =
        arrival.len == 0 || arrival.end().after(sent.max) && sender.sent_at.find(arrival.seq).is_none();
    let is_copy = last.seq == arrival.seq && last.ack == arrival.ack && last.len == arrival.len;
    let owes = sender.owes_challenge || sender.owes_reack;
    let closed = arrival.window == 0 || receiver.window_closed;
    let same_file = incarnation.last.at.file() == arrival.at.file();
    in_order
        && is_new
        && !is_old
        && !arrival.ack.after(others.max)
        && !is_copy
        && !owes
        && !closed
        && same_file
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use fourwave_dissector::FrameId;
    use proptest::prelude::*;

    use super::*;
    use crate::kind::ClientBasis;
    use crate::options::{Options, SECOND};
    use crate::seq::Seq;

    /// What a peer does next: mostly data and ACKs in order, and anything else now and then.
    #[derive(Clone, Copy, Debug)]
    struct Act {
        from: Side,
        flags: u16,
        len: u32,
        /// Octets between where its next segment belongs and where this one begins.
        skip: i32,
        /// Octets between what it has received and what it acknowledges.
        ack_skip: i32,
        window: u16,
        after_ns: i64,
    }

    fn act() -> impl Strategy<Value = Act> {
        let flags = prop_oneof![
            40 => Just(Flags::ACK.0), 10 => Just(Flags::ACK.0 | Flags::PSH.0),
            1 => Just(Flags::FIN.0 | Flags::ACK.0), 1 => Just(Flags::RST.0),
            1 => Just(Flags::SYN.0), 1 => Just(Flags::SYN.0 | Flags::ACK.0), 1 => Just(0_u16),
        ];
        let len = prop_oneof![3 => Just(0_u32), 1 => Just(1_u32), 3 => 1_u32..2000];
        let skip =
            || prop_oneof![30 => Just(0_i32), 1 => Just(-1_i32), 1 => Just(1_i32), 2 => -3000_i32..3000];
        let window = prop_oneof![20 => Just(500_u16), 1 => Just(0_u16)];
        let from = prop_oneof![Just(Side::Client), Just(Side::Server)];
        (from, flags, len, skip(), skip(), window, 0..SECOND).prop_map(
            |(from, flags, len, skip, ack_skip, window, after_ns)| Act {
                from,
                flags,
                len,
                skip,
                ack_skip,
                window,
                after_ns,
            },
        )
    }

    /// The arrivals of a conversation; with a handshake first, or from the middle on.
    fn arrivals(acts: &[Act], handshake: bool) -> Vec<(Arrival<'static>, Side)> {
        let plain = |from, flags: Flags, len| Act {
            from,
            flags: flags.0,
            len,
            skip: 0,
            ack_skip: 0,
            window: 500,
            after_ns: 1,
        };
        let opening = [
            plain(Side::Client, Flags::SYN, 0),
            plain(Side::Server, Flags::SYN | Flags::ACK, 0),
            plain(Side::Client, Flags::ACK, 0),
            plain(Side::Client, Flags::ACK, 100),
            plain(Side::Server, Flags::ACK, 100),
            plain(Side::Client, Flags::ACK, 0),
        ];
        let opening = if handshake { &opening[..] } else { &[] };
        let mut next = Both { client: Seq(u32::MAX - 500), server: Seq(7000) };
        let mut time_ns = 0;
        let all = opening.iter().chain(acts).zip(1..);
        all.map(|(act, frame)| {
            time_ns += act.after_ns;
            let seq = next[act.from].plus(act.skip.cast_unsigned());
            let arrival = Arrival {
                at: FrameId::new(0, frame),
                layer: 0,
                time_ns,
                clock_ns: time_ns,
                flags: Flags(act.flags),
                seq,
                ack: next[act.from.other()].plus(act.ack_skip.cast_unsigned()),
                len: act.len,
                window: act.window,
                scale: Some(3),
                ttl: 64,
                ip_id: None,
                mptcp: false,
                payload: &[],
            };
            if arrival.end().after(next[act.from]) {
                next[act.from] = arrival.end();
            }
            (arrival, act.from)
        })
        .collect()
    }

    proptest! {
        #[test]
        fn the_short_way_is_the_long_way(acts in proptest::collection::vec(act(), 1..60), handshake: bool) {
            let options = Options::default();
            let arrivals = arrivals(&acts, handshake);
            let (first, from) = arrivals[0];
            let mut short = Incarnation::new(1, 1, ClientBasis::Syn, &first, from);
            for (arrival, from) in &arrivals {
                let mut long = short.clone();
                let verdict = short.step(arrival, *from, None, &options);
                let expected = long.step_by_rules(arrival, *from, None, &options);
                prop_assert_eq!(format!("{verdict:?}"), format!("{expected:?}"));
                prop_assert_eq!(format!("{short:?}"), format!("{long:?}"));
            }
        }
    }

    #[test]
    fn most_of_a_conversation_is_plain() {
        let act = |from, len| Act {
            from,
            flags: Flags::ACK.0,
            len,
            skip: 0,
            ack_skip: 0,
            window: 500,
            after_ns: 1,
        };
        let acts: Vec<Act> =
            (0..20).flat_map(|_| [act(Side::Client, 100), act(Side::Server, 1000)]).collect();
        let arrivals = arrivals(&acts, true);
        let (first, from) = arrivals[0];
        let mut incarnation = Incarnation::new(1, 1, ClientBasis::Syn, &first, from);
        let plain = arrivals.iter().filter(|(arrival, from)| {
            let plain = is_plain(&incarnation, arrival, *from);
            incarnation.step(arrival, *from, None, &Options::default());
            plain
        });
        assert!(plain.count() >= 40);
    }
}
