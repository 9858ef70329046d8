//! Each peer's expected states in order, corrected by what came later (SPEC 8.4).

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::connection::Step;
use crate::incarnation::Incarnation;
use crate::options::Thresholds;
use crate::reading::Reading;
use crate::role::{Role, Wave};
use crate::side::Side;
use crate::state::State;

/// Adds the state that `side` is now expected in, if it is another than before.
pub(crate) fn note(incarnation: &mut Incarnation, side: Side, at: Option<FrameId>) {
    let state = incarnation.expected(side);
    let path = &mut incarnation.peers[side].path;
    if path.last().is_none_or(|step| step.state != state) {
        path.push(Step { state, at });
    }
}

/// 8.4 d: the peer goes on, so it had not reached CLOSED.
pub(crate) fn drop_trailing_closed(path: &mut Vec<Step>) {
    drop_trailing(path, &[State::Closed]);
}

/// Takes the last step back if it is one of `states`; the first step stays.
fn drop_trailing(path: &mut Vec<Step>, states: &[State]) -> bool {
    let droppable = path.len() > 1 && path.last().is_some_and(|step| states.contains(&step.state));
    if droppable {
        path.pop();
    }
    droppable
}

/// 8.4 b: P's RST shows what P had not received.
pub(crate) fn settle_reset(incarnation: &mut Incarnation, reading: &Reading<'_>, role: Role) {
    let (sender, receiver) = incarnation.peers.of_mut(reading.from);
    let has_fin =
        sender.has_fin || reading.has_ack && receiver.fin.is_some_and(|fin| reading.ack.covers(fin.number));
    let path = &mut sender.path;
    if role == Role::RstRefused {
        drop_trailing(path, &[State::SynReceived]);
    }
    if !has_fin {
        while drop_trailing(path, &[State::CloseWait, State::Closing, State::TimeWait]) {}
    }
    // Nothing shows that it had reached ESTABLISHED: an opener gives up; a listener that answers the last ACK of the
    // handshake with RST never had the connection.
    let unopened = role == Role::RstHandshake && sender.passive == Some(false)
        || role == Role::RstInResponse && sender.passive == Some(true);
    if unopened && !sender.syn_acked.confirmed {
        drop_trailing(path, &[State::Established]);
    }
}

/// The path of `side` with hindsight.
pub(crate) fn settled(incarnation: &Incarnation, side: Side, thresholds: &Thresholds) -> Vec<Step> {
    let (peer, other) = incarnation.peers.of(side);
    if incarnation.is_unreachable(side, thresholds) {
        let heard = peer.last.map(|last| last.at);
        return peer.path.iter().copied().filter(|step| step.at.is_none() || step.at <= heard).collect();
    }
    let inferred = [peer, other].iter().any(|peer| peer.fin.is_some_and(|fin| fin.inferred));
    if inferred && peer.reset.is_none() && other.reset.is_none() {
        let begins = |step: &Step| matches!(step.state, State::FinWait1 | State::CloseWait);
        if let Some(index) = peer.path.iter().position(begins) {
            return with_inferred_fin(incarnation, side, index);
        }
    }
    let mut path = peer.path.clone();
    if let Some(fin) = &peer.fin
        && !fin.after
    {
        // 8.4 a: the FINs crossed.
        let own = fin.at.or(peer.maybe_fin.map(|(_, at)| at));
        for step in &mut path {
            if step.state == State::CloseWait {
                *step = Step { state: State::FinWait1, at: own };
            } else if step.state == State::LastAck {
                step.state = State::Closing;
            }
        }
    }
    path.dedup_by_key(|step| step.state);
    path
}

/// 8.4 c: from the first FIN on, the path follows from the waves.
fn with_inferred_fin(incarnation: &Incarnation, side: Side, from: usize) -> Vec<Step> {
    let Some(closer) = incarnation.first_closer else { return incarnation.peers[side].path.clone() };
    let wave = |wave| incarnation.wave(wave).map(|moment| moment.at);
    let first_proof = |side: Side| {
        let peer = &incarnation.peers[side];
        let fin = peer.fin?;
        let guessed = if fin.inferred { peer.maybe_fin.map(|(_, at)| at) } else { None };
        earliest(fin.at, guessed)
    };
    let first = first_proof(closer);
    let third = earliest(wave(Wave::Third), first_proof(closer.other()));
    let fourth = wave(Wave::Fourth).or(incarnation.inferred_at);
    let second =
        wave(Wave::Second).or_else(|| earliest(earliest(third, wave(Wave::Fourth)), incarnation.inferred_at));
    let state = incarnation.expected(side);
    let peer = &incarnation.peers[side];
    let mut path = peer.path[..from].to_vec();
    let mut then = |state, at| path.push(Step { state, at });
    if side == closer {
        then(State::FinWait1, first);
        then(State::FinWait2, second);
        if matches!(state, State::TimeWait | State::Closed) {
            then(State::TimeWait, third);
        }
    } else {
        then(State::CloseWait, first);
        then(State::LastAck, third);
        if state == State::Closed {
            then(State::Closed, fourth);
        }
    }
    if peer.expired
        && let Some(last) = peer.path.last()
    {
        path.push(*last);
    }
    for index in 1..path.len() {
        if let (Some(before), Some(at)) = (path[index - 1].at, path[index].at) {
            path[index].at = Some(at.max(before));
        }
    }
    path
}

fn earliest(one: Option<FrameId>, other: Option<FrameId>) -> Option<FrameId> {
    [one, other].into_iter().flatten().min()
}
