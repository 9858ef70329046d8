//! What is kept, what is left out, and in which form.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::{Capture, Sender, run, stdout};

/// Connection 1 ends in four waves, connection 2 by a reset.
fn two_endings() -> Vec<u8> {
    Capture::default().four_way(40_000).reset(40_001).octets
}

/// The values of `column` of `annotate` with `args`.
fn annotated(args: &[&str], column: &str) -> Vec<String> {
    let args = [&["annotate", "-", "--format", "csv", "--fields", column], args].concat();
    stdout(&args, &two_endings(), 0).lines().skip(1).map(String::from).collect()
}

#[test]
fn annotate_shows_the_end_unless_asked_for_all() {
    assert_eq!(annotated(&[], "role"), ["fin-1", "ack-of-fin-1", "fin-2", "ack-of-fin-2", "rst-abort"]);
    assert_eq!(annotated(&["--all"], "role").len(), 11);
}

#[test]
fn the_same_option_means_or_and_different_options_mean_and() {
    assert_eq!(annotated(&["--role", "fin-1", "--role", "rst-abort"], "frame"), ["4", "11"]);
    assert_eq!(annotated(&["--role", "fin-1", "--port", "40001"], "frame"), [""; 0]);
    assert_eq!(annotated(&["--host", "192.0.2.0/24", "--connection", "2"], "frame"), ["11"]);
    assert_eq!(annotated(&["--host", "192.0.2.2"], "frame"), [""; 0]);
}

#[test]
fn times_bound_on_both_sides() {
    let from_to = ["--from", "1700000000.05", "--to", "2023-11-14T22:13:20.06Z"];
    assert_eq!(annotated(&from_to, "frame"), ["5", "6"]);
}

#[test]
fn a_time_that_ends_before_it_begins_is_wrong_usage() {
    let wrong = ["--from", "1700000000.06", "--from", "1700000001", "--to", "2023-11-14T22:13:20.05Z"];
    for command in ["annotate", "connections", "stats", "report"] {
        let output = run(&[&[command, "-"], &wrong[..]].concat(), &two_endings());
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{command}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "fourwave: error: --from 2023-11-14T22:13:20.06Z is later than --to 2023-11-14T22:13:20.05Z; expected an \
             earlier time\n"
        );
    }
    assert_eq!(annotated(&[&wrong[..], &["--to", "1700000000.06"]].concat(), "frame"), ["6"]);
}

#[test]
fn kinds_hold_records_back_and_keep_their_order() {
    assert_eq!(annotated(&["--kind", "reset"], "frame"), ["11"]);
    assert_eq!(annotated(&["--kind", "reset", "--kind", "four-way"], "frame"), ["4", "5", "6", "7", "11"]);
    assert_eq!(annotated(&["--kind", "four-way", "--hindsight"], "frame"), ["4", "5", "6", "7"]);
}

#[test]
fn connections_by_role_of_a_segment() {
    let args = ["connections", "-", "--role", "fin-2", "--fields", "connection,kind"];
    assert_eq!(stdout(&args, &two_endings(), 0), "{\"connection\":1,\"kind\":\"four-way\"}\n");
}

#[test]
fn timer_events_belong_to_the_hosts_of_their_connection() {
    let mut capture = Capture::default().four_way(40_000);
    capture.pause(120_000);
    let capture = capture.reset(40_001).octets;
    let events = |host| {
        let args = ["annotate", "-", "--role", "time-wait-expired", "--host", host];
        stdout(&args, &capture, 0).lines().count()
    };
    assert_eq!((events("192.0.2.1"), events("203.0.113.1")), (1, 0));
}

#[test]
fn csv_has_the_same_columns_in_every_row() {
    let mut capture = Capture::default().four_way(40_000);
    capture.pause(120_000);
    let capture = capture.reset(40_001).octets;
    let fields = "record,frame,peer,client,waves";
    let rows = stdout(&["annotate", "-", "--format", "csv", "--fields", fields], &capture, 0);
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(
        rows[0],
        "record,frame,waves,client_before_confirmed,client_before_expected,client_after_confirmed,\
         client_after_expected,peer"
    );
    assert!(rows.iter().any(|row| row.starts_with("event,,,")), "{rows:?}");
    for row in &rows {
        assert_eq!(row.split(',').count(), 8, "{row}");
    }
}

#[test]
fn statistics_add_up() {
    let mut capture = Capture::default().four_way(40_000);
    capture.arp();
    let stats = stdout(&["stats", "-"], &capture.octets, 0);
    for part in [
        r#""packets":8,"packets_with_segments":7,"segments":7"#,
        r#""skipped":{"not IP":1}"#,
        r#""kinds":{"four-way":1}"#,
        r#""client_networks":{"192.0.2.0/24":1}"#,
        r#""teardown":{"count":1,"p50":30000000,"#,
    ] {
        assert!(stats.contains(part), "{part} in {stats}");
    }
}

#[test]
fn wrong_checksums_are_left_out_and_counted_on_demand() {
    let capture = two_endings();
    let counts = |args: &[&str]| {
        let rows = stdout(&[&["stats", "-", "--format", "csv"], args].concat(), &capture, 0);
        ["totals,segments,", "totals,bad_checksums,", "skipped,wrong TCP checksum,"]
            .map(|row| rows.lines().find_map(|line| line.strip_prefix(row)?.parse().ok()).unwrap_or(0))
    };
    assert_eq!(counts(&[]), [11, 11, 0]);
    assert_eq!(counts(&["--verify-checksums"]), [0, 11, 11]);
}

#[test]
fn numbers_do_not_depend_on_filters() {
    let mut capture = Capture::default();
    capture.segment(1, Sender::Client, support::RST, 5, 0);
    let capture = capture.reset(40_001).octets;
    let args = ["annotate", "-", "--port", "40001", "--fields", "connection"];
    assert_eq!(stdout(&args, &capture, 0), "{\"connection\":2}\n");
}
