//! What is worth saying of a connection (SPEC 10): one file a finding, one ordered list.
//!
//! A rule looks at each segment of the roles it names and says whether its condition holds there. When the
//! connection's record is written it concludes from the segments noted, or from their absence. It holds no
//! sentence; those stand in `lang/`.
//!
//! To add one: its id in `finding.rs`, its file here, its line in [`RULES`], its words in `lang/`.

mod challenge_ack_loop;
mod close_wait_dwell;
mod close_wait_leak;
mod connection_refused;
mod data_after_close;
mod fin_behind_gap;
mod fin_conflict;
mod fin_retransmission_storm;
mod fin_retransmitted;
mod fin_unanswered;
mod final_ack_lost;
mod final_ack_missing;
mod half_close;
mod half_open_discovered;
mod handshake_reset;
mod idle_close;
mod keepalive_timeout;
mod rst_abort;
mod rst_after_close;
mod rst_after_fin;
mod rst_challenged;
mod rst_data_loss;
mod rst_ignored;
mod rst_injection_suspected;
mod rst_instead_of_fin;
mod rst_unread_data;
mod rst_with_payload;
mod rtx_timeout;
mod simultaneous_close;
mod three_segment_close;
mod time_wait_assassination;
mod time_wait_reuse;
mod vantage_limits;
mod zero_window_at_close;

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::arrival::Arrival;
use crate::clock::elapsed;
use crate::close::Closing;
use crate::code::{Code, Set};
use crate::evidence::{Evidence, Note};
use crate::finding::{Finding, FindingId, FindingSet, Params, Severity};
use crate::incarnation::{Decision, Incarnation};
use crate::kind::{Certainty, Kind};
use crate::list::List;
use crate::modifier::{ConnectionModifier, Modifier};
use crate::options::{Options, Thresholds};
use crate::peer::Peer;
use crate::reading::Reading;
use crate::role::{Role, Wave};
use crate::side::{Both, Side};

/// The rules in the order of SPEC 10.
const RULES: [&Rule; FindingId::ALL.len()] = [
    &three_segment_close::RULE,
    &simultaneous_close::RULE,
    &half_close::RULE,
    &close_wait_dwell::RULE,
    &close_wait_leak::RULE,
    &fin_unanswered::RULE,
    &fin_retransmitted::RULE,
    &fin_retransmission_storm::RULE,
    &final_ack_lost::RULE,
    &final_ack_missing::RULE,
    &fin_behind_gap::RULE,
    &fin_conflict::RULE,
    &rst_abort::RULE,
    &rst_unread_data::RULE,
    &rst_instead_of_fin::RULE,
    &rst_after_fin::RULE,
    &data_after_close::RULE,
    &rst_data_loss::RULE,
    &rst_with_payload::RULE,
    &rst_after_close::RULE,
    &rst_ignored::RULE,
    &rst_challenged::RULE,
    &challenge_ack_loop::RULE,
    &rst_injection_suspected::RULE,
    &idle_close::RULE,
    &half_open_discovered::RULE,
    &time_wait_reuse::RULE,
    &time_wait_assassination::RULE,
    &connection_refused::RULE,
    &handshake_reset::RULE,
    &keepalive_timeout::RULE,
    &zero_window_at_close::RULE,
    &rtx_timeout::RULE,
    &vantage_limits::RULE,
];

/// The rules that look at segments of each role.
const BY_ROLE: [FindingSet; Role::ALL.len()] = {
    let mut by_role = [FindingSet::EMPTY; Role::ALL.len()];
    let mut role = 0;
    while role < by_role.len() {
        let mut rule = 0;
        while rule < RULES.len() {
            if RULES[rule].roles.intersects(Role::set(&[Role::ALL[role]])) {
                by_role[role].extend(FindingId::set(&[RULES[rule].id]));
            }
            rule += 1;
        }
        role += 1;
    }
    by_role
};

/// How one finding is detected.
struct Rule {
    id: FindingId,
    /// Unless the conclusion says otherwise.
    severity: Severity,
    /// The roles of the segments at which the condition can hold.
    roles: Set<Role>,
    /// Whether it holds at a segment of such a role.
    holds: fn(&Incarnation, &Scene<'_>) -> bool,
    /// What follows for the connection from the segments at which it held.
    conclude: fn(&Case<'_>, &[&Note]) -> Option<Conclusion>,
}

/// A segment when its effects are applied, and the facts from before that some rules need.
pub(crate) struct Scene<'a> {
    pub arrival: &'a Arrival<'a>,
    pub reading: &'a Reading<'a>,
    pub decision: &'a Decision,
    /// Time without packets before it.
    pub silence_ns: i64,
    pub options: &'a Options,
}

impl Scene<'_> {
    /// True if the segment is of `role`, or one of that role came before.
    fn seen(&self, incarnation: &Incarnation, role: Role) -> bool {
        self.decision.role == role || incarnation.roles.contains(role)
    }

