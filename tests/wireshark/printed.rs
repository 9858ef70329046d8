//! Whatever tshark is told to print, in one pass and two: what it takes from the plugin is there.

#[path = "../../ffi/wireshark/src/command_line.rs"]
mod command_line;

use std::ffi::OsString;

use command_line::{Printed, printed};
use fourwave_tests::capture::pcap;

use crate::ANALYZERS;
use crate::shown::flow;

/// Ways to ask for something of the plugin, and a text that is an answer.
const ASKED: [(&[&str], &str); 15] = [
    (&["-V"], "[Role: fin-1"),
    (&["-V", "-Y", "teardown.connection == 1"], "[Connection: 1]"),
    (&["-T", "json"], "\"teardown.role\": \"fin-1\""),
    (&["-T", "ek"], "\"fin-1\""),
    (&["-Tpdml"], "show=\"fin-1\""),
    (&["-T", "fields", "-e", "frame.number", "-e", "teardown.role"], "fin-1"),
    (&["-Tfields", "-eframe.number", "-eteardown.role"], "fin-1"),
    (&["-T", "fields", "-ne", "teardown.next"], "LAST-ACK: fin, self"),
    (&["-T", "json", "-e", "frame.number", "-e", "teardown.sender.after"], "\"FIN-WAIT-1\""),
    (&["-T", "fields", "-e", "_ws.expert.message", "-e", "frame.number"], "FIN sent again after 230 ms"),
    (&["-V", "-Y", "_ws.expert.message contains \"FIN sent again\""], "[Role: fin-retransmission"),
    (&["-Y", "_ws.expert.message contains \"FIN sent again\""], "[FIN, ACK]"),
    (&["-T", "fields", "-e", "frame.protocols", "-Y", "teardown.wave == 1"], "eth:ethertype:ip:tcp"),
    (&["-T", "fields", "-e", "frame.number", "-z", "expert"], "TCP Teardown"),
    (&["-T", "fields", "-e", "frame.number", "-z", "teardown,tree"], "ack-of-fin-1"),
];

#[test]
fn nothing_is_missing() {
    let octets = pcap(&flow("loss/final-ack-lost"));
    for analyzer in &*ANALYZERS {
        let desk = analyzer.desk();
        let capture = desk.lay("capture", &octets);
        for (arguments, answer) in ASKED {
            for passes in [&[][..], &["-2"]] {
                let arguments = [passes, arguments].concat();
                let output = desk.read(&capture, &arguments);
                let text = String::from_utf8_lossy(&output.stdout);
                assert!(text.contains(answer), "{}: {arguments:?}: {text}{output:?}", analyzer.version);
            }
        }
    }
}

/// The line of a user, and what it says.
#[test]
fn command_lines() {
    let said = |line: &str| printed(line.split(' ').map(OsString::from));
    for line in [
        "tshark -r a.pcap -T fields -e frame.number",
        "/usr/bin/tshark -n -2 -r a.pcap -T fields -e ip.src -e tcp.stream -E header=y",
        "tshark -r teardown.pcap -T fields -nefoo.teardown -e teardowns.role -Y teardown.wave",
    ] {
        assert_eq!(said(line), Printed::Others, "{line}");
    }
    for line in [
        "tshark -r a.pcap -T fields -e frame.number -e teardown",
        "tshark -r a.pcap -T fields -e frame.number -e teardown.role",
        "tshark -r a.pcap -Tfields -eframe.number -neteardown.finding.rst_abort",
        "tshark -r a.pcap -T json -e teardown.role",
    ] {
        assert_eq!(said(line), Printed::Ours, "{line}");
    }
    for line in [
        "tshark -r a.pcap",
        "tshark -r a.pcap -V",
        "tshark -r a.pcap -T json -e frame.number",
        "tshark -r a.pcap -T fields -T text",
        "tshark -r a.pcap -T fields -nTjson -e frame.number",
        "tshark -r a.pcap -T fields -e frame.number -e _ws.expert",
        "tshark -r a.pcap -T fields -e_ws.expert.message",
        "tshark -r a.pcap -T",
        "sharkd -T fields -e frame.number",
        "",
    ] {
        assert_eq!(said(line), Printed::Anything, "{line}");
    }
    assert_eq!(printed([].into_iter()), Printed::Anything);
}
