//! Series that have lost their first files: a ring of files (`dumpcap -b files:N`) removes its oldest one whenever a new
//! one is begun. What was made of such a series cannot be made again, and what is left of it goes on under its name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use super::checkpoint::{self, Maker};
use super::entry::InputEntry;
use super::manifest::Manifest;
use super::resume::Resume;

/// A series as an earlier run knew it.
pub struct Older {
    /// The name of its output.
    pub name: String,
    /// So many of its first files are gone since.
    pub gone: usize,
}

/// Files that were not the first of their series, by their names.
pub struct Rings(HashMap<String, Vec<Later>>);

/// Such a file.
struct Later {
    /// The output of its series.
    output: Rc<str>,
    /// All files of that.
    inputs: Rc<[InputEntry]>,
    /// Which of them it is.
    number: usize,
}

impl Rings {
    /// Those of all series that were made in `directory` with `options`, or begun by `maker`, and have none of the names
    /// that series can have now (`outputs`).
    #[must_use]
    pub fn new(
        manifest: &Manifest,
        directory: &Path,
        options: &str,
        maker: Option<&Maker>,
        outputs: &[String],
    ) -> Self {
        let outputs: HashSet<&str> = outputs.iter().map(String::as_str).collect();
        let made =
            manifest.series().filter(|(output, entry)| entry.options == options && !outputs.contains(output));
        let mut known: BTreeMap<_, _> = made.map(|(output, entry)| (output, entry.inputs.clone())).collect();
        let begun = manifest.begun().filter(|(output, _)| !outputs.contains(output));
        for (output, checkpoints) in begun {
            let path = checkpoints.last().map(|checkpoint| directory.join(checkpoint));
            let read = path.zip(maker).and_then(|(path, maker)| checkpoint::inputs(&path, maker));
            // One is the beginning of the other: of what was completed there may be more, or less.
            let inputs: &mut Vec<_> = known.entry(output).or_default();
            if let Some(read) = read.filter(|read| read.len() > inputs.len()) {
                *inputs = read;
            }
        }
        let mut later: HashMap<_, Vec<_>> = HashMap::new();
        for (output, inputs) in known {
            let (output, inputs): (Rc<str>, Rc<[InputEntry]>) = (output.into(), inputs.into());
            for (number, input) in inputs.iter().enumerate().skip(1) {
                let (output, inputs) = (output.clone(), inputs.clone());
                later.entry(input.file.clone()).or_default().push(Later { output, inputs, number });
            }
        }
        Self(later)
    }

    /// The series that had files before the one called `name`, if those are gone and the others are as they were: what was
    /// made of them would be lost.
    #[must_use]
    pub fn older(&self, resume: &Resume<'_>, name: &str) -> Option<Older> {
        let is_ring = |later: &&Later| {
            let (before, rest) = later.inputs.split_at(later.number);
            rest.iter().all(|input| resume.is_there(input))
                && !before.iter().any(|input| resume.is_there(input))
        };
        let Later { output, number, .. } = self.0.get(name)?.iter().rev().find(is_ring)?;
        Some(Older { name: output.to_string(), gone: *number })
    }
}
