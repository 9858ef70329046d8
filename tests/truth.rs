//! The states that the engine tells against those that a Linux kernel was in.
//!
//! `truth/linux/` holds captures of 74 scenarios taken in the middle of the path, `truth/packetdrill.packets` the
//! headers of 213 scripted ones; the `.truth` files what the kernel traced (`truth/README.md`). Which scenarios do not
//! come out clean stands in `docs/TRUTH.md` with the reasons.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fourwave_annotate::{Annotation, Engine, Hindsight, Observer, Options, State};
use fourwave_dissector::{Dissector, FrameId, LinkType, Packet, Segment, Zone};
use fourwave_tests::here;
use fourwave_tests::reading::{Each, read};
use fourwave_tests::truth::{Ends, Scenario};

#[test]
fn linux_as_it_streams() {
    check("linux", Telling::Streaming, Account::default, |account| account, play_capture);
}

#[test]
fn linux_in_hindsight() {
    check("linux", Telling::Hindsight, hindsight, Hindsight::finish, play_capture);
}

#[test]
fn packetdrill_as_it_streams() {
    check("packetdrill", Telling::Streaming, Account::default, |account| account, play_packets);
}

#[test]
fn packetdrill_in_hindsight() {
    check("packetdrill", Telling::Hindsight, hindsight, Hindsight::finish, play_packets);
}

/// What is clean is counted as the tables of what is not have it.
#[test]
fn the_figures_are_those_of_the_tables() {
    let [document, readme] =
        ["docs/TRUTH.md", "README.md"].map(|path| fs::read_to_string(here(&format!("../{path}"))).unwrap());
    for (set, row) in [("linux", "| `linux`, M"), ("packetdrill", "| `packetdrill`")] {
        let of = scenarios(set).len();
        let clean = |telling| of - unclean_by_document(set, telling).len();
        let figures = format!(" {of} | {} | {} |", clean(Telling::Streaming), clean(Telling::Hindsight));
        let has = |text: &str, begin: &str, end: &str| {
            text.lines().any(|line| line.starts_with(begin) && line.ends_with(end))
        };
        assert!(has(&document, row, &figures), "docs/TRUTH.md, {set}: {figures}");
        let (_, clean) = figures.split_once('|').unwrap();
        assert!(has(&readme, &format!("| {of} "), clean), "README.md, {set}: {figures}");
    }
}

/// Whether the states are taken as they are told first, or as they are corrected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Streaming,
    Hindsight,
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

/// The scenarios of `set` that do not come out clean are those of which `docs/TRUTH.md` says so.
fn check<O: Observer>(
    set: &str,
    telling: Telling,
    observer: impl Fn() -> O,
    account: impl Fn(O) -> Account,
    play: impl Fn(&str, &mut Engine, &mut O),
) {
    let mut unclean = BTreeMap::new();
    for scenario in scenarios(set) {
        let (mut engine, mut observer) = (Engine::new(Options::default()), observer());
        play(&scenario.name, &mut engine, &mut observer);
        engine.finish(&mut observer);
        let wrong = scenario.unclean(&account(observer).0);
        if !wrong.is_empty() {
            unclean.insert(scenario.name, wrong);
        }
    }
    println!("{set}: {} not clean:\n{unclean:#?}", unclean.len());
    let found: BTreeSet<String> = unclean.into_keys().collect();
    let known = unclean_by_document(set, telling);
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "{set}: not clean, but not in docs/TRUTH.md: {new:#?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "{set}: clean, but in docs/TRUTH.md: {gone:#?}");
}

fn scenarios(set: &str) -> Vec<Scenario> {
    let truth = fs::read_to_string(here(&format!("truth/{set}.truth"))).unwrap();
    Scenario::parse_all(&truth).unwrap()
}

/// The scenarios of `set` in the tables of `docs/TRUTH.md`: those that are wrong in hindsight, too, in the middle of the
/// path, and those that are wrong only while they stream.
fn unclean_by_document(set: &str, telling: Telling) -> BTreeSet<String> {
    let document = fs::read_to_string(here("../docs/TRUTH.md")).unwrap();
    let heading = format!("`{set}`");
    let wrong = rows(&document, &heading);
    let at_vantage = wrong.iter().filter(|row| set != "linux" || row[1].split(", ").any(|at| at == "M"));
    let mut scenarios: BTreeSet<String> = at_vantage.flat_map(|row| names(row[0])).collect();
    if telling == Telling::Streaming {
        let streaming = rows(&document, "Streaming only");
        scenarios.extend(streaming.iter().filter(|row| row[0] == heading).flat_map(|row| names(row[1])));
    }
    scenarios
}

/// The cells of the table below `heading`, row by row.
fn rows<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let mut sections = document.split("\n### ");
    let section = sections.find_map(|section| section.strip_prefix(heading)).unwrap();
    let table = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.map_while(|line| line.strip_prefix('|')?.strip_suffix('|'));
    rows.map(|row| row.split('|').map(str::trim).collect()).collect()
}

/// The names in a cell: `one-ipv4`, and `-ipv6` behind it for the same over IPv6.
fn names(cell: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in cell.split('`').skip(1).step_by(2) {
        let first = names.last().and_then(|first| first.strip_suffix("-ipv4"));
        names.push(match first {
            Some(first) if name == "-ipv6" => format!("{first}{name}"),
            Some(_) | None => name.into(),
        });
    }
    names
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
