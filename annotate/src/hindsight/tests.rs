//! Corrections of hand-made annotations, and the order and bounds of what is held; and that a reference to an observer
//! does as the observer.

use alloc::string::String;
use alloc::{format, vec};

use fourwave_dissector::FrameId;

use super::*;
use crate::code::{Code, Set};
use crate::connection::{Durations, Moment, Retro, Revision, Step};
use crate::finding::FindingSet;
use crate::kind::{Certainty, ClientBasis, Initiator, Kind};
use crate::list::List;
use crate::modifier::Modifiers;
use crate::role::{Role, Wave, Waves};
use crate::side::Side;
use crate::state::{Bounds, Change};

/// Writes down what it is told, a line each.
#[derive(Debug, Default)]
struct Diary(Vec<String>);

impl Observer for Diary {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let modifiers: Vec<_> = annotation.modifiers.set.iter().map(Code::code).collect();
        let waves: Vec<_> = annotation.waves.iter().map(Wave::number).collect();
        let states = |side| {
            let Change { before, after } = annotation.peers[side];
            format!("{}/{}->{}/{}", before.confirmed, before.expected, after.confirmed, after.expected)
        };
        self.0.push(format!(
            "{} #{} {} {waves:?} {modifiers:?} {} {}",
            segment.at.frame(),
            annotation.connection,
            annotation.role,
            states(Side::Client),
            states(Side::Server)
        ));
    }

    fn corrected(
        &mut self,
        segment: &Segment<'_>,
        annotation: &Annotation,
        path_in_frame: &Both<Vec<State>>,
    ) {
        self.segment(segment, annotation);
        for (side, states) in path_in_frame.iter().filter(|(_, states)| !states.is_empty()) {
            self.0.push(format!("  {side} passed {states:?}"));
        }
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.0.push(format!("{} revised to #{}", segment.at.frame(), annotation.connection));
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.0.push(format!("time-wait-expired #{}", event.connection));
    }

    fn connection(&mut self, connection: &Connection) {
        self.0.push(format!("connection #{}", connection.number));
    }
}

fn segment(frame: u64) -> Segment<'static> {
    Segment {
        at: FrameId::new(0, frame),
        layer: 0,
        time_ns: 0,
        zone: 0,
        in_packet: true,
        src: "192.0.2.1:1".parse().unwrap(),
        dst: "192.0.2.2:2".parse().unwrap(),
        ttl: 64,
        ip_id: None,
        tcp: tcp::Header {
            src_port: 1,
            dst_port: 2,
            seq: 0,
            ack: 0,
            flags: tcp::Flags::ACK,
            window: 0,
            checksum: 0,
            urgent: 0,
            len: 24,
            options: &[1, 1, 1, 1],
        },
        len: 2,
        payload: b"ab",
    }
}

fn unchanged(state: State) -> Change {
    let bounds = Bounds { confirmed: state, expected: state };
    Change { before: bounds, after: bounds }
}

fn annotation(connection: u64, role: Role) -> Annotation {
    Annotation {
        connection,
        incarnation: 1,
        from: Side::Client,
        role,
        waves: Waves::EMPTY,
        modifiers: Modifiers::default(),
        peers: Both { client: unchanged(State::Established), server: unchanged(State::Established) },
        acks_fin: None,
        repeats: None,
        answers: None,
        owes: Both::default(),
        findings: FindingSet::EMPTY,
    }
}

fn event(connection: u64) -> TimeWaitExpired {
    let peers = annotation(connection, Role::Ack).peers;
    TimeWaitExpired { connection, incarnation: 1, peer: Side::Client, time_ns: 0, peers }
}

fn step(state: State, frame: u64) -> Step {
    Step { state, at: Some(FrameId::new(0, frame)) }
}

fn start(state: State) -> Step {
    Step { state, at: None }
}

fn connection(number: u64, path: Both<List<Step, 8>>, retro: Vec<Retro>) -> Connection {
    let moment = Moment { at: FrameId::new(0, 1), time_ns: 0 };
    let bounds = Bounds { confirmed: State::Unknown, expected: State::Unknown };
    Connection {
        number,
        incarnation: 1,
        addresses: Both { client: "192.0.2.1:1".parse().unwrap(), server: "192.0.2.2:2".parse().unwrap() },
        client_basis: ClientBasis::Syn,
        kind: Kind::OpenAtEnd,
        modifiers: Set::EMPTY,
        initiator: Initiator { peer: None, first_seen: None, by: None, certainty: Certainty::Certain },
        first: moment,
        last: moment,
        files: [0].into_iter().collect(),
        waves: [None; 4],
        durations: Durations::default(),
        close_wait_merged: false,
        time_wait: Both::default(),
        half_close_bytes: 0,
        end: Both { client: bounds, server: bounds },
        segments: Both::default(),
        bytes: Both::default(),
        path,
        retro,
        resets: List::default(),
        findings: vec![],
    }
}

