//! What is known at a segment, and which of it is kept as evidence for later.

use super::{BY_ROLE, RULES, rst_injection_suspected, rst_with_payload};
use crate::code::{Code, Set};
use crate::connection::elapsed;
use crate::finding::{FindingId, FindingSet};
use crate::modifier::Modifier;
use crate::options::{Options, Thresholds};
use crate::role::{Role, Wave};
use crate::rules::arrival::Arrival;
use crate::rules::evidence::{Evidence, Note, Original};
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::peer::Peer;
use crate::rules::reading::Reading;
use crate::side::{Both, Side};

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
    pub(super) fn seen(&self, incarnation: &Incarnation, role: Role) -> bool {
        self.decision.role == role || incarnation.roles.contains(role)
    }

    pub(super) fn has(&self, modifier: Modifier) -> bool {
        self.decision.modifiers.contains(modifier)
    }

    /// Its sender and its receiver.
    pub(super) fn peers<'a>(&self, incarnation: &'a Incarnation) -> (&'a Peer, &'a Peer) {
        incarnation.peers.of(self.reading.from)
    }
}

/// What is known at this segment; keeps it as evidence.
pub(crate) fn at_segment(incarnation: &mut Incarnation, scene: &Scene<'_>) -> FindingSet {
    let many_copies = count_copies(incarnation, scene) >= scene.options.thresholds.many_copies();
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

/// True if the rules go by nothing but the role of a regular FIN: nothing was noted of its connection before,
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
        evidence.reset_text = rst_with_payload::text(arrival.text);
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

/// True for a segment that a rule can have something to say about.
fn is_notable(scene: &Scene<'_>) -> bool {
    let role = scene.decision.role;
    if ONLY_ACKNOWLEDGE.contains(role) && scene.reading.occupied == 0 {
        return scene.has(Modifier::MaybeAcksUnseenFin) || scene.reading.after_own_rst;
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
    let sent_at = &incarnation.peers[reading.from].sent_at;
    let original = match sent_at.find(reading.seq) {
        Some(first) => Original::At(first),
        None if !scene.has(Modifier::Retransmission) && !scene.has(Modifier::FillsGap) => return 1,
        None if sent_at.reaches_back_to(reading.seq) => Original::None,
        None => Original::Forgotten,
    };
    incarnation.evidence.get_or_insert_default().count_copy(reading, original)
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

/// The condition of rules whose role says it all.
pub(super) fn always(_: &Incarnation, _: &Scene<'_>) -> bool {
    true
}

/// The condition of rules that only the end of the capture decides.
pub(super) fn never(_: &Incarnation, _: &Scene<'_>) -> bool {
    false
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
