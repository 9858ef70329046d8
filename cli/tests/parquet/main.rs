//! Parquet as its readers see it: the same rows as JSON lines, the queries of the README, bounds to filter by.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod readme;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use fourwave_tests::flow::Flow;
use fourwave_tests::python::Python;
use fourwave_tests::{capture, files, here};
use tempfile::TempDir;

use support::{Capture, fourwave, run};

/// Every flow script as a capture, and a capture of hundreds of endings by a kernel.
fn captures() -> TempDir {
    let folder = TempDir::new().unwrap();
    for path in files("flows", ".flow").unwrap() {
        let flow = Flow::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned() + ".pcap";
        fs::write(folder.path().join(name), capture::pcap(&flow)).unwrap();
    }
    assert!(fs::read_dir(folder.path()).unwrap().count() > 30);
    fs::copy(here("truth/linux/mix_200.pcap"), folder.path().join("mix_200.pcap")).unwrap();
    folder
}

/// What a script of this test prints.
fn python(name: &str, arguments: &[&str], place: &Path) -> Result<String, String> {
    Python { test: "parquet" }.run(name, arguments, place)
}

/// Runs the program, which must succeed, in the folder `place`.
fn in_folder(place: &Path, args: &[&str]) {
    let output = fourwave(args).current_dir(place).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Prints `captures` by `args` in three formats and compares them.
fn compare(captures: &TempDir, args: &[&str]) {
    let printed = TempDir::new().unwrap();
    for format in ["parquet", "jsonl", "csv"] {
        let path = printed.path().join(format);
        let output = ["--format", format, "-o", path.to_str().unwrap(), "."];
        in_folder(captures.path(), &[args, &output].concat());
    }
    if let Err(differences) = python("compare.py", &["parquet", "jsonl", "csv"], printed.path()) {
        panic!("{args:?}: {differences}");
    }
}

#[test]
fn rows_are_those_of_json_lines() {
    let captures = captures();
    for args in [
        &["annotate"][..],
        &["annotate", "--all"],
        &["annotate", "--all", "--hindsight"],
        &["annotate", "--fields", "record,peer,time_ns,waves,client,path_in_frame"],
        &["connections"],
        &["connections", "--lang", "zh-CN"],
        &["connections", "--fields", "waves,findings"],
    ] {
        compare(&captures, args);
    }
}

#[test]
fn records_that_waited_are_the_same() {
    let captures = captures();
    compare(&captures, &["annotate", "--all", "--kind", "four-way", "--kind", "reset"]);
    compare(&captures, &["annotate", "--hindsight", "--kind", "half-close"]);
}

#[test]
fn a_pipe_gets_the_octets_of_a_file() {
    let capture = Capture::default().four_way(40_000).reset(40_001).octets;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("p");
    let to_file = ["connections", "-", "--format", "parquet", "-o", path.to_str().unwrap()];
    assert_eq!(run(&to_file, &capture).status.code(), Some(0));
    let piped = run(&["connections", "-", "--format", "parquet"], &capture).stdout;
    assert!(piped.starts_with(b"PAR1") && piped.ends_with(b"PAR1"));
    assert_eq!(piped, fs::read(path).unwrap());
}

#[test]
fn no_records_are_a_table_without_rows() {
    let folder = TempDir::new().unwrap();
    let args = ["annotate", "-", "--format", "parquet", "-o"];
    let path = folder.path().join("t.parquet");
    let output = run(&[&args[..], &[path.to_str().unwrap()]].concat(), &Capture::default().octets);
    assert_eq!(output.status.code(), Some(0));
    let query = "SELECT count(*), count(role) FROM 't.parquet'";
    assert_eq!(python("query.py", &[query], folder.path()).unwrap(), "0\t0\n");
}

#[test]
fn counts_are_no_table() {
    let output = run(&["stats", "-", "--format", "parquet"], &Capture::default().octets);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("expected text, jsonl or csv"), "{said}");
}

/// Readers leave out a group of rows when a filter excludes what lies between its bounds.
#[test]
fn groups_of_rows_have_bounds() {
    let mut capture = Capture::default();
    for turn in 0..20_000 {
        capture = capture.four_way(turn + 1);
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("c.pcap"), &capture.octets).unwrap();
    in_folder(folder.path(), &["annotate", "--all", "--format", "parquet", "-o", "t.parquet", "c.pcap"]);
    let query = |sql| python("query.py", &[sql], folder.path()).unwrap();
    let bounds = query(
        "SELECT row_group_id, row_group_num_rows, stats_min_value, stats_max_value, stats_null_count
         FROM parquet_metadata('t.parquet') WHERE path_in_schema = 'frame' ORDER BY row_group_id",
    );
    assert_eq!(bounds.lines().count(), 2, "{bounds}");
    assert!(bounds.starts_with("0\t131072\t1\t"), "{bounds}");
    let with_bounds = "SELECT path_in_schema FROM parquet_metadata('t.parquet')
         WHERE row_group_id = 0 AND stats_min_value IS NOT NULL ORDER BY ALL";
    let with_bounds = query(with_bounds);
    for column in ["time_ns", "frame", "connection", "role", "from", "src", "dst"] {
        assert!(with_bounds.lines().any(|line| line == column), "{column} in {with_bounds}");
    }
    let last = query("SELECT connection, role FROM 't.parquet' WHERE frame >= 139999 ORDER BY frame");
    assert_eq!(last, "20000\tfin-2\n20000\tack-of-fin-2\n");
}
