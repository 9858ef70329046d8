//! `explain`: the story of one connection.

use std::path::Path;
use std::slice;

use fourwave_dissector::Packet;

use super::Usage;
use crate::archive::Archive;
use crate::args::ExplainArgs;
use crate::explain::{Collector, Request};
use crate::follow::Consumer;
use crate::output::{Output, Styles};
use crate::progress::{Form, Progress};
use crate::run::{End, Reading, Run};
use crate::stop::Stop;
use crate::terminal::Room;

/// Runs the command.
///
/// # Errors
/// When the connection asked for does not exist, or the output cannot be written.
pub fn explain(args: &ExplainArgs, stop: &Stop) -> anyhow::Result<End> {
    let archive = Archive::find(slice::from_ref(&args.input), args.engine.series, None, stop);
    let output = Output::open(args.output.as_deref(), Styles::OnTerminal, stop.clone())?;
    let svg = open_picture(args.svg.as_deref(), stop)?;
    let room = if args.output.is_none() { Room::of_output() } else { Room::PAGE };
    let (connection, layers, lang) = (args.connection, args.layers, args.language.language());
    let request = Request { connection, layers, lang, room };
    let mut collector = request.collector();
    let run = Run {
        archive: &archive,
        engine: &args.engine,
        checksums: args.engine.checksums(),
        jobs: 1,
        output: &output,
        stop,
        progress: &Progress::start(Form::Hidden, archive.goal()),
        counts_endings: false,
    };
    let end = Reading::All(run).read(&mut collector).end;
    if end == End::Damaged && collector.entries.is_empty() {
        // Why nothing was seen was said already.
        return Ok(end);
    }
    let mut found = request.found(collector).map_err(usage)?;
    if let Some((svg, _)) = &svg {
        svg.write(request.picture(&found).map_err(usage)?.as_bytes());
    }
    match svg {
        // Text has no place beside it.
        Some((svg, true)) if args.output.is_none() => svg.finish()?,
        Some((svg, _)) => {
            output.write(request.page(&mut found).as_bytes());
            output.finish()?;
            svg.finish()?;
        }
        None => {
            output.write(request.page(&mut found).as_bytes());
            output.finish()?;
        }
    }
    Ok(end)
}

/// Something is wrong with what was asked for.
fn usage(error: anyhow::Error) -> Usage {
    Usage(error.to_string())
}

/// Opens the output of a picture, and says whether it is standard output.
fn open_picture(path: Option<&Path>, stop: &Stop) -> anyhow::Result<Option<(Output, bool)>> {
    let Some(path) = path else { return Ok(None) };
    let is_standard = path == Path::new("-");
    let output = Output::open((!is_standard).then_some(path), Styles::Untouched, stop.clone())?;
    Ok(Some((output, is_standard)))
}

impl Consumer for Collector {
    fn wants_packets(&self) -> bool {
        true
    }

    fn capture(&mut self) {
        Self::capture(self);
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        Self::packet(self, packet);
    }
}
