//! The library for C, built and installed as distributions lay it out, and as `cargo cinstall` does.
//!
//! For Linux and its relatives; elsewhere `cargo cinstall` knows the names. It must not know what is in the library.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::here;

/// What cargo made.
#[derive(Debug)]
pub struct Built {
    shared: PathBuf,
    archive: PathBuf,
    /// What a program needs that is linked with the archive, as the linker wants it: rustc says so.
    needs: String,
}

/// The version of all packages here.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds the library in a profile.
///
/// # Errors
/// What the compiler said.
pub fn build(profile: &str) -> Result<Built, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--locked", "--package", "fourwave-ffi", "--lib", "--profile", profile]);
    cargo.args(["--message-format", "json", "--", "--print", "native-static-libs"]);
    cargo.current_dir(here("..")).stderr(Stdio::inherit());
    let output = cargo.output().map_err(|error| format!("cannot run cargo: {error}"))?;
    let messages: Vec<Value> = output
        .stdout
        .split(|&octet| octet == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    let said = || messages.iter().filter_map(|message| message["message"]["message"].as_str());
    if !output.status.success() {
        let errors = messages.iter().filter_map(|message| message["message"]["rendered"].as_str());
        return Err(errors.collect());
    }
    let files = || {
        let artifacts = messages.iter().filter(|message| message["target"]["name"] == "fourwave");
        artifacts.filter_map(|artifact| artifact["filenames"].as_array()).flatten().filter_map(Value::as_str)
    };
    let file = |suffix: &str| {
        let found = files().map(PathBuf::from).find(|path| path.extension().is_some_and(|it| it == suffix));
        found.ok_or_else(|| format!("cargo made no .{suffix}; on this system try cargo cinstall (cargo-c)"))
    };
    let needs = said().find_map(|message| message.strip_prefix("native-static-libs: "));
    let needs = needs.ok_or("rustc does not say what the static library needs")?.trim().to_owned();
    Ok(Built { shared: file("so")?, archive: file("a")?, needs })
}

impl Built {
    /// Installs header, libraries and the file for pkg-config below `prefix`, an absolute path: pkg-config needs it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn install(&self, prefix: &Path) -> io::Result<()> {
        let library = prefix.join("lib");
        fs::create_dir_all(prefix.join("include"))?;
        fs::create_dir_all(library.join("pkgconfig"))?;

        fs::copy(here("../ffi/include/fourwave.h"), prefix.join("include/fourwave.h"))?;
        fs::copy(&self.archive, library.join("libfourwave.a"))?;
        let full = format!("libfourwave.so.{VERSION}");
        // A new file: a program that runs keeps the old one.
        remove(&library.join(&full))?;
        fs::copy(&self.shared, library.join(&full))?;
        for name in [format!("libfourwave.so.{}", compatible(VERSION)), "libfourwave.so".to_owned()] {
            remove(&library.join(&name))?;
            symlink(&full, library.join(name))?;
        }
        let description = fs::read_to_string(here("../ffi/fourwave.pc.in"))?
            .replace("@PREFIX@", &prefix.to_string_lossy())
            .replace("@VERSION@", VERSION)
            .replace("@LIBS_PRIVATE@", &self.needs);
        fs::write(library.join("pkgconfig/fourwave.pc"), description)
    }
}

/// The part of a version before which all are compatible, as the SONAME has it: see `ffi/build.rs`.
fn compatible(version: &str) -> &str {
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    let end = version.match_indices('.').nth(parts - 1);
    end.map_or(version, |(end, _)| &version[..end])
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
