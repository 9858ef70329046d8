//! Pages about the flow scripts of the whole project, as a reader gets them.

use std::fs;

use fourwave_annotate::{Engine, Lang, Options, Severity};
use fourwave_dissector::capture::Reader;
use fourwave_dissector::{Dissector, Segment, Visitor, Zone};
use fourwave_tests::flow::Flow;
use fourwave_tests::{capture, files, here};

use super::collect::Entry;
use super::layout::{Page, WIDTH, width};
use super::{Collector, Found, Request, table};
use crate::terminal::Room;

const LANGUAGES: [Lang; 2] = [Lang::En, Lang::ZhHans];

/// Hands the segments of one packet to the engine.
struct Feed<'a>(&'a mut Engine, &'a mut Collector);

impl Visitor for Feed<'_> {
    fn segment(&mut self, segment: &Segment<'_>) {
        self.0.push(segment, self.1);
    }
}

/// What is found in the capture that `script` makes.
pub fn found(script: &str, request: Request) -> anyhow::Result<Found> {
    let flow = Flow::parse(script).unwrap();
    let mut reader = Reader::new(std::io::Cursor::new(capture::pcap(&flow)), "capture", 0).unwrap();
    let mut dissector = Dissector::new(Zone::Addresses);
    let mut engine = Engine::new(Options::default());
    let mut collector = request.collector();
    while let Some(packet) = reader.next().unwrap() {
        collector.packet(&packet);
        dissector.dissect(&packet, &mut Feed(&mut engine, &mut collector));
    }
    engine.finish(&mut collector);
    request.found(collector)
}

/// The page about the capture that `script` makes, without colours.
fn page(script: &str, request: Request) -> String {
    let mut found = found(script, request).unwrap();
    anstream::adapter::strip_str(&request.page(&mut found)).to_string()
}

fn script(path: &str) -> String {
    fs::read_to_string(here(path)).unwrap()
}

fn request(lang: Lang) -> Request {
    Request { connection: None, layers: false, lang, room: Room::PAGE }
}

#[test]
fn walk_through_in_english() {
    let page = page(&script("captures/server-closes-first/capture.flow"), request(Lang::En));
    insta::assert_snapshot!(page);
}

#[test]
fn walk_through_in_chinese() {
    let page = page(&script("captures/server-closes-first/capture.flow"), request(Lang::ZhHans));
    insta::assert_snapshot!(page);
}

/// Checks the promises that every page keeps.
fn check(page: &str, what: &str) {
    for line in page.lines() {
        assert!(width(line) <= WIDTH, "{what}: {line}");
        assert_eq!(line, line.trim_end(), "{what}");
    }
}

#[test]
fn every_flow_fits_eighty_columns_in_both_languages() {
    let scripts = files("flows", ".flow").unwrap();
    assert!(!scripts.is_empty());
    for path in scripts {
        let script = fs::read_to_string(&path).unwrap();
        for lang in LANGUAGES {
            for connection in [None, Some(1)] {
                let page = page(&script, Request { connection, layers: true, ..request(lang) });
                check(&page, &format!("{} in {lang}", path.display()));
            }
        }
    }
}

#[test]
fn long_numbers_and_times_fit_too() {
    let script = "Long numbers.\n\n\
        0.000 C > S S 89:89(0)\n\
        0.010 S > C S. 279:279(0) ack 90\n\
        0.020 C > S . 90:90(0) ack 280\n\
        9000000.000 C > S FP.UEW 4200000000:4200001448(1448) ack 4100000000\n\
        9000000.010 S > C F. 4100000000:4100000000(0) ack 4200001449\n\
        9000000.020 C > S SR. 4200001449:4200001449(0) ack 4100000001\n";
    for lang in LANGUAGES {
        check(&page(script, Request { connection: Some(1), layers: true, ..request(lang) }), "long numbers");
    }
}

#[test]
fn where_the_clock_goes_back_no_duration_is_known() {
    let script = "The clock goes back.\n\n\
        9.000 C > S S 99:99(0)\n\
        8.000 S > C S. 299:299(0) ack 100\n\
        7.000 C > S . 100:100(0) ack 300\n\
        5.000 C > S F. 100:100(0) ack 300\n\
        4.000 S > C . 300:300(0) ack 101\n\
        3.000 S > C F. 300:300(0) ack 101\n\
        2.000 C > S . 101:101(0) ack 301\n";
    for lang in LANGUAGES {
        let page = page(script, request(lang));
        check(&page, "back");
        // Times have decimals.
        let negative = (1..10).map(|seconds| format!("-{seconds} s")).find(|length| page.contains(length));
        assert_eq!(negative, None, "{page}");
        assert!(page.contains("\n    SYN-SENT       0.000000\n"), "{page}");
        assert!(page.contains("2 MSL = 60 s") || page.contains("2MSL = 60 s"), "{page}");
    }
    let page = page(script, request(Lang::En));
    assert!(page.contains("UTC, frames 1 to 7\n") && page.contains("Frame 5, at -5.000000 s.\n"), "{page}");
}

