//! Takes note of what was read of a series, and writes checkpoints: where much would have to be read again.

use std::borrow::Cow;
use std::path::Path;

use anyhow::Context;
use fourwave_annotate::Engine;
use fourwave_dissector::Dissector;

use super::checkpoint::{self, Head, Maker};
use super::entry::{Counts, InputEntry, Read};
use super::manifest::Manifest;
use crate::archive::{Archive, Content};
use crate::follow::{Keep, Milestone};
use crate::output::{self, Output};
use crate::report;

/// Fewer packets than this are soon read again.
const LEAST_PACKETS: u64 = Milestone::PACKETS;
/// For each connection in memory so many packets must have been read: writing it takes as long as reading one or two packets.
const PACKETS_A_CONNECTION: u64 = 8;

/// Keeps checkpoints of one series.
pub struct Keeper<'a> {
    manifest: &'a mut Manifest,
    maker: &'a Maker,
    directory: &'a Path,
    /// The name of the output.
    name: &'a str,
    output: &'a Output,
    archive: &'a Archive,
    /// What was in the inputs that were read before this run.
    before: Counts,
    /// What was read so far.
    read: Read,
    last: Option<Last>,
    /// All inputs can be recognised.
    is_settled: bool,
    /// Packets before the last checkpoint.
    packets: u64,
}

/// The last milestone.
struct Last {
    /// The place of its file.
    place: usize,
    dissector: Dissector,
}

impl<'a> Keeper<'a> {
    /// Keeps checkpoints of the series that is written to `output`, which will be called `name`. What was `read` of it
    /// before is in the output.
    pub fn new(
        manifest: &'a mut Manifest,
        maker: &'a Maker,
        directory: &'a Path,
        (name, output): (&'a str, &'a Output),
        archive: &'a Archive,
        read: Read,
    ) -> Self {
        let before = read.counts.clone();
        Self {
            manifest,
            maker,
            directory,
            name,
            output,
            archive,
            packets: before.packets,
            before,
            read,
            last: None,
            is_settled: true,
        }
    }

    /// Writes a checkpoint, now that the output has `len` octets.
    fn write(&mut self, last: &Last, engine: &Engine, len: u64) -> anyhow::Result<()> {
        // More than was there at first may have been read.
        let input = self.read.inputs.last_mut().context("nothing was read")?;
        let identity = input.identity.as_ref().and_then(|identity| self.archive.grown(last.place, identity));
        input.identity = Some(identity.with_context(|| format!("{} was replaced", input.file))?);
        let incomplete = output::incomplete(&self.directory.join(self.name));
        let output = Content::of_first(&incomplete, len)?.context("the output is not there")?;
        let head = Head { maker: Cow::Borrowed(self.maker), read: Cow::Borrowed(&self.read), output };
        let name = checkpoint::name(self.name, self.read.counts.packets);
        checkpoint::write(&self.directory.join(&name), &head, &last.dissector, engine)?;
        self.output.keep_incomplete();
        self.manifest.add_checkpoint(self.name, name)
    }
}

impl Keep for Keeper<'_> {
    fn pass(&mut self, milestone: Milestone, engine: &Engine) -> bool {
        let Milestone { file, frame, is_inside, tally, dissector } = milestone;
        self.is_settled &= file.identity.is_some();
        self.read.add(InputEntry::new(&self.archive.names, &file), file.number, frame, is_inside);
        self.read.counts = self.before.plus(&Counts::new(&tally, 0));
        self.last = Some(Last { place: file.place, dissector });
        let packets = self.read.counts.packets - self.packets;
        self.is_settled && packets >= LEAST_PACKETS.max(PACKETS_A_CONNECTION * engine.tracked() as u64)
    }

    fn keep(&mut self, engine: &Engine, connections: u64) {
        self.read.counts.connections += connections;
        // If the output could not be written, that is what will be said.
        let (Some(last), Some(len)) = (self.last.take(), self.output.lasting()) else { return };
        match self.write(&last, engine, len) {
            Ok(()) => self.packets = self.read.counts.packets,
            // It is a help and no more.
            Err(error) => report::note(&format_args!("{}: no checkpoint: {error:#}", self.name)),
        }
    }
}
