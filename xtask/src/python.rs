//! Python for tests that read our files with others' programs: an environment of its own below the target folder,
//! since Debian has no packages of them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{printed, run, step};

/// What it has to have.
const REQUIREMENTS: [&str; 3] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/parquet/requirements.txt"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/picture/requirements.txt"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/report/requirements.txt"),
];

/// Makes sure that all of it is there.
///
/// # Errors
/// What is missing, or what could not be installed.
pub fn packages(install: bool) -> Result<(), String> {
    let folder = folder()?;
    if has_all(&folder)? {
        return Ok(());
    }
    if !install {
        return Err(
            "packages of Python are missing; install them below target/: cargo xtask check --install".into(),
        );
    }
    step("Python packages");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "making an environment for Python")?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet"]);
    REQUIREMENTS.iter().for_each(|file| {
        pip.args(["--requirement", file]);
    });
    run(&mut pip, "installing Python packages")
}

/// Beside the folder of the profile from which this program runs; the tests look for it there.
fn folder() -> Result<PathBuf, String> {
    let program = env::current_exe().map_err(|error| format!("cannot tell the target folder: {error}"))?;
    let target = program.parent().and_then(Path::parent);
    target
        .map(|target| target.join("python"))
        .ok_or_else(|| format!("no target folder above {}", program.display()))
}

fn has_all(folder: &Path) -> Result<bool, String> {
    let installed = printed(Command::new(folder.join("bin/pip")).arg("freeze")).unwrap_or_default();
    for file in REQUIREMENTS {
        let wanted = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let mut wanted = wanted.lines().filter(|line| !line.starts_with('#'));
        if !wanted.all(|package| installed.lines().any(|line| line == package)) {
            return Ok(false);
        }
    }
    Ok(true)
}
