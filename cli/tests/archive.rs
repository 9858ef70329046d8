//! Archives: which files are read as one capture, and in which order.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use support::archive::{Folder, HEADER, HOUR, RECORD, cut, interwoven, later, placeless};
use support::{ACK, Capture, Sender, run, stdout};

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn rotated_files_give_the_records_of_the_whole_in_any_order_and_compression() {
    let whole = interwoven(20);
    // Eleven files, so that their names are not in the order of their numbers.
    let pieces = cut(&whole, 13);
    let files: Vec<_> = pieces
        .iter()
        .zip(0..)
        .map(|(piece, number)| match number % 3 {
            0 => (format!("x.pcap{number}"), piece.clone()),
            1 => (format!("x.pcap{number}.gz"), gzip(piece)),
            _ => (format!("x.pcap{number}.zst"), zstd::encode_all(&**piece, 1).unwrap()),
        })
        .collect();
    let files: Vec<_> = files.iter().map(|(name, octets)| (name.as_str(), octets.as_slice())).collect();
    let folder = Folder::with(&files);
    let in_order: Vec<_> = files.iter().map(|(name, _)| *name).collect();
    let reversed: Vec<_> = in_order.iter().rev().copied().collect();
    for command in [&["connections"][..], &["annotate", "--all"], &["annotate", "--hindsight"]] {
        let of_whole = placeless(&stdout(&[command, &["-"]].concat(), &whole, 0));
        assert!(of_whole.len() >= 20, "{}", of_whole.len());
        let of_files = folder.stdout(command, &in_order, 0);
        assert_eq!(placeless(&of_files), of_whole, "{command:?}");
        assert_eq!(folder.stdout(command, &reversed, 0), of_files, "{command:?}");
        assert_eq!(folder.stdout(command, &["*"], 0), of_files, "{command:?}");
    }
    let connections = folder.stdout(&["connections", "--fields", "first_frame,file,last_frame"], &["."], 0);
    let last: Value = serde_json::from_str(connections.lines().last().unwrap()).unwrap();
    // Packet 58 and packet 140 of the whole.
    assert_eq!((&last["first_frame"], &last["last_frame"]), (&Value::from(6), &Value::from(10)));
    assert!(last["file"].as_str().unwrap().ends_with("x.pcap4.gz"), "{last}");
}

#[test]
fn without_series_each_file_is_a_capture_and_numbers_go_on() {
    let pieces = cut(&interwoven(20), 60);
    let folder = Folder::with(&[("1.pcap", &pieces[0]), ("2.pcap", &pieces[1])]);
    let files = ["2.pcap", "1.pcap"];
    assert_eq!(folder.connections(&files), 20);
    let args = ["connections", "--series", "off", "--format", "csv", "--fields", "connection,file"];
    let connections = folder.stdout(&args, &files, 0);
    let rows: Vec<_> = connections.lines().skip(1).collect();
    // Fifteen in the second file, which is given first, and those that are open at the end of the first.
    assert_eq!(rows.len(), 15 + 20);
    let first = folder.path("1.pcap").display().to_string();
    assert_eq!((rows[15], rows[34]), (&*format!("16,{first}"), &*format!("35,{first}")));
}

#[test]
fn captures_of_the_same_traffic_at_two_points_are_not_merged() {
    let client = interwoven(20);
    let server = later(&client, 300);
    let folder = Folder::with(&[("client.pcap", &client), ("server.pcap", &server)]);
    assert_eq!(folder.connections(&["client.pcap", "server.pcap"]), 40);
    // Both rotated at the same time.
    let (client, server) = (cut(&client, 60), cut(&server, 60));
    let files = [("c1", &client[0]), ("c2", &client[1]), ("s1", &server[0]), ("s2", &server[1])];
    let folder = Folder::with(&files.map(|(name, octets)| (name, octets.as_slice())));
    assert_eq!(folder.connections(&["c1", "s1", "s2", "c2"]), 40);
    // One of them was not rotated.
    assert_eq!(folder.connections(&["c1", "s1", "s2"]), 40);
    assert!(!folder.stdout(&["annotate", "--all"], &["."], 0).contains("\"repeat\""));
}

#[test]
fn captures_of_the_same_traffic_are_not_merged_when_their_clocks_differ_by_more_than_they_last() {
    let client = interwoven(20);
    for microseconds in [2_000_000, 5_000_000, 10_000_000] {
        let server = later(&client, microseconds);
        let folder = Folder::with(&[("client.pcap", &client), ("server.pcap", &server)]);
        assert_eq!(folder.connections(&["client.pcap", "server.pcap"]), 40, "{microseconds}");
        // Both were rotated.
        let (client, server) = (cut(&client, 60), cut(&server, 60));
        let files = [("c1", &client[0]), ("c2", &client[1]), ("s1", &server[0]), ("s2", &server[1])];
        let folder = Folder::with(&files.map(|(name, octets)| (name, octets.as_slice())));
        assert_eq!(folder.connections(&["."]), 40, "{microseconds}");
    }
}

