//! How long a connection stays in memory without a packet (SPEC 6.8).

use crate::options::{Options, SECOND};
use crate::rules::incarnation::Incarnation;
use crate::side::Both;
use crate::state::State;

/// How much longer than 2 MSL a connection that is over stays in memory.
const QUARANTINE: i64 = 5 * SECOND;

/// True when neither peer has anything left to do but wait.
pub(crate) fn is_over(states: &Both<State>) -> bool {
    states.iter().all(|(_, state)| state.is_at_rest())
}

/// SPEC 6.8: how long a connection is kept without a packet.
pub(crate) fn lease(incarnation: &Incarnation, states: &Both<State>, options: &Options) -> i64 {
    if incarnation.superseded {
        superseded(options)
    } else if is_over(states) {
        over(options)
    } else if incarnation.fins() == 1 {
        options.idle.half_closed_ns
    } else if states.client == State::Established || states.server == State::Established {
        options.idle.established_ns
    } else {
        options.idle.unestablished_ns
    }
}

/// All times that a connection can have to wait for something: its TIME-WAIT, and how long it is kept.
pub(crate) fn waits(options: &Options) -> [i64; 6] {
    let idle = &options.idle;
    [
        options.two_msl_ns,
        over(options),
        superseded(options),
        idle.unestablished_ns,
        idle.half_closed_ns,
        idle.established_ns,
    ]
}

/// Until it is over for good.
pub(crate) const fn over(options: &Options) -> i64 {
    options.two_msl_ns.saturating_add(QUARANTINE)
}

/// Its record still waits for what the end of the capture decides.
fn superseded(options: &Options) -> i64 {
    options.two_msl_ns.max(options.thresholds.close_wait_leak).saturating_add(QUARANTINE)
}
