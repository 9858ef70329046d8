//! Section 3.3.2, figure 5: the TCP connection state diagram.

use std::collections::BTreeSet;
use std::fs;

use fourwave_annotate::{Side, State};
use fourwave_tests::flow::Flow;
use fourwave_tests::here;
use fourwave_tests::run::{Entry, run};
use fourwave_tests::transitions::{self, Event};

/// The arrows of the lower half, from ESTABLISHED and SYN-RECEIVED on, with the notes that are events.
const ARROWS: &[(State, Event, State)] = &[
    // CLOSE, snd FIN
    (State::SynReceived, Event::SendsFin, State::FinWait1),
    (State::Established, Event::SendsFin, State::FinWait1),
    (State::CloseWait, Event::SendsFin, State::LastAck),
    // rcv FIN, snd ACK
    (State::Established, Event::Fin, State::CloseWait),
    (State::FinWait1, Event::Fin, State::Closing),
    (State::FinWait2, Event::Fin, State::TimeWait),
    // rcv ACK of FIN
    (State::FinWait1, Event::AckOfFin, State::FinWait2),
    (State::Closing, Event::AckOfFin, State::TimeWait),
    (State::LastAck, Event::AckOfFin, State::Closed),
    // Timeout=2MSL, delete TCB
    (State::TimeWait, Event::TwoMsl, State::Closed),
    // note 1: a RST in SYN-RECEIVED after a passive OPEN
    (State::SynReceived, Event::Rst, State::Listen),
    // note 2: the ACK of the FIN and a FIN at once
    (State::FinWait1, Event::FinAndAck, State::TimeWait),
];

#[test]
fn every_arrow_is_in_the_derived_table() {
    let table = transitions::derive();
    for (from, event, to) in ARROWS {
        assert!(table[from][event].contains(to), "{from}, {event:?}: {:?}", table[from][event]);
    }
}

/// One state and one event lead to one state; only the way into SYN-RECEIVED matters (note 1).
#[test]
fn no_event_leads_two_ways() {
    for (state, row) in transitions::derive() {
        for (event, to) in row {
            let ways = if (state, event) == (State::SynReceived, Event::Rst) {
                BTreeSet::from([State::Closed, State::Listen])
            } else {
                to.iter().copied().take(1).collect()
            };
            assert_eq!(to, ways, "{state}, {event:?}");
        }
    }
}

#[test]
fn every_synchronized_state_is_reached() {
    let reached: Vec<State> = transitions::derive().into_keys().collect();
    let synchronized = [
        State::SynReceived,
        State::Established,
        State::FinWait1,
        State::FinWait2,
        State::CloseWait,
        State::Closing,
        State::LastAck,
        State::TimeWait,
    ];
    assert_eq!(reached, synchronized);
}

/// The upper half: passive open, active open, simultaneous open.
#[test]
fn a_connection_opens_as_the_figure_says() {
    let script = "Open.
        0.000 C > S  S   89:89(0)
        0.010 S > C  S.  279:279(0) ack 90
        0.020 C > S  .   90:90(0) ack 280";
    let client = [State::SynSent, State::Established, State::Established];
    let server = [State::SynReceived, State::SynReceived, State::Established];
    assert_eq!(expected(script, Side::Client), client);
    assert_eq!(expected(script, Side::Server), server);

    let script = "Simultaneous open.
        0.000 C > S  S   89:89(0)
        0.001 S > C  S   279:279(0)
        0.010 C > S  S.  89:89(0) ack 280
        0.011 S > C  S.  279:279(0) ack 90";
    let both = [State::SynReceived, State::SynReceived, State::Established];
    assert_eq!(expected(script, Side::Client)[1..], both);
    assert_eq!(expected(script, Side::Server)[2..], [State::Established, State::Established]);
}

#[test]
fn the_document_is_current() {
    let document = fs::read_to_string(here("../docs/TRANSITIONS.md")).unwrap();
    assert!(
        document == transitions::document(),
        "docs/TRANSITIONS.md is not current: run `cargo xtask docs`"
    );
}

/// The expected states of one side after each segment of a script.
fn expected(script: &str, side: Side) -> Vec<State> {
    let story = run(&Flow::parse(script).unwrap());
    let peers = story.entries.iter().map(|entry| match entry {
        Entry::Segment(_, said) => said.peers,
        Entry::Expired(event) => event.peers,
    });
    peers.map(|peers| peers[side].after.expected).collect()
}
