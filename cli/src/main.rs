//! The program `fourwave`: arguments in, records out, an exit code at the end.
//!
//! Floor 4 of the house: it knows formats, files and terminals, and must not know rules of TCP.

#[macro_use]
mod say;

mod ahead;
mod archive;
mod args;
mod attention;
mod batch;
mod commands;
mod comments;
mod explain;
mod filter;
mod follow;
mod growing;
mod hold;
mod live;
mod output;
mod page;
mod picture;
mod problem;
mod progress;
mod report;
mod run;
mod settings;
mod sorter;
mod stats;
mod stop;
mod stretch;
mod summary;
mod tally;
mod terminal;
mod totals;
mod unpack;
mod usage;
mod wireshark;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::output::{Output, Styles};
use crate::run::End;
use crate::stop::Stop;
use crate::usage::Usage;

/// The exit code after wrong arguments; also that of clap.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let stop = Stop::default();
    match run(&Cli::parse().command, &stop) {
        Ok(End::Complete) => ExitCode::SUCCESS,
        Ok(End::Damaged) => ExitCode::FAILURE,
        Ok(End::Stopped) => ExitCode::from(stop.exit_code()),
        // The reader of the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::error(&format_args!("{error:#}"));
            if error.is::<Usage>() { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
        }
    }
}

fn run(command: &Command, stop: &Stop) -> anyhow::Result<End> {
    stop.on_signals()?;
    match command {
        Command::Annotate(args) => commands::annotate(args, stop),
        Command::Connections(args) => commands::connections(args, stop),
        Command::Stats(args) => commands::stats(args, stop),
        Command::Explain(args) => commands::explain(args, stop),
        Command::Report(args) => commands::report(args, stop),
        Command::Wireshark { command } => commands::wireshark(command, stop),
        Command::Completions { shell } => {
            print(stop, |to| clap_complete::generate(*shell, &mut Cli::command(), "fourwave", to))
        }
        Command::Man => print(stop, manual),
        Command::Thresholds => print(stop, |to| to.extend(settings::thresholds_table().bytes())),
    }
}

/// Prints what `write` writes to standard output.
fn print(stop: &Stop, write: impl FnOnce(&mut Vec<u8>)) -> anyhow::Result<End> {
    let mut text = Vec::new();
    write(&mut text);
    let output = Output::open(None, Styles::Untouched, stop.clone())?;
    output.write(&text);
    output.finish()?;
    Ok(End::Complete)
}

/// The manual: a page about the program, then one about each command.
fn manual(to: &mut Vec<u8>) {
    let mut program = Cli::command();
    program.build();
    pages(&program, to);
}

/// The page of `command`, then those of the commands below it.
fn pages(command: &clap::Command, to: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    let _ = clap_mangen::Man::new(command.clone()).render(to);
    // `help` has every other command below it once more.
    let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    below.for_each(|below| pages(below, to));
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(is_closed)
}
