//! The program against the script of a large generated capture, frame by frame.

use fourwave_generator::{Plan, Profile};
use fourwave_tests::generated::compare;

use crate::command::{cargo, release, step};

/// How many connections, if nobody says.
pub const CONNECTIONS: u64 = 200_000;

/// The seed of the captures that figures are given for.
const SEED: u64 = 2;

/// Connections that are open at a time, and the stretch of their pauses, as of [`Profile::CHURN`].
const CONCURRENT: usize = 4096;
const STRETCH: u64 = 10;

/// Compares on a capture of so many short connections.
///
/// # Errors
/// A program that does not build or run, or any difference.
pub fn check(connections: u64) -> Result<(), String> {
    cargo("fourwave", &["build", "--release", "--locked", "--package", "fourwave"], &[])?;
    step(&format!("{connections} connections against their script"));
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let plan = Plan::new(Profile::Churn { connections, concurrent: CONCURRENT, stretch: STRETCH }, SEED);
    let account = compare(&release("fourwave"), &plan, folder.path()).map_err(|error| error.to_string())?;
    print!("{account}");
    if account.differences.is_empty() {
        Ok(())
    } else {
        Err("the program differs from the script".to_owned())
    }
}
