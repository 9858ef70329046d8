//! `tdgen`: writes a capture, and what is in it.

mod arguments;
mod tables;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use fourwave_generator::generate;

use crate::arguments::{Arguments, USAGE};
use crate::tables::Tables;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let arguments = match Arguments::parse(&words) {
        Ok(arguments) => arguments,
        Err(reason) => {
            eprintln!("tdgen: {reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tdgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let out = create(&arguments.out)?;
    let roles = arguments.roles.as_deref().map(create).transpose()?;
    let list = arguments.list.as_deref().map(create).transpose()?;
    let mut tables = Tables { roles, list };
    let totals = generate(&arguments.plan, out, &mut tables)?;
    tables.flush()?;
    let truth = format!("{}\n", totals.to_json());
    match &arguments.truth {
        Some(path) => fs::write(path, truth).map_err(|error| about(path, &error)),
        None => io::stdout().write_all(truth.as_bytes()),
    }
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    let file = File::create(path).map_err(|error| about(path, &error))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
