//! Programs that the tasks run, one step after another.

use std::path::PathBuf;
use std::process::Command;

/// Says what comes next.
pub fn step(name: &str) {
    println!("== {name}");
}

/// Runs cargo as the step `name`, with these environment variables set.
///
/// # Errors
/// That it failed.
pub fn cargo(name: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    step(name);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).envs(environment.iter().copied());
    // A snapshot that changed is a failure here, never a new truth.
    cargo.env("INSTA_UPDATE", "no");
    run(&mut cargo, name)
}

/// Runs a program.
///
/// # Errors
/// That it failed, or could not be started.
pub fn run(command: &mut Command, name: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("failed: {name}")),
        Err(error) => Err(format!("{name}: cannot run {}: {error}", command.get_program().to_string_lossy())),
    }
}

/// What a program prints.
///
/// # Errors
/// That it failed, or could not be started.
pub fn printed(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("cannot run {program}: {error}")),
    }
}

/// A program that cargo built with the profile `release`.
#[must_use]
pub fn release(name: &str) -> PathBuf {
    target().join("release").join(name)
}

/// Where cargo builds: two folders above this program.
#[must_use]
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(2).map(PathBuf::from).unwrap_or_default()
}
