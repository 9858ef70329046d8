//! `fourwave report`: one page about a capture or an archive, which needs nothing but a browser.
//!
//! | File | What |
//! |---|---|
//! | `overview`, with `timeline`, `spread`, `top` | counts of all connections, in bounded room |
//! | `best` | which connections get room |
//! | `rows` | the table of connections |
//! | `stories`, `details`, `blocks` | single connections, segment by segment |
//! | `words` | what the page says, in both languages |
//! | `html`, with `page.html`, `page.css`, `script/` | the file itself |

mod best;
mod blocks;
mod details;
mod html;
mod overview;
mod rows;
mod spread;
mod stories;
mod timeline;
mod top;
mod words;

use std::collections::HashSet;
use std::convert::Infallible;

use fourwave_annotate::{Annotation, Code, Connection, Evictions, Lang, TimeWaitExpired};
use fourwave_dissector::Segment;
use serde::Serialize;

use crate::explain::Story;
use crate::output::Surroundings;
use crate::picture::{self, Setting};
use crate::run::End;
use crate::tally::Tally;
use crate::totals::Totals;

use best::Best;
use blocks::{Block, Blocks};
use html::{Data, packed};
use overview::Overview;
use rows::{Columns, Row};
use stories::Stories;
use words::{Object, Order, Words};

/// Octets of a page, and how many of them its table and its ladders may take.
const PAGE: usize = 19 << 20;
const TABLE: usize = 8 << 20;
const LADDERS: usize = 5 << 20;
/// Octets left for what is neither table nor details.
const REST: usize = 512 << 10;
/// Connections in the table.
const MOST_ROWS: usize = 200_000;
/// Connections in a block of ladders, and in one of details.
const LADDERS_IN_BLOCK: usize = 32;
const DETAILS_IN_BLOCK: usize = 64;
/// Connections with details, as far as there is room: some 100 MB while the run lasts.
const MOST_DETAILS: usize = 20_000;

/// Gathers what the page shows.
pub struct Report {
    overview: Overview,
    rows: Best<Row>,
    details: Best<(usize, Story)>,
    stories: Stories,
    /// The time of the last segment of each capture.
    ends_ns: Vec<i64>,
}

/// What the page says of the run.
pub struct Run {
    /// The names of the files and the language of words.
    pub surroundings: Surroundings,
    /// How it ended.
    pub end: End,
    /// What was read.
    pub totals: Totals,
    /// How the inputs were called.
    pub inputs: Vec<String>,
    /// The options that decide how connections are told apart and numbered, as words for a shell.
    pub options: Vec<String>,
    /// Connections were left out since they were not asked for.
    pub is_filtered: bool,
}

/// Everything but table and details.
#[derive(Serialize)]
struct About<'a> {
    version: &'static str,
    languages: &'static [Lang],
    files: &'a [String],
    inputs: &'a [String],
    options: &'a [String],
    is_filtered: bool,
    is_interrupted: bool,
    is_damaged: bool,
    packets: u64,
    packets_with_segments: u64,
    segments: u64,
    /// Packets by the reason why they were skipped, which has words in each language.
    skipped: Vec<(Vec<String>, u64)>,
    evicted: u64,
    overview: overview::Shown,
    /// Connections in the table.
    rows: usize,
    /// The connections in each block of ladders, and of details.
    ladders: Vec<&'a [u64]>,
    blocks: Vec<&'a [u64]>,
    words: Vec<Words>,
    order: Order,
    verdict_of_kind: Object<&'static str>,
}

