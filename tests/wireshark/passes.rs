//! One pass and two: statistics and expert items are the same, and a read filter changes nothing that is shown.

use std::collections::BTreeSet;
use std::fs;

use fourwave_tests::capture::pcap;
use fourwave_tests::here;

use crate::ANALYZERS;
use crate::shown::{TELLING, counts, flow};

#[test]
fn statistics_are_those_of_two_passes() {
    for name in TELLING {
        let octets = pcap(&flow(name));
        let [one, two] =
            [&[][..], &["-2"]].map(|passes| printed(&octets, passes, &["-q", "-z", "teardown,tree"]));
        let [one, two] = [one, two].map(|all| all.iter().map(|text| counts(text)).collect::<Vec<_>>());
        assert_eq!(one, two, "{name}");
        assert!(one.iter().all(|counts| counts.contains("Connections by kind: ")), "{one:?}");
    }
}

#[test]
fn expert_items_are_collected_where_no_tree_is_shown() {
    let octets = pcap(&flow("loss/final-ack-lost"));
    for passes in [&[][..], &["-2"]] {
        for text in printed(&octets, passes, &["-q", "-z", "expert"]) {
            let ours = text.lines().filter(|line| line.contains("TCP Teardown")).count();
            assert!(ours >= 2, "{ours} lines with {passes:?}\n{text}");
        }
    }
}

/// Wireshark gives the number of a frame that a read filter leaves out to the next one.
#[test]
fn a_read_filter_changes_no_annotation() {
    let octets = fs::read(here("truth/linux/four_way_client.pcap")).unwrap();
    let fields = ["tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.srcport", "frame.time_epoch"];
    let fields = [&fields[..], &["teardown.role", "teardown.wave", "teardown.client.state"]].concat();
    for analyzer in &*ANALYZERS {
        let desk = analyzer.desk();
        let capture = desk.lay("capture", &octets);
        let all: BTreeSet<_> = desk.fields(&capture, &["-2"], &fields).into_iter().collect();
        for filter in ["tcp.srcport == 8000", "tcp.dstport == 8000", "tcp.len > 0", "tcp.flags.fin == 1"] {
            let left = desk.fields(&capture, &["-2", "-R", filter], &fields);
            assert!(!left.is_empty() && left.len() < all.len(), "{} of {}: {filter}", left.len(), all.len());
            for row in left {
                assert!(all.contains(&row), "{}: {filter}: {row:?}", analyzer.version);
            }
        }
    }
}

/// What tshark prints of a capture in each version.
fn printed(octets: &[u8], passes: &[&str], arguments: &[&str]) -> Vec<String> {
    let arguments = [passes, arguments].concat();
    let texts = ANALYZERS.iter().map(|analyzer| {
        let desk = analyzer.desk();
        let output = desk.read(&desk.lay("capture", octets), &arguments);
        assert!(output.status.success(), "{}: {output:?}", analyzer.version);
        String::from_utf8(output.stdout).unwrap()
    });
    texts.collect()
}
