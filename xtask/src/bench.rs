//! A first benchmark: `connections` on a capture against the bare walk over its record headers.
//!
//! The walk reads pieces of 256 KiB, hops from record to record of a plain little-endian pcap and touches 48 octets of
//! each packet: no program that looks at packets can be faster. Wall time, the best of some runs; use an idle machine.

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;
const PIECE: usize = 256 * 1024;
const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
const TOUCHED: usize = 48;

/// Prints the figures for `capture`.
///
/// # Errors
/// A capture that cannot be read, or a program that does not build or run.
pub fn run(capture: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO")).args(["build", "--release", "-p", "fourwave"]).status();
    if !built.map_err(|error| error.to_string())?.success() {
        return Err("fourwave does not build".to_owned());
    }
    let program = root.join("target/release/fourwave");
    let packets = walk(capture)?;
    let walked = best(|| walk(capture).map(|_| ()))?;
    let output = std::env::temp_dir().join("fourwave-bench.jsonl");
    let followed = best(|| connections(&program, capture, &output))?;
    let silent = best(|| connections(&program, capture, Path::new("/dev/null")))?;
    let _ = std::fs::remove_file(&output);
    let each = |time: Duration| time.as_nanos() as f64 / packets as f64;
    let ratio = |time: Duration| time.as_secs_f64() / walked.as_secs_f64();
    println!("{packets} packets, best of {RUNS} runs, wall time");
    println!("bare walk                   {:7.1} ns a packet", each(walked));
    println!("connections to a jsonl file {:7.1} ns a packet, {:.1} times", each(followed), ratio(followed));
    println!("connections to /dev/null    {:7.1} ns a packet, {:.1} times", each(silent), ratio(silent));
    Ok(())
}

fn best(mut run: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn connections(program: &Path, capture: &str, output: &Path) -> Result<(), String> {
    let file = File::create(output).map_err(|error| error.to_string())?;
    let status = Command::new(program)
        .args(["connections", "--format", "jsonl", capture])
        .stdout(Stdio::from(file))
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("fourwave ended with {status}")) }
}

/// The bare walk; the number of packets.
fn walk(capture: &str) -> Result<u64, String> {
    let mut file = File::open(capture).map_err(|error| format!("{capture}: {error}"))?;
    let mut buffer = vec![0; 2 * PIECE];
    let (mut held, mut packets, mut touched) = (0, 0, 0_u64);
    let mut skip = FILE_HEADER;
    loop {
        let room = PIECE.min(buffer.len() - held);
        let read = file.read(&mut buffer[held..held + room]).map_err(|error| error.to_string())?;
        if read == 0 {
            black_box(touched);
            return Ok(packets);
        }
        held += read;
        let mut at = skip;
        while let Some(header) = buffer[..held].get(at..at + RECORD_HEADER) {
            let len = u32::from_le_bytes([header[8], header[9], header[10], header[11]]) as usize;
            let Some(data) = buffer[..held].get(at + RECORD_HEADER..at + RECORD_HEADER + len) else { break };
            for octets in data.chunks(8).take(TOUCHED / 8) {
                touched = touched.wrapping_add(u64::from(octets[0]));
            }
            packets += 1;
            at += RECORD_HEADER + len;
        }
        if at == skip && held >= PIECE {
            return Err(format!("{capture}: no plain little-endian pcap"));
        }
        skip = 0;
        buffer.copy_within(at.min(held)..held, 0);
        held -= at.min(held);
    }
}
