//! What people read: the tree, the expert items and the statistics, as snapshots that every version must give.

use std::fs;

use fourwave_tests::capture::{file, frames, pcap};
use fourwave_tests::flow::Flow;
use fourwave_tests::here;
use fourwave_tests::wrap::WRAPS;

use crate::ANALYZERS;

/// Scripts that differ in what there is to show.
pub const TELLING: [&str; 6] = [
    "close/four-way",
    "close/three-segment",
    "close/simultaneous",
    "loss/final-ack-lost",
    "reset/fin-then-rst",
    "reuse/syn-in-time-wait",
];

#[test]
fn trees() {
    for name in TELLING {
        check(&format!("tree {name}"), &pcap(&flow(name)), &["-2", "-V", "-O", "teardown"], tree);
    }
}

/// Where nobody asks for one of the fields, a first pass has the short form.
#[test]
fn tree_in_one_pass() {
    let octets = pcap(&flow("loss/final-ack-lost"));
    check("tree in one pass", &octets, &["-V", "-O", "teardown"], tree);
}

#[test]
fn tree_of_two_segments_in_a_frame() {
    let wrap = WRAPS.iter().find(|wrap| wrap.name == "aggregated").unwrap();
    let octets = file(wrap.link_type, &(wrap.apply)(&frames(&flow("close/four-way"))));
    check("tree aggregated", &octets, &["-2", "-V", "-O", "teardown"], tree);
}

#[test]
fn tree_in_chinese() {
    let octets = pcap(&flow("close/three-segment"));
    let arguments = ["-2", "-V", "-O", "teardown", "-o", "teardown.language:zh-CN"];
    check("tree in Chinese", &octets, &arguments, tree);
}

#[test]
fn expert_items() {
    let arguments = ["-2", "-Y", "teardown.finding", "-T", "fields", "-e", "frame.number", "-e"];
    let arguments = [&arguments[..], &["teardown.finding", "-e", "_ws.expert.message"]].concat();
    for name in ["loss/final-ack-lost", "reset/fin-then-rst", "close/simultaneous"] {
        check(&format!("expert {name}"), &pcap(&flow(name)), &arguments, str::to_owned);
    }
}

#[test]
fn statistics() {
    for name in TELLING {
        let octets = pcap(&flow(name));
        check(&format!("statistics {name}"), &octets, &["-2", "-q", "-z", "teardown,tree"], counts);
    }
}

/// The snapshot `name` of what tshark prints of a capture, in each version.
fn check(name: &str, octets: &[u8], arguments: &[&str], take: fn(&str) -> String) {
    let name = name.replace(['/', ' '], "-");
    for analyzer in &*ANALYZERS {
        let desk = analyzer.desk();
        let output = desk.read(&desk.lay("capture", octets), arguments);
        assert!(output.status.success(), "{}: {output:?}", analyzer.version);
        println!("Wireshark {}", analyzer.version);
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let printed = String::from_utf8(output.stdout).unwrap();
        settings.bind(|| insta::assert_snapshot!(&*name, take(&printed)));
    }
}

/// Of the trees of all packets the number of the packet and what the plugin added. How a duration is written is of the
/// version, so it is left out.
fn tree(printed: &str) -> String {
    let mut text = String::new();
    let mut ours = false;
    for line in printed.lines() {
        if let Some((number, _)) = line.strip_prefix("Frame ").and_then(|rest| rest.split_once(':')) {
            text += &format!("\nFrame {number}\n");
        }
        ours = if line.starts_with(' ') { ours } else { line.starts_with("[TCP Teardown") };
        match line.split_once(':') {
            _ if !ours => {}
            Some((label, _)) if label.trim_start().starts_with("[Time ") => {
                text += &format!("{label}: ...]\n");
            }
            Some(_) | None => text += &format!("{line}\n"),
        }
    }
    text
}

/// The topics and counts of a statistics table; its other columns are of the version.
pub fn counts(printed: &str) -> String {
    let lines = printed.lines().filter(|line| !line.is_empty() && !line.starts_with(['=', '-']));
    let lines = lines.map(|line| {
        let mut columns = line.trim_end().splitn(2, "  ");
        let topic = columns.next().unwrap_or_default();
        let count = columns.next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        format!("{topic}: {count}\n")
    });
    lines.collect()
}

/// A script.
pub fn flow(name: &str) -> Flow {
    let path = here(&format!("flows/{name}.flow"));
    Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()
}
