//! Each peer's expected states in order, corrected by what came later (SPEC 8.4).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::array;

use fourwave_dissector::FrameId;

use crate::connection::Step;
use crate::list::List;
use crate::options::Thresholds;
use crate::role::{Role, Wave};
use crate::rules::incarnation::Incarnation;
use crate::rules::peer::Peer;
use crate::rules::reading::Reading;
use crate::side::Side;
use crate::state::{Knowledge, State};

/// Steps kept inline, the first included: as many as from CLOSED through TIME-WAIT to CLOSED again.
const INLINE: usize = 7;

/// Steps of a result that take no memory of their own.
const FEW: usize = 8;

/// Steps kept beyond; only a capture made for it has more, and the last one then stands for the rest.
const MOST_MORE: usize = 57;

/// A peer's expected states so far. The first stays for ever.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Path {
    len: u8,
    states: [State; INLINE],
    /// Where each of them was reached after the first, which was there before any packet.
    at: [Option<FrameId>; INLINE - 1],
    more: Option<Box<More>>,
}

/// The steps of a path that is longer than most.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
struct More {
    steps: Vec<Step>,
}

impl Path {
    pub const fn starting_in(state: State) -> Self {
        Self { len: 1, states: [state; INLINE], at: [None; INLINE - 1], more: None }
    }

    /// Adds the state that the peer is now expected in, if it is another than before.
    #[inline]
    pub fn note(&mut self, state: State, at: Option<FrameId>) {
        if self.state() != state {
            self.add(Step { state, at });
        }
    }

    /// The state reached last.
    #[inline]
    fn state(&self) -> State {
        match self.more().last() {
            Some(step) => step.state,
            None => self.states[self.last()],
        }
    }

    /// The place of the last step that is kept inline.
    #[inline]
    fn last(&self) -> usize {
        usize::from(self.len.saturating_sub(1)).min(INLINE - 1)
    }

