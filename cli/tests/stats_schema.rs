//! What `stats` prints is what `docs/stats.schema.json` says.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::schema::assert_valid;
use support::{Capture, stdout};

#[test]
fn stats_are_as_their_schema_says() {
    let mut full = Capture::default().four_way(40_000).reset(40_001);
    full.arp();
    for capture in [full.octets, Capture::default().octets] {
        let record = stdout(&["stats", "-", "--format", "jsonl"], &capture, 0);
        assert_valid("stats", &serde_json::from_str(&record).unwrap());
    }
}
