//! Parts of the way from a capture to records, each as a program of its own, so that it can be measured from outside.
//!
//! `stages walk FILE` is the limit of what any program can do; `read`, `dissect` and `follow` each do what the one before
//! does, and more. They print the number of packets and something that depends on all of them, so that nothing can be
//! optimised away. `stages write` is the other end of the way: what it takes to have octets in a file. `stages warm` comes
//! before all measuring.

mod follow;
mod walk;
mod warm;
mod write;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: stages walk FILE      hop from record to record, touch 48 octets of each
       stages read FILE      take records out of the file
       stages dissect FILE   and find their TCP segments
       stages follow FILE    and follow their connections
       stages write FILE N   make a file of N octets
       stages warm           touch memory that is free";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["walk", file] => walk::walk(Path::new(file)),
        ["read", file] => follow::read(Path::new(file)),
        ["dissect", file] => follow::dissect(Path::new(file)),
        ["follow", file] => follow::follow(Path::new(file)),
        ["warm"] => warm::warm(),
        ["write", file, octets] => write::write(Path::new(file), octets),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(seen) => {
            println!("{} packets, {}", seen.packets, seen.sum);
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("stages: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// What a stage saw.
#[derive(Default)]
struct Seen {
    packets: u64,
    /// Depends on every packet.
    sum: u64,
}
