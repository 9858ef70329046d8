//! The configuration profile: columns, colours and filter buttons, as files that belong to the user once installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::place::place;

/// Its name in Wireshark.
pub const PROFILE: &str = "Teardown";

/// Its files and what they hold.
const FILES: [(&str, &str); 3] = [
    ("preferences", include_str!("../../../ffi/wireshark/profile/Teardown/preferences")),
    ("colorfilters", include_str!("../../../ffi/wireshark/profile/Teardown/colorfilters")),
    ("dfilter_buttons", include_str!("../../../ffi/wireshark/profile/Teardown/dfilter_buttons")),
];

/// The file with the widths of columns and how it begins. Wireshark writes it anew whenever it ends, so it is given to
/// who has none, and never looked at again.
const RECENT: (&str, &str) = ("recent", include_str!("../../../ffi/wireshark/profile/Teardown/recent"));

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
/// The first file that cannot be read or written.
pub fn install(configuration: &Path, force: bool) -> anyhow::Result<Vec<(PathBuf, Outcome)>> {
    let folder = folder(configuration);
    let mut outcomes = Vec::new();
    for (name, text) in FILES {
        let path = folder.join(name);
        let outcome = match fs::read(&path) {
            Ok(present) if present == text.as_bytes() => Outcome::Same,
            Ok(_) if !force => Outcome::Kept,
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
            Ok(_) | Err(_) => {
                place(&path, text.as_bytes())?;
                Outcome::Written
            }
        };
        outcomes.push((path, outcome));
    }
    let (name, text) = RECENT;
    let path = folder.join(name);
    if !path.exists() {
        place(&path, text.as_bytes())?;
        outcomes.push((path, Outcome::Written));
    }
    Ok(outcomes)
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
