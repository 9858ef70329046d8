//! What is said on standard error. Standard output is for records only.

use std::fmt::{Arguments, Display};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

/// The bar that stands below all that is said, if there is one. There is one standard error, too.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Says what went wrong. A standard error that nobody reads is no reason to fail.
pub fn error(what: &dyn Display) {
    line(format_args!("error: {what}"));
}

/// Says what the reader of the records should know.
pub fn note(what: &dyn Display) {
    line(format_args!("note: {what}"));
}

/// Says how far the run is.
pub fn progress(what: &dyn Display) {
    line(format_args!("progress: {what}"));
}

/// Says what the run came to, in lines.
pub fn summary(what: &dyn Display) {
    what.to_string().lines().for_each(|text| line(format_args!("{text}")));
}

/// From now on what is said stands above `bar`.
pub fn stand_above(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

fn line(what: Arguments<'_>) {
    let write = || {
        let _ = writeln!(io::stderr(), "fourwave: {what}");
    };
    match &*BAR.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}
