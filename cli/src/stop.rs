//! The wish to end a run early: somebody pressed Ctrl-C, or nobody takes the output any more.
//!
//! Reading ends before the next packet, and the run then ends as it does at the end of its input: what is known
//! is printed. A second Ctrl-C ends the process at once.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The exit code after SIGINT, by the convention of shells: 128 + 2.
pub const INTERRUPTED: u8 = 130;

/// Shared by all who read and write.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A wish that Ctrl-C (SIGINT) makes come true.
    ///
    /// # Errors
    /// When the operating system refuses the signal handler.
    pub fn on_interrupt() -> anyhow::Result<Self> {
        let stop = Self::default();
        let handler = stop.clone();
        ctrlc::set_handler(move || {
            if handler.0.swap(true, Ordering::Relaxed) {
                process::exit(INTERRUPTED.into());
            }
        })
        .context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    /// Asks for the end.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked for it.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
