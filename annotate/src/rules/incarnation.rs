//! One connection on a 4-tuple while it is followed (SPEC 1.3): two peers, the waves, and the steps of a segment
//! through the rules.
//!
//! Each segment passes four steps, each a function of the one before: read it against the facts
//! ([`Reading`]), decide its role ([`decide`]), update the facts ([`update`]), note what is worth a finding.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hint;

use fourwave_dissector::FrameId;

use crate::annotation::{Annotation, Duties, Duty};
use crate::code::Set;
use crate::connection::{Moment, Reset, Retro, Revision, elapsed};
use crate::finding::FindingSet;
use crate::kind::ClientBasis;
use crate::modifier::{ConnectionModifier, Modifier, Modifiers};
use crate::options::{Options, Thresholds};
use crate::role::{Role, Wave, Waves};
use crate::rules::arrival::Arrival;
use crate::rules::decide::decide;
use crate::rules::evidence::Evidence;
use crate::rules::fast;
use crate::rules::findings::{self, Scene};
use crate::rules::inference;
use crate::rules::path::Path;
use crate::rules::peer::{Last, Peer, TimeWaitTimer};
use crate::rules::reading::Reading;
use crate::rules::refers;
use crate::rules::sent::Sent;
use crate::rules::unusual::Unusual;
use crate::rules::update;
use crate::side::{Both, Side};
use crate::state::{Bounds, Change, Knowledge, State};

/// Corrections that are kept; more would need a capture made for it.
const MOST_RETRO: usize = 16;

/// One incarnation.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Incarnation {
    pub number: u64,
    /// Counts the incarnations of one key from 1.
    pub count: u32,
    pub client_basis: ClientBasis,
    pub peers: Both<Peer>,
    /// The bounds of both peers' states, as the last segment or event left them.
    pub bounds: Both<Bounds>,
    /// Its first segment had no SYN.
    pub mid_stream: bool,
    /// Only segments seen that belong to no connection.
    pub only_strays: bool,
    /// A new incarnation took its place: its record is frozen.
    pub superseded: bool,
    /// Whose FIN is the first (`X`).
    pub first_closer: Option<Side>,
    pub waves: [Option<Moment>; 4],
    /// The roles seen.
    pub roles: Set<Role>,
    pub resets: Vec<Reset>,
    /// A SYN without ACK carried data (RFC 7413): an ACK then proves less.
    pub syn_data: bool,
    pub modifiers: Set<ConnectionModifier>,
    pub first: Moment,
    /// The last segment, with the largest time so far.
    pub last: Moment,
    /// There once it has something of it.
    unusual: Option<Box<Unusual>>,
    /// What findings rest on; there once something is worth noting.
    pub evidence: Option<Box<Evidence>>,
}

/// What one segment was found to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub decision: Decision,
    pub peers: Both<Change>,
    pub acks_fin: Option<FrameId>,
    pub repeats: Option<FrameId>,
    pub answers: Option<FrameId>,
    pub findings: FindingSet,
}

impl Verdict {
    /// The verdict of a segment that says no more than its role.
    pub const fn of(decision: Decision) -> Self {
        let peers = Both { client: Change::UNKNOWN, server: Change::UNKNOWN };
        Self { decision, peers, acks_fin: None, repeats: None, answers: None, findings: FindingSet::EMPTY }
    }

    /// The states that both peers are expected in after the segment.
    pub fn expected_after(&self) -> Both<State> {
        Both::from_fn(|side| self.peers[side].after.expected)
    }
}

