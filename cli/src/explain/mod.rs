//! `fourwave explain`: the story of one connection, for people.
//!
//! [`Collector`] listens to the engine in one pass; the other files print what it heard, one section each:
//! `head`, `ladder`, `began`, `waves`, `dwell`, `findings`, `outlook`, `layers`, or the `table` of all connections.
//! Nothing here decides anything about TCP.

use anyhow::anyhow;
use fourwave_annotate::Lang;

mod began;
mod collect;
mod dwell;
mod findings;
mod head;
mod ladder;
mod layers;
mod layout;
mod notation;
mod origin;
mod outlook;
mod rungs;
mod scenes;
mod story;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod waves;
mod words;

pub use collect::Collector;

use layout::Page;
use story::Story;

/// What to explain.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The number of the connection; `None` for the table of all, or the only one.
    pub connection: Option<u64>,
    /// With the headers of the four waves.
    pub layers: bool,
    /// The language of the words.
    pub lang: Lang,
}

impl Request {
    /// What has to listen to the engine, and to be told of every packet before its segments.
    pub fn collector(&self) -> Collector {
        Collector::new(self.connection.unwrap_or(1), self.layers)
    }

    /// The page about what was collected, with colours (ANSI escapes).
    ///
    /// # Errors
    /// The connection that was asked for does not exist.
    pub fn page(&self, mut collector: Collector) -> anyhow::Result<String> {
        let mut page = Page::default();
        let count = collector.entries.len();
        match (self.connection, count) {
            (None, 0) => page.line(words::no_connections(self.lang)),
            (None, 2..) => table::print(&mut page, self.lang, &mut collector.entries),
            (Some(number), _) => {
                let story = collector.into_story();
                let story =
                    story.ok_or_else(|| anyhow!(words::no_such_connection(self.lang, number, count)))?;
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
        if self.layers {
            layers::print(page, lang, story);
        }
    }
}
