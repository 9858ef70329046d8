//! Which incarnation a segment belongs to, and who its client is (SPEC 6.1 to 6.4, 8.3; RFC 9293 section 3.6.1).
//!
//! Questions only; what follows from the answers happens in `engine.rs`.

use alloc::boxed::Box;
use core::net::SocketAddr;

use fourwave_dissector::{Segment, tcp};

use crate::arrival::Arrival;
use crate::clock::elapsed;
use crate::code::Set;
use crate::kind::ClientBasis;
use crate::lease::is_over;
use crate::modifier::Modifier;
use crate::side::{Both, Side};
use crate::state::State;
use crate::table::Slot;

/// A segment that opens a new incarnation, and why.
pub(crate) struct Opening<'a> {
    pub arrival: &'a Arrival<'a>,
    pub from: Side,
    pub addresses: Both<SocketAddr>,
    pub zone: u64,
    pub count: u32,
    pub basis: ClientBasis,
    /// Modifiers of a SYN on a used 4-tuple.
    pub reuse: Option<Set<Modifier>>,
    /// How long the 4-tuple had been silent, if its last user was in TIME-WAIT.
    pub reuse_gap_ns: Option<i64>,
}

/// SPEC 8.3: which side sent the first segment of a key, and what that rests on.
pub(crate) fn who_is_client(segment: &Segment<'_>) -> (Side, ClientBasis) {
    const SYSTEM_PORTS: u16 = 1024;
    const EPHEMERAL_PORTS: u16 = 32_768;
    let flags = segment.tcp.flags;
    let (src, dst) = (segment.src.port(), segment.dst.port());
    let client_if = |client: bool| if client { Side::Client } else { Side::Server };
    if flags.contains(tcp::Flags::SYN) {
        return match flags.contains(tcp::Flags::ACK) {
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

/// 6.1: a SYN without ACK that opens a new incarnation.
pub(crate) fn reuse<'a>(slot: &Slot, arrival: &'a Arrival<'a>, from: Side) -> Option<Opening<'a>> {
    if arrival.has_ack() {
        return None;
    }
    let incarnation = &slot.incarnation;
    let mut opening = Opening {
        arrival,
        from: Side::Client,
        addresses: Both { client: slot.addresses[from], server: slot.addresses[from.other()] },
        zone: slot.zone,
        count: incarnation.count + 1,
        basis: ClientBasis::Syn,
        reuse: None,
        reuse_gap_ns: None,
    };
    if incarnation.only_strays {
        return Some(opening);
    }
    let (sender, receiver) = incarnation.peers.of(from);
    let state = incarnation.bounds[from.other()].expected;
    let retransmitted = sender.isn == Some(arrival.seq) && sender.reset.is_none() && receiver.reset.is_none();
    let crosses =
        receiver.isn.is_some() && !receiver.has_syn && receiver.passive == Some(false) && !sender.any;
    let free = state.is_closed() || matches!(state, State::TimeWait | State::Unknown);
    if retransmitted || crosses || !free || !(sender.any || receiver.any) {
        return None;
    }
    let from_time_wait = state == State::TimeWait;
    opening.reuse = Some(if from_time_wait { Set::of(Modifier::FromTimeWait) } else { Set::EMPTY });
    opening.reuse_gap_ns = from_time_wait.then(|| elapsed(incarnation.last.time_ns, arrival.time_ns));
    Some(opening)
}

/// 6.3: takes out the held SYN that this SYN-ACK answers.
pub(crate) fn answered_syn(
    slot: &mut Slot,
    arrival: &Arrival<'_>,
    from: Side,
) -> Option<(Arrival<'static>, Side)> {
    let answers = |held: &mut Box<(Arrival<'_>, Side)>| {
        arrival.has_ack() && held.1 != from && arrival.ack == held.0.seq.plus(1)
    };
    slot.held_syn.take_if(answers).map(|held| *held)
}

/// 6.4: a SYN-ACK with a new number although both sides are closed.
pub(crate) fn is_late_syn_ack(slot: &Slot, arrival: &Arrival<'_>, from: Side) -> bool {
    let incarnation = &slot.incarnation;
    let known = incarnation.peers[from].isn;
    arrival.has_ack() && known.is_some_and(|isn| isn != arrival.seq) && is_over(&incarnation.states())
}

/// 6.4: takes out the held SYN-ACK when the other side speaks; returns it if that answers it.
pub(crate) fn answered_syn_ack(
    slot: &mut Slot,
    arrival: &Arrival<'_>,
    from: Side,
) -> Option<(Arrival<'static>, Side)> {
    let (syn_ack, server) = *slot.held_syn_ack.take_if(|held| held.1 != from)?;
    let answers = !arrival.rst()
        && arrival.has_ack()
        && arrival.ack == syn_ack.seq.plus(1)
        && arrival.seq == syn_ack.ack;
    answers.then_some((syn_ack, server))
}
