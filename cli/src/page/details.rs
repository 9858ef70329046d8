//! What the page can show of single connections: their records as JSON lines, in blocks that are compressed each by
//! itself, so that a page opens without unpacking all of them.
//!
//! A connection is a line about the others, the line of its record, then those of its segments and timer events.

use fourwave_annotate::{Code, ConnectionRecord, Context, EventRecord, Fields, Lang, SegmentRecord};
use serde::Serialize;

use super::html::packed;
use crate::explain::{Scene, Story};
use crate::output::Surroundings;

/// Connections in a block, unless they have much to show.
const CONNECTIONS: usize = 64;
/// Octets in a block from which on it is full.
const FULL: usize = 1 << 20;

/// The blocks of a page, as far as there is room.
pub struct Details {
    surroundings: Surroundings,
    room: usize,
    blocks: Vec<Block>,
    text: Vec<u8>,
    numbers: Vec<u64>,
}

/// Connections that are unpacked together.
pub struct Block {
    /// Their numbers.
    pub numbers: Vec<u64>,
    /// Their texts, packed.
    pub packed: String,
}

/// What the first line of a connection says.
#[derive(Serialize)]
struct Head {
    connection: u64,
    /// What its findings say, in the order of the languages.
    texts: Vec<Vec<String>>,
    folds: Vec<Fold>,
}

/// Segments that are not shown.
#[derive(Serialize)]
struct Fold {
    /// Lines of segments and events before them.
    after: usize,
    segments: u64,
    client_octets: u64,
    server_octets: u64,
}

impl Details {
    /// Blocks of at most `room` octets together.
    pub fn new(surroundings: Surroundings, room: usize) -> Self {
        Self { surroundings, room, blocks: Vec::new(), text: Vec::new(), numbers: Vec::new() }
    }

    /// Adds a connection. Whether there may be room for another.
    ///
    /// # Errors
    /// None that records know of.
    pub fn add(&mut self, story: &Story) -> serde_json::Result<bool> {
        write(story, self.surroundings.context(), &mut self.text)?;
        self.numbers.push(story.connection.number);
        Ok(self.numbers.len() < CONNECTIONS && self.text.len() < FULL || self.close())
    }

    /// All blocks.
    pub fn finish(mut self) -> Vec<Block> {
        self.close();
        self.blocks
    }

    /// Closes a block; it is left out if there is no room for it, which is what the answer tells.
    fn close(&mut self) -> bool {
        let (text, numbers) = (std::mem::take(&mut self.text), std::mem::take(&mut self.numbers));
        if numbers.is_empty() {
            return true;
        }
        let packed = packed(&text);
        let fits = packed.len() <= self.room;
        if fits {
            self.room -= packed.len();
            self.blocks.push(Block { numbers, packed });
        }
        fits
    }
}

/// Adds the lines of `story` and an empty one.
fn write(story: &Story, context: Context<'_>, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let connection = &story.connection;
    let texts = |lang: &Lang| {
        connection.findings.iter().map(|finding| lang.finding_text(finding).into_owned()).collect()
    };
    let head = Head {
        connection: connection.number,
        texts: Lang::ALL.iter().map(texts).collect(),
        folds: folds(story),
    };
    line(&head, to)?;
    line(&ConnectionRecord::new(connection, Context { fields: Fields::ALL, ..context }), to)?;
    let context = Context { fields: Fields::STREAMED, ..context };
    for scene in &story.scenes {
        match scene {
            Scene::Segment(shown) => {
                let segment = shown.segment(&connection.addresses);
                line(&SegmentRecord::new(&segment, &shown.said, context), to)?;
            }
            Scene::Expired(event) => line(&EventRecord::new(event, context), to)?,
            Scene::Fold(_) => {}
        }
    }
    to.push(b'\n');
    Ok(())
}

fn folds(story: &Story) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut lines = 0;
    for scene in &story.scenes {
        match scene {
            Scene::Segment(_) | Scene::Expired(_) => lines += 1,
            Scene::Fold(fold) => folds.push(Fold {
                after: lines,
                segments: fold.segments,
                client_octets: fold.octets.client,
                server_octets: fold.octets.server,
            }),
        }
    }
    folds
}

fn line(what: &impl Serialize, to: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *to, what)?;
    to.push(b'\n');
    Ok(())
}
