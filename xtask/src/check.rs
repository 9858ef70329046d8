//! Every check, in the order of their cost. What runs here is what runs everywhere.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::docs;

/// A program that the tests call, and the Debian package it comes from.
const TOOLS: [(&str, &str); 1] = [("tshark", "tshark")];

/// Runs all checks; stops at the first that fails.
///
/// # Errors
/// Which check failed.
pub fn all(install: bool) -> Result<(), String> {
    tools(install)?;
    cargo("formatting", &["fmt", "--all", "--check"])?;
    cargo("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    cargo(
        "headers without std",
        &["check", "-p", "fourwave-dissector", "--no-default-features", "--locked"],
    )?;
    cargo("tests", &["test", "--workspace", "--locked", "--", "--quiet"])?;
    docs::check()?;
    step("documentation");
    let mut doc = Command::new(env!("CARGO"));
    doc.args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings");
    run(doc, "documentation")
}

fn tools(install: bool) -> Result<(), String> {
    let missing: Vec<&str> =
        TOOLS.into_iter().filter(|(tool, _)| !is_installed(tool)).map(|(_, package)| package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    if !install {
        return Err(format!("tools are missing; install them: apt-get install {packages}"));
    }
    step("tools");
    apt(&["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(missing);
    apt(&arguments)
}

fn is_installed(tool: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| Path::new(&folder).join(tool).is_file())
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run(apt, "installing tools")
}

fn cargo(name: &str, arguments: &[&str]) -> Result<(), String> {
    step(name);
    let mut cargo = Command::new(env!("CARGO"));
    // A snapshot that changed is a failure here, never a new truth.
    cargo.args(arguments).env("INSTA_UPDATE", "no");
    run(cargo, name)
}

fn step(name: &str) {
    println!("== {name}");
}

fn run(mut command: Command, name: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("failed: {name}")),
        Err(error) => Err(format!("{name}: cannot run {}: {error}", command.get_program().to_string_lossy())),
    }
}
