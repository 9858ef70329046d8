//! The plugin in Wireshark's window: it is loaded, the profile colours the waves, and the window closes in peace.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use fourwave_tests::here;
use fourwave_tests::window::Window;
use fourwave_tests::wireshark::Analyzer;

#[test]
fn a_window_opens_colours_the_waves_and_closes() {
    let analyzer = Analyzer::here(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let desk = analyzer.desk();
    let octets = fs::read(here("captures/server-closes-first/capture.pcap")).unwrap();
    let capture = desk.lay("server-closes-first.pcap", &octets);
    let window = Window::open(&desk, &capture, 20).unwrap();
    assert!(window.has_loaded("fourwave.so").unwrap());
    window.open_last_protocol().unwrap();
    let ended = window.close().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{}\n{said}", ended.status);
    let about_us = said.lines().find(|line| line.contains("fourwave") || line.contains("eardown"));
    assert_eq!(about_us, None);
    assert!(!said.contains("Dissector bug"), "{said}");
}
