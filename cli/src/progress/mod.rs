//! Progress of a long run on standard error: a bar on a terminal, else lines now and then.
//!
//! | file | what it knows |
//! |---|---|
//! | `meter` | how much was read |
//! | `status` | how to say it |
//!
//! Reading threads add to numbers; a thread of its own looks at them now and then and draws. This module must not know what
//! is made of what was read.

mod meter;
mod status;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report;
use status::Status;

pub use meter::{Measured, Meter};

/// Work that is not longer needs no progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a bar is drawn.
const BAR_INTERVAL: Duration = Duration::from_millis(200);
/// How often a line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a bar that stands at the end of a terminal.
    Bar,
    /// As lines.
    Lines,
    /// Not at all.
    Hidden,
}

/// All that is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Octets; `None` where nobody knows.
    pub octets: Option<u64>,
    /// Files.
    pub files: u64,
}

/// The progress of a run. It is shown until it is dropped, or ended.
pub struct Progress {
    meter: Meter,
    shown: Mutex<Option<Shown>>,
}

/// A thread that draws as long as `end` is there.
struct Shown {
    end: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Shows progress towards `goal`, if the run takes long.
    #[must_use]
    pub fn start(form: Form, goal: Goal) -> Self {
        let meter = Meter::default();
        let status = Status::new(meter.clone(), goal);
        let shown = match form {
            Form::Bar => Some(Shown::start(move |end| bar(&status, end))),
            Form::Lines => Some(Shown::start(move |end| lines(&status, end))),
            Form::Hidden => None,
        };
        Self { meter, shown: Mutex::new(shown) }
    }

    /// What was read.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Shows nothing any more.
    pub fn end(&self) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Shown { end, thread }) = shown {
            drop(end);
            // If it has panicked, that was said.
            let _ = thread.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shown {
    fn start(draw: impl FnOnce(&Receiver<()>) + Send + 'static) -> Self {
        let (end, ended) = channel();
        let thread = thread::spawn(move || draw(&ended));
        Self { end, thread }
    }
}

/// Draws a bar until the end.
fn bar(status: &Status, end: &Receiver<()>) {
    let started = Instant::now();
    if has_ended(end, PATIENCE) {
        return;
    }
    let bar = ProgressBar::with_draw_target(status.octets(), ProgressDrawTarget::stderr());
    let template = if status.octets().is_some() { "{bar:20} {wide_msg}" } else { "{wide_msg}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    report::stand_above(Some(bar.clone()));
    loop {
        bar.set_position(status.position());
        bar.set_message(status.after(started.elapsed()));
        if has_ended(end, BAR_INTERVAL) {
            break;
        }
    }
    report::stand_above(None);
    bar.finish_and_clear();
}

/// Writes lines until the end.
fn lines(status: &Status, end: &Receiver<()>) {
    let started = Instant::now();
    let mut interval = PATIENCE;
    while !has_ended(end, interval) {
        report::progress(&status.after(started.elapsed()));
        interval = LINE_INTERVAL;
    }
}

/// Waits; true if the end comes before the time is over.
fn has_ended(end: &Receiver<()>, time: Duration) -> bool {
    match end.recv_timeout(time) {
        Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
        Err(RecvTimeoutError::Timeout) => false,
    }
}
