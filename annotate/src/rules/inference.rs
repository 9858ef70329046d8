//! A FIN that was not seen, inferred from the one octet that its sender skips and its receiver acknowledged (SPEC 4.9), and
//! taken back if its sender goes on beyond.
//!
//! P is the peer whose FIN it is, Q the other, as in SPEC.

use crate::connection::Revision;
use crate::modifier::Modifier;
use crate::role::{Role, Wave, Waves};
use crate::rules::arrival::Arrival;
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::peer::Fin;
use crate::rules::reading::Reading;
use crate::side::Side;
use crate::state::Knowledge;

/// The one octet that Q acknowledged unseen, and that P now skips, was P's FIN.
pub(super) fn infer(incarnation: &mut Incarnation, reading: &Reading<'_>, decision: &mut Decision) {
    let from = reading.from;
    let (sender, receiver) = incarnation.peers.of_mut(from);
    let (None, Some((octet, _)), Some(other_fin)) = (sender.fin, sender.maybe_fin(), receiver.fin) else {
        return;
    };
    if reading.seq != octet.plus(1) {
        return;
    }
    let other_after = other_fin.ack.is_some_and(|ack| ack.covers(octet));
    // What it sends after its FIN acknowledges Q's, unless the two crossed.
    let after = !other_after && (reading.acks_fin || sender.has_fin());
    sender.fin =
        Some(Fin { number: octet, seen: false, inferred: true, copies: 0, ack: None, after, at: None });
    sender.expected.learn(Knowledge::FIN_ACKED);
    receiver.learn(Knowledge::HAS_FIN);
    if let Some(fin) = &mut receiver.fin {
        fin.after = other_after;
    }
    decision.modifiers.insert(Modifier::InfersUnseenFin);
    incarnation.unusual_mut().inferred_at = Some(reading.at);
    if other_after {
        incarnation.first_closer = Some(from);
        if let Some(at) = other_fin.at {
            incarnation.correct(at, Revision::Role { was: Role::Fin1, is: Role::Fin2 });
        }
        if let Some(first) = incarnation.waves[Wave::First as usize].take() {
            incarnation.waves[Wave::Third as usize] = Some(first);
        }
    }
    if reading.acks_fin {
        let wave = incarnation.ack_wave(from.other());
        decision.waves = Waves::of(wave);
        decision.role = if wave == Wave::Second { Role::AckOfFin1 } else { Role::AckOfFin2 };
        if other_after {
            incarnation.peers[from].confirmed.learn(Knowledge::FIN_ACKED);
        }
    }
    if incarnation.peers[from.other()].has_acked(octet) {
        incarnation.mark_wave_by_ack(from);
    }
}

/// The last paragraph: P goes on beyond the number of its inferred FIN, so that was none. Before the role is chosen.
/// True if so.
pub(super) fn withdraw(incarnation: &mut Incarnation, arrival: &Arrival<'_>, from: Side) -> bool {
    let (sender, receiver) = incarnation.peers.of_mut(from);
    let Some(fin) = sender.fin else { return false };
    if !fin.inferred || fin.seen || arrival.rst() || arrival.syn() || arrival.occupied() == 0 {
        return false;
    }
    let contradicts =
        if arrival.fin() { arrival.fin_seq() != fin.number } else { arrival.fin_seq().after(fin.number) };
    if !contradicts {
        return false;
    }
    sender.fin = None;
    sender.rare_mut().maybe_fin = None;
    sender.forget(Knowledge::FIN_ACKED);
    sender.fin_probe = None;
    receiver.forget(Knowledge::HAS_FIN);
    let other_fin = receiver.fin;
    incarnation.correct(arrival.at, Revision::InferenceWithdrawn);
    incarnation.unusual_mut().inferred_at = None;
    if incarnation.first_closer == Some(from) {
        incarnation.first_closer = Some(from.other());
        if let Some(fin) = &mut incarnation.peers[from.other()].fin {
            fin.after = false;
        }
        incarnation.waves[Wave::Second as usize] = None;
        incarnation.waves[Wave::Fourth as usize] = None;
        if let Some(third) = incarnation.waves[Wave::Third as usize].take() {
            incarnation.waves[Wave::First as usize] = Some(third);
        }
        if let Some(at) = other_fin.and_then(|fin| fin.at) {
            incarnation.correct(at, Revision::Role { was: Role::Fin2, is: Role::Fin1 });
        }
    } else {
        // What acknowledged it acknowledged no FIN.
        incarnation.waves[Wave::Fourth as usize] = None;
    }
    true
}
