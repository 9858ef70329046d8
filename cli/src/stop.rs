//! The wish to end a run early: somebody pressed Ctrl-C, ended the process or the session, or nobody takes the output any
//! more.
//!
//! Reading ends before the next packet, and the run then ends as it does at the end of its input: what is known
//! is printed. A second Ctrl-C ends the process at once.

use std::ffi::c_int;
#[cfg(target_os = "linux")]
use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context;
#[cfg(target_os = "linux")]
use signal_hook::consts::SIGHUP;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Shared by all who read and write.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    wish: Arc<AtomicBool>,
    /// The exit code after the signal that came last; 0 if none came.
    code: Arc<AtomicUsize>,
}

impl Stop {
    /// Lets Ctrl-C (SIGINT), SIGTERM and, on Linux, SIGHUP make the wish come true.
    ///
    /// # Errors
    /// When the operating system refuses the signal handlers.
    pub fn on_signals(&self) -> anyhow::Result<()> {
        self.listen().context("cannot listen for Ctrl-C")
    }

    fn listen(&self) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            // Handlers are called in this order, so the first signal finds no wish yet.
            flag::register_conditional_shutdown(signal, code(signal).into(), Arc::clone(&self.wish))?;
            self.obey(signal)?;
        }
        // The shell and the kernel say it both, so the second one means nothing more.
        #[cfg(target_os = "linux")]
        if !is_ignored(SIGHUP) {
            self.obey(SIGHUP)?;
        }
        Ok(())
    }

    fn obey(&self, signal: c_int) -> io::Result<()> {
        flag::register_usize(signal, Arc::clone(&self.code), code(signal).into())?;
        flag::register(signal, Arc::clone(&self.wish))?;
        Ok(())
    }

    /// The exit code of a run that was stopped: that of Ctrl-C, if no signal did it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.code.load(Ordering::Relaxed) as u8 {
            0 => code(SIGINT),
            code => code,
        }
    }

    /// Asks for the end.
    pub fn request(&self) {
        self.wish.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked for it.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.wish.load(Ordering::Relaxed)
    }
}

/// The exit code after a signal, by the convention of shells.
const fn code(signal: c_int) -> u8 {
    128 + signal as u8
}

/// Whether this process was started to outlive its session, as by nohup.
#[cfg(target_os = "linux")]
fn is_ignored(signal: c_int) -> bool {
    // proc_pid_status(5): a mask in hexadecimal digits, of which the lowest bit is signal 1.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Where it cannot be told, the signal is left alone.
    mask.is_none_or(|mask| mask >> (signal - 1) & 1 == 1)
}
