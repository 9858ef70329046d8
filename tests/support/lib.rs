//! What the tests of the whole are made of: flow scripts and what becomes of them.
//!
//! One script, many paths: segments for the engine ([`run`]), a capture for the program and for tshark
//! ([`capture`]), a ladder to read ([`ladder`]), the lines of the specification's worked examples ([`spec`]).

use std::path::{Path, PathBuf};

pub mod c_library;
pub mod capture;
pub mod flow;
pub mod generated;
pub mod ladder;
mod notation;
pub mod progress;
pub mod python;
pub mod reading;
pub mod rules;
pub mod run;
pub mod screen;
pub mod spec;
pub mod transitions;
pub mod truth;
pub mod window;
pub mod wireshark;
pub mod wrap;

// What the README shows of the library for Rust compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// A path below the folder of these tests.
#[must_use]
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folder of public captures beside this repository, if it is there. They belong to others and are not part of
/// this repository; without them a test has nothing to do and says so.
#[must_use]
pub fn public_captures() -> Option<PathBuf> {
    let folder = here("../../shared/captures");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no public captures in {}: nothing is tested", folder.display());
    None
}

/// Every file below the folder `path` of these tests whose name ends with `suffix`, in the order of their names.
///
/// # Errors
/// A folder that cannot be read.
pub fn files(path: &str, suffix: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![here(path)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
