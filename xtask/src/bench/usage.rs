//! What a program costs, as the kernel counts it for the program and those that it started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// A program with its arguments. What it prints is thrown away.
#[derive(Clone, Debug)]
pub struct Line {
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

/// Of one run.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Of processors, in the program and in the kernel.
    pub cpu: Duration,
    /// Of the clock on the wall.
    pub wall: Duration,
    /// Most memory resident at once.
    pub peak_octets: u64,
}

impl Line {
    /// `program` with `arguments`.
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { program: program.into(), arguments }
    }

    /// With another argument, a path.
    pub fn and(mut self, path: &Path) -> Self {
        self.arguments.push(path.to_string_lossy().into_owned());
        self
    }

    /// Runs it once, at home in `home`.
    ///
    /// # Errors
    /// That it failed, or could not be started.
    pub fn measure(&self, home: &Path) -> Result<Usage, String> {
        let failed = |reason: &dyn std::fmt::Display| format!("{}: {reason}", self.program.display());
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env("HOME", home).env_remove("XDG_CONFIG_HOME");
        // An analyzer without plugins of its user.
        command.env("WIRESHARK_PLUGIN_DIR", home);
        let start = Instant::now();
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|e| failed(&e))?;
        let used = child.wait4().map_err(|error| failed(&error))?;
        let wall = start.elapsed();
        if !used.status.success() {
            return Err(failed(&format!("`{}` ended with {}", self.arguments.join(" "), used.status)));
        }
        Ok(Usage { cpu: used.rusage.utime + used.rusage.stime, wall, peak_octets: used.rusage.maxrss })
    }
}

/// The median of each.
#[must_use]
pub fn median(usages: &[Usage]) -> Usage {
    fn middle<T: Ord + Copy>(usages: &[Usage], of: impl Fn(&Usage) -> T) -> T {
        let mut values: Vec<T> = usages.iter().map(of).collect();
        values.sort();
        values[values.len() / 2]
    }
    Usage {
        cpu: middle(usages, |usage| usage.cpu),
        wall: middle(usages, |usage| usage.wall),
        peak_octets: middle(usages, |usage| usage.peak_octets),
    }
}
