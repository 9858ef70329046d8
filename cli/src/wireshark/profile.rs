//! The configuration profile: columns, colours and filter buttons, as files that belong to the user once installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::place::place;

/// Its name in Wireshark.
pub const PROFILE: &str = "Teardown";

/// Its files and what they hold.
const FILES: [(&str, &str); 3] = [
    ("preferences", include_str!("../../../ffi/wireshark/profile/Teardown/preferences")),
    ("colorfilters", include_str!("../../../ffi/wireshark/profile/Teardown/colorfilters")),
    ("dfilter_buttons", include_str!("../../../ffi/wireshark/profile/Teardown/dfilter_buttons")),
];

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is there now.
    Written,
    /// It was there already.
    Same,
    /// Another one was there, and stays.
    Kept,
}

/// How much of the profile is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// All of it.
    Whole,
    /// Other files than this version's.
    Changed(Vec<PathBuf>),
    /// All but these files.
    Partial(Vec<PathBuf>),
    /// Nothing in this folder.
    Absent(PathBuf),
}

/// Puts the profile into the settings in `configuration`. Files that differ stay, unless `force`d.
///
/// # Errors
/// The first file that cannot be written.
pub fn install(configuration: &Path, force: bool) -> anyhow::Result<Vec<(PathBuf, Outcome)>> {
    let folder = folder(configuration);
    FILES
        .iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            let outcome = match fs::read(&path) {
                Ok(present) if present == text.as_bytes() => Outcome::Same,
                Ok(_) if !force => Outcome::Kept,
                // What cannot be read, and is there, fails when it is written.
                Ok(_) | Err(_) => {
                    place(&path, text.as_bytes())?;
                    Outcome::Written
                }
            };
            Ok((path, outcome))
        })
        .collect()
}

/// How much of the profile is in the settings in `configuration`.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn state(configuration: &Path) -> io::Result<State> {
    let folder = folder(configuration);
    let (mut missing, mut changed) = (Vec::new(), Vec::new());
    for (name, text) in FILES {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(present) if present == text.as_bytes() => {}
            Ok(_) => changed.push(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(path),
            Err(error) => return Err(error),
        }
    }
    Ok(match (missing.len(), changed.len()) {
        (0, 0) => State::Whole,
        (0, _) => State::Changed(changed),
        (all, _) if all == FILES.len() => State::Absent(folder),
        (_, _) => State::Partial(missing),
    })
}

fn folder(configuration: &Path) -> PathBuf {
    configuration.join("profiles").join(PROFILE)
}
