//! `fourwave explain`: the story of one connection, for people.
//!
//! [`Collector`] listens to the engine in one pass; the other files print what it heard, one section each:
//! `head`, `ladder`, `began`, `waves`, `dwell`, `findings`, `outlook`, `layers`, or the `table` of all connections.
//! Nothing here decides anything about TCP.

use std::slice;

use anyhow::anyhow;
use fourwave_annotate::Lang;

use crate::args::ExplainArgs;
use crate::input::Inputs;
use crate::output::{Output, Styles};
use crate::run::{End, Run};
use crate::stop::Stop;

mod began;
mod collect;
mod dwell;
mod findings;
mod head;
mod ladder;
mod layout;
mod notation;
mod origin;
mod outlook;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod waves;
mod words;

use collect::{Collector, Story};
use layout::Page;

/// Runs the command.
///
/// # Errors
/// When the connection asked for does not exist, or the output cannot be written.
pub fn run(args: &ExplainArgs, stop: &Stop) -> anyhow::Result<End> {
    let inputs = Inputs::find(slice::from_ref(&args.input));
    let output = Output::open(args.output.as_deref(), Styles::OnTerminal, stop.clone())?;
    let request = Request { connection: args.connection, layers: args.layers, lang: args.language.language() };
    let mut collector = request.collector();
    let run = Run {
        inputs: &inputs,
        engine: &args.engine,
        checksums: args.engine.checksums(),
        output: &output,
        stop,
    };
    let (end, _) = run.read(&mut collector);
    // Of a capture that could not be read, it is not to be said that it holds nothing.
    if end == End::Complete || !collector.connections.is_empty() {
        output.write(request.page(collector)?.as_bytes());
    }
    output.finish()?;
    Ok(end)
}

/// What to explain.
#[derive(Clone, Copy, Debug)]
struct Request {
    /// The number of the connection; `None` for the table of all, or the only one.
    connection: Option<u64>,
    /// With the headers of the four waves.
    layers: bool,
    /// The language of the words.
    lang: Lang,
}

impl Request {
    /// What has to listen to the engine, and to be told of every packet before its segments.
    fn collector(&self) -> Collector {
        Collector::new(self.connection.unwrap_or(1), self.layers)
    }

    /// The page about what was collected, with colours (ANSI escapes).
    ///
    /// # Errors
    /// The connection that was asked for does not exist.
    fn page(&self, mut collector: Collector) -> anyhow::Result<String> {
        let mut page = Page::default();
        let count = collector.connections.len();
        match (self.connection, count) {
            (None, 0) => page.line(words::no_connections(self.lang)),
            (None, 2..) => table::print(&mut page, self.lang, &mut collector.connections),
            (Some(number), _) => {
                let story = collector.into_story();
                let story = story.ok_or_else(|| anyhow!(words::no_such_connection(self.lang, number, count)))?;
                self.tell(&mut page, &story);
            }
            (None, 1) => {
                if let Some(story) = collector.into_story() {
                    self.tell(&mut page, &story);
                }
            }
        }
        Ok(page.into_text())
    }

    fn tell(&self, page: &mut Page, story: &Story) {
        let lang = self.lang;
        head::print(page, lang, story);
        ladder::draw(page, lang, story);
        began::print(page, lang, story);
        waves::print(page, lang, story);
        dwell::print(page, lang, story);
        findings::print(page, lang, story);
        findings::print_hindsight(page, lang, story);
        outlook::print(page, lang, story);
    }
}