impl Report {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            overview: Overview::default(),
            rows: Best::new(MOST_ROWS),
            details: Best::new(MOST_DETAILS),
            stories: Stories::default(),
            ends_ns: Vec::new(),
        }
    }

    /// A capture begins.
    pub fn capture(&mut self) {
        self.ends_ns.push(i64::MIN);
    }

    /// Takes in a segment.
    pub fn segment(&mut self, segment: &Segment<'_>, said: &Annotation) {
        if let Some(end_ns) = self.ends_ns.last_mut() {
            *end_ns = segment.time_ns.max(*end_ns);
        }
        self.stories.segment(segment, said);
    }

    /// Takes in a segment that turned out to belong to another connection.
    pub fn revised(&mut self, segment: &Segment<'_>, said: &Annotation) {
        self.stories.revised(segment, said);
    }

    /// Takes in the end of a TIME-WAIT.
    pub fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.stories.expired(event);
    }

    /// Takes in a connection that is over, and shows it if `is_wanted`.
    pub fn connection(&mut self, connection: &Connection, is_wanted: bool) {
        let scenes = self.stories.end(connection.number);
        if !is_wanted {
            return;
        }
        self.overview.add(connection);
        self.rows.offer(connection, || Row::new(connection));
        if let Some(scenes) = scenes {
            let capture = self.ends_ns.len().saturating_sub(1);
            self.details.offer(connection, || (capture, scenes.into_story(connection.clone(), None, None)));
        }
    }

    /// The page.
    ///
    /// # Errors
    /// None that its data know of.
    pub fn page(self, run: Run) -> serde_json::Result<Vec<u8>> {
        let Run { surroundings, end, totals, inputs, options, is_filtered } = run;
        let (rows, table) = table(self.rows.into_sorted())?;
        let shown: HashSet<u64> = rows.iter().map(Row::number).collect();
        let mut stories = Vec::new();
        for (capture, mut story) in self.details.into_sorted() {
            story.end_of_capture_ns = self.ends_ns.get(capture).copied();
            if shown.contains(&story.connection.number) {
                stories.push(story);
            }
        }
        let ladders = ladders(&stories, LADDERS);
        let room = PAGE - REST - table.len() - size(&ladders);
        let blocks = details(&stories, &surroundings, room)?;
        let Tally { packets, with_segments, segments, skipped, .. } = &totals.tally;
        let Evictions { idle: _, pushed_out } = totals.evictions;
        let about = About {
            version: env!("CARGO_PKG_VERSION"),
            languages: Lang::ALL,
            files: &surroundings.files,
            inputs: &inputs,
            options: &options,
            is_filtered,
            is_interrupted: end == End::Stopped,
            is_damaged: end == End::Damaged || totals.files.damaged > 0,
            packets: *packets,
            packets_with_segments: *with_segments,
            segments: *segments,
            skipped: skipped.sorted(|reason| Lang::ALL.iter().map(|lang| reason.words(*lang)).collect()),
            evicted: pushed_out,
            overview: self.overview.shown(),
            rows: rows.len(),
            ladders: ladders.iter().map(|block| block.numbers.as_slice()).collect(),
            blocks: blocks.iter().map(|block| block.numbers.as_slice()).collect(),
            words: Lang::ALL.iter().map(|lang| Words::of(*lang)).collect(),
            order: Order::new(),
            verdict_of_kind: words::verdicts_of_kinds(),
        };
        let about = packed(&serde_json::to_vec(&about)?);
        let mut data =
            vec![Data { name: "about".into(), packed: about }, Data { name: "table".into(), packed: table }];
        data.extend(named("ladder", ladders));
        data.extend(named("block", blocks));
        Ok(html::page(surroundings.lang, &data))
    }
}

/// The ladders of connections, in all languages, as far as there is room.
fn ladders(stories: &[Story], room: usize) -> Vec<Block> {
    let mut ladders = Blocks::new(Lang::ALL.len(), LADDERS_IN_BLOCK, room);
    for story in stories {
        let draw = |texts: &mut [Vec<u8>]| -> Result<(), Infallible> {
            for (lang, text) in Lang::ALL.iter().zip(texts) {
                text.extend_from_slice(picture::ladder(*lang, story, Setting::Page).as_bytes());
            }
            Ok(())
        };
        match ladders.add(story.connection.number, draw) {
            Ok(true) => {}
            Ok(false) => break,
        }
    }
    ladders.finish()
}

/// The records of connections, as far as there is room.
fn details(stories: &[Story], surroundings: &Surroundings, room: usize) -> serde_json::Result<Vec<Block>> {
    let mut blocks = Blocks::new(1, DETAILS_IN_BLOCK, room);
    for story in stories {
        let write = |texts: &mut [Vec<u8>]| {
            texts.iter_mut().try_for_each(|text| details::write(story, surroundings.context(), text))
        };
        if !blocks.add(story.connection.number, write)? {
            break;
        }
    }
    Ok(blocks.finish())
}

/// Octets of these blocks.
fn size(blocks: &[Block]) -> usize {
    blocks.iter().flat_map(|block| &block.packed).map(String::len).sum()
}

/// The data of blocks by the names under which the script looks for them: kind, place, way.
fn named(kind: &str, blocks: Vec<Block>) -> impl Iterator<Item = Data> {
    blocks.into_iter().enumerate().flat_map(move |(place, block)| {
        let ways = block.packed.into_iter().enumerate();
        ways.map(move |(way, packed)| Data { name: format!("{kind}-{place}-{way}"), packed })
    })
}

/// The rows for which there is room, in the order of their numbers, and the table of them. Of `rows` the last go first.
fn table(mut rows: Vec<Row>) -> serde_json::Result<(Vec<Row>, String)> {
    let mut room = rows.len();
    loop {
        let mut kept: Vec<&Row> = rows.iter().take(room).collect();
        kept.sort_unstable_by_key(|row| row.number());
        let table = packed(&serde_json::to_vec(&Columns::new(&kept))?);
        if table.len() <= TABLE || room == 0 {
            rows.truncate(room);
            return Ok((rows, table));
        }
        // What is left out is not quite the same size as what stays, so it may take another turn.
        room = room * TABLE / table.len() * 19 / 20;
    }
}