    fn has(&self, modifier: Modifier) -> bool {
        self.decision.modifiers.contains(modifier)
    }

    /// Its sender and its receiver.
    fn peers<'a>(&self, incarnation: &'a Incarnation) -> (&'a Peer, &'a Peer) {
        incarnation.peers.of(self.reading.from)
    }
}

/// A connection whose record is being written.
struct Case<'a> {
    incarnation: &'a Incarnation,
    evidence: Option<&'a Evidence>,
    kind: Kind,
    modifiers: Set<ConnectionModifier>,
    now_ns: i64,
    thresholds: &'a Thresholds,
}

impl<'a> Case<'a> {
    /// The notes of one role.
    fn notes(&self, role: Role) -> impl Iterator<Item = &'a Note> {
        self.evidence.into_iter().flat_map(move |evidence| evidence.of_role(role))
    }

    /// Whose FIN is the first, and who is the other (`X`, `Y`).
    fn closers(&self) -> Option<(Side, Side)> {
        self.incarnation.first_closer.map(|side| (side, side.other()))
    }

    /// True if `id` held at a segment.
    fn suspects(&self, id: FindingId) -> bool {
        self.evidence.is_some_and(|evidence| evidence.of_finding(id).next().is_some())
    }

    /// True if a FIN was inferred.
    fn rests_on_inference(&self) -> bool {
        self.incarnation.peers.iter().any(|(_, peer)| peer.fin.is_some_and(|fin| fin.inferred))
    }
}

/// What a rule concludes.
#[derive(Default)]
struct Conclusion {
    frames: List<FrameId, 2>,
    params: Params,
    /// Another severity than the rule's.
    severity: Option<Severity>,
    /// Likely only, for a reason of the rule's own.
    likely: bool,
}

impl Conclusion {
    /// About `peer`.
    fn about(frames: List<FrameId, 2>, peer: Side) -> Self {
        Self { frames, params: Params { peer: Some(peer), ..Params::default() }, ..Self::default() }
    }

    /// About `peer` and its peer.
    fn between(frames: List<FrameId, 2>, peer: Side) -> Self {
        let params = Params { peer: Some(peer), other: Some(peer.other()), ..Params::default() };
        Self { frames, params, ..Self::default() }
    }
}

/// What is known at this segment; keeps it as evidence.
pub(crate) fn at_segment(incarnation: &mut Incarnation, scene: &Scene<'_>) -> FindingSet {
    let many_copies = count_copies(incarnation, scene) >= scene.options.thresholds.retransmissions;
    let findings =
        if many_copies || is_notable(scene) { note(incarnation, scene) } else { FindingSet::EMPTY };
    count_keepalives(incarnation, scene, findings);
    findings
}

/// The same at a segment of which no rule has anything to say.
pub(crate) fn none_at(incarnation: &mut Incarnation) -> FindingSet {
    if let Some(evidence) = &mut incarnation.evidence {
        evidence.keepalives = None;
    }
    FindingSet::EMPTY
}

/// True if the rules go by nothing but the role of a FIN that goes by the book: nothing was noted of its connection before,
/// and there was no long silence, no closed window and no slow application.
pub(crate) fn is_usual_fin(
    incarnation: &Incarnation,
    arrival: &Arrival<'_>,
    role: Role,
    silence_ns: i64,
    limits: &Thresholds,
) -> bool {
    let dwelt = || match incarnation.wave(Wave::Second) {
        Some(second) => elapsed(second.time_ns, arrival.time_ns) >= limits.close_wait_note,
        None => true,
    };
    incarnation.evidence.is_none()
        && silence_ns < limits.idle_close
        && limits.retransmissions > 1
        && !incarnation.roles.contains(Role::ZeroWindowProbe)
        && (role == Role::Fin1 || role == Role::FinAckCombined || role == Role::Fin2 && !dwelt())
}

/// What is known at such a FIN.
pub(crate) fn at_usual_fin(
    incarnation: &mut Incarnation,
    arrival: &Arrival<'_>,
    from: Side,
    role: Role,
    silence_ns: i64,
) -> FindingSet {
    if role != Role::FinAckCombined {
        return FindingSet::EMPTY;
    }
    let findings = FindingSet::of(FindingId::ThreeSegmentClose);
    keep(incarnation, arrival, from, role, findings, silence_ns);
    findings
}

