//! The capture with which the README opens is what its script makes.

use std::path::Path;
use std::{env, fs};

use fourwave_tests::capture;
use fourwave_tests::flow::{Flow, Step};

const FOLDER: &str = "captures/server-closes-first";

/// With `UPDATE_CAPTURES=1` the capture is written instead.
#[test]
fn capture_is_what_the_script_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
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

#[test]
fn the_script_moves_no_clock_by_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let flow = Flow::parse(&fs::read_to_string(folder.join("capture.flow")).unwrap()).unwrap();
    assert!(flow.steps.iter().all(|step| matches!(step, Step::Packet(_))), "a capture cannot show it");
}
