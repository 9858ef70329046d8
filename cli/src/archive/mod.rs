//! The inputs of a run: from arguments to captures, which can be series of files.
//!
//! | file | what it knows |
//! |---|---|
//! | `discover` | from arguments to files: directories, patterns, standard input |
//! | `head` | what the first packets of a file tell |
//! | `name` | what names of files tell about rotation |
//! | `lineup` | all files that can be of a series |
//! | `chain` | which file continues a capture |
//! | `order` | the walk through all series, file by file |
//! | `forecast` | which series there will be |
//! | `identity` | whether two files are the same, or a file is what it was |
//!
//! Captures of one link type come in the order of the times of their first packets, from the place on where the
//! first of them was given; what has no times of its own, such as standard input, stays where it was given, but files that
//! were just begun come last.

mod chain;
mod discover;
mod forecast;
mod head;
mod identity;
mod lineup;
mod name;
mod order;

use std::collections::HashSet;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fourwave_dissector::LinkType;
use fourwave_dissector::capture::{CaptureError, CaptureErrorKind, Reader};

use crate::args::Series;
use crate::growing::Growing;
use crate::live::Live;
use crate::output::Output;
use crate::progress::{Goal, Measured, Meter};
use crate::stop::Stop;
use discover::{Input, discover};
use head::Head;
use lineup::{Candidate, Lineup};
use name::Name;

pub use forecast::Forecast;
pub use identity::{Content, Identity};
pub use name::uncompressed;
pub use order::Order;

/// Everything that a run reads, in the order in which series begin and files of a series follow each other.
#[derive(Debug)]
pub struct Archive {
    /// The names by their places, as records and messages print them.
    pub names: Arc<[String]>,
    inputs: Vec<Input>,
    /// What is known of those that can be of a series.
    lineup: Lineup,
    /// Some argument could not be looked into; the message is out.
    pub incomplete: bool,
    /// Files may still grow: at their ends more is waited for.
    pub grows: bool,
    /// Some input is no file, so that nobody knows how fast it comes.
    has_pipes: bool,
}

/// An input before all are in order.
#[derive(Debug)]
struct Entry {
    input: Input,
    known: Known,
}

/// What is known of an input before it is read.
#[derive(Debug)]
enum Known {
    /// It can be of a series.
    Candidate(Candidate),
    /// It ends before its first packet. If it is called like the next file of a series, that is still being written.
    Begun(Name),
    Nothing,
}

impl Archive {
    /// Finds all inputs, except those of the outputs `except` that are no captures and not named themselves, and looks at
    /// the head of each file where series are wanted, until a stop is requested.
    #[must_use]
    pub fn find(arguments: &[PathBuf], series: Series, except: &[&Path], stop: &Stop) -> Self {
        // Only what a run has written: a capture stays an input, which nothing is written over.
        let except: Vec<_> = except.iter().copied().filter(|path| !head::is_capture(path)).collect();
        let discovery = discover(arguments, &except);
        // One alone has nothing to follow.
        let wanted = series == Series::Auto && discovery.inputs.len() > 1;
        let entries = discovery.inputs.into_iter().map(|input| {
            let known = if wanted && !stop.requested() { Known::of(&input) } else { Known::Nothing };
            Entry { input, known }
        });
        Self::new(entries.collect(), discovery.incomplete)
    }

    fn new(entries: Vec<Entry>, incomplete: bool) -> Self {
        let (mut inputs, mut candidates, mut begun) = (Vec::new(), Vec::new(), Vec::new());
        for (Entry { input, known }, place) in in_order(entries).into_iter().zip(0..) {
            inputs.push(input);
            candidates.push(match known {
                Known::Candidate(candidate) => Some(candidate),
                Known::Begun(name) => {
                    begun.push((place, name));
                    None
                }
                Known::Nothing => None,
            });
        }
        let names = inputs.iter().map(Input::name).collect();
        let has_pipes = inputs.iter().any(Input::is_pipe);
        Self { names, inputs, lineup: Lineup::new(candidates, &begun), incomplete, grows: false, has_pipes }
    }

