//! What is worth saying of a connection (SPEC 10): one file a finding, one ordered list.
//!
//! A rule looks at each segment of the roles it names and says whether its condition holds there. When the
//! connection's record is written it concludes from the segments noted, or from their absence. It holds no
//! sentence; those stand in `lang/`.
//!
//! To add one: its id in `finding.rs`, its file here, its line in [`RULES`], its words in `lang/`. If it can hold at a
//! regular acknowledgment or FIN, also what `scene.rs` says of those (`is_notable`, `is_usual_fin`),
//! which are not looked at otherwise; if its conclusion looks back at segments where no rule held, their role in `KEPT`.

mod conclusion;
mod roles;
mod scene;

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

use crate::code::{Code, Set};
use crate::finding::{FindingId, FindingSet, Raised, Severity};
use crate::role::Role;
use crate::rules::evidence::Note;
use crate::rules::incarnation::Incarnation;

pub(crate) use conclusion::at_end;
use conclusion::{Case, Conclusion, about_sender, as_noted, between_sender_and_peer, frames, sorted};
use roles::{ANY, ENDING, NONE, RESETS};
pub(crate) use scene::{Scene, at_segment, at_usual_fin, is_usual_fin, none_at};
use scene::{always, never};

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

// Each stands at the place of its id.
const _: () = {
    let mut place = 0;
    while place < RULES.len() {
        assert!(RULES[place].id as usize == place);
        place += 1;
    }
};

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

/// The rules that are asked for a conclusion so, wherever they held.
const fn all_asked(asked: Asked) -> FindingSet {
    let mut all = FindingSet::EMPTY;
    let mut rule = 0;
    while rule < RULES.len() {
        if RULES[rule].asked as u8 == asked as u8 {
            all.extend(FindingId::set(&[RULES[rule].id]));
        }
        rule += 1;
    }
    all
}

/// How one finding is detected.
struct Rule {
    id: FindingId,
    /// Unless the conclusion says otherwise.
    severity: Severity,
    asked: Asked,
    /// The roles of the segments at which the condition can hold.
    roles: Set<Role>,
    /// Whether it holds at a segment of such a role.
    holds: fn(&Incarnation, &Scene<'_>) -> bool,
    /// What follows for the connection from the segments at which it held.
    conclude: fn(&Case<'_>, &[&Note]) -> Option<Conclusion>,
}

/// When a rule is asked what follows for a connection.
#[derive(Clone, Copy)]
enum Asked {
    /// If its condition held at a segment.
    IfHeld,
    /// Always: what was not seen may be enough.
    Always,
    /// Also if a wave of the close was not seen.
    UnlessComplete,
    /// Also if copies of segments were counted.
    IfCounted,
}

impl FindingId {
    /// How much a finding of this kind matters, unless its circumstances say otherwise.
    #[must_use]
    pub fn severity(self) -> Severity {
        RULES[self.index() as usize].severity
    }

    /// How much more one of this kind matters in its circumstances, if it can.
    #[must_use]
    pub fn raised(self) -> Option<Raised> {
        (self == Self::CloseWaitDwell).then_some(close_wait_dwell::RAISED)
    }
}
