//! The decision list of SPEC 5.2: which role a segment plays. First match wins; one arm a rule, in its order.
//!
//! A pure function of the facts before the segment; what the segment changes stands in `update.rs`.

use crate::code::Set;
use crate::connection::ResetForm;
use crate::modifier::{Modifier, Modifiers};
use crate::role::{Role, Wave, Waves};
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::peer::Peer;
use crate::rules::reading::Reading;
use crate::state::State;

/// Decides the role of a segment. `reuse`: it is the SYN of a reused 4-tuple (6.1), with these modifiers.
pub(crate) fn decide(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    reuse: Option<Set<Modifier>>,
) -> Decision {
    let (sender, receiver) = incarnation.peers.of(reading.from);
    let mut decision = Decision { role: Role::Ack, waves: Waves::EMPTY, modifiers: reading.modifiers };
    if reading.syn && (reading.fin || reading.rst) {
        decision.role = Role::IllegalFlags; // D1
    } else if reading.rst {
        decide_rst(incarnation, reading, sender, receiver, &mut decision); // D2
    } else if reading.syn {
        decision.role = syn_role(incarnation, reading, sender, receiver, &mut decision.modifiers); // D3
        if let Some(modifiers) = reuse {
            decision.role = Role::ReuseSyn;
            decision.modifiers.set.extend(modifiers);
        }
    } else if is_unopened(incarnation, reading, sender, receiver) {
        decision.role = Role::Stray; // D4
    } else if reading.after_own_rst {
        decision.role = Role::AfterOwnRst; // D5
    } else if receiver.reset().is_some() {
        decision.role = Role::LateSegment; // D6
    } else if reading.far_fin {
        decision.role = Role::Stray; // D7 a
        decision.modifiers.insert(Modifier::OutOfWindow);
    } else if reading.fin {
        decide_fin(incarnation, reading, sender, &mut decision); // D7
    } else {
        decide_rest(incarnation, reading, sender, receiver, &mut decision); // D8
    }
    decision
}

/// D2.
fn decide_rst(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    sender: &Peer,
    receiver: &Peer,
    decision: &mut Decision,
) {
    if incarnation.roles.is_empty() {
        decision.role = Role::Stray; // a
        return;
    }
    if !incarnation.mid_stream && sender.isn.is_none() {
        let refuses = reading.has_ack && receiver.syn_acceptable(reading.ack);
        decision.role = match (refuses, sender.reset().is_some()) {
            (false, _) => Role::Stray, // b
            (true, false) => Role::RstRefused,
            (true, true) => Role::RstRepeat,
        };
        return;
    }
    let acceptability = reading.acceptability(sender, receiver);
    let reply = reading.reset_form(receiver) == ResetForm::Reply;
    let (ps, qs) = (reading.sender_state, reading.receiver_state);
    let opening = |state| matches!(state, State::SynSent | State::SynReceived);
    decision.role = if sender.reset().is_some() {
        Role::RstRepeat // c
    } else if !acceptability.resets() {
        Role::RstIgnored // d
    } else if reply && opening(ps) && sender.max() != Some(reading.seq) {
        decision.modifiers.insert(Modifier::AnswersBadAck);
        Role::RstInResponse // e
    } else if opening(ps) || opening(qs) {
        Role::RstHandshake // f
    } else if qs == State::TimeWait {
        Role::RstIntoTimeWait // g
    } else if incarnation.closed_completely() || qs == State::Closed {
        Role::RstAfterClose // h
    } else if reply && sender.fin.is_some() && receiver.recent.has_with_data(reading.seq) {
        Role::RstToLateData // i
    } else if reply {
        Role::RstInResponse
    } else if sender.fin.is_some() {
        Role::RstAfterFin // j
    } else if receiver.fin.is_some() {
        Role::RstInsteadOfFin // k
    } else {
        Role::RstAbort // l
    };
    decision.modifiers.insert(acceptability.modifier());
}

/// D3.
fn syn_role(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    sender: &Peer,
    receiver: &Peer,
    modifiers: &mut Modifiers,
) -> Role {
    if sender.isn == Some(reading.seq) {
        Role::Open
    } else if !reading.has_ack && (sender.isn.is_some() || incarnation.mid_stream) {
        Role::SynInSynchronized
    } else if reading.has_ack
        && sender.sent.is_none()
        && receiver.isn.is_some()
        && !receiver.syn_acceptable(reading.ack)
    {
        modifiers.insert(Modifier::AckInvalid);
        Role::Stray
    } else if reading.has_ack && sender.any {
        Role::Stray
    } else {
        Role::Open
    }
}