/// Applies the rules to a segment worth noting, and notes it.
fn note(incarnation: &mut Incarnation, scene: &Scene<'_>) -> FindingSet {
    let role = scene.decision.role;
    let findings: FindingSet = BY_ROLE[role.index() as usize]
        .iter()
        .filter(|id| (RULES[id.index() as usize].holds)(incarnation, scene))
        .collect();
    if findings.is_empty() && !KEPT.contains(role) {
        return findings;
    }
    let (reading, arrival) = (scene.reading, scene.arrival);
    let grounds = rst_injection_suspected::grounds(incarnation.peers.of(reading.from).0, scene);
    let evidence = keep(incarnation, arrival, reading.from, role, findings, scene.silence_ns);
    if findings.contains(FindingId::RstWithPayload) && evidence.reset_text.is_empty() {
        evidence.reset_text = rst_with_payload::text(arrival.payload);
    }
    evidence.injection.extend(grounds);
    findings
}

/// Notes a segment.
fn keep<'a>(
    incarnation: &'a mut Incarnation,
    arrival: &Arrival<'_>,
    side: Side,
    role: Role,
    findings: FindingSet,
    silence_ns: i64,
) -> &'a mut Evidence {
    let Both { client, server } = &incarnation.peers;
    let unacked = Both { client: client.unacked_octets(server), server: server.unacked_octets(client) };
    let (at, time_ns) = (arrival.at, arrival.time_ns);
    let evidence = incarnation.evidence.get_or_insert_default();
    evidence.note(Note { at, time_ns, side, role, findings, silence_ns, unacked });
    evidence
}

/// What is to be said of the connection, sorted by first frame, then id.
pub(crate) fn at_end(
    incarnation: &Incarnation,
    kind: Kind,
    modifiers: Set<ConnectionModifier>,
    closing: &Closing<'_>,
) -> Vec<Finding> {
    let case = Case {
        incarnation,
        evidence: incarnation.evidence.as_deref(),
        kind,
        modifiers,
        now_ns: closing.now_ns,
        thresholds: &closing.options.thresholds,
    };
    const DOUBTFUL: Set<ConnectionModifier> =
        ConnectionModifier::set(&[ConnectionModifier::MidStream, ConnectionModifier::OneWay]);
    let doubtful = modifiers.intersects(DOUBTFUL) || case.rests_on_inference();
    let noted = case.evidence.map_or(FindingSet::EMPTY, Evidence::findings);
    let mut findings = Vec::new();
    let mut possible = FROM_ABSENCE;
    if incarnation.closed_completely() {
        possible = possible.without(WHILE_INCOMPLETE);
    }
    if case.evidence.is_none() {
        possible.remove(FindingId::RtxTimeout);
    }
    possible.extend(noted);
    for id in possible.iter() {
        let rule = RULES[id.index() as usize];
        let notes: List<&Note, 4> = match case.evidence {
            Some(evidence) if noted.contains(id) => evidence.of_finding(id).collect(),
            Some(_) | None => List::default(),
        };
        let Some(conclusion) = (rule.conclude)(&case, &notes) else { continue };
        let likely = doubtful || conclusion.likely;
        findings.push(Finding {
            id: rule.id,
            severity: conclusion.severity.unwrap_or(rule.severity),
            certainty: if likely { Certainty::Likely } else { Certainty::Certain },
            frames: conclusion.frames,
            params: conclusion.params,
        });
    }
    findings.sort_by_key(|finding| {
        (finding.frames.is_empty(), finding.frames.first().copied(), finding.id.code())
    });
    findings
}

impl FindingId {
    /// How much a finding of this kind matters, unless its circumstances say otherwise.
    #[must_use]
    pub fn severity(self) -> Severity {
        RULES[self.index() as usize].severity
    }
}

/// True for a segment that a rule can have something to say about.
fn is_notable(scene: &Scene<'_>) -> bool {
    let role = scene.decision.role;
    if ONLY_ACKNOWLEDGE.contains(role) && scene.reading.occupied == 0 {
        return scene.has(Modifier::MaybeAcksUnseenFin);
    }
    role.is_teardown()
        || matches!(role, Role::Keepalive | Role::ZeroWindowProbe)
        || scene.reading.fin
        || scene.reading.rst
        || scene.has(Modifier::MaybeAcksUnseenFin)
}

/// Counts the copies of what comes again; how often this segment was sent. A probe repeats on purpose.
fn count_copies(incarnation: &mut Incarnation, scene: &Scene<'_>) -> i64 {
    let reading = scene.reading;
    let probe = matches!(scene.decision.role, Role::Keepalive | Role::ZeroWindowProbe);
    if reading.occupied == 0 || probe || scene.has(Modifier::Duplicate) {
        return 0;
    }
    let first = incarnation.peers[reading.from].sent_at.find(reading.seq);
    if first.is_none() && !scene.has(Modifier::Retransmission) && !scene.has(Modifier::FillsGap) {
        return 1;
    }
    incarnation.evidence.get_or_insert_default().count_copy(reading, first)
}

