//! Series that have lost their first files: a ring of files (`dumpcap -b files:N`) removes its oldest one whenever a new
//! one is begun. What was made of such a series cannot be made again, and what is left of it goes on under its name.

use std::collections::HashMap;
use std::rc::Rc;

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
pub struct Rings(HashMap<String, Later>);

/// Such a file.
struct Later {
    /// The output of its series.
    output: String,
    /// All files of that.
    inputs: Rc<[InputEntry]>,
    /// Which of them it is.
    number: usize,
}

impl Rings {
    /// Those of all series that were made with `options`.
    #[must_use]
    pub fn new(manifest: &Manifest, options: &str) -> Self {
        let series = manifest.series().filter(|(_, entry)| entry.options == options);
        let later = series.flat_map(|(output, entry)| {
            let inputs: Rc<[InputEntry]> = entry.inputs.as_slice().into();
            entry.inputs.iter().enumerate().skip(1).map(move |(number, input)| {
                (input.file.clone(), Later { output: output.to_owned(), inputs: inputs.clone(), number })
            })
        });
        Self(later.collect())
    }

    /// The series that had files before the one called `name` at the place `first`, if those are gone and it is as it was.
    #[must_use]
    pub fn older(&self, resume: &Resume<'_>, name: &str, first: usize) -> Option<Older> {
        let Later { output, inputs, number } = self.0.get(name)?;
        let (before, rest) = inputs.split_at_checked(*number)?;
        let is_rest = resume.is_as_before(rest.first()?, first);
        let are_gone = || !before.iter().any(|input| resume.is_there(input));
        (is_rest && are_gone()).then(|| Older { name: output.clone(), gone: before.len() })
    }
}