#[test]
fn what_comes_again_anyway_does_not_part_a_capture() {
    let mut capture = Capture::default();
    capture.open(1);
    capture.text(1, Sender::Client, ACK, 100, 301, b"?");
    let first = capture.octets.clone();
    // The same acknowledgment and keep-alive, and what is new.
    capture.segment(1, Sender::Client, ACK, 101, 301);
    capture.text(1, Sender::Client, ACK, 100, 301, b"?");
    capture.text(1, Sender::Client, ACK, 101, 301, b"text");
    let second = [&first[..HEADER], &capture.octets[first.len()..]].concat();
    let folder = Folder::with(&[("a", &first), ("b", &second)]);
    assert_eq!(folder.connections(&["."]), 1);
}

/// The same capture with time in nanoseconds, and a bit of it below a microsecond.
fn in_nanoseconds(capture: &[u8]) -> Vec<u8> {
    let mut capture = capture.to_vec();
    capture[..4].copy_from_slice(&0xa1b2_3c4d_u32.to_le_bytes());
    for record in capture[HEADER..].chunks_mut(RECORD) {
        let microseconds = u32::from_le_bytes(record[4..8].try_into().unwrap());
        record[4..8].copy_from_slice(&(microseconds * 1000 + 7).to_le_bytes());
    }
    capture
}

#[test]
fn copies_of_a_moment_in_other_formats_are_not_merged() {
    let moment = cut(&interwoven(1), 1).swap_remove(0);
    let (zipped, exact) = (gzip(&moment), in_nanoseconds(&moment));
    let files = [("a1", &moment), ("a2.gz", &zipped), ("a3", &exact), ("b.gz", &zipped), ("c", &exact)];
    let folder = Folder::with(&files.map(|(name, octets)| (name, octets.as_slice())));
    for name in ["a2.gz", "a3", "b.gz", "c"] {
        assert_eq!(folder.connections(&["a1", name]), 2, "{name}");
    }
    assert_eq!(folder.connections(&["."]), 5);
}

#[test]
fn a_file_given_twice_is_two_captures() {
    let capture = interwoven(20);
    let moment = cut(&capture, 1).swap_remove(0);
    let folder = Folder::with(&[("a", &capture), ("copy of a", &capture), ("moment", &moment)]);
    assert_eq!(folder.connections(&["a", "a"]), 40);
    assert_eq!(folder.connections(&["a", "copy of a"]), 40);
    assert_eq!(folder.connections(&["moment", "moment"]), 2);
}

#[test]
fn a_gap_ends_a_series_unless_the_names_go_on() {
    let pieces = cut(&interwoven(20), 60);
    let after_two_hours = later(&pieces[1], 2 * HOUR);
    let folder = Folder::with(&[("x1", &pieces[0]), ("x2", &after_two_hours), ("y", &after_two_hours)]);
    let args = ["connections", "--idle", "100000"];
    assert_eq!(folder.stdout(&args, &["x1", "x2"], 0).lines().count(), 20);
    assert_eq!(folder.stdout(&args, &["x1", "y"], 0).lines().count(), 20 + 15);
}

#[test]
fn files_may_overlap_at_their_edge() {
    let mut capture = interwoven(20);
    // The last packet of the first file and the first of the second change places.
    let edge = HEADER + 59 * RECORD;
    capture[edge..edge + 2 * RECORD].rotate_left(RECORD);
    let pieces = cut(&capture, 60);
    let folder = Folder::with(&[("a", &pieces[0]), ("b", &pieces[1])]);
    assert_eq!(folder.connections(&["b", "a"]), 20);
}

