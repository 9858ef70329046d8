//! What a segment changes in the facts (SPEC 4). The numbers in comments are its rules.
//!
//! The role is chosen before; only the [inference] of a FIN still changes it.

use crate::connection::{Reset, elapsed};
use crate::modifier::{ConnectionModifier, Modifier};
use crate::options::Options;
use crate::role::Role;
use crate::rules::arrival::Arrival;
use crate::rules::decide::is_accepted;
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::inference;
use crate::rules::path;
use crate::rules::peer::{Fin, Peer, Probe};
use crate::rules::rare::{Forced, OwnReset};
use crate::rules::reading::Reading;
use crate::rules::sent::Sent;
use crate::seq::{ABSURD, Seq};
use crate::side::Side;
use crate::state::{Knowledge, State};

/// Applies a segment to the facts.
pub(crate) fn apply(
    incarnation: &mut Incarnation,
    reading: &Reading<'_>,
    decision: &mut Decision,
    options: &Options,
) {
    let from = reading.from;
    if reading.mptcp {
        incarnation.modifiers.insert(ConnectionModifier::Mptcp);
    }
    let (sender, receiver) = incarnation.peers.of_mut(from);
    sender.owes_reack = false; // 4.3
    sender.owes_challenge = false;
    if !reading.rst {
        sender.ttls.push(reading.ttl);
    }
    if decision.role.is_outsider() {
        if reading.has_ack && !reading.far_fin {
            sender.recent.push(reading.ack, reading.len > 0);
        }
        return;
    }
    sender.any = true;
    incarnation.only_strays = false;
    if decision.role == Role::RstIgnored {
        receiver.owes_challenge |= decision.modifiers.contains(Modifier::InWindow); // 4.4 a
    } else if reading.rst {
        apply_rst(incarnation, reading, decision);
    } else if decision.role == Role::SynInSynchronized {
        receiver.owes_challenge = true; // 4.5
    } else {
        apply_segment(incarnation, reading, decision, options);
    }
}

/// 4.4 b to d.
fn apply_rst(incarnation: &mut Incarnation, reading: &Reading<'_>, decision: &Decision) {
    let from = reading.from;
    let answers_bad_ack = decision.modifiers.contains(Modifier::AnswersBadAck);
    if decision.role != Role::RstRepeat && !answers_bad_ack {
        path::settle_reset(incarnation, reading, decision.role);
        let (sender, receiver) = incarnation.peers.of_mut(from);
        let form = reading.reset_form(receiver);
        sender.rare_mut().reset =
            Some(OwnReset { seq: reading.seq, time_ns: reading.time_ns, role: decision.role });
        incarnation.resets.push(Reset { at: reading.at, peer: from, role: decision.role, form });
    }
    if !reading.receiver_state.is_closed() && is_accepted(decision) {
        let (sender, receiver) = incarnation.peers.of_mut(from);
        let to_listen = reading.receiver_state == State::SynReceived && receiver.passive == Some(true);
        let beyond = match sender.max() {
            Some(max) if !reading.seq.after(max) => max,
            _ => reading.seq,
        };
        receiver.rare_mut().forced = Some(Forced {
            state: if to_listen { State::Listen } else { State::Closed },
            time_ns: reading.time_ns,
            beyond,
        });
    }
}

/// Window, octets and ACK of a regular segment (4.8 c and e).
#[inline]
pub(crate) fn advance(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) {
    let shift = window_shift(incarnation, from);
    let (sender, receiver) = incarnation.peers.of_mut(from);
    sender.set_window(arrival.window, shift);
    if let Some(sent) = &mut sender.sent {
        let end = arrival.end();
        (sent.max, sent.contig) = (end, end);
    }
    sender.acknowledge(arrival);
    if let Some(sent) = &mut receiver.sent {
        sent.fill_to(arrival.ack);
    }
}

/// 4.6 to 4.9.
fn apply_segment(
    incarnation: &mut Incarnation,
    reading: &Reading<'_>,
    decision: &mut Decision,
    options: &Options,
) {
    let from = reading.from;
    if decision.role == Role::AfterOwnRst {
        take_back_reset(incarnation, reading, decision, options);
    }
    if incarnation.peers[from].rare.is_some() {
        take_back_forced(incarnation, reading, decision, options);
    }
    infer_own_syn(incarnation, from, reading);
    if reading.syn {
        apply_syn(incarnation, reading);
    }
    let scale = window_shift(incarnation, from);
    let (sender, receiver) = incarnation.peers.of_mut(from);
    if !reading.far_fin {
        sender.set_window(reading.window, if reading.syn { 0 } else { scale });
    }
    let overflow = !apply_octets(sender, reading);
    if !reading.ack_unusable {
        apply_ack(sender, receiver, reading, incarnation.mid_stream);
    }
    if overflow {
        incarnation.modifiers.insert(ConnectionModifier::OooOverflow);
    }
    if reading.fin && decision.role != Role::FinConflict {
        let repeated = decision.role == Role::FinRetransmission;
        let ack = (!reading.ack_unusable).then_some(reading.ack);
        apply_fin(incarnation, reading.arrival, from, ack, repeated);
    }
    if reading.occupied > 0 && !reading.new && incarnation.bounds_of(from.other()).expected == State::TimeWait
    {
        incarnation.peers[from.other()].owes_reack = true; // 4.8 g
    }
    if !reading.ack_unusable {
        let novelty = Novelty { new: reading.new, old: reading.old };
        learn_bits(incarnation, reading.arrival, from, novelty);
    }
    // 4.9
    if incarnation.peers[from].rare.is_some() && reading.occupied == 0 {
        inference::infer(incarnation, reading, decision);
    }
}