    /// Adds a state that is another than before.
    pub fn add(&mut self, step: Step) {
        let last = self.last();
        if let (Some(state), Some(at)) = (self.states.get_mut(last + 1), self.at.get_mut(last)) {
            (*state, *at) = (step.state, step.at);
            self.len += 1;
        } else {
            let steps = &mut self.more.get_or_insert_default().steps;
            steps.truncate(MOST_MORE - 1);
            steps.push(step);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Step> {
        (0..usize::from(self.len)).map(|place| self.step(place)).chain(self.more().iter().copied())
    }

    /// All steps.
    pub fn to_list(&self) -> List<Step, FEW> {
        if self.more.is_none() {
            return List::first_of(array::from_fn(|place| self.step(place)), self.len);
        }
        // The last of very many steps may have come to be as the one before.
        List::from_iter(self.iter()).without_repeats(|step| step.state)
    }

    /// A step that is kept inline; behind the last place, that at the last place.
    #[inline]
    fn step(&self, place: usize) -> Step {
        let place = place.min(INLINE - 1);
        Step { state: self.states[place], at: if place == 0 { None } else { self.at[place - 1] } }
    }

    fn more(&self) -> &[Step] {
        self.more.as_ref().map_or(&[], |more| &more.steps)
    }

    /// Takes the last step back if it is one of `states`; the first step stays.
    fn drop_trailing(&mut self, states: &[State]) -> bool {
        let droppable = self.len > 1 && states.contains(&self.state());
        if droppable && self.more.as_mut().and_then(|more| more.steps.pop()).is_none() {
            self.len -= 1;
        }
        droppable
    }

    /// 8.4 d: the peer goes on, so it had not reached CLOSED.
    pub fn drop_trailing_closed(&mut self) {
        self.drop_trailing(&[State::Closed]);
    }
}

impl Default for Path {
    fn default() -> Self {
        Self::starting_in(State::Unknown)
    }
}

/// 8.4 b: P's RST shows what P had not received.
pub(crate) fn settle_reset(incarnation: &mut Incarnation, reading: &Reading<'_>, role: Role) {
    let (sender, receiver) = incarnation.peers.of_mut(reading.from);
    let has_fin =
        sender.has_fin() || reading.has_ack && receiver.fin.is_some_and(|fin| reading.ack.covers(fin.number));
    let path = &mut sender.path;
    if role == Role::RstRefused {
        path.drop_trailing(&[State::SynReceived]);
    }
    if !has_fin {
        while path.drop_trailing(&[State::CloseWait, State::Closing, State::TimeWait]) {}
    }
    // An opener gives up, and nothing shows that it had reached ESTABLISHED.
    let gave_up = role == Role::RstHandshake && sender.passive == Some(false);
    if gave_up && !sender.confirmed.has(Knowledge::SYN_ACKED) {
        path.drop_trailing(&[State::Established]);
    }
}

/// A listener that answers the last ACK of the handshake with RST never had the connection. Not so if it goes on: then the
/// RST was not its own and counts no more (SPEC 4.6).
fn never_opened(peer: &Peer) -> bool {
    let answered = peer.reset().is_some_and(|reset| reset.role == Role::RstInResponse);
    answered && peer.passive == Some(true) && !peer.confirmed.has(Knowledge::SYN_ACKED)
}

/// The path of `side` with hindsight.
pub(crate) fn settled(incarnation: &Incarnation, side: Side, thresholds: &Thresholds) -> List<Step, FEW> {
    let (peer, other) = incarnation.peers.of(side);
    if incarnation.is_unreachable(side, thresholds) {
        let heard = peer.last.map(|last| last.at);
        return peer.path.iter().filter(|step| step.at.is_none() || step.at <= heard).collect();
    }
    let fins = || [peer, other].into_iter().filter_map(|peer| peer.fin);
    let inferred = fins().any(|fin| fin.inferred) && fins().any(|fin| fin.after);
    if inferred && peer.reset().is_none() && other.reset().is_none() {
        let begins = |step: Step| matches!(step.state, State::FinWait1 | State::CloseWait);
        if let Some(index) = peer.path.iter().position(begins) {
            return with_inferred_fin(incarnation, side, index);
        }
    }
    let mut path = peer.path.to_list();
    if let [before @ .., Step { state: State::Established, .. }, reset] = &*path
        && never_opened(peer)
    {
        return before.iter().chain([reset]).copied().collect();
    }
    if let Some(fin) = &peer.fin
        && !fin.after
    {
        // 8.4 a: the FINs crossed. One that had been inferred may have been recorded after what proved it.
        let proof = if fin.inferred { peer.maybe_fin().map(|(_, at)| at) } else { None };
        let own = earliest(fin.at, proof);
        for step in path.iter_mut() {
            if step.state == State::CloseWait {
                *step = Step { state: State::FinWait1, at: own };
            } else if step.state == State::LastAck {
                step.state = State::Closing;
            }
        }
        return path.without_repeats(|step| step.state);
    }
    path
}

/// 8.4 c: from the first FIN on, the path follows from the waves.
fn with_inferred_fin(incarnation: &Incarnation, side: Side, from: usize) -> List<Step, FEW> {
    let Some(closer) = incarnation.first_closer else { return incarnation.peers[side].path.to_list() };
    let wave = |wave| incarnation.wave(wave).map(|moment| moment.at);
    let first_proof = |side: Side| {
        let peer = &incarnation.peers[side];
        let fin = peer.fin?;
        let guessed = if fin.inferred { peer.maybe_fin().map(|(_, at)| at) } else { None };
        earliest(fin.at, guessed)
    };
    let first = first_proof(closer);
    let third = earliest(wave(Wave::Third), first_proof(closer.other()));
    let fourth = wave(Wave::Fourth).or(incarnation.unusual().inferred_at);
    let second = wave(Wave::Second)
        .or_else(|| earliest(earliest(third, wave(Wave::Fourth)), incarnation.unusual().inferred_at));
    let state = incarnation.bounds[side].expected;
    let peer = &incarnation.peers[side];
    let mut path: Vec<Step> = peer.path.iter().take(from).collect();
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
    if peer.expired {
        path.extend(peer.path.iter().last());
    }
    for index in 1..path.len() {
        if let (Some(before), Some(at)) = (path[index - 1].at, path[index].at) {
            path[index].at = Some(at.max(before));
        }
    }
    path.into()
}

fn earliest(one: Option<FrameId>, other: Option<FrameId>) -> Option<FrameId> {
    [one, other].into_iter().flatten().min()
}
