//! The one command that checks everything that is checked anywhere, and the makers of generated files.
//!
//! `cargo xtask check [--install]` runs every check in the order of their cost; `cargo xtask docs` writes the
//! generated documents; `cargo xtask bench` is the benchmark, `cargo xtask instructions` counts instructions;
//! `cargo xtask wireshark matrix` runs the tests in analyzers in several versions of Wireshark, `cargo xtask wireshark
//! picture` and `cargo xtask report picture` take the pictures in the README; `cargo xtask install-c PREFIX` installs the
//! library for C.

mod bench;
mod check;
mod command;
mod docs;
mod gallery;
mod install_c;
mod instructions;
mod picture;
mod plugin_cost;
mod python;
mod report;
mod wireshark;
mod words;

use std::process::ExitCode;

use bench::{Bench, captures, truth};

const USAGE: &str =
    "usage: cargo xtask check [--install]   run every check; --install brings missing tools from Debian and PyPI
       cargo xtask bench [--percent N] [--rounds N]
                                       time the program, the bare walk, and the programs of others side by side,
                                       on captures of N % of their full size [10], N times [3]
       cargo xtask bench captures N    only make these captures, below the target folder
       cargo xtask bench truth [CONNECTIONS]
                                       compare the program with the script of a large generated capture
       cargo xtask instructions [--renew]
                                       compare instructions a packet with benches/instructions.tsv, or write it
       cargo xtask install-c PREFIX [--profile PROFILE]
                                       build the library for C and install it below PREFIX
       cargo xtask docs                write the generated files under docs/
       cargo xtask docs --check        fail if one of them is not current
       cargo xtask report picture      take the picture of a report in the README
       cargo xtask wireshark cost CAPTURE
                                       time tshark with the plugin and without it
       cargo xtask wireshark matrix [--roots DIR]
                                       run the tests in tshark of this machine and of other releases of Debian,
                                       which are made below DIR if they are not there
       cargo xtask wireshark picture   take the picture of Wireshark's window in the README";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["check"] => check::all(false),
        ["check", "--install"] => check::all(true),
        ["bench", "truth"] => truth::check(truth::CONNECTIONS),
        ["bench", "truth", connections] => number(connections).and_then(truth::check),
        ["bench", "captures", percent] => number(percent).and_then(captures::make),
        ["bench", options @ ..] => Bench::parse(options).and_then(Bench::run),
        ["install-c", prefix] => install_c::run(prefix, "release"),
        ["install-c", prefix, "--profile", profile] => install_c::run(prefix, profile),
        ["instructions"] => instructions::check(false),
        ["instructions", "--renew"] => instructions::check(true),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["report", "picture"] => report::picture(),
        ["wireshark", "cost", capture] => plugin_cost::run(capture),
        ["wireshark", "matrix"] => wireshark::matrix(None),
        ["wireshark", "matrix", "--roots", roots] => wireshark::matrix(Some(roots)),
        ["wireshark", "picture"] => picture::take(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("{word}: expected a number"))
}
