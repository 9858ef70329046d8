//! What can come next (SPEC 9): from a peer's expected state to what it or its peer may send and where that
//! leads.
//!
//! A table of the specification and nothing else: it must not know connections.

use crate::code::coded;
use crate::state::State;

coded! {
    /// Who causes a step.
    pub enum Cause {
        /// The peer itself sends.
        Own = "self",
        /// Its peer sends.
        Peer = "peer",
        /// A timer.
        Timer = "timer",
    }
}

coded! {
    /// What causes a step.
    pub enum On {
        /// SYN.
        Syn = "syn",
        /// SYN with ACK.
        SynAck = "syn-ack",
        /// ACK.
        Ack = "ack",
        /// Data.
        Data = "data",
        /// FIN.
        Fin = "fin",
        /// ACK of the FIN.
        AckOfFin = "ack-of-fin",
        /// FIN that also acknowledges the FIN.
        FinAndAck = "fin+ack",
        /// RST.
        Rst = "rst",
        /// 2 MSL are over.
        TwoMsl = "2msl",
        /// The stack gives up, silently.
        GiveUp = "give-up",
    }
}

/// One step that can come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Next {
    /// Who causes it.
    pub by: Cause,
    /// What it is.
    pub on: On,
    /// The state it leads to.
    pub to: State,
    /// True if only the application can cause it.
    pub app: bool,
}

impl Next {
    /// The row of SPEC 9 for a peer in `state`: its own steps, its peer's, its timers. Nothing for UNKNOWN.
    ///
    /// A step that leads to the same state repeats something or goes on with it.
    #[must_use]
    pub const fn after(state: State) -> &'static [Self] {
        match state {
            State::Unknown => &[],
            State::Closed => CLOSED,
            State::Listen => LISTEN,
            State::SynSent => SYN_SENT,
            State::SynReceived => SYN_RECEIVED,
            State::Established => ESTABLISHED,
            State::FinWait1 => FIN_WAIT_1,
            State::FinWait2 => FIN_WAIT_2,
            State::CloseWait => CLOSE_WAIT,
            State::Closing => CLOSING,
            State::LastAck => LAST_ACK,
            State::TimeWait => TIME_WAIT,
        }
    }
}

/// RST answers anything but RST; a SYN is refused, and answering it leaves the peer where it is.
const CLOSED: &[Next] =
    &[step(Cause::Own, On::Rst, State::Closed), step(Cause::Peer, On::Syn, State::Closed)];

const LISTEN: &[Next] =
    &[step(Cause::Own, On::Rst, State::Listen), step(Cause::Peer, On::Syn, State::SynReceived)];

const SYN_SENT: &[Next] = &[
    step(Cause::Own, On::Syn, State::SynSent),
    step(Cause::Own, On::Rst, State::Closed),
    step(Cause::Peer, On::SynAck, State::Established),
    step(Cause::Peer, On::Syn, State::SynReceived),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

/// After a RST the passive opener is back in LISTEN, the active one in CLOSED.
const SYN_RECEIVED: &[Next] = &[
    step(Cause::Own, On::SynAck, State::SynReceived),
    app(On::Fin, State::FinWait1),
    step(Cause::Peer, On::Ack, State::Established),
    step(Cause::Peer, On::Rst, State::Listen),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

const ESTABLISHED: &[Next] = &[
    step(Cause::Own, On::Data, State::Established),
    app(On::Fin, State::FinWait1),
    app(On::Rst, State::Closed),
    step(Cause::Peer, On::Fin, State::CloseWait),
    step(Cause::Peer, On::Rst, State::Closed),
    // Keepalive or user timeout.
    step(Cause::Timer, On::GiveUp, State::Closed),
];

const FIN_WAIT_1: &[Next] = &[
    step(Cause::Own, On::Fin, State::FinWait1),
    // What stands before the FIN and is not acknowledged.
    step(Cause::Own, On::Data, State::FinWait1),
    // In answer to data, if nobody is left to read it.
    step(Cause::Own, On::Rst, State::Closed),
    step(Cause::Peer, On::AckOfFin, State::FinWait2),
    step(Cause::Peer, On::Fin, State::Closing),
    step(Cause::Peer, On::FinAndAck, State::TimeWait),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

/// RFC 9293 has no timer here; stacks drop a connection that nobody owns any more.
const FIN_WAIT_2: &[Next] = &[
    step(Cause::Own, On::Ack, State::FinWait2),
    step(Cause::Own, On::Rst, State::Closed),
    step(Cause::Peer, On::Data, State::FinWait2),
    step(Cause::Peer, On::Fin, State::TimeWait),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

const CLOSE_WAIT: &[Next] = &[
    step(Cause::Own, On::Data, State::CloseWait),
    app(On::Fin, State::LastAck),
    app(On::Rst, State::Closed),
    step(Cause::Peer, On::Fin, State::CloseWait),
    step(Cause::Peer, On::Ack, State::CloseWait),
    step(Cause::Peer, On::Rst, State::Closed),
];

const CLOSING: &[Next] = &[
    step(Cause::Own, On::Fin, State::Closing),
    step(Cause::Own, On::Ack, State::Closing),
    step(Cause::Peer, On::AckOfFin, State::TimeWait),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

const LAST_ACK: &[Next] = &[
    step(Cause::Own, On::Fin, State::LastAck),
    step(Cause::Own, On::Data, State::LastAck),
    step(Cause::Peer, On::AckOfFin, State::Closed),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::GiveUp, State::Closed),
];

const TIME_WAIT: &[Next] = &[
    step(Cause::Own, On::Ack, State::TimeWait),
    // Answered with an ACK; 2 MSL start again.
    step(Cause::Peer, On::Fin, State::TimeWait),
    // An acceptable SYN opens a new incarnation.
    step(Cause::Peer, On::Syn, State::SynReceived),
    step(Cause::Peer, On::Rst, State::Closed),
    step(Cause::Timer, On::TwoMsl, State::Closed),
];

const fn step(by: Cause, on: On, to: State) -> Next {
    Next { by, on, to, app: false }
}

const fn app(on: On, to: State) -> Next {
    Next { by: Cause::Own, on, to, app: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    #[test]
    fn rows_are_in_the_order_of_their_columns() {
        for &state in State::ALL {
            let row = Next::after(state);
            assert!(row.is_sorted_by_key(|next| next.by), "{state}");
            assert!(row.iter().all(|next| next.by == Cause::Own || !next.app), "{state}");
            assert_eq!(row.is_empty(), state == State::Unknown, "{state}");
        }
    }

    #[test]
    fn every_connection_can_be_reset() {
        for state in State::ALL.iter().filter(|state| !state.is_closed() && **state != State::Unknown) {
            let reset =
                |next: &Next| next.by == Cause::Peer && next.on == On::Rst && next.to == State::Closed;
            assert!(Next::after(*state).iter().any(reset), "{state}");
        }
    }
}
