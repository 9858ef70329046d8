//! `fourwave explain`: the story of one connection, for people.
//!
//! [`Collector`] listens to the engine in one pass; the other files print what it heard, one section each:
//! `head`, `ladder`, `began`, `waves`, `dwell`, `findings`, `outlook`, `layers`, or the `table` of all connections.
//! Nothing here decides anything about TCP.

use anyhow::anyhow;
use fourwave_annotate::Lang;

use crate::picture::{self, Setting};
use crate::terminal::Room;

mod began;
mod collect;
mod dwell;
mod findings;
mod head;
mod ladder;
mod layers;
pub mod layout;
pub mod notation;
mod origin;
mod outlook;
pub mod rungs;
mod scenes;
pub mod story;
mod table;
#[cfg(test)]
pub mod tests;
mod verdict;
mod waves;
pub mod words;

pub use collect::{Collector, Entry};
pub use scenes::Scenes;
pub use story::{Scene, Story};
pub use verdict::Verdict;

use layout::Page;

/// What was found of what was asked for.
pub enum Found {
    /// All connections: none was asked for, and there is not just one.
    Table(Vec<Entry>),
    /// One connection.
    Story(Box<Story>),
}

/// What to explain.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The number of the connection; `None` for the table of all, or the only one.
    pub connection: Option<u64>,
    /// With the headers of the four waves.
    pub layers: bool,
    /// The language of the words.
    pub lang: Lang,
    /// How much of the table is seen at once.
    pub room: Room,
}

impl Request {
    /// What has to listen to the engine, and to be told of every packet before its segments.
    pub fn collector(&self) -> Collector {
        Collector::new(self.connection.unwrap_or(1), self.layers)
    }

    /// What there is to tell.
    ///
    /// # Errors
    /// The connection that was asked for does not exist.
    pub fn found(&self, mut collector: Collector) -> anyhow::Result<Found> {
        let count = collector.entries.len();
        if self.connection.is_none() && count != 1 {
            return Ok(Found::Table(std::mem::take(&mut collector.entries)));
        }
        let number = self.connection.unwrap_or(1);
        let story = collector.into_story().map(Box::new).map(Found::Story);
        story.ok_or_else(|| anyhow!(words::no_such_connection(self.lang, number, count)))
    }

    /// The page about what was found, with colours (ANSI escapes).
    pub fn page(&self, found: &mut Found) -> String {
        let mut page = Page::default();
        match found {
            Found::Table(entries) if entries.is_empty() => page.line(words::no_connections(self.lang)),
            Found::Table(entries) => table::print(&mut page, self.lang, self.room, entries),
            Found::Story(story) => self.tell(&mut page, story),
        }
        page.into_text()
    }

    /// The ladder of what was found: an SVG document.
    ///
    /// # Errors
    /// There is not one connection, but none or many.
    pub fn ladder(&self, found: &Found) -> anyhow::Result<String> {
        match found {
            Found::Table(entries) => Err(anyhow!(words::no_picture(self.lang, entries.len()))),
            Found::Story(story) => Ok(picture::ladder(self.lang, story, Setting::File)),
        }
    }

    /// The state diagram with the path of what was found: an SVG document. Without one connection it has no path.
    pub fn states(&self, found: &Found) -> String {
        match found {
            Found::Table(_) => picture::states(self.lang, None),
            Found::Story(story) => picture::states(self.lang, Some(story)),
        }
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
