//! `final-ack-missing`: both FINs, no RST, and the last acknowledgment is not in the capture.

use super::{Asked, Case, Conclusion, NONE, Note, Rule, never, sorted};
use crate::finding::{FindingId, Severity};
use crate::role::Role;
use crate::role::Wave;

pub(super) const RULE: Rule = Rule {
    id: FindingId::FinalAckMissing,
    severity: Severity::Note,
    asked: Asked::UnlessComplete,
    roles: NONE,
    holds: never,
    conclude,
};

fn conclude(case: &Case<'_>, _: &[&Note]) -> Option<Conclusion> {
    let incarnation = case.incarnation;
    let simultaneous = incarnation.roles.contains(Role::FinSimultaneous);
    let missing =
        incarnation.wave(Wave::Fourth).is_none() || simultaneous && incarnation.wave(Wave::Second).is_none();
    let applies = incarnation.fins() == 2 && incarnation.resets.is_empty() && missing;
    let (closer, _) = case.closers().filter(|_| applies)?;
    let fins = incarnation.peers.iter().filter_map(|(_, peer)| peer.fin?.at);
    Some(Conclusion::about(sorted(fins), closer))
}