#[test]
fn other_connections_are_offered() {
    insta::assert_snapshot!(page(&script("flows/reuse/found-in-hindsight.flow"), request(Lang::En)));
}

/// A table of many connections in `room`, without colours.
fn table_in(room: Room) -> String {
    let Found::Table(entries) =
        found(&script("flows/reuse/found-in-hindsight.flow"), request(Lang::En)).unwrap()
    else {
        panic!("one connection")
    };
    let urgent = [None, Some(Severity::Error), Some(Severity::Note)];
    let of = |number: u64| Entry { number, urgency: urgent[number as usize % 3], ..entries[0] };
    let mut entries: Vec<_> = (1..=30).map(of).collect();
    let mut page = Page::default();
    table::print(&mut page, Lang::En, room, &mut entries);
    anstream::adapter::strip_str(&page.into_text()).to_string()
}

#[test]
fn the_table_fits_the_terminal() {
    for columns in [30, 80, 200] {
        for lines in [8, 24, 100] {
            let table = table_in(Room { columns, lines: Some(lines) });
            assert!(table.lines().all(|line| width(line) <= columns), "{table}");
            // The prompt wants a line, too; what is very narrow takes more lines than can be foreseen.
            assert!(columns < 80 || table.lines().count() < lines, "{columns} {lines}: {table}");
        }
    }
}

#[test]
fn what_needs_attention_comes_first() {
    let table = table_in(Room { columns: 200, lines: Some(12) });
    insta::assert_snapshot!(table);
}

#[test]
fn the_ladder_shows_what_was_found_and_how_long_states_last() {
    let page = page(&script("flows/loss/fin-retransmitted.flow"), request(Lang::En));
    let (_, rest) = page.split_once("The ladder\n").unwrap();
    let (ladder, _) = rest.split_once("\n\nWho began").unwrap();
    insta::assert_snapshot!(ladder);
}

/// A FIN that crossed a reset is in the ladder, and no wave.
#[test]
fn of_a_wave_that_a_reset_forestalled_it_is_not_said_that_its_segment_is_missing() {
    let fin = "A close.\nopened\n\n1.000 C > S  F.  100:100(0) ack 300\n1.010 S > C  .  300:300(0) ack 101\n";
    let crossed = "1.020 C > S  R  101:101(0)\n1.021 S > C  F.  300:300(0) ack 101\n";
    let without = page(fin, request(Lang::En));
    assert_eq!(without.matches("Not seen in this capture.").count(), 2, "{without}");
    let with = page(&format!("{fin}{crossed}"), request(Lang::En));
    assert_eq!(with.matches("Not seen before the reset.").count(), 2, "{with}");
    assert!(with.contains("Crossed the RST") && !with.contains("Not seen in"), "{with}");
}

#[test]
fn a_connection_lasts_until_another_takes_its_ports() {
    let request = Request { connection: Some(1), ..request(Lang::En) };
    let page = page(&script("flows/reuse/found-in-hindsight.flow"), request);
    assert!(page.contains(". connection 2 begins ."), "{page}");
    assert!(page.contains("until connection 2 began in frame 7\n"), "{page}");
    assert!(!page.contains("to the end of the capture") && !page.contains("can come next"), "{page}");
}

#[test]
fn a_time_wait_cut_short_does_not_run_out() {
    let script = "Reuse in TIME-WAIT, refused.\nopened\n\n\
        1.000 C > S F. 100:100(0) ack 300\n\
        1.010 S > C F. 300:300(0) ack 101\n\
        1.020 C > S . 101:101(0) ack 301\n\
        3.020 C > S S 5000:5000(0)\n\
        3.030 S > C R. 0:0(0) ack 5001\n";
    let page = |connection| page(script, Request { connection: Some(connection), ..request(Lang::En) });
    let (closed, refused) = (page(1), page(2));
    assert!(
        !closed.contains("2 MSL over") && closed.contains("2.01 s, until connection 2 began"),
        "{closed}"
    );
    assert!(refused.contains("No SYN of the server was seen"), "{refused}");
}

#[test]
fn a_connection_that_is_not_there_is_an_error() {
    let request = Request { connection: Some(7), ..request(Lang::En) };
    let Err(error) = request.found(request.collector()) else { panic!("found") };
    assert_eq!(error.to_string(), "there is no connection 7: the capture holds 0");
}