fn bare(number: u64) -> Connection {
    connection(number, Both::default(), vec![])
}

const OPEN: &str = "ESTABLISHED/ESTABLISHED->ESTABLISHED/ESTABLISHED";

#[test]
fn input_order_is_kept_across_connections() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    hindsight.segment(&segment(1), &annotation(1, Role::Ack));
    hindsight.segment(&segment(2), &annotation(2, Role::Ack));
    hindsight.time_wait_expired(&event(2));
    hindsight.segment(&segment(3), &annotation(1, Role::Ack));
    hindsight.connection(&bare(2));
    assert_eq!(hindsight.inner.0, [""; 0]);
    hindsight.connection(&bare(1));
    assert_eq!(
        hindsight.finish().0,
        [
            &format!("1 #1 ack [] [] {OPEN} {OPEN}"),
            &format!("2 #2 ack [] [] {OPEN} {OPEN}"),
            "time-wait-expired #2",
            &format!("3 #1 ack [] [] {OPEN} {OPEN}"),
            "connection #2",
            "connection #1",
        ]
    );
}

#[test]
fn expected_states_follow_the_path_and_confirmed_ones_stay() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    for frame in 7..=9 {
        hindsight.segment(&segment(frame), &annotation(1, Role::Ack));
    }
    // FINs that cross in packets 7 and 8, a timer that fires at the end of the input.
    let path = Both {
        client: vec![start(State::Established), step(State::FinWait1, 7), step(State::Closing, 8)].into(),
        server: vec![
            start(State::Listen),
            start(State::Established),
            step(State::FinWait1, 8),
            step(State::Closing, 8),
            step(State::TimeWait, 9),
            start(State::Closed),
        ]
        .into(),
    };
    hindsight.connection(&connection(1, path, vec![]));
    assert_eq!(
        hindsight.finish().0,
        [
            &format!("7 #1 ack [] [] ESTABLISHED/ESTABLISHED->ESTABLISHED/FIN-WAIT-1 {OPEN}"),
            "8 #1 ack [] [] ESTABLISHED/FIN-WAIT-1->ESTABLISHED/CLOSING \
             ESTABLISHED/ESTABLISHED->ESTABLISHED/CLOSING",
            "  server passed [FinWait1, Closing]",
            "9 #1 ack [] [] ESTABLISHED/CLOSING->ESTABLISHED/CLOSING \
             ESTABLISHED/CLOSING->ESTABLISHED/TIME-WAIT",
            "connection #1",
        ]
    );
}

#[test]
fn roles_and_waves_are_corrected() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    let fin = Annotation { waves: Waves::of(Wave::First), ..annotation(1, Role::Fin1) };
    hindsight.segment(&segment(8), &fin);
    hindsight.segment(&segment(9), &fin);
    let at = |frame| FrameId::new(0, frame);
    let there = Revision::Role { was: Role::Fin1, is: Role::Fin2 };
    let back = Revision::Role { was: Role::Fin2, is: Role::Fin1 };
    let retro = vec![
        Retro { at: at(8), what: there },
        Retro { at: at(9), what: there },
        Retro { at: at(10), what: Revision::InferenceWithdrawn },
        Retro { at: at(9), what: back },
    ];
    hindsight.connection(&connection(1, Both::default(), retro));
    assert_eq!(
        hindsight.finish().0[..2],
        [format!("8 #1 fin-2 [3] [] {OPEN} {OPEN}"), format!("9 #1 fin-1 [1] [] {OPEN} {OPEN}")]
    );
}