/// 4.6: the sender of a RST goes on. Either the RST overtook this segment, or it was not the sender's.
fn take_back_reset(
    incarnation: &mut Incarnation,
    reading: &Reading<'_>,
    decision: &mut Decision,
    options: &Options,
) {
    let sender = &mut incarnation.peers[reading.from];
    let Some(reset) = sender.reset() else { return };
    let soon = elapsed(reset.time_ns, reading.time_ns) <= options.thresholds.reordering;
    let acked = decision.modifiers.contains(Modifier::AlreadyAcked);
    if !reading.end.after(reset.seq) && (soon || acked) {
        decision.modifiers.insert(Modifier::Reordered);
        return;
    }
    sender.rare_mut().reset = None;
    sender.path.drop_trailing_closed();
    incarnation.resets.retain(|reset| reset.peer != reading.from);
}

/// 4.7, and 3.2 rule 3: a peer that goes on has not accepted the RST, and one in LISTEN sends no data.
fn take_back_forced(
    incarnation: &mut Incarnation,
    reading: &Reading<'_>,
    decision: &mut Decision,
    options: &Options,
) {
    let sender = &mut incarnation.peers[reading.from];
    let Some(forced) = sender.forced() else { return };
    let late = elapsed(forced.time_ns, reading.time_ns) >= options.thresholds.rst_grace;
    if late || !reading.ack_unusable && reading.ack.after(forced.beyond) {
        sender.rare_mut().forced = None;
        sender.path.drop_trailing_closed();
        decision.modifiers.insert(Modifier::RstNotReceived);
    } else if forced.state == State::Listen && (reading.fin || reading.len > 0 && !reading.syn) {
        sender.rare_mut().forced = Some(Forced { state: State::Closed, ..forced });
    }
}

/// 4.8 b, second half: a passive peer speaks, so its SYN was not seen.
fn infer_own_syn(incarnation: &mut Incarnation, from: Side, reading: &Reading<'_>) {
    let sender = &mut incarnation.peers[from];
    if !reading.syn && !incarnation.mid_stream && sender.isn.is_none() && sender.passive == Some(true) {
        sender.isn = Some(reading.seq.previous());
        incarnation.modifiers.insert(ConnectionModifier::SynNotSeen);
    }
}

/// 4.8 a.
fn apply_syn(incarnation: &mut Incarnation, reading: &Reading<'_>) {
    let (sender, receiver) = incarnation.peers.of_mut(reading.from);
    if sender.scale.is_none() {
        sender.scale = reading.arrival.scale;
    }
    sender.syn_at.get_or_insert(reading.at);
    sender.isn = Some(reading.seq);
    if !reading.has_ack {
        sender.passive = Some(false);
        if receiver.isn.is_some() && receiver.passive == Some(false) && !receiver.has_syn() {
            incarnation.modifiers.insert(ConnectionModifier::SimultaneousOpen);
        }
        if reading.len > 0 {
            incarnation.syn_data = true;
            incarnation.unusual_mut().syn_octets[reading.from] = reading.len;
        }
    }
}

/// The shift of the sender's window (SPEC 2, `wnd`): both SYNs were seen, and carried the option.
pub(crate) fn window_shift(incarnation: &Incarnation, from: Side) -> u32 {
    const MOST: u8 = 14; // RFC 7323 section 2.3
    let (sender, receiver) = incarnation.peers.of(from);
    match (sender.scale, receiver.scale) {
        _ if incarnation.mid_stream => u32::from(MOST),
        (Some(scale), Some(_)) => u32::from(scale.min(MOST)),
        (Some(_) | None, _) => 0,
    }
}

/// 4.8 c and d: what of the sequence space was sent. False if too many gaps were open.
fn apply_octets(sender: &mut Peer, reading: &Reading<'_>) -> bool {
    let sent = sender.sent.get_or_insert_with(|| Sent::to(reading.seq));
    if reading.occupied > 0 {
        if reading.far_fin {
            return true;
        }
        if reading.end.after(sent.max) {
            sent.max = reading.end;
        }
        // 4.8 c: data in a SYN without ACK is there only once it is acknowledged.
        let unproven = reading.syn && !reading.has_ack;
        return sent.add(reading.seq, if unproven { reading.seq.plus(1) } else { reading.end });
    }
    let skipped = reading.seq.minus(sent.max);
    if skipped > 0 && skipped < ABSURD {
        if skipped == 1 && sender.fin.is_none() {
            sender.rare.get_or_insert_default().own_fin = Some((reading.seq.previous(), reading.acks_fin));
        }
        sender.unseen = true;
        sent.max = reading.seq;
    }
    true
}

