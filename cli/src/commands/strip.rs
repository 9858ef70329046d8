//! `annotate --strip`: the capture that an annotated copy was made of.

use std::io::{self, IsTerminal};

use fourwave_dissector::capture::{Container, Reader};

use super::{Usage, not_for_a_terminal, spare_inputs};
use crate::archive::Archive;
use crate::args::{AnnotateArgs, Series, file_of};
use crate::output::pcapng::{Stripper, Unstrippable};
use crate::output::{Output, Styles};
use crate::progress::Meter;
use crate::report;
use crate::run::End;
use crate::stop::Stop;

/// Runs the command. A capture that cannot be had back as it was is not given at all, but for what a pipe has taken.
///
/// # Errors
/// When the output cannot be written.
pub fn strip(args: &AnnotateArgs, stop: &Stop) -> anyhow::Result<End> {
    let path = args.output.result.output.as_deref().and_then(file_of);
    if path.is_none() && io::stdout().is_terminal() {
        return Err(not_for_a_terminal("a capture").into());
    }
    let archive = Archive::find(&args.inputs.inputs, Series::Off, path.as_slice(), stop);
    spare_inputs(&archive, path.as_slice())?;
    if archive.len() != 1 {
        return Err(Usage(format!("--strip takes one input, found {}", archive.len())).into());
    }
    let output = Output::open(path, Styles::Untouched, stop.clone())?;
    let stripped = archive
        .open(0, 0, &output, stop, &Meter::default())
        .map_err(|error| error.to_string())
        .and_then(|reader| strip_all(reader, &output, stop));
    let end = match stripped {
        _ if stop.requested() => End::Stopped,
        Ok(()) => {
            output.finish()?;
            return Ok(End::Complete);
        }
        Err(why) => {
            report::error(&why);
            End::Damaged
        }
    };
    output.abandon()?;
    // An output that could not be written ends the run as well, and has said so.
    if end == End::Stopped {
        report::note(&"interrupted before the capture was complete: a part would pass for the whole");
    }
    Ok(end)
}

/// Strips all that there is, or says why that cannot be.
fn strip_all(mut reader: Reader, output: &Output, stop: &Stop) -> Result<(), String> {
    let name = reader.name().to_owned();
    if reader.format().container != Container::Pcapng {
        return Err(format!("{name}: {}", Unstrippable::NotAnnotated));
    }
    let mut stripper = Stripper::default();
    while !stop.requested() {
        let offset = reader.offset();
        let Some(piece) = reader.next_piece().map_err(|error| error.to_string())? else { break };
        let mut stripped = Ok(());
        output.fill(|to| {
            stripped = stripper.piece(&piece, to);
            Ok(())
        });
        stripped.map_err(|why| format!("{name}: block at octet {offset}: {why}"))?;
    }
    stripper.end().map_err(|why| format!("{name}: {why}"))
}
