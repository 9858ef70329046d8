//! The states that the engine tells against those that a Linux kernel was in.
//!
//! `truth/linux/` holds captures of 74 scenarios taken in the middle of the path, `truth/packetdrill.packets` the
//! headers of 213 scripted ones; the `.truth` files what the kernel traced (`truth/README.md`).

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;

use fourwave_annotate::{Annotation, Engine, Hindsight, Observer, Options, State};
use fourwave_dissector::{Dissector, FrameId, LinkType, Packet, Segment, Zone};
use fourwave_tests::here;
use fourwave_tests::reading::{Each, read};
use fourwave_tests::truth::{Ends, Scenario};

#[test]
fn linux_as_it_streams() {
    check("linux", Account::default, |account| account, play_capture, 59);
}

#[test]
fn linux_in_hindsight() {
    check("linux", hindsight, Hindsight::finish, play_capture, 70);
}

#[test]
fn packetdrill_as_it_streams() {
    check("packetdrill", Account::default, |account| account, play_packets, 204);
}

#[test]
fn packetdrill_in_hindsight() {
    check("packetdrill", hindsight, Hindsight::finish, play_packets, 205);
}

/// The states of each endpoint after each segment of its connection.
#[derive(Debug, Default)]
struct Account(BTreeMap<Ends, Vec<State>>);

impl Observer for Account {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let (sender, receiver) = (segment.src.to_string(), segment.dst.to_string());
        let expected = |side| annotation.peers[side].after.expected;
        let ends = (sender.clone(), receiver.clone());
        self.0.entry(ends).or_default().push(expected(annotation.from));
        self.0.entry((receiver, sender)).or_default().push(expected(annotation.from.other()));
    }
}

fn hindsight() -> Hindsight<Account> {
    Hindsight::new(Account::default(), Hindsight::<Account>::MOST_HELD)
}

/// At least `least` scenarios of `set` must come out clean.
fn check<O: Observer>(
    set: &str,
    observer: impl Fn() -> O,
    account: impl Fn(O) -> Account,
    play: impl Fn(&str, &mut Engine, &mut O),
    least: usize,
) {
    let truth = fs::read_to_string(here(&format!("truth/{set}.truth"))).unwrap();
    let scenarios = Scenario::parse_all(&truth).unwrap();
    let mut unclean = Vec::new();
    for scenario in &scenarios {
        let (mut engine, mut observer) = (Engine::new(Options::default()), observer());
        play(&scenario.name, &mut engine, &mut observer);
        engine.finish(&mut observer);
        let wrong = scenario.unclean(&account(observer).0);
        if !wrong.is_empty() {
            unclean.push(format!("{}: {wrong:?}", scenario.name));
        }
    }
    let clean = scenarios.len() - unclean.len();
    println!("{set}: {clean} of {} clean; not clean:\n{}", scenarios.len(), unclean.join("\n"));
    assert!(clean >= least, "{set}: {clean} scenarios are clean, {least} were; see the list above");
}

fn play_capture(scenario: &str, engine: &mut Engine, observer: &mut impl Observer) {
    let path = here(&format!("truth/linux/{scenario}.pcap"));
    let reading = read(&path, |segment| engine.push(segment, observer));
    assert!(reading.stopped.is_none(), "{scenario}: {:?}", reading.stopped);
}

/// A line of the file is a packet: its time, its length on the wire, and its IP and TCP headers in hexadecimal.
fn play_packets(scenario: &str, engine: &mut Engine, observer: &mut impl Observer) {
    let text = fs::read_to_string(here("truth/packetdrill.packets")).unwrap();
    let heading = format!("scenario {scenario}");
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("scenario "));
    let mut dissector = Dissector::new(Zone::Addresses);
    for (line, frame) in lines.zip(1..) {
        let [time, len, octets] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("cannot read `{line}`")
        };
        let data: Vec<u8> = (0..octets.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&octets[at..at + 2], 16).unwrap())
            .collect();
        let packet = Packet {
            at: FrameId::new(0, frame),
            time_ns: time.replace('.', "").parse().unwrap(),
            link_type: LinkType::RAW,
            interface: 0,
            fcs_len: 0,
            len: len.parse().unwrap(),
            data: &data,
        };
        dissector.dissect(&packet, &mut Each(|segment: &Segment<'_>| engine.push(segment, observer)));
    }
}
