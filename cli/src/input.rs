//! The inputs of a run: from arguments to files in the order in which they are read.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use fourwave_dissector::capture::{CaptureError, CaptureErrorKind, Reader};
use walkdir::WalkDir;

use crate::live::Live;
use crate::output::Output;
use crate::report;
use crate::stop::Stop;

/// The argument that stands for standard input.
const STDIN: &str = "-";

/// Everything that a run reads.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The names, as records and messages print them. A place in this list is what
    /// [`FrameId::file`](fourwave_dissector::FrameId::file) says.
    pub names: Vec<String>,
    sources: Vec<Source>,
    /// Some argument could not be looked into; the message is out.
    pub incomplete: bool,
}

#[derive(Debug)]
enum Source {
    Stdin,
    File(PathBuf),
}

impl Inputs {
    /// Looks into directories, to any depth and sorted by name.
    #[must_use]
    pub fn find(arguments: &[PathBuf]) -> Self {
        let mut inputs = Self::default();
        for argument in arguments {
            if argument == Path::new(STDIN) {
                inputs.add(Source::Stdin, STDIN.to_owned());
            } else if argument.is_dir() {
                inputs.add_directory(argument);
            } else {
                inputs.add_file(argument.clone());
            }
        }
        inputs
    }

    /// Begins to read the input at `place`. `output` is flushed before waiting for standard input or a pipe.
    ///
    /// # Errors
    /// When it cannot be opened or is no capture.
    pub fn open(&self, place: usize, output: &Output, stop: &Stop) -> Result<Reader, CaptureError> {
        let name = self.names[place].as_str();
        let file = place as u32;
        let live = |source| Live::new(source, output.clone(), stop.clone());
        match &self.sources[place] {
            Source::Stdin => Reader::new(live(Box::new(io::stdin())), name, file),
            // A named pipe may be as slow as standard input.
            Source::File(path) if path.exists() && !path.is_file() => match File::open(path) {
                Ok(stream) => Reader::new(live(Box::new(stream)), name, file),
                Err(error) => Err(unreadable(name, error)),
            },
            Source::File(path) => Reader::open(path, file),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    fn add_directory(&mut self, directory: &Path) {
        for entry in WalkDir::new(directory).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.add_file(entry.into_path()),
                Err(error) => {
                    report::error(&error);
                    self.incomplete = true;
                }
            }
        }
    }

    fn add_file(&mut self, path: PathBuf) {
        let name = path.to_string_lossy().into_owned();
        self.add(Source::File(path), name);
    }

    fn add(&mut self, source: Source, name: String) {
        self.sources.push(source);
        self.names.push(name);
    }
}

fn unreadable(name: &str, error: io::Error) -> CaptureError {
    CaptureError { file: name.to_owned(), offset: 0, packet: 0, kind: CaptureErrorKind::Io(error) }
}
