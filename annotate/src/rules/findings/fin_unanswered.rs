//! `fin-unanswered`: a FIN was not acknowledged for some seconds to the end of the capture.
//!
//! The peer is gone, a filter dropped the FIN or its ACK, or the vantage does not see the other direction.

use super::{Asked, Case, Conclusion, NONE, Note, Rule, never, sorted};
use crate::connection::elapsed;
use crate::finding::{FindingId, Severity};
use crate::kind::Kind;
use crate::role::Wave;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinUnanswered,
    severity: Severity::Warn,
    asked: Asked::UnlessComplete,
    roles: NONE,
    holds: never,
    conclude,
};

fn conclude(case: &Case<'_>, _: &[&Note]) -> Option<Conclusion> {
    let first = case.incarnation.wave(Wave::First)?;
    let silent_ns = elapsed(first.time_ns, case.now_ns);
    let unanswered = case.kind == Kind::FinUnanswered && silent_ns >= case.thresholds.fin_unanswered;
    let (closer, _) = case.closers().filter(|_| unanswered)?;
    let mut conclusion = Conclusion::about(sorted([first.at]), closer);
    conclusion.params.duration_ns = Some(silent_ns);
    Some(conclusion)
}
