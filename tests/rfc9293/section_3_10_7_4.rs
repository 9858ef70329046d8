//! Section 3.10.7.4: what each state makes of an arriving segment, check by check.

use fourwave_annotate::State;
use fourwave_tests::transitions::{self, Event};

/// "Second, check the RST bit": an exact one closes every state; SYN-RECEIVED after a passive open goes back to
/// LISTEN.
const SECOND_CHECK: &[(State, State)] = &[
    (State::SynReceived, State::Closed), // active OPEN: "connection refused", CLOSED
    (State::Established, State::Closed),
    (State::FinWait1, State::Closed),
    (State::FinWait2, State::Closed),
    (State::CloseWait, State::Closed),
    (State::Closing, State::Closed),
    (State::LastAck, State::Closed),
    (State::TimeWait, State::Closed),
];

/// "Fifth, check the ACK field": what an ACK of the own FIN changes.
const FIFTH_CHECK: &[(State, State)] = &[
    (State::FinWait1, State::FinWait2),
    (State::FinWait2, State::FinWait2), // the user's CLOSE can be acknowledged
    (State::Closing, State::TimeWait),
    (State::LastAck, State::Closed), // "delete the TCB, enter the CLOSED state"
    (State::TimeWait, State::TimeWait),
];

/// "Eighth, check the FIN bit": for a FIN that does not acknowledge the own one.
const EIGHTH_CHECK: &[(State, State)] = &[
    (State::SynReceived, State::CloseWait),
    (State::Established, State::CloseWait),
    (State::FinWait1, State::Closing),
    (State::FinWait2, State::TimeWait),
    (State::CloseWait, State::CloseWait), // "remain in the CLOSE-WAIT state"
    (State::Closing, State::Closing),
    (State::LastAck, State::LastAck),
    (State::TimeWait, State::TimeWait), // "restart the 2 MSL time-wait timeout"
];

/// The fifth check, then the eighth: a FIN that acknowledges the own one.
const FIFTH_THEN_EIGHTH: &[(State, State)] = &[
    (State::FinWait1, State::TimeWait), // "if our FIN has been ACKed …, then enter TIME-WAIT"
    (State::FinWait2, State::TimeWait),
    (State::Closing, State::TimeWait),
    (State::LastAck, State::Closed),
    (State::TimeWait, State::TimeWait),
];

#[test]
fn second_check() {
    hold(SECOND_CHECK, Event::Rst);
}

#[test]
fn fifth_check() {
    hold(FIFTH_CHECK, Event::AckOfFin);
}

#[test]
fn eighth_check() {
    hold(EIGHTH_CHECK, Event::Fin);
}

#[test]
fn fifth_then_eighth_check() {
    hold(FIFTH_THEN_EIGHTH, Event::FinAndAck);
}

/// What Z has been sent it knows already when it acknowledges it: only its peer learns something.
#[test]
fn to_acknowledge_changes_nothing() {
    for (state, row) in transitions::derive() {
        assert!(row.get(&Event::AcksFin).is_none_or(|to| to.iter().eq([&state])), "{state}");
    }
}

/// "Time-wait timeout" (section 3.10.8) ends TIME-WAIT and nothing else.
#[test]
fn time_ends_time_wait_only() {
    for (state, row) in transitions::derive() {
        let after = if state == State::TimeWait { State::Closed } else { state };
        assert!(row[&Event::TwoMsl].iter().eq([&after]), "{state}");
    }
}

/// The column of `event` is `rows`, and has no other row.
fn hold(rows: &[(State, State)], event: Event) {
    let table = transitions::derive();
    for (from, to) in rows {
        assert!(table[from][&event].contains(to), "{from}, {event:?}: {:?}", table[from][&event]);
    }
    let column: Vec<State> =
        table.iter().filter(|(_, row)| row.contains_key(&event)).map(|(state, _)| *state).collect();
    assert_eq!(column, rows.iter().map(|(from, _)| *from).collect::<Vec<_>>());
}
