//! What the plugin costs: tshark with it and without it in turn, user time and peak memory as the kernel counts them.
//! For root tshark runs as nobody, who must be able to read the capture.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::command::{cargo, printed, step, target};

const RUNS: usize = 5;

/// A user and group without rights: for root tshark loads no plugin but its own.
const NOBODY: u32 = 65534;

/// What tshark is asked for.
const TASKS: [&[&str]; 4] = [
    &["-q", "-z", "io,stat,0"],
    &["-q", "-z", "conv,tcp"],
    &["-T", "fields", "-e", "frame.number", "-e", "tcp.stream", "-e", "tcp.flags", "-e", "tcp.completeness"],
    &[
        "-2",
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "tcp.stream",
        "-e",
        "tcp.flags",
        "-e",
        "tcp.completeness",
    ],
];

/// Of one run.
#[derive(Clone, Copy)]
struct Usage {
    user_s: f64,
    peak_mb: f64,
}

/// Prints the figures for `capture`.
///
/// # Errors
/// A program that does not build or run.
pub fn run(capture: &str) -> Result<(), String> {
    // As `fourwave wireshark install` builds it.
    let lto = [("CARGO_PROFILE_RELEASE_LTO", "fat")];
    cargo("plugin", &["build", "--release", "--locked", "--package", "fourwave-wireshark"], &lto)?;
    let folder =
        tempfile::Builder::new().prefix("fourwave-").permissions(Permissions::from_mode(0o755)).tempdir();
    let folder = folder.map_err(|error| error.to_string())?;
    lay_out(folder.path())?;
    step("tshark without the plugin, with it, medians");
    println!("user time       s without  s with  ratio    MB without  MB with   arguments");
    for task in TASKS {
        let mut usages = [[Usage { user_s: 0.0, peak_mb: 0.0 }; RUNS]; 2];
        for round in 0..RUNS {
            for (plugins, usages) in ["none", "plugins"].iter().zip(&mut usages) {
                usages[round] = usage(capture, task, folder.path(), plugins)?;
            }
        }
        let [without, with] = usages.map(median);
        println!(
            "{:25.2}  {:6.2}  {:5.3}  {:12.0}  {:7.0}   {}",
            without.user_s,
            with.user_s,
            with.user_s / without.user_s,
            without.peak_mb,
            with.peak_mb,
            task.join(" ")
        );
    }
    Ok(())
}

/// The plugin where tshark looks for it, a folder without, and a home.
fn lay_out(folder: &Path) -> Result<(), String> {
    let said = printed(Command::new("tshark").arg("--version"))?;
    let version = said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    let version: Vec<&str> = version.unwrap_or_default().splitn(3, '.').take(2).collect();
    let plugins = folder.join("plugins").join(version.join(".")).join("epan");
    let laid_out = || {
        fs::create_dir_all(&plugins)?;
        fs::copy(target().join("release/libfourwave_wireshark.so"), plugins.join("fourwave.so"))?;
        fs::create_dir(folder.join("none"))?;
        fs::create_dir(folder.join("home"))?;
        if is_root() { chown(folder.join("home"), Some(NOBODY), Some(NOBODY)) } else { Ok(()) }
    };
    laid_out().map_err(|error: std::io::Error| format!("{}: {error}", folder.display()))
}

fn is_root() -> bool {
    printed(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}

fn usage(capture: &str, task: &[&str], folder: &Path, plugins: &str) -> Result<Usage, String> {
    let mut tshark = Command::new("setpriv");
    if is_root() {
        tshark.arg(format!("--reuid={NOBODY}")).arg(format!("--regid={NOBODY}")).arg("--clear-groups");
    }
    tshark.args(["tshark", "-n", "-r", capture]).args(task).env("HOME", folder.join("home"));
    tshark.env("WIRESHARK_PLUGIN_DIR", folder.join(plugins)).env_remove("XDG_CONFIG_HOME");
    let mut child = tshark.stdout(Stdio::null()).spawn().map_err(|error| format!("setpriv: {error}"))?;
    let (stat, status) = (format!("/proc/{}/stat", child.id()), format!("/proc/{}/status", child.id()));
    let mut usage = Usage { user_s: 0.0, peak_mb: 0.0 };
    loop {
        let numbers = fs::read_to_string(&stat).map_err(|error| format!("{stat}: {error}"))?;
        // After the name, which is in parentheses: the state, and ten fields on the user time in hundredths.
        let fields: Vec<&str> = numbers.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        usage.user_s = fields.get(11).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default() / 100.0;
        let lines = fs::read_to_string(&status).unwrap_or_default();
        let peak = lines
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        usage.peak_mb = peak.map_or(usage.peak_mb, |kilobytes: f64| kilobytes / 1024.0);
        if fields.first() == Some(&"Z") {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let ended = child.wait().map_err(|error| error.to_string())?;
    if ended.success() { Ok(usage) } else { Err(format!("tshark ended with {ended}")) }
}

fn median(usages: [Usage; RUNS]) -> Usage {
    let middle = |mut values: [f64; RUNS]| {
        values.sort_by(f64::total_cmp);
        values[RUNS / 2]
    };
    Usage {
        user_s: middle(usages.map(|usage| usage.user_s)),
        peak_mb: middle(usages.map(|usage| usage.peak_mb)),
    }
}
