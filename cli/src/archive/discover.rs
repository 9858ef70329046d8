//! From arguments to files: directories to any depth, patterns that the shell left alone, standard input.

use std::path::{Path, PathBuf};

use fourwave_annotate::harmless;
use walkdir::{DirEntry, WalkDir};

use crate::output::is_temporary;
use crate::report;

/// The argument that stands for standard input.
const STDIN: &str = "-";

/// What was found, in the order of the arguments.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The inputs.
    pub inputs: Vec<Input>,
    /// Some argument could not be looked into; the message is out.
    pub incomplete: bool,
    /// What is left out of directories and patterns, in its canonical form.
    except: Vec<PathBuf>,
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file, which may not exist.
    File(PathBuf),
}

impl Input {
    /// The name by which records and messages call it: nothing in it steers a terminal or ends a line.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => STDIN.to_owned(),
            Self::File(path) => harmless(&path.to_string_lossy()).into_owned(),
        }
    }

    /// Where it is, if it can be read more than once.
    #[must_use]
    pub fn regular_file(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(path) => path.is_file().then_some(path),
        }
    }

    /// Whether it comes as fast as somebody writes it, and once only. What does not exist does not.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        match self {
            Self::Stdin => true,
            Self::File(path) => path.exists() && !path.is_file(),
        }
    }
}

/// Finds all inputs, except the files and directories `except` where they are not named themselves. What is in directories
/// and fits patterns is sorted by name.
#[must_use]
pub fn discover(arguments: &[PathBuf], except: &[&Path]) -> Discovery {
    let except = except.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut discovery = Discovery { except, ..Discovery::default() };
    for argument in arguments {
        if argument == Path::new(STDIN) {
            discovery.inputs.push(Input::Stdin);
        } else if let Some(pattern) = pattern(argument) {
            discovery.add_matches(pattern);
        } else {
            discovery.add(argument.clone());
        }
    }
    discovery
}

/// The argument as a pattern, if it is one and not the name of a file.
fn pattern(argument: &Path) -> Option<&str> {
    let text = argument.to_str()?;
    (text.contains(['*', '?', '[']) && !argument.exists()).then_some(text)
}

impl Discovery {
    fn add(&mut self, path: PathBuf) {
        if path.is_dir() {
            self.add_directory(&path);
        } else {
            self.inputs.push(Input::File(path));
        }
    }

    fn add_directory(&mut self, directory: &Path) {
        let except = self.except.clone();
        let is_wanted = |entry: &DirEntry| !is_among(&except, entry.path());
        let before = self.inputs.len();
        let entries = WalkDir::new(directory).follow_links(true).sort_by_file_name();
        for entry in entries.into_iter().filter_entry(is_wanted) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() || is_temporary(entry.file_name()) => {}
                Ok(entry) if entry.file_type().is_file() => self.inputs.push(Input::File(entry.into_path())),
                // Nobody may ever write to a pipe that lies about.
                Ok(entry) => report::note(&format_args!(
                    "{}: no file, and left out; name it to have it read",
                    harmless(&entry.path().to_string_lossy())
                )),
                Err(error) => match (error.path(), error.loop_ancestor()) {
                    // What there is behind it is found without it.
                    (Some(link), Some(ancestor)) => report::note(&format_args!(
                        "{}: leads back to {}, and left out",
                        harmless(&link.to_string_lossy()),
                        harmless(&ancestor.to_string_lossy())
                    )),
                    _ => self.miss(&error),
                },
            }
        }
        if self.inputs.len() == before {
            report::note(&format_args!("{}: no file in it", harmless(&directory.to_string_lossy())));
        }
    }

    fn add_matches(&mut self, pattern: &str) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => return self.miss(&format_args!("{pattern}: not a pattern: {error}")),
        };
        let before = self.inputs.len();
        for path in paths {
            match path {
                Ok(path) if is_among(&self.except, &path) => {}
                Ok(path) => self.add(path),
                Err(error) => self.miss(&error),
            }
        }
        if self.inputs.len() == before {
            self.miss(&format_args!("{pattern}: no such file, and none fits it as a pattern"));
        }
    }

    fn miss(&mut self, why: &dyn std::fmt::Display) {
        report::error(why);
        self.incomplete = true;
    }
}

/// Whether `path` leads to one of `others`.
fn is_among(others: &[PathBuf], path: &Path) -> bool {
    !others.is_empty() && path.canonicalize().is_ok_and(|path| others.contains(&path))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn directories_patterns_and_names_that_look_like_patterns() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b/2", "b/1", "a1", "a2", "b/out/1.jsonl", "b/page", "c", "a[1]"] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), "").unwrap();
        }
        let found = |arguments: &[&str]| {
            let arguments: Vec<_> = arguments.iter().map(|name| path(name)).collect();
            let except = [path("b/out"), path("b/page"), path("a2")];
            let except = except.each_ref().map(PathBuf::as_path);
            discover(&arguments, &except).inputs.iter().map(Input::name).collect::<Vec<_>>()
        };
        let expected =
            |names: &[&str]| names.iter().map(|name| path(name).display().to_string()).collect::<Vec<_>>();
        assert_eq!(found(&["c", "b", "a?"]), expected(&["c", "b/1", "b/2", "a1"]));
        assert_eq!(found(&["?"]), expected(&["b/1", "b/2", "c"]));
        assert_eq!(found(&["a[1]"]), expected(&["a[1]"]));
        // Who names a file means it.
        assert_eq!(found(&["b", "b/page", "a2"]), expected(&["b/1", "b/2", "b/page", "a2"]));
        assert_eq!(found(&["missing", "c", "c"]), expected(&["missing", "c", "c"]));
    }

    #[test]
    fn a_pattern_that_nothing_fits_is_missed() {
        let discovery = discover(&[PathBuf::from("/no/such/*.pcap")], &[]);
        assert!(discovery.incomplete && discovery.inputs.is_empty());
        assert_eq!(discover(&[PathBuf::from("-")], &[]).inputs, [Input::Stdin]);
    }
}
