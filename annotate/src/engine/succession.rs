//! Which incarnation a segment belongs to, and who its client is (SPEC 6.1 to 6.4, 8.3; RFC 9293 section 3.6.1).
//!
//! Questions only; what follows from the answers happens in `engine.rs`.

use alloc::boxed::Box;

use crate::code::Set;
use crate::connection::elapsed;
use crate::engine::ends::SocketPair;
use crate::engine::lease::is_over;
use crate::engine::table::Followed;
use crate::kind::ClientBasis;
use crate::modifier::Modifier;
use crate::rules::arrival::Arrival;
use crate::rules::incarnation::Incarnation;
use crate::side::{Both, Side};
use crate::state::State;

/// A segment that opens a new incarnation, and why.
pub(crate) struct Opening<'a> {
    pub arrival: &'a Arrival<'a>,
    pub from: Side,
    /// The client's socket, and the server's.
    pub pair: SocketPair,
    pub count: u32,
    pub basis: ClientBasis,
    pub reuse: Reuse,
}

/// SPEC 8.3: which side sent the first segment of a key, and what that rests on. Its sender stands for the client in `pair`.
pub(crate) fn who_is_client(pair: &SocketPair, arrival: &Arrival<'_>) -> (Side, ClientBasis) {
    const SYSTEM_PORTS: u16 = 1024;
    const EPHEMERAL_PORTS: u16 = 32_768;
    let Both { client: sender, server: receiver } = pair.ends.addresses();
    let (src, dst) = (sender.port(), receiver.port());
    let client_if = |client: bool| if client { Side::Client } else { Side::Server };
    if arrival.syn() {
        return match arrival.has_ack() {
            false => (Side::Client, ClientBasis::Syn),
            true => (Side::Server, ClientBasis::SynAck),
        };
    }
    if (src < SYSTEM_PORTS) != (dst < SYSTEM_PORTS) {
        return (client_if(dst < SYSTEM_PORTS), ClientBasis::Port);
    }
    if (src >= EPHEMERAL_PORTS) != (dst >= EPHEMERAL_PORTS) {
        return (client_if(src >= EPHEMERAL_PORTS), ClientBasis::Port);
    }
    (Side::Client, ClientBasis::FirstPacket)
}

/// A used 4-tuple is taken over (6.1).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reuse {
    /// Modifiers of the SYN; `None` if only strays were seen before.
    pub modifiers: Option<Set<Modifier>>,
    /// How long the 4-tuple had been silent, if its last user was in TIME-WAIT.
    pub gap_ns: Option<i64>,
}

/// 6.1: whether a SYN without ACK opens a new incarnation.
pub(crate) fn reuse(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> Option<Reuse> {
    if arrival.has_ack() {
        return None;
    }
    if incarnation.only_strays {
        return Some(Reuse::default());
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let state = incarnation.bounds[from.other()].expected;
    let retransmitted =
        sender.isn == Some(arrival.seq) && sender.reset().is_none() && receiver.reset().is_none();
    let crosses =
        receiver.isn.is_some() && !receiver.has_syn() && receiver.passive == Some(false) && !sender.any;
    let free = state.is_closed() || matches!(state, State::TimeWait | State::Unknown);
    if retransmitted || crosses || !free || !(sender.any || receiver.any) {
        return None;
    }
    let from_time_wait = state == State::TimeWait;
    Some(Reuse {
        modifiers: Some(if from_time_wait { Set::of(Modifier::FromTimeWait) } else { Set::EMPTY }),
        gap_ns: from_time_wait.then(|| elapsed(incarnation.last.time_ns, arrival.time_ns)),
    })
}

/// 6.3: takes out the held SYN that this SYN-ACK answers.
pub(crate) fn answered_syn(
    followed: &mut Followed,
    arrival: &Arrival<'_>,
    from: Side,
) -> Option<(Arrival<'static>, Side)> {
    let answers = |held: &mut Box<(Arrival<'_>, Side)>| {
        arrival.has_ack() && held.1 != from && arrival.ack == held.0.seq.plus(1)
    };
    followed.held_syn.take_if(answers).map(|held| *held)
}

/// 6.4: a SYN-ACK with a new number although both sides are closed.
pub(crate) fn is_late_syn_ack(incarnation: &Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    let known = incarnation.peers[from].isn;
    arrival.has_ack() && known.is_some_and(|isn| isn != arrival.seq) && is_over(&incarnation.states())
}

/// 6.4: takes out the held SYN-ACK when the other side speaks; returns it if that answers it.
pub(crate) fn answered_syn_ack(
    followed: &mut Followed,
    arrival: &Arrival<'_>,
    from: Side,
) -> Option<(Arrival<'static>, Side)> {
    let (syn_ack, server) = *followed.held_syn_ack.take_if(|held| held.1 != from)?;
    let answers = !arrival.rst()
        && arrival.has_ack()
        && arrival.ack == syn_ack.seq.plus(1)
        && arrival.seq == syn_ack.ack;
    answers.then_some((syn_ack, server))
}
