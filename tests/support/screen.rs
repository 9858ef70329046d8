//! A screen that nobody sits at, and windows on it: an X server without a monitor (Xvfb), whose picture can be taken
//! (ImageMagick) and whose keyboard and mouse are pressed by a program (xdotool).
//!
//! Nothing of this knows what is shown.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What must be installed for all of it.
pub const PACKAGES: &str = "apt-get install wireshark xvfb imagemagick xdotool fonts-dejavu-core libqt5svg5";

/// How often is looked whether something has come to be.
const MOMENT: Duration = Duration::from_millis(200);

/// A screen. It goes dark with this value.
#[derive(Debug)]
pub struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    /// A screen of this size in pixels.
    ///
    /// # Errors
    /// If there is no server for it, or it does not start.
    pub fn open(width: u32, height: u32) -> io::Result<Self> {
        let mut server = Command::new("Xvfb");
        // The server finds a number that is free, and says which.
        server.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")]);
        let mut server = started(server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut number = String::new();
        if let Some(said) = server.stdout.take() {
            BufReader::new(said).read_line(&mut number)?;
        }
        let screen = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().is_empty() {
            return Err(io::Error::other("Xvfb did not start"));
        }
        Ok(screen)
    }

    /// Its name, for `DISPLAY`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits for a window whose title has `title` in it. Keys go to it from then on.
    ///
    /// # Errors
    /// If there is none in time.
    pub fn window(&self, title: &str, patience: Duration) -> io::Result<()> {
        let found = wait(patience, || self.xdotool(&["search", "--name", title]).ok());
        let found = found.ok_or_else(|| io::Error::other(format!("no window with {title} in its title")))?;
        let window = found.lines().next().unwrap_or_default();
        self.xdotool(&["windowfocus", "--sync", window]).map(drop)
    }

    /// Presses keys, one after another, by their names.
    ///
    /// # Errors
    /// If there is no way to press them.
    pub fn press(&self, keys: &[&str]) -> io::Result<()> {
        self.xdotool(&[&["key", "--delay", "100"], keys].concat()).map(drop)
    }

    /// Presses the first button of the mouse at a place, and puts the mouse aside.
    ///
    /// # Errors
    /// If there is no way to press it.
    pub fn click(&self, x: u32, y: u32) -> io::Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        self.xdotool(&["mousemove", &x, &y, "click", "1", "sleep", "0.2", "mousemove", "9999", "9999"])
            .map(drop)
    }

    /// Three octets a pixel, row after row.
    ///
    /// # Errors
    /// If no picture can be taken.
    pub fn pixels(&self) -> io::Result<Vec<u8>> {
        output(self.import().args(["-depth", "8", "rgb:-"]))
    }

    /// As a PNG with as many colours as a small file holds. Those of areas stay what they are.
    ///
    /// # Errors
    /// If no picture can be taken.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        output(self.import().args(["-depth", "8", "+dither", "-colors", "255", "-strip", "png:-"]))
    }

    /// Waits until more pixels than a few have this colour; false if that does not happen in time.
    #[must_use]
    pub fn shows(&self, colour: [u8; 3], patience: Duration) -> bool {
        const FEW: usize = 1000;
        let has_colour = |pixels: &Vec<u8>| {
            let (pixels, _) = pixels.as_chunks::<3>();
            pixels.iter().filter(|pixel| **pixel == colour).count() > FEW
        };
        wait(patience, || self.pixels().ok().filter(has_colour)).is_some()
    }

    /// Waits until the picture changes no more; false if that does not happen in time.
    #[must_use]
    pub fn settles(&self, patience: Duration) -> bool {
        let mut last = None;
        let is_still = || {
            let now = self.pixels().ok();
            let same = now.is_some() && now == last;
            last = now;
            same.then_some(())
        };
        wait(patience, is_still).is_some()
    }

    fn import(&self) -> Command {
        let mut import = Command::new("import");
        import.args(["-display", &self.name, "-window", "root"]);
        import
    }

    fn xdotool(&self, arguments: &[&str]) -> io::Result<String> {
        let octets = output(Command::new("xdotool").args(arguments).env("DISPLAY", &self.name))?;
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // One that has ended by itself is as dark.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What `look` finds, as soon as it finds something.
fn wait<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        match look() {
            None if Instant::now() < end => thread::sleep(MOMENT),
            found => return found,
        }
    }
}

fn started(command: &mut Command) -> io::Result<Child> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.spawn().map_err(|error| missing(&program, &error))
}

fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| missing(&program, &error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{program} ended with {}: {said}", output.status)))
}

fn missing(program: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot run {program}: {error}; {PACKAGES}"))
}
