//! The program `fourwave`: arguments in, records out, an exit code at the end.
//!
//! Floor 4 of the house: it knows formats, files and terminals, and must not know rules of TCP.

mod args;
mod commands;
mod explain;
mod filter;
mod hold;
mod input;
mod live;
mod output;
mod report;
mod run;
mod settings;
mod stats;
mod stop;
mod tally;
mod terminal;

use std::io;
use std::iter;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::commands::Usage;
use crate::output::{Output, Styles};
use crate::run::End;
use crate::stop::{INTERRUPTED, Stop};

/// The exit code after wrong arguments; also that of clap.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(End::Complete) => ExitCode::SUCCESS,
        Ok(End::Damaged) => ExitCode::FAILURE,
        Ok(End::Stopped) => ExitCode::from(INTERRUPTED),
        // Who took the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::error(&format_args!("{error:#}"));
            if error.is::<Usage>() { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
        }
    }
}

fn run(command: &Command) -> anyhow::Result<End> {
    let stop = Stop::on_interrupt()?;
    match command {
        Command::Annotate(args) => commands::annotate(args, &stop),
        Command::Connections(args) => commands::connections(args, &stop),
        Command::Stats(args) => commands::stats(args, &stop),
        Command::Explain(args) => commands::explain(args, &stop),
        Command::Completions { shell } => {
            print(stop, |to| clap_complete::generate(*shell, &mut Cli::command(), "fourwave", to))
        }
        Command::Man => print(stop, manual),
        Command::Thresholds => print(stop, |to| to.extend(settings::thresholds_table().bytes())),
    }
}

/// Prints what `write` writes to standard output.
fn print(stop: Stop, write: impl FnOnce(&mut Vec<u8>)) -> anyhow::Result<End> {
    let mut text = Vec::new();
    write(&mut text);
    let output = Output::open(None, Styles::Untouched, stop)?;
    output.write(&text);
    output.finish()?;
    Ok(End::Complete)
}

/// The manual: a page about the program, then one about each command.
fn manual(to: &mut Vec<u8>) {
    let mut program = Cli::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    for page in iter::once(program.clone()).chain(commands) {
        // Writing to memory cannot fail.
        let _ = clap_mangen::Man::new(page).render(to);
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(is_closed)
}
