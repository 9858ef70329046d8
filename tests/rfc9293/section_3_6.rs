//! Section 3.6, closing a connection: figures 12 and 13, line by line.

use std::fs;

use fourwave_annotate::State;
use fourwave_tests::flow::Flow;
use fourwave_tests::here;
use fourwave_tests::run::{Entry, run};

/// Figure 12, normal close sequence: peer A (our client) closes first. The states that the figure shows at each
/// end when the segment has arrived.
#[test]
fn figure_12() {
    let lines = [
        (State::FinWait1, State::CloseWait), // 2. FIN,ACK
        (State::FinWait2, State::CloseWait), // 3. ACK
        (State::TimeWait, State::LastAck),   // 4. FIN,ACK
        (State::TimeWait, State::Closed),    // 5. ACK
        (State::Closed, State::Closed),      // 6. 2 MSL
    ];
    assert_eq!(close("flows/close/four-way.flow"), lines);
}

/// Figure 13, simultaneous close sequence. At the first FIN nobody can know that another is on its way: the
/// server is expected in CLOSE-WAIT until its own FIN shows otherwise.
#[test]
fn figure_13() {
    let lines = [
        (State::FinWait1, State::CloseWait),
        (State::Closing, State::Closing),
        (State::Closing, State::TimeWait),
        (State::TimeWait, State::TimeWait),
    ];
    assert_eq!(close("flows/close/simultaneous.flow"), lines);
}

/// The expected states of both ends at each entry after the opening.
fn close(path: &str) -> Vec<(State, State)> {
    let story = run(&Flow::parse(&fs::read_to_string(here(path)).unwrap()).unwrap());
    let peers = story.entries[6..].iter().map(|entry| match entry {
        Entry::Segment(_, said) => said.peers,
        Entry::Expired(event) => event.peers,
    });
    peers.map(|peers| (peers.client.after.expected, peers.server.after.expected)).collect()
}
