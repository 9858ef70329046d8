//! `explain`: the story of one connection.

use std::path::{Path, PathBuf};
use std::slice;

use fourwave_dissector::Packet;

use super::{Usage, spare_inputs};
use crate::archive::Archive;
use crate::args::{ExplainArgs, file_of};
use crate::explain::{Collector, Request};
use crate::follow::{Consumer, Pieces};
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
    let outputs = [&args.output, &args.svg, &args.states].map(|path| path.as_deref().and_then(file_of));
    let except: Vec<_> = outputs.into_iter().flatten().collect();
    let archive = Archive::find(slice::from_ref(&args.input), args.engine.series, &except, stop);
    spare_inputs(&archive, &except)?;
    let [path, ..] = outputs;
    let output = Output::open(path, Styles::OnTerminal, stop.clone())?;
    let ladder = open_picture(args.svg.as_deref(), stop)?;
    let states = open_picture(args.states.as_deref(), stop)?;
    // Nothing else has a place beside a picture on standard output.
    let is_standard = |path: &Option<PathBuf>| path.as_deref().is_some_and(|path| file_of(path).is_none());
    let silent = path.is_none() && (is_standard(&args.svg) || is_standard(&args.states));
    if is_standard(&args.svg) && is_standard(&args.states) {
        return Err(Usage("two pictures for standard output; expected one".into()).into());
    }
    let room = if path.is_none() { Room::of_output() } else { Room::PAGE };
    let (connection, layers, lang) = (args.connection, args.layers, args.language.language());
    let request = Request { connection, layers, lang, room };
    let mut collector = request.collector();
    let progress = Progress::start(Form::Hidden, archive.goal());
    let run = Run {
        archive: &archive,
        engine: &args.engine,
        checksums: args.engine.checksums(),
        jobs: 1,
        output: &output,
        stop,
        progress: &progress,
        meter: progress.meter(),
        counts_endings: false,
    };
    let outcome = Reading::All(run).read(&mut collector);
    let end = outcome.end;
    if end == End::Damaged && collector.entries.is_empty() {
        // Why nothing was seen was said already.
        return Ok(end);
    }
    let mut found = match request.found(collector) {
        Ok(found) => found,
        // It may stand in what was not read.
        Err(_) if end == End::Stopped => return Ok(end),
        Err(error) => return Err(usage(error).into()),
    };
    if let Some(ladder) = ladder {
        ladder.write(request.ladder(&found).map_err(usage)?.as_bytes());
        ladder.finish()?;
    }
    if let Some(states) = states {
        states.write(request.states(&found).as_bytes());
        states.finish()?;
    }
    if !silent {
        output.write(request.page(&mut found).as_bytes());
        output.finish()?;
    }
    outputs.into_iter().flatten().for_each(|path| outcome.note_interrupt(path));
    Ok(end)
}

/// Something is wrong with what was asked for.
fn usage(error: anyhow::Error) -> Usage {
    Usage(error.to_string())
}

/// Opens the output of a picture, if there is to be one.
fn open_picture(path: Option<&Path>, stop: &Stop) -> anyhow::Result<Option<Output>> {
    path.map(|path| Output::open(file_of(path), Styles::Untouched, stop.clone())).transpose()
}

impl Pieces for Collector {}

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
