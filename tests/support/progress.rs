//! The order of progress (SPEC 1.6): which state can come after which, by RFC 9293 figure 5, within one connection.

use fourwave_annotate::State;

/// True if an endpoint in state `from` can come to be in state `to`, or is there. UNKNOWN compares with all.
///
/// CLOSED and LISTEN are where a connection begins and where it ends: nothing goes on through them.
#[must_use]
pub fn reaches(from: State, to: State) -> bool {
    let via = |next: &State| *next == to || !next.is_closed() && reaches(*next, to);
    from == to || from == State::Unknown || to == State::Unknown || next(from).iter().any(via)
}

/// The arrows of figure 5, with its notes 1 and 2 and the text of section 3.10.7.4 where the figure leaves one out.
const fn next(state: State) -> &'static [State] {
    match state {
        State::Unknown => &[],
        // passive OPEN; active OPEN
        State::Closed => &[State::Listen, State::SynSent],
        // rcv SYN; SEND; CLOSE
        State::Listen => &[State::SynReceived, State::SynSent, State::Closed],
        // rcv SYN; rcv SYN,ACK; CLOSE or rcv RST
        State::SynSent => &[State::SynReceived, State::Established, State::Closed],
        // rcv ACK of SYN; CLOSE; rcv FIN (3.10.7.4, eighth check); rcv RST (note 1)
        State::SynReceived => {
            &[State::Established, State::FinWait1, State::CloseWait, State::Listen, State::Closed]
        }
        // CLOSE; rcv FIN; rcv RST (3.10.7.4, second check), as in every state below
        State::Established => &[State::FinWait1, State::CloseWait, State::Closed],
        // rcv ACK of FIN; rcv FIN; rcv both (note 2)
        State::FinWait1 => &[State::FinWait2, State::Closing, State::TimeWait, State::Closed],
        State::FinWait2 => &[State::TimeWait, State::Closed],
        State::CloseWait => &[State::LastAck, State::Closed],
        State::Closing => &[State::TimeWait, State::Closed],
        State::LastAck | State::TimeWait => &[State::Closed],
    }
}
