//! Wireshark's window: a capture in it, the plugin loaded, the profile Teardown chosen, on a screen of its own.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::here;
use crate::screen::{PACKAGES, Screen};
use crate::wireshark::Desk;

const PROFILE: &str = "../ffi/wireshark/profile/Teardown";

/// The profile's colour of wave 1. Nothing has it until the plugin has told the waves.
const WAVE_1: [u8; 3] = [0x99, 0xCC, 0xFF];

const WIDTH: u32 = 1400;
const HEIGHT: u32 = 950;

/// 21 segments above, the details wider than the octets below.
const PANES: &str = "gui.geometry_main_upper_pane: 400\ngui.geometry_main_lower_pane: 850\n";

/// In the pane of the details, below what is in it at first.
const DETAILS: (u32, u32) = (WIDTH / 3, HEIGHT - 50);

/// On a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(40);

/// The window, open.
#[derive(Debug)]
pub struct Window {
    screen: Screen,
    wireshark: Child,
}

impl Window {
    /// Opens the capture of this name on the desk at this frame, and waits until the colour of wave 1 is to be seen.
    ///
    /// # Errors
    /// If something is missing, or does not come in time.
    pub fn open(desk: &Desk<'_>, capture: &Path, frame: u32) -> io::Result<Self> {
        // Another program may start it, so that it is not there is seen only when it has ended.
        let runs = desk.wireshark().arg("--version").output().is_ok_and(|output| output.status.success());
        if !runs {
            return Err(io::Error::other(format!("cannot run wireshark; {PACKAGES}")));
        }
        furnish(desk)?;
        let screen = Screen::open(WIDTH, HEIGHT)?;
        let mut wireshark = desk.wireshark();
        wireshark.args(["-n", "-C", "Teardown", "-g", &frame.to_string(), "-r"]).arg(capture);
        wireshark.env("DISPLAY", screen.name());
        wireshark.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let window = Self { wireshark: wireshark.spawn()?, screen };
        let name = capture.file_name().unwrap_or_default().to_string_lossy();
        match window.wait_for(&name) {
            Ok(()) => Ok(window),
            Err(error) => Err(window.give_up(&error)),
        }
    }

    /// Whether the process has this file in its memory.
    ///
    /// # Errors
    /// If the kernel does not tell.
    pub fn has_loaded(&self, name: &str) -> io::Result<bool> {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.wireshark.id()))?;
        Ok(maps.lines().any(|line| line.ends_with(&format!("/{name}"))))
    }

    /// Opens the last protocol in the details of the frame, with all that is below it.
    ///
    /// # Errors
    /// If keys cannot be pressed, or the picture does not come to rest.
    pub fn open_last_protocol(&self) -> io::Result<()> {
        self.screen.click(DETAILS.0, DETAILS.1)?;
        // While no line is current, any key goes to the first.
        self.screen.press(&["End", "End", "shift+Right"])?;
        if self.screen.settles(PATIENCE) {
            Ok(())
        } else {
            Err(io::Error::other("the picture does not come to rest"))
        }
    }

    /// The window as a PNG.
    ///
    /// # Errors
    /// If no picture can be taken.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        self.screen.png()
    }

    /// Closes it as a user does; how Wireshark ended, and what it said on standard error.
    ///
    /// # Errors
    /// If it does not end.
    pub fn close(mut self) -> io::Result<Output> {
        let end = Instant::now() + PATIENCE;
        while self.wireshark.try_wait()?.is_none() {
            if Instant::now() > end {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the window does not close"));
            }
            // It fails when the window is gone, and then there is nothing to press.
            let _ = self.screen.press(&["ctrl+q"]);
            thread::sleep(Duration::from_millis(500));
        }
        let stderr = self.wireshark.stderr.take().map(io::read_to_string).transpose()?.unwrap_or_default();
        Ok(Output { status: self.wireshark.wait()?, stdout: Vec::new(), stderr: stderr.into_bytes() })
    }

    fn wait_for(&self, title: &str) -> io::Result<()> {
        self.screen.window(title, PATIENCE)?;
        if self.screen.shows(WAVE_1, PATIENCE) {
            return Ok(());
        }
        Err(io::Error::other("the window does not show the colour of wave 1"))
    }

    /// The error, and what Wireshark said.
    fn give_up(mut self, error: &io::Error) -> io::Error {
        // One that has ended has said it too.
        let _ = self.wireshark.kill();
        let said = self.wireshark.stderr.take().map(io::read_to_string);
        let said = said.transpose().ok().flatten().unwrap_or_default();
        io::Error::new(error.kind(), format!("{error}; Wireshark said: {}", said.trim()))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // One that was closed has ended.
        let _ = self.wireshark.kill();
        let _ = self.wireshark.wait();
    }
}

/// The profile, and settings that make the window as large as the screen.
fn furnish(desk: &Desk<'_>) -> io::Result<()> {
    const SETTINGS: &str = ".config/wireshark";
    for entry in fs::read_dir(here(PROFILE))? {
        let entry = entry?;
        let mut text = fs::read(entry.path())?;
        if entry.file_name() == "recent" {
            text.extend_from_slice(PANES.as_bytes());
        }
        desk.furnish(&format!("{SETTINGS}/profiles/Teardown/{}", entry.file_name().display()), &text);
    }
    let place = format!(
        "gui.geometry_main_x: 0\ngui.geometry_main_y: 0\n\
         gui.geometry_main_width: {WIDTH}\ngui.geometry_main_height: {HEIGHT}\n"
    );
    desk.furnish(&format!("{SETTINGS}/recent_common"), place.as_bytes());
    Ok(())
}
