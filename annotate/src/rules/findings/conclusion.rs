//! What follows for a connection when its record is written: from the segments noted, or from their absence.

use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use super::{Asked, RULES, all_asked};
use crate::code::{Code, Set};
use crate::finding::{Finding, FindingId, FindingSet, Params, Severity};
use crate::kind::{Certainty, Kind};
use crate::list::List;
use crate::modifier::ConnectionModifier;
use crate::options::Thresholds;
use crate::role::Role;
use crate::rules::close::Closing;
use crate::rules::evidence::{Evidence, Note};
use crate::rules::incarnation::Incarnation;
use crate::side::Side;

/// A connection whose record is being written.
pub(super) struct Case<'a> {
    pub incarnation: &'a Incarnation,
    pub evidence: Option<&'a Evidence>,
    pub kind: Kind,
    pub modifiers: Set<ConnectionModifier>,
    pub now_ns: i64,
    pub thresholds: &'a Thresholds,
}

impl<'a> Case<'a> {
    /// The notes of one role.
    pub fn notes(&self, role: Role) -> impl Iterator<Item = &'a Note> {
        self.evidence.into_iter().flat_map(move |evidence| evidence.of_role(role))
    }

    /// Whose FIN is the first, and who is the other (`X`, `Y`).
    pub fn closers(&self) -> Option<(Side, Side)> {
        self.incarnation.first_closer.map(|side| (side, side.other()))
    }

    /// True if `id` held at a segment.
    pub fn suspects(&self, id: FindingId) -> bool {
        self.evidence.is_some_and(|evidence| evidence.of_finding(id).next().is_some())
    }

    /// True if a FIN was inferred.
    pub fn rests_on_inference(&self) -> bool {
        self.incarnation.peers.iter().any(|(_, peer)| peer.fin.is_some_and(|fin| fin.inferred))
    }
}

/// What a rule concludes.
#[derive(Default)]
pub(super) struct Conclusion {
    pub frames: List<FrameId, 2>,
    pub params: Params,
    /// Another severity than the rule's.
    pub severity: Option<Severity>,
    /// Likely only, for a reason of the rule's own.
    pub likely: bool,
}

impl Conclusion {
    /// About `peer`.
    pub fn about(frames: List<FrameId, 2>, peer: Side) -> Self {
        Self { frames, params: Params { peer: Some(peer), ..Params::default() }, ..Self::default() }
    }

    /// About `peer` and its peer.
    pub fn between(frames: List<FrameId, 2>, peer: Side) -> Self {
        let params = Params { peer: Some(peer), other: Some(peer.other()), ..Params::default() };
        Self { frames, params, ..Self::default() }
    }
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
    let mut possible = const { all_asked(Asked::Always) };
    if !incarnation.closed_completely() {
        possible.extend(const { all_asked(Asked::UnlessComplete) });
    }
    if case.evidence.is_some() {
        possible.extend(const { all_asked(Asked::IfCounted) });
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

/// The frames of notes.
pub(super) fn frames(notes: &[&Note]) -> List<FrameId, 2> {
    notes.iter().map(|note| note.at).collect()
}

/// In order, each once.
pub(super) fn sorted(frames: impl IntoIterator<Item = FrameId>) -> List<FrameId, 2> {
    let mut frames: List<FrameId, 2> = frames.into_iter().collect();
    frames.sort_unstable();
    frames.without_repeats(|at| *at)
}

/// The conclusion of rules that say nothing of a peer.
pub(super) fn as_noted(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    (!notes.is_empty()).then(|| Conclusion { frames: frames(notes), ..Conclusion::default() })
}

/// The conclusion of rules about the sender of the segment.
pub(super) fn about_sender(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    Some(Conclusion::about(frames(notes), first.side))
}

/// The conclusion of rules about the sender of the segment and its peer.
pub(super) fn between_sender_and_peer(_: &Case<'_>, notes: &[&Note]) -> Option<Conclusion> {
    let first = notes.first()?;
    Some(Conclusion::between(frames(notes), first.side))
}