/// D4: from a passive opener whose SYN is not known, and no answer to the SYN of its peer.
fn is_unopened(incarnation: &Incarnation, reading: &Reading<'_>, sender: &Peer, receiver: &Peer) -> bool {
    !incarnation.mid_stream
        && sender.passive == Some(true)
        && sender.isn.is_none()
        && !(reading.has_ack && receiver.syn_acceptable(reading.ack))
}

/// D7 b to f.
fn decide_fin(incarnation: &Incarnation, reading: &Reading<'_>, sender: &Peer, decision: &mut Decision) {
    let number = reading.arrival.fin_seq();
    let is_first_closer = incarnation.first_closer.is_none_or(|closer| closer == reading.from);
    let own_wave = if is_first_closer { Wave::First } else { Wave::Third };
    if sender.fin.is_some_and(|fin| fin.number != number) {
        decision.role = Role::FinConflict; // b
        return;
    }
    decision.role = match sender.fin {
        Some(fin) if fin.seen => Role::FinRetransmission, // c
        _ if is_first_closer => Role::Fin1,               // d
        _ if reading.acks_fin && !sender.has_fin() => Role::FinAckCombined, // e
        _ if reading.acks_fin => Role::Fin2,
        _ => Role::FinSimultaneous, // f
    };
    let expected_octet = sender.maybe_fin().is_some_and(|(octet, _)| octet == number)
        || sender.own_fin().is_some_and(|(octet, _)| octet == number);
    if decision.role != Role::FinRetransmission && (sender.fin.is_some() || expected_octet) {
        for replaced in [Modifier::Retransmission, Modifier::FillsGap, Modifier::AlreadyAcked] {
            decision.modifiers.remove(replaced);
        }
        decision.modifiers.insert(Modifier::LateCapture);
    }
    if decision.role == Role::FinRetransmission {
        decision.modifiers.insert(Modifier::Repeat);
    }
    decision.waves.insert(own_wave);
    if reading.first_ack_of_fin {
        decision.waves.insert(incarnation.ack_wave(reading.from.other()));
    }
}

/// D8.
fn decide_rest(
    incarnation: &Incarnation,
    reading: &Reading<'_>,
    sender: &Peer,
    receiver: &Peer,
    decision: &mut Decision,
) {
    let empty = reading.len == 0;
    let ack_wave = incarnation.ack_wave(reading.from.other());
    decision.role = if sender.owes_challenge && empty {
        Role::ChallengeAck // a
    } else if sender.owes_reack && empty && reading.acks_fin && sender.has_fin() {
        decision.waves.insert(ack_wave); // b
        decision.modifiers.insert(Modifier::Repeat);
        Role::ReackOfFin
    } else if is_probe(reading, sender, receiver) {
        decision.modifiers.remove(Modifier::Retransmission); // c
        decision.modifiers.remove(Modifier::AlreadyAcked);
        if receiver.window_closed { Role::ZeroWindowProbe } else { Role::Keepalive }
    } else if !empty && sender.fin.is_some_and(|fin| reading.end.after(fin.number)) {
        Role::FinConflict // d
    } else if receiver.window_closed && reading.len == 1 && sender.max() == Some(reading.seq) {
        Role::ZeroWindowProbe // e
    } else if reading.first_ack_of_fin {
        decision.waves.insert(ack_wave); // f
        match ack_wave {
            Wave::First | Wave::Second | Wave::Third => Role::AckOfFin1,
            Wave::Fourth => Role::AckOfFin2,
        }
    } else if !empty && receiver.fin.is_some() && sender.fin.is_none() && reading.acks_fin {
        Role::HalfCloseData // g
    } else if !empty && receiver.fin.is_some() && sender.fin.is_none() && reading.new {
        Role::CrossingData
    } else if !empty {
        Role::Data // h
    } else {
        Role::Ack
    };
}

/// D8 c: one octet before what comes next, all of it acknowledged, and nothing else to say.
fn is_probe(reading: &Reading<'_>, sender: &Peer, receiver: &Peer) -> bool {
    let Some(max) = sender.max() else { return false };
    sender.fin.is_none()
        && reading.len <= 1
        && reading.seq.minus(max) == -1
        && receiver.acked().is_some_and(|acked| !max.after(acked))
        && !reading.first_ack_of_fin
        && !receiver.owes_reack
}

/// True where a RST is taken by its receiver; one that was not judged is.
pub(crate) fn is_accepted(decision: &Decision) -> bool {
    const REFUSED: Set<Modifier> = Modifier::set(&[Modifier::InWindow, Modifier::OutOfWindow]);
    !decision.modifiers.set.intersects(REFUSED)
}
