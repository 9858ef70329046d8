//! `explain`: the story of one connection.

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

/// Runs the command.
///
/// # Errors
/// When the connection asked for does not exist, or the output cannot be written.
pub fn explain(args: &ExplainArgs, stop: &Stop) -> anyhow::Result<End> {
    let archive = Archive::find(slice::from_ref(&args.input), args.engine.series, None, stop);
    let output = Output::open(args.output.as_deref(), Styles::OnTerminal, stop.clone())?;
    let request =
        Request { connection: args.connection, layers: args.layers, lang: args.language.language() };
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
    let page = request.page(collector).map_err(|error| Usage(error.to_string()))?;
    output.write(page.as_bytes());
    output.finish()?;
    Ok(end)
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
