//! The short way for regular segments: the SYNs of a usual handshake, and then data, acknowledgments and FINs in order.
//!
//! It applies if [`is_opening`] or [`is_orderly`] holds. Of the rules (SPEC 4, 5) few then have anything to say, and
//! [`open`] and [`step`] go straight to them. A test below holds them equal to the long way.

use fourwave_dissector::tcp::Flags;

use crate::code::Set;
use crate::connection::{Moment, Step, elapsed};
use crate::modifier::{Modifier, Modifiers};
use crate::options::Options;
use crate::role::{Role, Wave, Waves};
use crate::rules::arrival::Arrival;
use crate::rules::findings::{self, Scene};
use crate::rules::incarnation::{Decision, Incarnation, Verdict};
use crate::rules::peer::{Last, Peer, identity_flags};
use crate::rules::reading::Reading;
use crate::rules::sent::Sent;
use crate::rules::update::{Novelty, advance, apply_fin, learn_bits};
use crate::side::{Both, Side};
use crate::state::{Bounds, Change, Knowledge};

/// Whether a segment acknowledges the FIN of its receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AckOfFin {
    None,
    Again,
    First,
}

/// Takes in an orderly segment.
pub(crate) fn step(
    incarnation: &mut Incarnation,
    arrival: &Arrival<'_>,
    from: Side,
    options: &Options,
) -> Verdict {
    let before = incarnation.bounds;
    let (has_fin, has_data) = (arrival.fin(), arrival.len > 0);
    let mut modifiers = Modifiers::default();
    if has_data {
        modifiers.insert(Modifier::Data);
    }
    if is_plain(incarnation, arrival) {
        let role = carry(incarnation, arrival, from);
        let decision = Decision { role, waves: Waves::EMPTY, modifiers };
        return Verdict { peers: changes(&before, incarnation), ..Verdict::of(decision) };
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let acked = receiver.fin.as_ref().filter(|fin| arrival.ack.covers(fin.number));
    let (ack_of_fin, acks_fin_at) = match acked {
        Some(fin) if !sender.has_fin() => (AckOfFin::First, fin.at),
        Some(_) => (AckOfFin::Again, None),
        None => (AckOfFin::None, None),
    };
    let (role, waves) = decide(incarnation, arrival, from, ack_of_fin);
    let decision = Decision { role, waves, modifiers };
    let silence_ns = if has_fin { elapsed(incarnation.last.time_ns, arrival.time_ns) } else { 0 };
    let usual =
        !has_fin || findings::is_usual_fin(incarnation, arrival, role, silence_ns, &options.thresholds);
    let reading = (!usual).then(|| Reading::new(incarnation, arrival, from, &before, options));

    advance(incarnation, arrival, from);
    if has_fin {
        apply_fin(incarnation, arrival, from, Some(arrival.ack), false);
    }
    let moment = arrival.moment();
    for wave in waves.iter() {
        incarnation.waves[wave as usize].get_or_insert(moment);
    }
    count(incarnation, arrival, from);
    learn(incarnation, arrival, from, has_data || has_fin);
    incarnation.restart_time_wait(arrival, from, role);

    let findings = match &reading {
        Some(reading) => {
            let scene = Scene { arrival, reading, decision: &decision, silence_ns, options };
            findings::at_segment(incarnation, &scene)
        }
        None if has_fin => findings::at_usual_fin(incarnation, arrival, from, role, silence_ns),
        None => findings::none_at(incarnation),
    };
    keep(incarnation, arrival, from, role, has_data || has_fin);
    let peers = changes(&before, incarnation);
    Verdict { peers, acks_fin: acks_fin_at, findings, ..Verdict::of(decision) }
}

/// True for a segment that opens or goes on as any other would: the rules look at no more of it than whether there is
/// data, and FIN, and what it acknowledges.
pub(crate) fn is_regular(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    is_in_order(incarnation, arrival, from) || is_opening(incarnation, arrival, from)
}

/// Takes in an orderly segment that [`is_plain`]. Returns its role: [`Role::Data`] or [`Role::Ack`].
#[inline]
pub(crate) fn carry(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) -> Role {
    let has_data = arrival.len > 0;
    let role = if has_data { Role::Data } else { Role::Ack };
    advance(incarnation, arrival, from);
    count(incarnation, arrival, from);
    // An open connection proves nothing more of its opening.
    if incarnation.known() != [Knowledge::OPEN; 4] {
        learn(incarnation, arrival, from, has_data);
    }
    findings::none_at(incarnation);
    keep(incarnation, arrival, from, role, has_data);
    role
}

/// Takes in a SYN that opens, or the SYN-ACK that answers it.
pub(crate) fn open(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) -> Verdict {
    let before = incarnation.bounds;
    let sender = &mut incarnation.peers[from];
    sender.any = true;
    sender.scale = arrival.scale;
    sender.syn_at = Some(arrival.at);
    sender.isn = Some(arrival.seq);
    sender.sent = Some(Sent::to(arrival.end()));
    sender.set_window(arrival.window, 0);
    if arrival.has_ack() {
        sender.acknowledge(arrival);
    } else {
        sender.passive = Some(false);
    }
    count(incarnation, arrival, from);
    learn(incarnation, arrival, from, true);
    findings::none_at(incarnation);
    keep(incarnation, arrival, from, Role::Open, true);
    let decision = Decision { role: Role::Open, waves: Waves::EMPTY, modifiers: Modifiers::default() };
    Verdict { peers: changes(&before, incarnation), ..Verdict::of(decision) }
}

/// What is counted of an orderly segment.
#[inline]
fn count(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) {
    let sender = &mut incarnation.peers[from];
    // No capture has so many that they wrap; what was read back may be any number.
    sender.segments = sender.segments.wrapping_add(1);
    sender.bytes = sender.bytes.wrapping_add(arrival.len.into());
    sender.ttls.push(arrival.ttl);
    incarnation.only_strays = false;
}

/// What an orderly segment proves.
fn learn(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side, is_new: bool) {
    learn_bits(incarnation, arrival, from, Novelty { new: is_new, old: false });
    let before = incarnation.states();
    incarnation.compute_bounds();
    let expected = incarnation.states();
    for side in [Side::Client, Side::Server] {
        // Its path ends in the state before.
        if expected[side] != before[side] {
            incarnation.peers[side].path.add(Step { state: expected[side], at: Some(arrival.at) });
        }
    }
}

/// What is kept of every segment.
#[inline]
fn keep(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side, role: Role, is_new: bool) {
    let (sender, receiver) = incarnation.peers.of_mut(from);
    if arrival.len > 0 {
        (sender.heard_last, receiver.heard_last) = (false, true);
    }
    if is_new {
        sender.sent_at.push_new(arrival.seq, arrival.at);
    }
    sender.last = Some(Last::of(arrival));
    incarnation.roles.insert(role);
    incarnation.last = Moment { at: arrival.at, time_ns: incarnation.last.time_ns.max(arrival.time_ns) };
}

/// The states of both peers, before a segment and now.
fn changes(before: &Both<Bounds>, incarnation: &Incarnation) -> Both<Change> {
    Both::from_fn(|side| Change { before: before[side], after: incarnation.bounds[side] })
}

/// What D7 and D8 come to.
fn decide(
    incarnation: &Incarnation,
    arrival: &Arrival<'_>,
    from: Side,
    ack_of_fin: AckOfFin,
) -> (Role, Waves) {
    const SECOND_AND_THIRD: Waves = Wave::set(&[Wave::Second, Wave::Third]);
    if arrival.fin() {
        return match (incarnation.first_closer, ack_of_fin) {
            (None, _) => (Role::Fin1, Waves::of(Wave::First)),
            (Some(_), AckOfFin::First) => (Role::FinAckCombined, SECOND_AND_THIRD),
            (Some(_), AckOfFin::Again) => (Role::Fin2, Waves::of(Wave::Third)),
            (Some(_), AckOfFin::None) => (Role::FinSimultaneous, Waves::of(Wave::Third)),
        };
    }
    if ack_of_fin != AckOfFin::First {
        return (if arrival.len > 0 { Role::Data } else { Role::Ack }, Waves::EMPTY);
    }
    if incarnation.first_closer == Some(from) {
        (Role::AckOfFin2, Waves::of(Wave::Fourth))
    } else {
        (Role::AckOfFin1, Waves::of(Wave::Second))
    }
}

/// True for a segment [in order](is_in_order), without data once there is a FIN.
pub(crate) fn is_orderly(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    let is_in_half_close = arrival.len > 0 && incarnation.peers[from.other()].fin.is_some();
    !is_in_half_close && is_in_order(incarnation, arrival, from)
}

/// True for an ACK, with data, with FIN or with neither, at the very end of what its sender sent, nothing missing before
/// it, for nothing that was not seen, with the window open on both sides, that answers nothing owed and is no copy of
/// the segment before. Both SYNs are known, and of neither peer anything rare. Nothing after its sender's FIN.
fn is_in_order(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    const DECISIVE: u16 = Flags::SYN.0 | Flags::RST.0 | Flags::ACK.0;
    if arrival.flags.0 & DECISIVE != Flags::ACK.0 || arrival.mptcp || incarnation.mid_stream {
        return false;
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let (Some(sent), Some(others), Some(last)) = (&sender.sent, &receiver.sent, &sender.last) else {
        return false;
    };
    let end = arrival.end();
    let is_old = receiver.ack.as_ref().is_some_and(|acked| acked.number.after(end));
    let is_copy = last.seq == arrival.seq
        && last.ack == arrival.ack
        && last.len == arrival.len
        && last.flags == identity_flags(arrival.flags);
    arrival.seq == sent.max
        && sent.is_whole()
        && !arrival.ack.after(others.max)
        && !is_old
        && !is_copy
        && (end == arrival.seq || sender.fin.is_none())
        && has_nothing_rare(sender)
        && has_nothing_rare(receiver)
        && arrival.window != 0
        && !receiver.window_closed
        && !(sender.owes_challenge || sender.owes_reack)
        && incarnation.last.at.file() == arrival.at.file()
        && (end == arrival.seq || end.after(sent.max) && !sender.sent_at.has(arrival.seq))
}

/// True where nothing closes: no FIN is known, and this is none.
#[inline]
pub(crate) const fn is_plain(incarnation: &Incarnation, arrival: &Arrival<'_>) -> bool {
    let Both { client, server } = &incarnation.peers;
    !arrival.fin() && client.fin.is_none() && server.fin.is_none()
}

/// True for the SYN of a first segment, and for the SYN-ACK that acknowledges just that; without data, its window open.
pub(crate) fn is_opening(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    const DECISIVE: u16 = Flags::SYN.0 | Flags::FIN.0 | Flags::RST.0;
    if arrival.flags.0 & DECISIVE != Flags::SYN.0 || arrival.len > 0 || arrival.window == 0 || arrival.mptcp {
        return false;
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let speaks_first = !sender.any && sender.isn.is_none() && sender.sent.is_none() && sender.rare.is_none();
    let answers = || {
        let opened = Set::of(Role::Open);
        receiver.isn.is_some_and(|isn| arrival.ack == isn.plus(1))
            && receiver.sent.as_ref().is_some_and(|sent| sent.max == arrival.ack && sent.is_whole())
            && receiver.rare.is_none()
            && incarnation.roles == opened
            && sender.passive == Some(true)
    };
    speaks_first
        && !(sender.owes_challenge || sender.owes_reack)
        && if arrival.has_ack() { answers() } else { incarnation.roles.is_empty() }
        && incarnation.last.at.file() == arrival.at.file()
}

/// True if the peer was seen, its SYN is known, and nothing rare.
const fn has_nothing_rare(peer: &Peer) -> bool {
    peer.any && peer.isn.is_some() && peer.rare.is_none()
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

    /// Segments of a usual opening, with some data.
    const USUAL: usize = 6;

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
            8 => Just(Flags::FIN.0 | Flags::ACK.0), 1 => Just(Flags::RST.0),
            2 => Just(Flags::SYN.0), 2 => Just(Flags::SYN.0 | Flags::ACK.0), 1 => Just(0_u16),
        ];
        let len = prop_oneof![3 => Just(0_u32), 1 => Just(1_u32), 3 => 1_u32..2000];
        let skip =
            || prop_oneof![30 => Just(0_i32), 1 => Just(-1_i32), 1 => Just(1_i32), 2 => -3000_i32..3000];
        let window = prop_oneof![20 => Just(500_u16), 1 => Just(0_u16)];
        let from = prop_oneof![Just(Side::Client), Just(Side::Server)];
        let after_ns = prop_oneof![20 => 0..SECOND, 1 => Just(700 * SECOND)];
        (from, flags, len, skip(), skip(), window, after_ns).prop_map(
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

    /// The arrivals of a conversation that begins with the first `opening` segments of a usual one.
    fn arrivals(acts: &[Act], opening: usize) -> Vec<(Arrival<'static>, Side)> {
        let plain = |from, flags: Flags, len| Act {
            from,
            flags: flags.0,
            len,
            skip: 0,
            ack_skip: 0,
            window: 500,
            after_ns: 1,
        };
        let usual: [Act; USUAL] = [
            plain(Side::Client, Flags::SYN, 0),
            plain(Side::Server, Flags::SYN | Flags::ACK, 0),
            plain(Side::Client, Flags::ACK, 0),
            plain(Side::Client, Flags::ACK, 100),
            plain(Side::Server, Flags::ACK, 100),
            plain(Side::Client, Flags::ACK, 0),
        ];
        let opening = &usual[..opening];
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
                text: &[],
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
        fn the_short_way_is_the_long_way(
            acts in proptest::collection::vec(act(), 1..60),
            opening in 0..=USUAL,
        ) {
            let options = Options::default();
            let arrivals = arrivals(&acts, opening);
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
    fn most_of_a_conversation_is_orderly() {
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
        let arrivals = arrivals(&acts, USUAL);
        let (first, from) = arrivals[0];
        let mut incarnation = Incarnation::new(1, 1, ClientBasis::Syn, &first, from);
        let orderly = arrivals.iter().filter(|(arrival, from)| {
            let orderly = is_orderly(&incarnation, arrival, *from);
            incarnation.step(arrival, *from, None, &Options::default());
            orderly
        });
        assert!(orderly.count() >= 40);
    }
}
