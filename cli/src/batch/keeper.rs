//! Takes note of what was read of a series, and writes checkpoints: where much would have to be read again, and at the end of
//! a series of several files, since its first ones may be gone when it goes on.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Mutex;

use anyhow::Context;
use fourwave_annotate::Engine;
use fourwave_dissector::Dissector;

use super::checkpoint::{self, Head, Maker};
use super::entry::{Counts, InputEntry, Read};
use super::manifest::Manifest;
use super::walk::lock;
use crate::archive::{Archive, Content};
use crate::follow::{Keep, Milestone, Reach};
use crate::output::{self, Output};
use crate::report;

/// Fewer packets than this are soon read again.
const LEAST_PACKETS: u64 = Milestone::PACKETS;
/// For each connection in memory so many packets must have been read: writing it takes as long as reading one or two packets.
const PACKETS_A_CONNECTION: u64 = 8;

/// Keeps checkpoints of one series.
pub struct Keeper<'a> {
    manifest: &'a Mutex<Manifest>,
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
    /// Whether it is certain by now that there is this series.
    is_certain: &'a (dyn Fn() -> bool + Sync),
}

/// The last milestone.
struct Last {
    /// The place of its file.
    place: usize,
    dissector: Dissector,
    /// Much was read since the last one where this was so.
    is_due: bool,
}

impl<'a> Keeper<'a> {
    /// Keeps checkpoints of the series that is written to `output`, which will be called `name`. What was `read` of it
    /// before is in the output.
    pub fn new(
        manifest: &'a Mutex<Manifest>,
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
            before,
            read,
            last: None,
            is_settled: true,
            is_certain: &|| true,
        }
    }

    /// Only holds checkpoints while it is not certain that there is this series.
    pub fn once_certain(self, is_certain: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { is_certain, ..self }
    }

    /// Writes a checkpoint, now that the output has `len` octets.
    fn write(&mut self, last: &Last, engine: &Engine, len: u64) -> anyhow::Result<()> {
        let mut read = self.read.clone();
        let packets = read.counts.packets;
        if last.is_due {
            read.due = packets;
        }
        let input = read.inputs.last_mut().context("nothing was read")?;
        let now = input.identity.as_ref().and_then(|identity| self.archive.grown(last.place, identity));
        // Nobody knows whether it was read before or after it grew, so it is to be read on.
        read.is_inside |= now != input.identity;
        input.identity = Some(now.with_context(|| format!("{} was replaced", input.file))?);
        let incomplete = output::incomplete(&self.directory.join(self.name));
        let output = Content::of_first(&incomplete, len)?.context("the output is not there")?;
        let head = Head { maker: Cow::Borrowed(self.maker), read: Cow::Borrowed(&read), output };
        let name = if last.is_due { checkpoint::name } else { checkpoint::name_at_end };
        let name = name(self.name, packets);
        checkpoint::write(&self.directory.join(&name), &head, &last.dissector, engine)?;
        if (self.is_certain)() {
            self.output.keep_incomplete();
            lock(self.manifest).add_checkpoint(self.name, name)?;
        } else {
            lock(self.manifest).hold_checkpoint(self.name, name)?;
        }
        self.read.due = read.due;
        Ok(())
    }
}

impl Keep for Keeper<'_> {
    fn pass(&mut self, milestone: Milestone, engine: &Engine) -> bool {
        let Milestone { file, reach: Reach { frame, is_inside, is_last }, tally, dissector } = milestone;
        self.is_settled &= file.identity.is_some();
        self.read.add(InputEntry::new(&self.archive.names, &file), file.number, frame, is_inside);
        self.read.counts = self.before.plus(&Counts::new(&tally, 0));
        let packets = self.read.counts.packets.saturating_sub(self.read.due);
        let is_due = packets >= LEAST_PACKETS.max(PACKETS_A_CONNECTION * engine.tracked() as u64);
        self.last = Some(Last { place: file.place, dissector, is_due });
        self.is_settled && (is_due || is_last)
    }

    fn keep(&mut self, engine: &Engine, connections: u64) {
        let told = &mut self.read.counts.connections;
        *told = told.saturating_add(connections);
        // If the output could not be written, that is what will be said.
        let (Some(last), Some(len)) = (self.last.take(), self.output.lasting()) else { return };
        // It is a help and no more.
        if let Err(error) = self.write(&last, engine, len) {
            report::note(&format_args!("{}: no checkpoint: {error:#}", self.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use fourwave_dissector::Zone;

    use super::super::checkpoint::Checkpoint;
    use super::*;
    use crate::archive::Identity;
    use crate::args::Series;
    use crate::output::Styles;
    use crate::run::FileRead;
    use crate::stop::Stop;
    use crate::tally::Tally;

    /// What the checkpoint behind a file knows of it, if the file is `grown` before that is written.
    fn behind_a_file(grown: bool) -> (Identity, Identity, bool) {
        let folder = tempfile::tempdir().unwrap();
        let (path, stop) = (folder.path().join("x"), Stop::default());
        fs::write(&path, "all that was read").unwrap();
        let archive = Archive::find(std::slice::from_ref(&path), Series::Auto, &[], &stop);
        let identity = archive.identity(0).unwrap();
        let manifest = Mutex::new(Manifest::open(folder.path(), false, &[], stop.clone()).unwrap());
        let output = Output::replacing(&folder.path().join("x.jsonl"), Styles::Untouched, stop).unwrap();
        let maker = Maker::of("").unwrap();
        let series = ("x.jsonl", &output);
        let mut keeper = Keeper::new(&manifest, &maker, folder.path(), series, &archive, Read::default());
        let (engine, dissector) = (Engine::default(), Dissector::new(Zone::Addresses));
        let file = FileRead { place: 0, number: 0, identity: Some(identity), last_ns: None, problem: None };
        let reach = Reach { frame: 7, is_inside: false, is_last: true };
        keeper.pass(Milestone { file, reach, tally: Tally::default(), dissector }, &engine);
        if grown {
            fs::write(&path, "all that was read and more").unwrap();
        }
        keeper.keep(&engine, 0);
        let checkpoint = folder.path().join(&lock(&manifest).checkpoints("x.jsonl")[0]);
        let read = Checkpoint::read(&checkpoint, &maker).unwrap().unwrap().head.read.into_owned();
        let noted = read.inputs[0].identity.clone().unwrap();
        (noted, archive.identity(0).unwrap(), read.is_inside)
    }

    /// Such as one that somebody still writes to, while what was read of it waits to be followed.
    #[test]
    fn what_a_file_grew_by_since_is_not_taken_for_read() {
        let (noted, now, is_inside) = behind_a_file(false);
        assert_eq!((noted, is_inside), (now, false));
        let (noted, now, is_inside) = behind_a_file(true);
        assert_eq!((noted, is_inside), (now, true));
    }
}