/// 4.8 b, first half, and 4.8 e: what the ACK tells of Q.
fn apply_ack(sender: &mut Peer, receiver: &mut Peer, reading: &Reading<'_>, mid_stream: bool) {
    let number = reading.ack;
    sender.acknowledge(reading.arrival);
    if !mid_stream && !reading.syn && sender.passive == Some(false) && receiver.isn.is_none() {
        receiver.isn = Some(number.previous());
        receiver.sent = Some(Sent::to(number));
        receiver.passive = Some(true);
    }
    let sent = receiver.sent.get_or_insert_with(|| Sent::to(number));
    let beyond = number.minus(sent.max);
    if beyond > 0 {
        receiver.unseen = true;
        if beyond == 1 && receiver.fin.is_none() {
            receiver.rare.get_or_insert_default().maybe_fin = Some((number.previous(), reading.at));
        }
        sent.max = number;
    }
    sent.fill_to(number);
}

/// 4.8 f. `ack`: what it acknowledges, unless that cannot be meant (4.2); `repeated`: the same FIN was seen before.
pub(crate) fn apply_fin(
    incarnation: &mut Incarnation,
    arrival: &Arrival<'_>,
    from: Side,
    ack: Option<Seq>,
    repeated: bool,
) {
    let number = arrival.fin_seq();
    let (sender, receiver) = incarnation.peers.of_mut(from);
    if let Some(fin) = &mut sender.fin {
        if fin.number != number {
            return; // It contradicts the FIN known, in a segment whose role says something else of it (D5, D6).
        }
        fin.copies = fin.copies.saturating_add(1);
        if !fin.seen {
            // It had been inferred.
            (fin.seen, fin.at) = (true, Some(arrival.at));
            fin.ack = ack;
        }
    } else {
        let after = match sender.own_fin() {
            Some((octet, covered)) if octet == number => covered,
            _ => receiver.fin.zip(ack).is_some_and(|(fin, ack)| ack.covers(fin.number)),
        };
        let at = Some(arrival.at);
        sender.fin = Some(Fin { number, seen: true, inferred: false, copies: 1, ack, after, at });
        // Its highest ACK covers the FIN as well, unless they lie half the circle apart and so contradict each other.
        let acked = receiver.has_acked(number);
        if let Some(fin) = &mut receiver.fin
            && let Some(ack) = fin.ack
            && !fin.inferred
        {
            fin.after = acked && ack.covers(number);
        }
        incarnation.first_closer.get_or_insert(from);
    }
    receiver.owes_reack |= repeated;
    if receiver.has_acked(number) && !receiver.has_fin() {
        // The ACK was recorded before the FIN.
        receiver.learn(Knowledge::HAS_FIN);
        sender.expected.learn(Knowledge::FIN_ACKED);
        incarnation.mark_wave_by_ack(from);
    }
}

/// How a segment lies to those before it.
#[derive(Clone, Copy)]
pub(crate) struct Novelty {
    /// It reaches beyond everything that its sender had sent.
    pub new: bool,
    /// Its receiver drops it before looking at its ACK (4.1).
    pub old: bool,
}

/// 4.8 h: the bits of SPEC 3.1.
#[inline(always)]
pub(crate) fn learn_bits(
    incarnation: &mut Incarnation,
    arrival: &Arrival<'_>,
    from: Side,
    Novelty { new, old }: Novelty,
) {
    let (syn_data, ack) = (incarnation.syn_data, arrival.ack);
    let (sender, receiver) = incarnation.peers.of_mut(from);
    if receiver.isn.is_some_and(|isn| ack.covers(isn)) {
        sender.learn(Knowledge::HAS_SYN);
        receiver.expected.learn(Knowledge::when(!old, Knowledge::SYN_ACKED));
        if new && !old && !arrival.syn() && !receiver.confirmed.has(Knowledge::SYN_ACKED) {
            receiver.syn_probe.get_or_insert(arrival.end());
        }
    }
    if receiver.fin.is_some_and(|fin| ack.covers(fin.number)) {
        sender.learn(Knowledge::HAS_FIN);
        receiver.expected.learn(Knowledge::when(!old, Knowledge::FIN_ACKED));
        if new && !old {
            receiver.fin_probe.get_or_insert(arrival.end());
        }
    }
    let Some(acked) = sender.acked() else { return };
    let reached = |probe: Probe| probe.is_some_and(|end| !end.after(acked));
    if reached(sender.syn_probe) {
        sender.learn(Knowledge::SYN_ACKED);
    }
    if reached(sender.fin_probe) {
        sender.confirmed.learn(Knowledge::FIN_ACKED);
    }
    let acts_open = arrival.occupied() > 0 && !syn_data && sender.expected.has(Knowledge::SYN_ACKED);
    if !arrival.syn() && (sender.passive == Some(false) || acts_open) {
        sender.learn(Knowledge::SYN_ACKED);
    }
}
