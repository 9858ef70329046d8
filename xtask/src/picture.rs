//! The picture in the README: Wireshark's window with a capture, the plugin and the profile, as it is.

use std::fs;

use fourwave_tests::here;
use fourwave_tests::window::Window;
use fourwave_tests::wireshark::Analyzer;

use crate::command::step;

const CAPTURE: &str = "captures/server-closes-first/capture.pcap";

/// The second FIN.
const FRAME: u32 = 20;

const PICTURE: &str = "../docs/wireshark.png";

/// Takes it anew.
///
/// # Errors
/// What is missing, or what was not to be seen.
pub fn take() -> Result<(), String> {
    step("plugin");
    let analyzer = Analyzer::here(&here("../target/tmp"));
    step("window");
    let desk = analyzer.desk();
    let taken = || {
        let capture = desk.lay("server-closes-first.pcap", &fs::read(here(CAPTURE))?);
        let window = Window::open(&desk, &capture, FRAME)?;
        if !window.has_loaded("fourwave.so")? {
            return Err(std::io::Error::other("Wireshark did not load the plugin"));
        }
        window.open_last_protocol()?;
        let picture = window.png()?;
        window.close()?;
        fs::write(here(PICTURE), picture)
    };
    taken().map_err(|error| format!("no picture: {error}"))
}
