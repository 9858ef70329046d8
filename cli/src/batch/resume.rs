//! What of a series need not be done again: all of it, or what stands before a checkpoint.
//!
//! Where that is inside a file, the file is read from its start once more, for what stands there has to be known, but its
//! packets are passed over. This is so too where a file was read to its end and has grown.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use fourwave_annotate::Engine;
use fourwave_dissector::Dissector;

use super::checkpoint::{Checkpoint, Maker};
use super::entry::{InputEntry, Read};
use super::manifest::Manifest;
use super::ring::Older;
use crate::archive::{Archive, Content, Identity, Order};
use crate::output::Output;
use crate::report;
use crate::stop::Stop;
use crate::stretch::Numbers;

/// Compares what was read with what is there.
pub struct Resume<'a> {
    archive: &'a Archive,
    directory: &'a Path,
    /// The places of files by their names.
    places: HashMap<&'a str, usize>,
    /// What is there, by place: looked at once.
    identities: RefCell<HashMap<usize, Option<Identity>>>,
}

/// What is there to go on with.
pub struct Found {
    /// What was read.
    pub read: Read,
    /// So many of its first files are gone.
    pub gone: usize,
    /// The output so far.
    pub output: Output,
    /// The place of the file to read next; none if nothing is left.
    pub next: Option<usize>,
    /// The last of its frames that were read before.
    pub read_to: u64,
    /// What reading remembers.
    pub dissector: Dissector,
    /// What is known of connections.
    pub engine: Engine,
    /// The numbers of files.
    pub numbers: Numbers,
}

/// Files of a series that were passed over.
struct Passed {
    /// The place of the last one.
    last: usize,
    /// The place of the file that follows.
    next: Option<usize>,
    /// All places that were handed out behind the first.
    places: Vec<usize>,
    /// The last one is to be read on.
    is_inside: bool,
}

impl<'a> Resume<'a> {
    /// Compares with `archive` what was written to `directory`.
    #[must_use]
    pub fn new(archive: &'a Archive, directory: &'a Path) -> Self {
        let places = archive.names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        Self { archive, directory, places, identities: RefCell::default() }
    }

    /// Whether the series that begins with `first` consists of `inputs` as they were. If so, they are passed over.
    #[must_use]
    pub fn is_all_of(&self, inputs: &[InputEntry], first: usize, order: &mut Order<'_>) -> bool {
        let Some(Passed { next, places, .. }) = self.pass(inputs, first, order) else { return false };
        if next.is_some() {
            order.restart(first, &places);
        }
        next.is_none()
    }

    /// Whether the input is among those of the archive, perhaps grown.
    #[must_use]
    pub fn is_there(&self, input: &InputEntry) -> bool {
        self.places.get(input.file.as_str()).is_some_and(|place| self.is_as_before(input, *place))
    }