#[test]
fn a_moved_segment_belongs_to_its_new_connection() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    hindsight.segment(&segment(7), &annotation(1, Role::SynInSynchronized));
    hindsight.revised(&segment(7), &annotation(2, Role::ReuseSyn));
    hindsight.segment(&segment(8), &annotation(2, Role::Open));
    hindsight.connection(&bare(1));
    let path =
        Both { client: vec![start(State::Closed), step(State::SynSent, 7)].into(), server: List::default() };
    hindsight.connection(&connection(2, path, vec![]));
    let diary = hindsight.finish().0;
    assert_eq!(diary[0], format!("7 #2 reuse-syn [] [] ESTABLISHED/CLOSED->ESTABLISHED/SYN-SENT {OPEN}"));
    assert!(diary[1].starts_with("8 #2 open"));
    assert_eq!(diary[2..], ["connection #1", "connection #2"]);
}

#[test]
fn a_segment_is_found_among_others_of_its_packet() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    hindsight.time_wait_expired(&event(3));
    for layer in 0..3 {
        hindsight.segment(&Segment { layer, ..segment(7) }, &annotation(1, Role::Ack));
        hindsight.time_wait_expired(&event(3));
    }
    hindsight.revised(&Segment { layer: 1, ..segment(7) }, &annotation(2, Role::ReuseSyn));
    let diary = hindsight.finish().0;
    let of: Vec<_> = diary.iter().filter(|line| line.starts_with('7')).map(|line| &line[..4]).collect();
    assert_eq!(of, ["7 #1", "7 #2", "7 #1"]);
}

#[test]
fn what_is_held_is_bounded() {
    let mut hindsight = Hindsight::new(Diary::default(), 3);
    hindsight.segment(&segment(1), &annotation(1, Role::Ack));
    hindsight.segment(&segment(2), &annotation(2, Role::Ack));
    hindsight.connection(&bare(2));
    hindsight.segment(&segment(3), &annotation(1, Role::Ack));
    assert_eq!(
        hindsight.inner.0,
        [
            &format!("1 #1 ack [] [\"evicted\"] {OPEN} {OPEN}"),
            &format!("2 #2 ack [] [] {OPEN} {OPEN}"),
            "connection #2",
        ]
    );
    // A correction that comes too late goes through as it is.
    hindsight.revised(&segment(1), &annotation(3, Role::ReuseSyn));
    assert_eq!(hindsight.inner.0[3], "1 revised to #3");
    hindsight.connection(&bare(1));
    assert_eq!(hindsight.held.len(), 0);
    assert!(hindsight.connections.is_empty());
}

#[test]
fn what_is_left_at_the_end_is_told_as_evicted() {
    let mut hindsight = Hindsight::new(Diary::default(), 10);
    hindsight.segment(&segment(1), &annotation(1, Role::Ack));
    hindsight.segment(&segment(2), &annotation(2, Role::Ack));
    hindsight.connection(&bare(2));
    let diary = hindsight.finish().0;
    assert!(diary[0].contains("evicted") && !diary[1].contains("evicted"), "{diary:?}");
}

#[test]
fn octets_are_not_held() {
    let held = without_octets(&segment(1));
    assert!(held.payload.is_empty() && held.tcp.options.is_empty());
    assert_eq!((held.len, held.tcp.len), (2, 24));
}

#[test]
fn a_trait_object_is_told_what_the_observer_itself_is() {
    fn tell(observer: &mut impl Observer) {
        let passed = Both { client: vec![State::Closing], server: vec![] };
        observer.segment(&segment(1), &annotation(1, Role::Ack));
        observer.corrected(&segment(2), &annotation(1, Role::Ack), &passed);
        observer.revised(&segment(3), &annotation(2, Role::Open));
        observer.time_wait_expired(&event(1));
        observer.connection(&bare(1));
    }
    let (mut diary, mut of_reference) = (Diary::default(), Diary::default());
    tell(&mut diary);
    let mut reference: &mut dyn Observer = &mut of_reference;
    tell(&mut reference);
    assert_eq!(of_reference.0, diary.0);
    assert_eq!(diary.0.len(), 6);
}

#[test]
fn a_trait_object_wants_what_the_observer_itself_does() {
    struct Indifferent;
    impl Observer for Indifferent {
        fn wants_segments(&self) -> bool {
            false
        }
        fn wants_connections(&self) -> bool {
            false
        }
    }
    struct Choosy;
    impl Observer for Choosy {
        fn wants_data(&self) -> bool {
            false
        }
    }
    fn wants(observer: impl Observer) -> [bool; 3] {
        [observer.wants_segments(), observer.wants_data(), observer.wants_connections()]
    }
    assert_eq!(wants(&mut Indifferent as &mut dyn Observer), [false, false, false]);
    assert_eq!(wants(&mut Choosy as &mut dyn Observer), [true, false, true]);
}