    /// Begins to read the input at `place`, which has `number` in frames, and tells `meter` how much is read of it.
    /// `output` is flushed before waiting for standard input or a pipe.
    ///
    /// # Errors
    /// When it cannot be opened or is no capture.
    pub fn open(
        &self,
        place: usize,
        number: u32,
        output: &Output,
        stop: &Stop,
        meter: &Meter,
    ) -> Result<Reader, CaptureError> {
        let name = self.names[place].as_str();
        let live = |live: Live| Reader::new(Measured::new(live, 0, meter), name, number);
        match &self.inputs[place] {
            Input::Stdin => live(Live::new(|| Ok(io::stdin()), output.clone(), stop.clone())),
            Input::File(path) if path.is_file() => {
                let stream = File::open(path).map_err(|error| unreadable(name, error))?;
                if self.grows {
                    let growing = Growing::new(stream, output.clone(), stop.clone());
                    return Reader::new(Measured::new(growing, 0, meter), name, number);
                }
                let size = stream.metadata().map_or(0, |metadata| metadata.len());
                Reader::new(Measured::new(stream, size, meter), name, number)
            }
            // A named pipe, which may be as slow as standard input, or nothing.
            Input::File(path) => {
                let path = path.clone();
                live(Live::new(|| File::open(path), output.clone(), stop.clone()))
            }
        }
    }

    /// All that there is to read.
    #[must_use]
    pub fn goal(&self) -> Goal {
        let size = |input: &Input| match input {
            Input::Stdin => None,
            Input::File(path) => match path.metadata() {
                Ok(metadata) => metadata.is_file().then_some(metadata.len()),
                // What is not there needs no reading.
                Err(_) => Some(0),
            },
        };
        Goal { octets: self.inputs.iter().map(size).sum(), files: self.inputs.len() as u64 }
    }

    /// What the input at `place` is recognised by; none if it cannot be read again.
    #[must_use]
    pub fn identity(&self, place: usize) -> Option<Identity> {
        Identity::of(self.path(place)?).ok()
    }

    /// What the input at `place` is now that was `identity`; none if it is something else than that or a longer one.
    #[must_use]
    pub fn grown(&self, place: usize, identity: &Identity) -> Option<Identity> {
        identity.grown(self.path(place)?).ok()?
    }

    /// Whether an input may be as slow as who writes it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.grows || self.has_pipes
    }

    /// How many inputs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Where the inputs are that can be read more than once.
    pub fn regular_files(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().filter_map(Input::regular_file)
    }

    /// The first of `paths` that leads to an input.
    pub fn input_among<P: AsRef<Path>>(&self, paths: impl IntoIterator<Item = P>) -> Option<P> {
        let mut inputs = None;
        paths.into_iter().find(|path| {
            // What is to be written seldom is there already.
            let Ok(path) = path.as_ref().canonicalize() else { return false };
            let canonical = || self.regular_files().filter_map(|input| input.canonicalize().ok()).collect();
            inputs.get_or_insert_with(|| -> HashSet<PathBuf> { canonical() }).contains(&path)
        })
    }

    /// What the file system knows of the file at `place`.
    fn metadata(&self, place: usize) -> Option<Metadata> {
        self.path(place)?.metadata().ok()
    }

    fn path(&self, place: usize) -> Option<&Path> {
        self.inputs.get(place)?.regular_file()
    }
}

impl Known {
    fn of(input: &Input) -> Self {
        let Some(path) = input.regular_file() else { return Self::Nothing };
        match Head::of(path) {
            Some(head) => Self::Candidate(Candidate { head, name: Name::new(&input.name()) }),
            None if head::is_begun(path) => Self::Begun(Name::new(&input.name())),
            None => Self::Nothing,
        }
    }

    /// By what those of a group are ordered.
    fn key(&self) -> Option<(i64, &Name)> {
        match self {
            Self::Candidate(candidate) => Some((candidate.head.first_ns, &candidate.name)),
            Self::Begun(_) | Self::Nothing => None,
        }
    }
}

/// Brings those of the same link types together, where the first of them was given, in the order of their times. What
/// was just begun comes last, behind all that it may follow.
fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let mut groups: Vec<(Vec<LinkType>, usize)> = Vec::new();
    let mut entries: Vec<_> = entries
        .into_iter()
        .enumerate()
        .map(|(given, entry)| {
            let group = match &entry.known {
                Known::Candidate(candidate) => {
                    let link_types: Vec<_> = candidate.head.link_types().collect();
                    let known =
                        groups.iter().find(|(group, _)| *group == link_types).map(|&(_, first)| first);
                    if known.is_none() {
                        groups.push((link_types, given));
                    }
                    known.unwrap_or(given)
                }
                Known::Begun(_) => usize::MAX,
                Known::Nothing => given,
            };
            (group, entry)
        })
        .collect();
    // Stable: what is equal in all stays in the order given.
    entries.sort_by(|(one_group, one), (other_group, other)| {
        one_group.cmp(other_group).then_with(|| one.known.key().cmp(&other.known.key()))
    });
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn unreadable(name: &str, error: io::Error) -> CaptureError {
    CaptureError {
        file: name.to_owned(),
        offset: 0,
        compression: None,
        packet: 0,
        kind: CaptureErrorKind::Io(error),
    }
}