#[test]
fn the_last_file_of_a_series_may_still_be_written() {
    let pieces = cut(&interwoven(20), 60);
    let unfinished = &pieces[1][..pieces[1].len() - 1];
    let folder = Folder::with(&[("x1", &pieces[0]), ("x2", unfinished), ("x3", &pieces[2])]);
    let path = |name: &str| folder.path(name).display().to_string();
    let output = run(&["connections", &path("x1"), &path("x2")], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.contains("note") && message.contains("x2: packet 60 at octet"), "{message}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 20);
    // With a file behind it, the packet is lost.
    let output = run(&["connections", &path(".")], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("error") && message.contains("x2: packet 60 at octet"), "{message}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 20);
}

/// What standard error and standard output say of all files in a folder, which is the same for any number of threads.
fn said(folder: &Folder, code: i32) -> (String, String) {
    let path = folder.path("");
    let [one, two] = ["1", "2"].map(|jobs| {
        let output = run(&["connections", "--jobs", jobs, path.to_str().unwrap()], &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        (said, String::from_utf8(output.stdout).unwrap())
    });
    assert_eq!(one, two);
    one
}

#[test]
fn the_newest_file_of_a_series_may_have_no_packet_yet() {
    let pieces = cut(&interwoven(20), 60);
    let next = &pieces[2];
    let (zipped, zstd, mut lz4) = (gzip(next), zstd::encode_all(&**next, 1).unwrap(), Vec::new());
    lz4.extend([0x04, 0x22, 0x4d, 0x18, 0x64, 0x40, 0xa7]);
    let pcapng =
        [&0x0a0d_0d0a_u32.to_le_bytes()[..], &28_u32.to_le_bytes(), &0x1a2b_3c4d_u32.to_le_bytes()].concat();
    let begun = [
        &[][..],
        &next[..3],
        &next[..HEADER - 1],
        &next[..HEADER + 20],
        &zipped[..2],
        &zipped[..12],
        &zstd[..4],
        &zstd[..9],
        &lz4,
        &pcapng,
    ];
    for begun in begun {
        let files = [("x8", &*pieces[0]), ("x9", &*pieces[1]), ("x10", begun), ("y", &*later(next, HOUR))];
        let folder = Folder::with(&files);
        let (message, records) = said(&folder, 0);
        assert!(
            message.starts_with("fourwave: note: ") && message.contains("x10: "),
            "{begun:x?}: {message}"
        );
        assert!(message.contains("perhaps still being written\n"), "{begun:x?}: {message}");
        fs::remove_file(folder.path("x10")).unwrap();
        assert_eq!(said(&folder, 0), (String::new(), records), "{begun:x?}");
    }
}

#[test]
fn an_empty_file_elsewhere_is_an_error() {
    let pieces = cut(&interwoven(20), 60);
    let (one, other) = (&*pieces[0], &*pieces[1]);
    for files in [
        [("x1", one), ("x2", b""), ("x3", other)],
        [("x1", b""), ("x2", one), ("x3", other)],
        [("x1", one), ("x2", other), ("y3", b"")],
        [("x1", one), ("x2", other), ("x2.gz", b"")],
    ] {
        let (said, _) = said(&Folder::with(&files), 1);
        let (empty, _) = files.iter().find(|(_, octets)| octets.is_empty()).unwrap();
        let message = format!("{empty}: not in a format that is read here, but an empty file\n");
        assert!(said.starts_with("fourwave: error: ") && said.ends_with(&message), "{said}");
    }
    // Two cannot be the newest.
    let (said, _) = said(&Folder::with(&[("x1", one), ("x2", b""), ("x3", b"")]), 1);
    assert!(
        said.contains("note") && said.contains("x2: ") && said.contains("error") && said.contains("x3: "),
        "{said}"
    );
}

#[test]
fn what_is_no_capture_is_reported_and_the_series_goes_on() {
    let pieces = cut(&interwoven(20), 60);
    let files = [
        ("x1", &*pieces[0]),
        ("x2", &pieces[1]),
        ("x3", &pieces[2]),
        ("empty", b""),
        ("notes", b"Meeting at ten"),
    ];
    let folder = Folder::with(&files);
    let output = run(&["connections", folder.path(".").to_str().unwrap()], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("empty: not in a format that is read here, but an empty file"), "{message}");
    assert!(message.contains("notes: not in a format"), "{message}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 20);
}

#[test]
fn that_a_directory_is_empty_is_said() {
    let folder = Folder::with(&[]);
    let output = run(&["connections", folder.path("").to_str().unwrap()], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.starts_with("fourwave: note: ") && message.contains(": no file in it"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_followed_no_further() {
    let folder = Folder::with(&[("a", &Capture::default().reset(1).octets)]);
    std::os::unix::fs::symlink(folder.path(""), folder.path("loop")).unwrap();
    let path = folder.path("");
    let output = run(&["connections", path.to_str().unwrap(), "--fields", "kind"], &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"{\"kind\":\"reset\"}\n"[..]));
    let (link, path) = (folder.path("loop"), path.display());
    assert_eq!(message, format!("fourwave: note: {}: leads back to {path}, and left out\n", link.display()));
}

#[test]
fn captures_come_in_the_order_of_their_times_but_where_they_have_none() {
    let early = Capture::default().reset(1).octets;
    let late = later(&Capture::default().reset(2).octets, 3 * HOUR);
    let mut other = later(&Capture::default().reset(3).octets, 1);
    // Link type 113.
    other[20] = 113;
    let folder = Folder::with(&[("late", &late), ("early", &early), ("other", &other)]);
    let names = |files: &[&str]| -> Vec<String> {
        let page = folder.stdout(&["stats", "--format", "jsonl"], files, 0);
        let files = serde_json::from_str::<Value>(&page).unwrap()["files"].take();
        let name = |file: &Value| file.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        files.as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(names(&["late", "other", "early"]), ["early", "late", "other"]);
    assert_eq!(names(&["other", "late", "early"]), ["other", "early", "late"]);
}
