//! The picture of a report in the README: a page about captures of the tests, in a browser, as it is.

use std::process::Command;

use crate::command::{cargo, run, step, target};
use crate::python;

/// What the report is about, from the root of the repository.
const CAPTURES: &str = "tests/truth/linux";

const PICTURE: &str = "docs/report.png";

/// Takes it anew.
///
/// # Errors
/// What is missing, or what was not to be seen.
pub fn picture() -> Result<(), String> {
    python::packages(false)?;
    let page = target().join("report.html").to_string_lossy().into_owned();
    cargo(
        "report",
        &["run", "--package", "fourwave", "--locked", "--", "report", "--lang", "en", CAPTURES, "-o", &page],
        &[],
    )?;
    step("picture");
    let mut python = Command::new(target().join("python/bin/python"));
    run(python.args(["cli/tests/report/picture.py", &page, PICTURE]), "a browser")
}
