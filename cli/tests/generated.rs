//! The program against the scripts of generated captures: each frame's role and waves, each connection's kind.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use fourwave_generator::{Format, Plan, Precision, Profile};
use fourwave_tests::generated::{Account, compare};
use tempfile::TempDir;

#[test]
fn short_connections_with_every_ending() {
    for seed in 1..=3 {
        agrees(&churn(seed, 3000, 256, 10));
    }
}

#[test]
fn ports_that_are_used_again_at_once() {
    let account = agrees(&churn(4, 8000, 16, 1));
    assert!(account.on_ports_just_used > 20, "{account}");
}

/// Some are used again within 2 MSL, some when the program no longer remembers them.
#[test]
fn ports_that_are_used_again_later() {
    let account = agrees(&churn(5, 10_000, 16, 4));
    assert!(account.on_ports_just_used > 20 && account.on_ports_used_once > 20, "{account}");
}

/// The FIN comes again a minute later: longer would be longer than 2 MSL.
#[test]
fn pauses_of_a_minute() {
    agrees(&churn(6, 2000, 100, 300));
}

#[test]
fn headers_only_in_pcapng_with_nanoseconds() {
    let plan = churn(7, 2000, 256, 10);
    agrees(&Plan { format: Format::PcapNg, precision: Precision::Nano, snap_len: 96, ..plan });
}

#[test]
fn long_connections() {
    agrees(&Plan::new(Profile::Bulk { connections: 100, octets: 20_000_000 }, 8));
}

#[test]
fn refusals() {
    agrees(&Plan::new(Profile::Scan { connections: 10_000 }, 9));
}

fn churn(seed: u64, connections: u64, concurrent: usize, stretch: u64) -> Plan {
    Plan::new(Profile::Churn { connections, concurrent, stretch }, seed)
}

fn agrees(plan: &Plan) -> Account {
    let folder = TempDir::new().unwrap();
    let account = compare(Path::new(env!("CARGO_BIN_EXE_fourwave")), plan, folder.path()).unwrap();
    assert!(account.differences.is_empty(), "{plan:?}: {account}");
    account
}
