//! What is said on standard error. Standard output is for records only.

use std::fmt::Display;
use std::io::{self, Write};

/// Says what went wrong. A standard error that nobody reads is no reason to fail.
pub fn error(what: &dyn Display) {
    line("error", what);
}

/// Says what the reader of the records should know.
pub fn note(what: &dyn Display) {
    line("note", what);
}

fn line(severity: &str, what: &dyn Display) {
    let _ = writeln!(io::stderr(), "fourwave: {severity}: {what}");
}
