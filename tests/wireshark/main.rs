//! The plugin in real analyzers: what tshark shows is what the library says, in every version that is here.
//!
//! tshark of this machine always; others by `cargo xtask wireshark matrix`. Each test runs in all of them.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod agreement;
mod expected;
mod passes;
mod preferences;
mod printed;
mod public;
mod shown;

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

use fourwave_tests::wireshark::Analyzer;

/// Every analyzer, each with the plugin built for it.
static ANALYZERS: LazyLock<Vec<Analyzer>> =
    LazyLock::new(|| Analyzer::all(Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// What `check` says against any of `items`; it looks at several at a time.
fn complaints<T: Sync>(items: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let said = check(item);
                    found.lock().unwrap().extend(said);
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    found
}

#[test]
fn the_plugin_is_listed() {
    for analyzer in &*ANALYZERS {
        let output = analyzer.desk().run(&["-G", "plugins"]);
        let list = String::from_utf8(output.stdout).unwrap();
        let line = list.lines().find(|line| line.starts_with("fourwave.so"));
        let line = line.unwrap_or_else(|| panic!("{}: no fourwave.so in\n{list}", analyzer.version));
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        assert_eq!(columns[1..3], [env!("CARGO_PKG_VERSION"), "dissector"], "{}", analyzer.version);
    }
}
