//! Instructions a packet, as valgrind counts them: wall time is noise where other things run, these are not.
//!
//! What the parts cost is compared with `benches/instructions.tsv`. Each stage contains the ones before, so a part is
//! the difference between two.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;

use fourwave_generator::{Nobody, Plan, Profile, generate};
use fourwave_tests::here;

use crate::command::{cargo, printed, release, step};

/// Connections of the capture: enough that starting a program does not count, few enough for valgrind.
const CONNECTIONS: u64 = 5000;

/// More or less than before by so much is a failure.
const TOLERANCE: f64 = 0.03;

/// What a user may do about it.
const RENEW: &str = "cargo xtask instructions --renew";

/// A part, the program that contains it, its arguments, and the part that is subtracted.
const PARTS: [(&str, &str, &[&str], Option<&str>); 6] = [
    ("reader", "stages", &["read"], None),
    ("dissector", "stages", &["dissect"], Some("reader")),
    ("engine", "stages", &["follow"], Some("dissector")),
    ("connections", "fourwave", &["connections", "--jobs", "1", "--format", "jsonl"], None),
    ("annotate", "fourwave", &["annotate", "--jobs", "1", "--format", "jsonl"], None),
    ("annotate-all", "fourwave", &["annotate", "--all", "--jobs", "1", "--format", "jsonl"], None),
];

/// Compares, or writes the file anew.
///
/// # Errors
/// A program that does not build or run, or a part that costs something else than before.
pub fn check(renew: bool) -> Result<(), String> {
    let build = ["build", "--release", "--locked", "--package", "fourwave", "--package", "fourwave-stages"];
    cargo("programs to be counted", &build, &[])?;
    step("instructions a packet");
    let counted = count()?;
    let path = here("../benches/instructions.tsv");
    if renew {
        return fs::write(&path, table(&counted)).map_err(|error| format!("{}: {error}", path.display()));
    }
    let before = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    compare(&parse(&before), &counted)
}

/// Instructions a packet of each part.
fn count() -> Result<BTreeMap<&'static str, f64>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let capture = folder.path().join("churn.pcap");
    let plan = Plan::new(Profile::Churn { connections: CONNECTIONS, concurrent: 1000, stretch: 10 }, 1);
    let file = File::create(&capture).map_err(|error| error.to_string())?;
    let totals = generate(&plan, BufWriter::new(file), &mut Nobody).map_err(|error| error.to_string())?;
    let mut whole = BTreeMap::new();
    let mut parts = BTreeMap::new();
    for (name, program, arguments, within) in PARTS {
        let instructions = instructions(&release(program), arguments, &capture)? / totals.packets as f64;
        whole.insert(name, instructions);
        parts.insert(name, instructions - within.and_then(|part| whole.get(part)).unwrap_or(&0.0));
    }
    Ok(parts)
}

/// Runs `program` on `capture` below valgrind.
fn instructions(program: &Path, arguments: &[&str], capture: &Path) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let summary = folder.path().join("callgrind");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet"]);
    valgrind
        .arg(format!("--callgrind-out-file={}", summary.display()))
        .arg(program)
        .args(arguments)
        .arg(capture);
    printed(&mut valgrind)?;
    let text = fs::read_to_string(&summary).map_err(|error| format!("{}: {error}", summary.display()))?;
    let total =
        text.lines().find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    let total = total.and_then(|number| number.trim().parse().ok());
    total.ok_or_else(|| format!("valgrind printed no sum of instructions of {}", program.display()))
}

fn table(counted: &BTreeMap<&str, f64>) -> String {
    let mut table = format!("# Instructions a packet, written by `{RENEW}`.\n# part\tinstructions\n");
    for (name, ..) in PARTS {
        let _ = writeln!(table, "{name}\t{:.0}", counted[name]);
    }
    table
}

fn parse(table: &str) -> BTreeMap<&str, f64> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, number)| Some((name, number.parse().ok()?)))
        .collect()
}

fn compare(before: &BTreeMap<&str, f64>, counted: &BTreeMap<&str, f64>) -> Result<(), String> {
    let mut changed = Vec::new();
    for (name, ..) in PARTS {
        let now = counted[name];
        let before = before.get(name).copied().unwrap_or(f64::NAN);
        let change = now / before - 1.0;
        println!("{name:18} {before:7.0} {now:7.0} {:+6.1} %", change * 100.0);
        if change.is_nan() || change.abs() > TOLERANCE {
            changed.push(name);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "instructions of {} differ by more than {:.0} % from benches/instructions.tsv; if that is meant: {RENEW}",
        changed.join(", "),
        TOLERANCE * 100.0
    ))
}
