//! The commands and queries that the README shows, on captures of which the answers are known.

use std::fs;

use fourwave_tests::capture::{self, ETHERNET, Frame};
use fourwave_tests::flow::Flow;
use fourwave_tests::here;
use tempfile::TempDir;

use crate::in_folder;
use crate::python;

/// Two closes by one server; a server and a client that stay in CLOSE-WAIT; three resets after a FIN, from two
/// networks, in two hours, one of them in IPv6. From 2023-11-14 22:00:00 UTC on.
const FLOWS: [&str; 6] = [
    "The server closes first.
     client 192.0.2.1:40001
     server 198.51.100.2:443
     start 1699999200
     opened
     1.000 S > C  F.  300:300(0) ack 100
     1.010 C > S  .   100:100(0) ack 301
     1.020 C > S  F.  100:100(0) ack 301
     1.030 S > C  .   301:301(0) ack 101",
    "The server closes first; the client follows after 61 seconds.
     client 192.0.2.2:40002
     server 198.51.100.2:443
     start 1699999210
     opened
     1.000 S > C  F.  300:300(0) ack 100
     1.010 C > S  .   100:100(0) ack 301
     62.000 C > S  F.  100:100(0) ack 301
     62.010 S > C  .   301:301(0) ack 101",
    "The client closes first; the server follows after 90 seconds.
     client [2001:db8::1]:40003
     server [2001:db8::2]:8080
     start 1699999220
     opened
     1.000 C > S  F.  100:100(0) ack 300
     1.010 S > C  .   300:300(0) ack 101
     91.000 S > C  F.  300:300(0) ack 101
     91.010 C > S  .   101:101(0) ack 301",
    "FIN, then RST by the same peer.
     client 192.0.2.1:40004
     server 198.51.100.2:443
     start 1699999230
     opened
     1.000 C > S  F.  100:100(0) ack 300
     1.010 S > C  .   300:300(0) ack 101
     1.011 C > S  R.  101:101(0) ack 300",
    "The same from another network, in the next hour.
     client 203.0.113.7:40005
     server 198.51.100.3:443
     start 1700002800
     opened
     1.000 C > S  F.  100:100(0) ack 300
     1.010 S > C  .   300:300(0) ack 101
     1.011 C > S  R.  101:101(0) ack 300",
    "The same in IPv6, which has no /24.
     client [2001:db8::1]:40006
     server [2001:db8::2]:8080
     start 1700002810
     opened
     1.000 C > S  F.  100:100(0) ack 300
     1.010 S > C  .   300:300(0) ack 101
     1.011 C > S  R.  101:101(0) ack 300",
];

/// The answers to the queries, in their order.
const ANSWERS: [&str; 3] = [
    "198.51.100.2:443\t3\t2\n",
    "[2001:db8::2]:8080\t1\t89.99\n192.0.2.2\t1\t60.99\n",
    "192.0.2.0/24\t2023-11-14 22:00:00\t1\n203.0.113.0/24\t2023-11-14 23:00:00\t1\n",
];

#[test]
fn queries_of_the_readme_give_the_answers() {
    let readme = fs::read_to_string(here("../README.md")).unwrap();
    let (_, section) = readme.split_once("\n## In DuckDB and Polars\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();

    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("captures")).unwrap();
    fs::write(folder.path().join("captures/all.pcap"), all_flows()).unwrap();
    let commands: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("fourwave ")).collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        in_folder(folder.path(), &command.split_whitespace().collect::<Vec<_>>());
    }
    let queries: Vec<&str> =
        section.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(queries.len(), ANSWERS.len());
    for (query, answer) in queries.into_iter().zip(ANSWERS) {
        assert_eq!(python("query.py", &[query], folder.path()).unwrap(), answer, "{query}");
    }
}

/// The flows in one capture, in the order of time.
fn all_flows() -> Vec<u8> {
    let flows = FLOWS.map(|script| Flow::parse(script).unwrap());
    let mut frames: Vec<Frame> = flows.iter().flat_map(capture::frames).collect();
    frames.sort_by_key(|frame| frame.time_ns);
    capture::file(ETHERNET, &frames)
}