impl Incarnation {
    /// A new incarnation whose first segment is `arrival`, sent by `from`.
    pub fn new(
        number: u64,
        count: u32,
        client_basis: ClientBasis,
        arrival: &Arrival<'_>,
        from: Side,
    ) -> Self {
        let mut peers = Both::<Peer>::default();
        let (sender, receiver) = peers.of_mut(from);
        if arrival.syn() && arrival.has_ack() {
            // 4.8 a: a SYN-ACK proves the SYN of its receiver.
            sender.passive = Some(true);
            receiver.passive = Some(false);
            receiver.any = true;
            receiver.isn = Some(arrival.ack.previous());
            receiver.sent = Some(Sent::to(arrival.ack));
        } else if arrival.syn() {
            sender.passive = Some(false);
            receiver.passive = Some(true);
        }
        let mid_stream = !arrival.syn();
        if mid_stream {
            // Rule 7 of SPEC 3.2.
            for peer in [&mut peers.client, &mut peers.server] {
                peer.learn(Knowledge::HAS_SYN.union(Knowledge::SYN_ACKED));
            }
        } else {
            peers.client.path = Path::starting_in(State::Closed);
            peers.server.path = Path::starting_in(State::Listen);
        }
        let moment = Moment { at: arrival.at, time_ns: arrival.time_ns };
        let mut incarnation = Self {
            number,
            count,
            client_basis,
            peers,
            bounds: Both { client: Bounds::UNKNOWN, server: Bounds::UNKNOWN },
            mid_stream,
            only_strays: true,
            superseded: false,
            first_closer: None,
            waves: [None; 4],
            roles: Set::EMPTY,
            resets: Vec::new(),
            syn_data: false,
            modifiers: if mid_stream { Set::of(ConnectionModifier::MidStream) } else { Set::EMPTY },
            first: moment,
            last: moment,
            unusual: None,
            evidence: None,
        };
        incarnation.bounds = incarnation.both_bounds();
        incarnation
    }

    /// Takes in a segment. `reuse` holds the modifiers of a SYN that opened this incarnation on a used 4-tuple.
    pub fn step(
        &mut self,
        arrival: &Arrival<'_>,
        from: Side,
        reuse: Option<Set<Modifier>>,
        options: &Options,
    ) -> Verdict {
        if fast::is_orderly(self, arrival, from) {
            fast::step(self, arrival, from, options)
        } else if reuse.is_none() && fast::is_opening(self, arrival, from) {
            fast::open(self, arrival, from)
        } else {
            self.step_by_rules(arrival, from, reuse, options)
        }
    }

    /// The same by the rules, whatever the segment.
    pub(crate) fn step_by_rules(
        &mut self,
        arrival: &Arrival<'_>,
        from: Side,
        reuse: Option<Set<Modifier>>,
        options: &Options,
    ) -> Verdict {
        if inference::withdraw(self, arrival, from) {
            self.compute_bounds();
        }
        let before = self.bounds;
        let silence_ns = elapsed(self.last.time_ns, arrival.time_ns);
        let reading = Reading::new(self, arrival, from, &before, options);
        let mut decision = decide(self, &reading, reuse);
        let acks_fin = refers::acknowledged_fin(self, &reading, &decision);
        let repeats = refers::repeated(self, &reading, &decision);
        let answers = refers::answered(self, &reading);

        update::apply(self, &reading, &mut decision, options);
        self.count_waves(&reading, &decision);
        self.count_octets(&reading, &decision);
        self.compute_bounds();
        let after = self.bounds;
        if !reading.rst {
            self.restart_time_wait(arrival, from, decision.role);
        }
        let scene = Scene { arrival, reading: &reading, decision: &decision, silence_ns, options };
        let findings = findings::at_segment(self, &scene);
        self.remember(&reading, &decision);
        self.peers.client.path.note(after.client.expected, Some(arrival.at));
        self.peers.server.path.note(after.server.expected, Some(arrival.at));
        let peers = Both {
            client: Change { before: before.client, after: after.client },
            server: Change { before: before.server, after: after.server },
        };
        Verdict { decision, peers, acks_fin, repeats, answers, findings }
    }

    /// The states that both peers are expected in.
    pub fn states(&self) -> Both<State> {
        Both::from_fn(|side| self.bounds[side].expected)
    }

    /// The knowledge bits of both peers.
    #[inline]
    pub fn known(&self) -> [Knowledge; 4] {
        let Both { client, server } = &self.peers;
        [client.confirmed, client.expected, server.confirmed, server.expected]
    }

    /// Has the memory fetched that the next segment will want.
    pub fn prefetch(&self) {
        hint::black_box(self.last.time_ns);
        for (_, peer) in self.peers.iter() {
            peer.prefetch();
        }
    }

    /// The TIME-WAIT of `side` ends, before the packet `at` (SPEC 4.10). Returns both peers' states before and after.
    pub fn expire(&mut self, side: Side, at: Option<FrameId>) -> Both<Change> {
        let before = self.bounds;
        self.peers[side].expired = true;
        self.compute_bounds();
        let after = self.bounds;
        self.peers[side].path.note(after[side].expected, at);
        Both::from_fn(|side| Change { before: before[side], after: after[side] })
    }