    /// The last place from which `maker` can go on with the series of `older`. Checkpoints that are of no
    /// use are removed.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn find(
        &self,
        manifest: &mut Manifest,
        maker: &Maker,
        older: &Older,
        first: usize,
        order: &mut Order<'_>,
    ) -> anyhow::Result<Option<Found>> {
        let name = older.name.as_str();
        for file in manifest.checkpoints(name).to_vec().iter().rev() {
            match self.open(&self.directory.join(file), maker, older, first, order) {
                Ok(Some(found)) => return Ok(Some(found)),
                Ok(None) => {}
                Err(error) => {
                    report::note(&format_args!("{name}: cannot go on from a checkpoint: {error:#}"));
                }
            }
            manifest.drop_checkpoint(name, file)?;
        }
        Ok(None)
    }

    /// What there is at the checkpoint `file`. `None` if it is one of something else.
    fn open(
        &self,
        file: &Path,
        maker: &Maker,
        older: &Older,
        first: usize,
        order: &mut Order<'_>,
    ) -> anyhow::Result<Option<Found>> {
        let Some(checkpoint) = Checkpoint::read(file, maker)? else { return Ok(None) };
        let Some(passed) = self.pass_to(&checkpoint.head.read, older.gone, first, order) else {
            return Ok(None);
        };
        let found = self.go_on(checkpoint, older, &passed).with_context(|| file.display().to_string());
        if !matches!(found, Ok(Some(_))) {
            order.restart(first, &passed.places);
        }
        found
    }

    fn go_on(&self, checkpoint: Checkpoint, older: &Older, passed: &Passed) -> anyhow::Result<Option<Found>> {
        let (dissector, engine) = checkpoint.state()?;
        let mut read = checkpoint.head.read.into_owned();
        let Some(numbers) = self.numbers(&read, passed.last) else { return Ok(None) };
        let mut read_to = 0;
        if passed.is_inside {
            read_to = read.last_frame;
            read.leave_last();
        }
        let content = &checkpoint.head.output;
        let begins_well = |path: &Path| {
            Content::of_first(path, content.size).is_ok_and(|found| found.as_ref() == Some(content))
        };
        let (path, gone) = (self.directory.join(&older.name), older.gone);
        let output = Output::going_on(&path, content.size, begins_well, Stop::default())?;
        Ok(output.map(|output| Found {
            read,
            gone,
            output,
            next: passed.next,
            read_to,
            dissector,
            engine,
            numbers,
        }))
    }

    /// Goes to where `read` ends: behind its last file, or into it where more of it follows, if all else is as it was
    /// but for so many first files that are gone.
    fn pass_to(&self, read: &Read, gone: usize, first: usize, order: &mut Order<'_>) -> Option<Passed> {
        let inputs = read.inputs.get(gone..)?;
        let (last, before) = inputs.split_last()?;
        if !read.is_inside
            && let Some(passed) = self.pass(inputs, first, order)
        {
            return Some(passed);
        }
        let passed = self.pass(before, first, order)?;
        let Some(place) = passed.next.filter(|place| self.is_as_before(last, *place)) else {
            order.restart(first, &passed.places);
            return None;
        };
        Some(Passed { last: place, is_inside: true, ..passed })
    }

    /// Goes past `inputs`, if the series that begins with `first` begins with them as they were.
    fn pass(&self, inputs: &[InputEntry], first: usize, order: &mut Order<'_>) -> Option<Passed> {
        let mut passed = Passed { last: first, next: Some(first), places: Vec::new(), is_inside: false };
        for input in inputs {
            let Some(place) = passed.next.filter(|place| self.is_unchanged(input, *place)) else {
                order.restart(first, &passed.places);
                return None;
            };
            passed.last = place;
            passed.next = order.go_on(input.last_ns);
            passed.places.extend(passed.next);
        }
        Some(passed)
    }

    fn is_unchanged(&self, input: &InputEntry, place: usize) -> bool {
        let mut identities = self.identities.borrow_mut();
        let identity = identities.entry(place).or_insert_with(|| self.archive.identity(place));
        self.archive.names[place] == input.file && identity.is_some() && *identity == input.identity
    }

    /// Whether the file at `place` is the input, or a longer one that begins with it.
    fn is_as_before(&self, input: &InputEntry, place: usize) -> bool {
        let grown = || self.archive.grown(place, input.identity.as_ref()?);
        self.archive.names[place] == input.file && grown().is_some()
    }

    /// The numbers of all files that can follow the one at the place `last`, so that those before keep theirs.
    fn numbers(&self, read: &Read, last: usize) -> Option<Numbers> {
        let names = &self.archive.names;
        let shift = i64::from(*read.numbers.last()?) - last as i64;
        let known = || read.numbers.iter().map(|number| *number as usize).zip(&read.inputs);
        if shift == 0 && known().all(|(number, input)| names.get(number) == Some(&input.file)) {
            return Some(Numbers { names: names.clone(), shift });
        }
        let mut numbered = Vec::new();
        for (number, input) in known() {
            numbered.resize(number + 1, String::new());
            numbered[number].clone_from(&input.file);
        }
        numbered.extend_from_slice(&names[last + 1..]);
        Some(Numbers { names: numbered.into(), shift })
    }
}
