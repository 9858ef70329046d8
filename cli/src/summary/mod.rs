//! The summary of a run: what was read, what became of it, how long it took.
//!
//! This file says what is in it and how it is written as JSON (`--summary`); `text.rs` writes it for people. What
//! became of packets adds up: packets = packets with segments + skipped packets, by reason.

mod text;

use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::run::{Checksums, End};
use crate::totals::Totals;

/// The version of its keys.
const VERSION: u32 = 1;

/// The summary of a run.
#[derive(Debug)]
pub struct Summary {
    /// The command.
    pub command: &'static str,
    /// How it ended.
    pub end: End,
    /// The files that were found.
    pub files: usize,
    /// The numbers.
    pub totals: Totals,
    /// What was done about checksums.
    pub checksums: Checksums,
    /// Octets read, as they are on disk.
    pub octets: u64,
    /// The time it took.
    pub elapsed: Duration,
}

impl Summary {
    /// As a JSON text of several lines.
    ///
    /// # Errors
    /// None that this type knows of.
    pub fn json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Files that were not read, or not to the end, because the run was stopped.
    fn unread(&self) -> u64 {
        let files = &self.totals.files;
        (self.files as u64).saturating_sub(files.read + files.damaged + files.kept)
    }

    fn packets_per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.totals.tally.packets as f64 / seconds } else { 0.0 }
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Totals { files, series, series_kept, tally, endings, evictions, most_tracked } = &self.totals;
        let is_looked_at = self.checksums != Checksums::Unread;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("summary", &VERSION)?;
        map.serialize_entry("version", env!("CARGO_PKG_VERSION"))?;
        map.serialize_entry("command", self.command)?;
        map.serialize_entry("end", self.end.code())?;
        map.serialize_entry(
            "files",
            &Object(&[
                ("count", self.files as u64),
                ("read", files.read),
                ("damaged", files.damaged),
                ("kept", files.kept),
                ("unread", self.unread()),
            ]),
        )?;
        map.serialize_entry("series", &Object(&[("read", *series), ("kept", *series_kept)]))?;
        map.serialize_entry("octets_read", &self.octets)?;
        map.serialize_entry("packets", &tally.packets)?;
        map.serialize_entry("packets_with_segments", &tally.with_segments)?;
        map.serialize_entry("segments", &tally.segments)?;
        map.serialize_entry("skipped", &Object(&tally.skipped.sorted(ToString::to_string)))?;
        map.serialize_entry("bad_checksums", &is_looked_at.then_some(tally.bad_checksums))?;
        map.serialize_entry("connections", &endings.connections)?;
        map.serialize_entry("kinds", &Object(&endings.kinds.sorted()))?;
        map.serialize_entry("initiators", &Object(&endings.initiators()))?;
        map.serialize_entry("client_bases", &Object(&endings.client_bases.sorted()))?;
        map.serialize_entry("modifiers", &Object(&endings.modifiers.sorted()))?;
        map.serialize_entry("findings", &Object(&endings.findings.sorted()))?;
        let evictions = [("idle", evictions.idle), ("max_connections", evictions.pushed_out)];
        map.serialize_entry("evictions", &Object(&evictions))?;
        map.serialize_entry("most_tracked", most_tracked)?;
        map.serialize_entry("wall_seconds", &self.elapsed.as_secs_f64())?;
        map.serialize_entry("packets_per_second", &self.packets_per_second())?;
        map.end()
    }
}

/// Serialises pairs as an object, in their order.
struct Object<'a, K>(&'a [(K, u64)]);

impl<K: Serialize> Serialize for Object<'_, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, count)| (key, count)))
    }
}
