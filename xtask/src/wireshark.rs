//! `cargo xtask wireshark matrix`: the tests in analyzers, in each version of Wireshark that Debian has.
//!
//! This machine has one. The others come from other releases of Debian, each in a folder of its own that holds no more
//! than tshark and its headers. What is not there is made with debootstrap, from the mirror of this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fourwave_tests::here;
use fourwave_tests::wireshark::ROOTS;

use crate::command::{cargo, printed, run, step};

/// A release of Debian.
struct Release {
    name: &'static str,
    /// A mirror can hold a list of its packages that is older than the list itself allows. Its signature is checked
    /// all the same.
    can_be_stale: bool,
}

const RELEASES: [Release; 2] = [
    Release { name: "trixie", can_be_stale: false }, // Wireshark 4.4
    Release { name: "sid", can_be_stale: true },     // Wireshark 4.6
];

/// Makes the releases that are not there below the folder `roots`, by default `target/wireshark-roots`, and runs the
/// tests in them and in this machine.
///
/// # Errors
/// What could not be done.
pub fn matrix(roots: Option<&str>) -> Result<(), String> {
    if printed(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err(
            "the other releases are in roots of their own, and only root can enter those (chroot)".into()
        );
    }
    let roots = roots.map_or_else(|| here("../target/wireshark-roots"), PathBuf::from);
    let folder = |error| format!("{}: {error}", roots.display());
    fs::create_dir_all(&roots).map_err(folder)?;
    let roots = fs::canonicalize(&roots).map_err(folder)?;
    for release in &RELEASES {
        let root = roots.join(release.name);
        if !root.exists() {
            step(release.name);
            // Under its name there is never a half one.
            let part = roots.join(format!("{}.part", release.name));
            release.make(&part)?;
            fs::rename(&part, &root).map_err(|error| format!("{}: {error}", part.display()))?;
        }
    }
    let roots = env::join_paths(RELEASES.iter().map(|release| roots.join(release.name)));
    let roots = roots.map_err(|error| error.to_string())?;
    let arguments = ["test", "--locked", "--package", "fourwave-tests", "--test", "wireshark"];
    cargo("tests in analyzers", &arguments, &[(ROOTS, &roots.to_string_lossy())])
}

impl Release {
    fn make(&self, root: &Path) -> Result<(), String> {
        if root.exists() {
            fs::remove_dir_all(root).map_err(|error| format!("{}: {error}", root.display()))?;
        }
        let mut debootstrap = Command::new("debootstrap");
        debootstrap.args(["--variant=minbase", "--include=ca-certificates", self.name]).arg(root);
        run(debootstrap.arg(mirror()?), "debootstrap (apt-get install debootstrap)")?;
        self.configure(root).map_err(|error| format!("{}: {error}", root.display()))?;
        in_root(root, &["apt-get", "update"])?;
        in_root(
            root,
            &["apt-get", "install", "--yes", "--no-install-recommends", "tshark", "libwireshark-dev"],
        )
    }

    /// Makes the root reach the mirror as this machine does.
    fn configure(&self, root: &Path) -> std::io::Result<()> {
        const APT: &str = "etc/apt/apt.conf.d";
        for entry in fs::read_dir(Path::new("/").join(APT))? {
            let entry = entry?;
            fs::copy(entry.path(), root.join(APT).join(entry.file_name()))?;
        }
        fs::copy("/etc/resolv.conf", root.join("etc/resolv.conf"))?;
        if self.can_be_stale {
            fs::write(root.join(APT).join("99stale"), "Acquire::Check-Valid-Until \"false\";\n")?;
        }
        Ok(())
    }
}

/// The first mirror that apt is set to, those of security updates aside.
fn mirror() -> Result<String, String> {
    let targets = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"];
    let repositories = printed(Command::new("apt-get").args(targets))?;
    let mirror = repositories.lines().find(|uri| uri.trim_end_matches('/').ends_with("/debian"));
    mirror.map(String::from).ok_or_else(|| "apt is set to no mirror of Debian".into())
}

fn in_root(root: &Path, command: &[&str]) -> Result<(), String> {
    let mut chroot = Command::new("chroot");
    run(chroot.arg(root).args(command).env("DEBIAN_FRONTEND", "noninteractive"), &command.join(" "))
}
