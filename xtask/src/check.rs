//! Every check, in the order of their cost. What runs here is what runs everywhere.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::command::{cargo, printed, run, step};
use crate::docs;
use crate::instructions;
use crate::python;

/// Something that the tests need beside Rust, and how to tell that it is there.
#[derive(Clone, Copy)]
enum Tool {
    /// A program.
    Program(&'static str),
    /// The headers of a library, by the name that pkg-config knows.
    Library(&'static str),
    /// A file of clang's own.
    OfClang(&'static str),
    /// A module of Python.
    Module(&'static str),
    /// A family of letters, for pictures.
    Font(&'static str),
}

/// All of it, and the Debian package it comes from.
const TOOLS: [(Tool, &str); 23] = [
    (Tool::Program("tshark"), "tshark"),
    (Tool::Program("wireshark"), "wireshark"),
    (Tool::Program("Xvfb"), "xvfb"),
    (Tool::Program("import"), "imagemagick"),
    (Tool::Program("xdotool"), "xdotool"),
    (Tool::Library("wireshark"), "libwireshark-dev"),
    (Tool::Library("glib-2.0"), "libglib2.0-dev"),
    (Tool::Library("libpcap"), "libpcap-dev"),
    (Tool::Program("pkg-config"), "pkgconf"),
    (Tool::Program("gcc"), "gcc"),
    (Tool::Program("g++"), "g++"),
    (Tool::Program("clang"), "clang"),
    (Tool::OfClang("include/sanitizer/asan_interface.h"), "libclang-rt-dev"),
    (Tool::Program("valgrind"), "valgrind"),
    (Tool::Program("nm"), "binutils"),
    (Tool::Program("chromium"), "chromium"),
    (Tool::Program("rsvg-convert"), "librsvg2-bin"),
    (Tool::Program("fc-list"), "fontconfig"),
    (Tool::Font("Liberation Sans"), "fonts-liberation"),
    (Tool::Font("Liberation Mono"), "fonts-liberation"),
    (Tool::Font("Noto Sans CJK SC"), "fonts-noto-cjk"),
    (Tool::Program("python3"), "python3"),
    (Tool::Module("ensurepip"), "python3-venv"),
];

/// Where tests look for captures that belong to others.
const PUBLIC_CAPTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/captures");

/// Runs all checks; stops at the first that fails.
///
/// # Errors
/// Which check failed.
pub fn all(install: bool) -> Result<(), String> {
    tools(install)?;
    python::packages(install)?;
    cargo("formatting", &["fmt", "--all", "--check"], &[])?;
    cargo("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[])?;
    // Alone: among the rest of the workspace each gets the features that any of the others asks for.
    cargo(
        "headers without std",
        &["check", "-p", "fourwave-dissector", "--no-default-features", "--locked"],
        &[],
    )?;
    let alone = ["clippy", "-p", "fourwave-annotate", "--all-targets", "--locked", "--", "-D", "warnings"];
    cargo("engine without checkpoints", &alone, &[])?;
    let lean = ["clippy", "-p", "fourwave", "--all-targets", "--no-default-features", "--locked"];
    cargo("program without Parquet", &[&lean[..], &["--", "-D", "warnings"]].concat(), &[])?;
    let fuzzed = ["clippy", "-p", "fourwave-fuzz", "--all-targets", "--features", "targets", "--locked"];
    cargo("programs for the fuzzer", &[&fuzzed[..], &["--", "-D", "warnings"]].concat(), &[])?;
    cargo("tests", &["test", "--workspace", "--locked", "--", "--quiet"], &[])?;
    if !Path::new(PUBLIC_CAPTURES).is_dir() {
        eprintln!("note: no public captures in {PUBLIC_CAPTURES}: what is tested on them was not");
    }
    docs::check()?;
    instructions::check(false)?;
    let warnings = [("RUSTDOCFLAGS", "-D warnings")];
    cargo("documentation", &["doc", "--workspace", "--no-deps", "--locked"], &warnings)
}

fn tools(install: bool) -> Result<(), String> {
    let missing: Vec<&str> =
        TOOLS.into_iter().filter(|(tool, _)| !tool.is_there()).map(|(_, package)| package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !install {
        return Err(format!("tools are missing; install them: apt-get install {}", missing.join(" ")));
    }
    step("tools");
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &missing[..]].concat())
}

impl Tool {
    fn is_there(self) -> bool {
        match self {
            Self::Program(name) => {
                let folders = env::var_os("PATH").unwrap_or_default();
                env::split_paths(&folders).any(|folder| folder.join(name).is_file())
            }
            Self::Library(name) => printed(Command::new("pkg-config").args(["--exists", name])).is_ok(),
            Self::Module(name) => {
                printed(Command::new("python3").args(["-c", &format!("import {name}")])).is_ok()
            }
            Self::Font(family) => {
                printed(Command::new("fc-list").args([family, "family"])).is_ok_and(|found| !found.is_empty())
            }
            // Of a file that it does not have clang prints the name alone.
            Self::OfClang(file) => printed(Command::new("clang").arg(format!("-print-file-name={file}")))
                .is_ok_and(|path| Path::new(path.trim()).is_file()),
        }
    }
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let mut apt = Command::new("apt-get");
    run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"), "installing tools")
}
