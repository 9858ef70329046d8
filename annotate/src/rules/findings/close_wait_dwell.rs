//! `close-wait-dwell`: the passive closer stayed in CLOSE-WAIT without sending: its application was slow to close.
//!
//! Measured from wave 2, or the last data after it, to wave 3. Away from that peer it is off by up to one round trip.

use super::{Asked, Case, Conclusion, Note, Rule, Scene, sorted};
use crate::connection::Moment;
use crate::connection::elapsed;
use crate::finding::{FindingId, Raised, Severity};
use crate::options::Thresholds;
use crate::role::Role;
use crate::role::Wave;
use crate::rules::incarnation::Incarnation;

pub(super) const RULE: Rule = Rule {
    id: FindingId::CloseWaitDwell,
    severity: Severity::Note,
    asked: Asked::Always,
    roles: Role::set(&[Role::Fin2, Role::FinSimultaneous, Role::FinRetransmission]),
    holds,
    conclude,
};

/// From `close_wait_warn` on.
pub(super) const RAISED: Raised = Raised { severity: Severity::Warn, threshold: "close-wait-warn" };

fn holds(incarnation: &Incarnation, scene: &Scene<'_>) -> bool {
    let third = incarnation.wave(Wave::Third).is_some_and(|third| third.at == scene.reading.at);
    third && dwell(incarnation, &scene.options.thresholds).is_some()
}

/// From when to when, if that is long enough.
fn dwell(incarnation: &Incarnation, thresholds: &Thresholds) -> Option<(Moment, Moment)> {
    let (second, third) = (incarnation.wave(Wave::Second)?, incarnation.wave(Wave::Third)?);
    let from = match incarnation.unusual().half_close_data {
        Some(data) if data.time_ns > second.time_ns => data,
        Some(_) | None => second,
    };
    (elapsed(from.time_ns, third.time_ns) >= thresholds.close_wait_note).then_some((from, third))
}

fn conclude(case: &Case<'_>, _: &[&Note]) -> Option<Conclusion> {
    let (from, third) = dwell(case.incarnation, case.thresholds)?;
    let (_, passive) = case.closers()?;
    let dwell_ns = elapsed(from.time_ns, third.time_ns);
    let mut conclusion = Conclusion::about(sorted([from.at, third.at]), passive);
    conclusion.params.duration_ns = Some(dwell_ns);
    conclusion.severity = (dwell_ns >= case.thresholds.close_wait_warn).then_some(RAISED.severity);
    Some(conclusion)
}