/// Counts keepalives in a row; any other segment ends the series.
fn count_keepalives(incarnation: &mut Incarnation, scene: &Scene<'_>, findings: FindingSet) {
    let keepalive = scene.decision.role == Role::Keepalive;
    if let Some(evidence) = &mut incarnation.evidence {
        if findings.contains(FindingId::KeepaliveTimeout)
            && let Some(series) = &mut evidence.keepalives
        {
            evidence.unanswered = core::mem::take(&mut series.frames);
        }
        if !keepalive {
            evidence.keepalives = None;
        }
    }
    if keepalive {
        incarnation.evidence.get_or_insert_default().count_keepalive(scene.reading);
    }
}

/// The frames of notes.
fn frames(notes: &[&Note]) -> List<FrameId, 2> {
    notes.iter().map(|note| note.at).collect()
}

/// In order, each once.
fn sorted(frames: impl IntoIterator<Item = FrameId>) -> List<FrameId, 2> {
    let mut frames: List<FrameId, 2> = frames.into_iter().collect();
    frames.sort_unstable();
    frames.without_repeats(|at| *at)
}

/// The condition of rules whose role says it all.
fn always(_: &Incarnation, _: &Scene<'_>) -> bool {
    true
}

/// The condition of rules that only the end of the capture decides.
fn never(_: &Incarnation, _: &Scene<'_>) -> bool {
    false
}

/// The conclusion of rules that say nothing of a peer.
fn as_noted(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    (!notes.is_empty()).then(|| Conclusion { frames: frames(notes), ..Conclusion::default() })
}

/// The conclusion of rules about the sender of the segment.
fn about_sender(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    Some(Conclusion::about(frames(notes), first.side))
}

/// The conclusion of rules about the sender of the segment and its peer.
fn between_sender_and_peer(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    Some(Conclusion::between(frames(notes), first.side))
}

/// Roles that conclusions look back to although nothing was found at them.
const KEPT: Set<Role> = Role::set(&[
    Role::Keepalive,
    Role::ZeroWindowProbe,
    Role::RstIgnored,
    Role::ChallengeAck,
    Role::SynInSynchronized,
    Role::RstInResponse,
    Role::FinRetransmission,
]);

/// Roles at which only octets, or those not seen, give a finding anything to rest on.
const ONLY_ACKNOWLEDGE: Set<Role> = Role::set(&[Role::AckOfFin1, Role::AckOfFin2]);

/// Findings that may follow from what was not seen, so that no segment need be noted for them.
const FROM_ABSENCE: FindingSet = FindingId::set(&[
    FindingId::CloseWaitDwell,
    FindingId::CloseWaitLeak,
    FindingId::FinUnanswered,
    FindingId::FinalAckMissing,
    FindingId::RtxTimeout,
    FindingId::VantageLimits,
]);

/// Those of them that follow from a wave that was not seen.
const WHILE_INCOMPLETE: FindingSet =
    FindingId::set(&[FindingId::CloseWaitLeak, FindingId::FinUnanswered, FindingId::FinalAckMissing]);

/// Every role; for rules that go by something else.
const ANY: Set<Role> = Set::from_bits(!0);

/// No role; for rules that only the end of the capture decides.
const NONE: Set<Role> = Set::EMPTY;

/// The roles of segments with FIN or RST, by the decision list.
const ENDING: Set<Role> = Role::set(&[
    Role::Fin1,
    Role::Fin2,
    Role::FinAckCombined,
    Role::FinSimultaneous,
    Role::FinRetransmission,
    Role::FinConflict,
    Role::RstRefused,
    Role::RstHandshake,
    Role::RstAbort,
    Role::RstInsteadOfFin,
    Role::RstAfterFin,
    Role::RstToLateData,
    Role::RstInResponse,
    Role::RstIntoTimeWait,
    Role::RstAfterClose,
    Role::RstIgnored,
    Role::RstRepeat,
    Role::AfterOwnRst,
    Role::LateSegment,
    Role::Stray,
    Role::IllegalFlags,
]);

/// Roles of RSTs that are judged against a connection.
const RESETS: Set<Role> = Role::set(&[
    Role::RstRefused,
    Role::RstHandshake,
    Role::RstAbort,
    Role::RstInsteadOfFin,
    Role::RstAfterFin,
    Role::RstToLateData,
    Role::RstInResponse,
    Role::RstIntoTimeWait,
    Role::RstAfterClose,
    Role::RstRepeat,
]);
