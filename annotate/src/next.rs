//! What can come next (SPEC 9): from a peer's expected state to what it or its peer may send and where that leads.
//!
//! A table of the specification and nothing else: it must not know connections.

use serde::Serialize;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

const fn step(by: Cause, on: On, to: State) -> Next {
    Next { by, on, to, app: false }
}

const fn app(on: On, to: State) -> Next {
    Next { by: Cause::Own, on, to, app: true }
}
