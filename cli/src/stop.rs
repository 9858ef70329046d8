//! The wish to end a run early: somebody pressed Ctrl-C or ended the session, or nobody takes the output any more.
//!
//! Reading ends before the next packet, and the run then ends as it does at the end of its input: what is known
//! is printed. A second Ctrl-C ends the process at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The exit code after SIGINT, by the convention of shells: 128 + 2.
pub const INTERRUPTED: u8 = 130;

/// Shared by all who read and write.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A wish that Ctrl-C (SIGINT) or SIGTERM makes come true.
    ///
    /// # Errors
    /// When the operating system refuses the signal handlers.
    pub fn on_interrupt() -> anyhow::Result<Self> {
        let stop = Self::default();
        stop.listen().context("cannot listen for Ctrl-C")?;
        Ok(stop)
    }

    fn listen(&self) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            // Handlers are called in this order, so the first signal finds no wish yet.
            flag::register_conditional_shutdown(signal, INTERRUPTED.into(), Arc::clone(&self.0))?;
            flag::register(signal, Arc::clone(&self.0))?;
        }
        Ok(())
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
