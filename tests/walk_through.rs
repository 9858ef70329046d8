//! The capture with which the README opens is what its script makes.

use std::{env, fs};

use fourwave_tests::flow::Flow;
use fourwave_tests::{capture, here};

const FOLDER: &str = "captures/server-closes-first";

/// With `UPDATE_CAPTURES=1` the capture is written instead.
#[test]
fn capture_is_what_the_script_makes() {
    let folder = here(FOLDER);
    let flow = Flow::parse(&fs::read_to_string(folder.join("capture.flow")).unwrap()).unwrap();
    let made = capture::pcap(&flow);
    let path = folder.join("capture.pcap");
    if env::var_os("UPDATE_CAPTURES").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(
        fs::read(&path).unwrap() == made,
        "{FOLDER}/capture.pcap is not what its script makes: run the test with UPDATE_CAPTURES=1"
    );
}
