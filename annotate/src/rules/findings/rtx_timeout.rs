//! `rtx-timeout`: a peer sent the same segment again and again, `retransmissions` times or more (RFC 9293 section 3.8.3,
//! RFC 6298): nothing came back.

use super::{ANY, Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::finding::{FindingId, Severity};
use crate::rules::evidence::Copies;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::RtxTimeout,
    severity: Severity::Warn,
    asked: Asked::IfCounted,
    roles: ANY,
    holds,
    conclude,
};

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let copies = || incarnation.evidence.as_ref().map_or(1, |evidence| evidence.times_sent(scene.reading));
    scene.reading.occupied > 0 && copies() >= scene.options.thresholds.many_copies()
}

fn conclude(case: &Case<'_>, _: &[&Note]) -> Option<Conclusion> {
    let enough = |copies: &&Copies| copies.series.count >= case.thresholds.many_copies();
    let series = case.evidence?.copies.iter().filter(enough).map(|copies| &copies.series);
    let most = series.clone().max_by_key(|series| series.count)?;
    let parts = series.flat_map(|series| series.frames.iter().copied());
    let mut conclusion = Conclusion::about(sorted(parts), most.side);
    conclusion.params.copies = Some(most.count.cast_unsigned());
    Some(conclusion)
}