    /// Computes [`Self::bounds`] anew: the facts have changed.
    pub fn compute_bounds(&mut self) {
        self.bounds = self.both_bounds();
    }

    #[inline]
    fn both_bounds(&self) -> Both<Bounds> {
        Both { client: self.bounds_of(Side::Client), server: self.bounds_of(Side::Server) }
    }

    /// Both bounds of a peer's state: the state function of SPEC 3.2, with confirmed bits and with expected ones.
    #[inline]
    pub fn bounds_of(&self, side: Side) -> Bounds {
        let (peer, other) = self.peers.of(side);
        if peer.reset().is_some() {
            return Bounds::CLOSED; // 1
        }
        let opened = if self.mid_stream { !self.only_strays } else { peer.isn.is_some() };
        let unopened = |passive| match peer.passive {
            _ if self.mid_stream => State::Unknown, // 4
            Some(false) => State::Closed,           // 5, 6
            Some(true) | None => passive,
        };
        let fin = peer.fin_knowledge();
        let confirmed = if peer.any && opened {
            State::from_knowledge(peer.confirmed.union(fin)) // 7 to 11
        } else {
            unopened(State::Unknown)
        };
        let expected = if let Some(forced) = peer.forced_state(confirmed) {
            forced // 2, 3
        } else if opened {
            let received = Knowledge::when(other.isn.is_some(), Knowledge::HAS_SYN)
                .union(Knowledge::when(other.fin_in_order(), Knowledge::HAS_FIN));
            State::from_knowledge(peer.expected.union(fin).union(received))
        } else {
            unopened(if other.isn.is_some() { State::SynReceived } else { State::Listen })
        };
        Bounds { confirmed, expected }
    }

    /// What `side`, expected in `state`, owes (SPEC 9).
    pub fn duties(&self, side: Side, state: State) -> Duties {
        let (peer, other) = self.peers.of(side);
        let mut duties = Duties::EMPTY;
        if state.is_closed() || state == State::Unknown {
            return duties;
        }
        if !peer.has_fin() && other.fin_in_order() {
            duties.insert(Duty::AckOfFin);
        }
        if peer.owes_reack {
            duties.insert(Duty::ReackOfFin);
        }
        if peer.owes_challenge {
            duties.insert(Duty::ChallengeAck);
        }
        if let (Some(max), Some(acked)) = (peer.max(), other.acked())
            && max.after(acked)
        {
            duties.insert(Duty::Retransmission);
        }
        duties
    }

    /// What is said of a segment from `from` that came to `verdict`, the last one.
    pub fn annotation(&self, from: Side, verdict: &Verdict) -> Annotation {
        Annotation {
            connection: self.number,
            incarnation: self.count,
            from,
            role: verdict.decision.role,
            waves: verdict.decision.waves,
            modifiers: verdict.decision.modifiers,
            peers: verdict.peers,
            acks_fin: verdict.acks_fin,
            repeats: verdict.repeats,
            answers: verdict.answers,
            owes: Both::from_fn(|side| self.duties(side, verdict.peers[side].after.expected)),
            findings: verdict.findings,
        }
    }

    /// What is unusual of it.
    pub fn unusual(&self) -> &Unusual {
        self.unusual.as_deref().unwrap_or(const { &Unusual::NONE })
    }

    /// The same, to be changed.
    pub fn unusual_mut(&mut self) -> &mut Unusual {
        self.unusual.get_or_insert_with(|| Box::new(Unusual::NONE))
    }

    /// The wave that acknowledges the FIN of `closer`.
    pub fn ack_wave(&self, closer: Side) -> Wave {
        if self.first_closer == Some(closer) { Wave::Second } else { Wave::Fourth }
    }

    /// The wave that acknowledges the FIN of `closer` gets the moment of its peer's highest ACK.
    pub fn mark_wave_by_ack(&mut self, closer: Side) {
        if let Some(ack) = self.peers[closer.other()].ack {
            let wave = self.ack_wave(closer);
            self.waves[wave as usize].get_or_insert(Moment { at: ack.at, time_ns: ack.time_ns });
        }
    }

