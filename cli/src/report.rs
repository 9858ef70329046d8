//! What is said on standard error. Standard output is for records only.
//!
//! What is said can hold names of files and what libraries say of them, so it is made harmless here: nothing in it
//! steers a terminal, and no line of it but the first looks like one of ours.

use std::cell::RefCell;
use std::fmt::{Arguments, Display};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use fourwave_annotate::harmless;
use indicatif::ProgressBar;

/// The bar that stands below all that is said, if there is one. There is one standard error, too.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

thread_local! {
    /// What this thread wants to say, if that is held back.
    static HELD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// What was held back, in its order.
#[derive(Debug, Default)]
pub struct Held(Vec<String>);

impl Held {
    /// Holds back what this thread says meanwhile: others may speak at the same time.
    pub fn during<T>(work: impl FnOnce() -> T) -> (T, Self) {
        HELD.set(Some(Vec::new()));
        let done = work();
        (done, Self(HELD.take().unwrap_or_default()))
    }

    /// Says it.
    pub fn say(self) {
        self.0.iter().for_each(|text| write(text));
    }
}

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
    let text = shown(&what.to_string());
    let said_now = HELD.with_borrow_mut(|held| match held {
        Some(held) => {
            held.push(text);
            None
        }
        None => Some(text),
    });
    if let Some(text) = said_now {
        write(&text);
    }
}

fn write(text: &str) {
    let write = || {
        let _ = writeln!(io::stderr(), "fourwave: {text}");
    };
    match &*BAR.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// The text, harmless, its lines after the first set in.
fn shown(text: &str) -> String {
    let mut lines = text.lines().map(harmless);
    let mut shown = lines.next().unwrap_or_default().into_owned();
    for line in lines {
        shown.push_str(if line.starts_with(' ') { "\n" } else { "\n  " });
        shown.push_str(&line);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_what_was_said() {
        let (done, held) = Held::during(|| {
            note(&"one\ntwo");
            error(&3);
            4
        });
        assert_eq!((done, held.0), (4, vec!["note: one\n  two".to_owned(), "error: 3".to_owned()]));
        assert!(HELD.with_borrow(Option::is_none));
    }

    #[test]
    fn no_line_but_the_first_stands_at_the_margin() {
        assert_eq!(shown("one:\n  - two"), "one:\n  - two");
        assert_eq!(shown("one\nfourwave: error: \u{1b}[2Jtwo\r"), "one\n  fourwave: error: \\u{1b}[2Jtwo\\r");
        assert_eq!(shown(""), "");
    }
}
