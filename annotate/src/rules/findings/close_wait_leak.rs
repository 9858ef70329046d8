//! `close-wait-leak`: a FIN was acknowledged, and for a long time no FIN or RST came back.
//!
//! Possibly a socket leak. "Not seen" only: the capture may have missed the end.

use super::{Asked, Case, Conclusion, NONE, Note, Rule, never, sorted};
use crate::connection::elapsed;
use crate::finding::{FindingId, Severity};
use crate::modifier::ConnectionModifier;
use crate::role::Wave;

pub(super) const RULE: Rule = Rule {
    id: FindingId::CloseWaitLeak,
    severity: Severity::Error,
    asked: Asked::UnlessComplete,
    roles: NONE,
    holds: never,
    conclude,
};

fn conclude(case: &Case<'_>, _: &[&Note]) -> Option<Conclusion> {
    let incarnation = case.incarnation;
    let second = incarnation.wave(Wave::Second)?;
    let open_ns = elapsed(second.time_ns, case.now_ns);
    let leaks = !incarnation.superseded
        && incarnation.fins() == 1
        && incarnation.resets.is_empty()
        && open_ns >= case.thresholds.close_wait_leak;
    let (_, passive) = case.closers().filter(|_| leaks)?;
    let first = incarnation.wave(Wave::First).map(|first| first.at);
    let mut conclusion = Conclusion::about(sorted(first.into_iter().chain([second.at])), passive);
    conclusion.params.duration_ns = Some(open_ns);
    conclusion.likely = case.modifiers.contains(ConnectionModifier::Evicted);
    Some(conclusion)
}