    pub fn wave(&self, wave: Wave) -> Option<Moment> {
        self.waves[wave as usize]
    }

    /// True if every wave was seen.
    pub fn closed_completely(&self) -> bool {
        self.waves.iter().all(Option::is_some)
    }

    /// FINs known of.
    pub fn fins(&self) -> usize {
        self.peers.iter().filter(|(_, peer)| peer.fin.is_some()).count()
    }

    /// Notes a correction.
    pub fn correct(&mut self, at: FrameId, what: Revision) {
        let retro = &mut self.unusual_mut().retro;
        if retro.len() < MOST_RETRO {
            retro.push(Retro { at, what });
        }
    }

    /// SPEC 7.3: a wave's time is that of its first segment.
    fn count_waves(&mut self, reading: &Reading<'_>, decision: &Decision) {
        if decision.role == Role::ReackOfFin {
            return;
        }
        for wave in decision.waves.iter() {
            self.waves[wave as usize].get_or_insert(reading.moment());
        }
    }

    /// The TIME-WAIT clock (SPEC 4.10), at a segment other than a RST.
    #[inline]
    pub fn restart_time_wait(&mut self, arrival: &Arrival<'_>, from: Side, role: Role) {
        const ACKNOWLEDGE: Set<Role> = Role::set(&[Role::AckOfFin1, Role::AckOfFin2, Role::ReackOfFin]);
        for side in [Side::Client, Side::Server] {
            if self.bounds[side].expected != State::TimeWait {
                continue;
            }
            let again =
                if side == from { ACKNOWLEDGE.contains(role) } else { role == Role::FinRetransmission };
            let wait = &mut self.peers[side].time_wait;
            let (time_ns, clock_ns) = (arrival.time_ns, arrival.clock_ns);
            match wait {
                None => *wait = Some(TimeWaitTimer { time_ns, clock_ns, timer: None }),
                Some(wait) if again => (wait.time_ns, wait.clock_ns) = (time_ns, clock_ns),
                Some(_) => {}
            }
        }
    }

    /// True if `side` was heard before, and then no more although its peer repeated itself for long enough: so
    /// it has received nothing of what its peer sent since (SPEC 11, A5). Not for one that has closed: that only
    /// its last ACK is missing is the likelier reading.
    pub fn is_unreachable(&self, side: Side, thresholds: &Thresholds) -> bool {
        let (peer, other) = self.peers.of(side);
        let unanswered = other.unanswered();
        let waited_ns = elapsed(unanswered.since_ns, unanswered.until_ns);
        peer.segments > 0
            && peer.fin.is_none()
            && unanswered.count >= thresholds.unreachable
            && waited_ns >= thresholds.unreachable_after
    }

    /// What later segments are compared with.
    fn remember(&mut self, reading: &Reading<'_>, decision: &Decision) {
        const REPETITIONS: Set<Modifier> = Modifier::set(&[Modifier::Retransmission, Modifier::FillsGap]);
        let (sender, receiver) = self.peers.of_mut(reading.from);
        receiver.is_answered();
        let repeats = decision.modifiers.set.intersects(REPETITIONS)
            && !decision.modifiers.contains(Modifier::Duplicate);
        if repeats {
            sender.rare_mut().unanswered.add(reading.time_ns);
        }
        if reading.len > 0 && !reading.rst {
            (sender.heard_last, receiver.heard_last) = (false, true);
        }
        if reading.occupied > 0 {
            sender.sent_at.push(reading.seq, reading.at);
        }
        if !decision.role.is_outsider() {
            sender.segments = sender.segments.saturating_add(1);
        }
        sender.last = Some(Last::of(reading.arrival));
        self.roles.insert(decision.role);
        if self.last.at.file() != reading.at.file() {
            self.unusual_mut().more_files.push(reading.at.file());
        }
        self.last = Moment { at: reading.at, time_ns: self.last.time_ns.max(reading.time_ns) };
    }
}

/// Role, waves and modifiers of a segment, before its effects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub role: Role,
    pub waves: Waves,
    pub modifiers: Modifiers,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many connections are in memory at once, and each segment finds its own cold.
    #[test]
    fn takes_little_memory() {
        assert!(size_of::<Incarnation>() <= 960);
    }
}
