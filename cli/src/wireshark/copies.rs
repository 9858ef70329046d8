//! The copies of the plugin below Wireshark's plugin folders: those in the right place and those elsewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::folders::Folders;
use super::series::Series;

/// The name under which the plugin is installed.
pub const PLUGIN_FILE: &str = "fourwave.so";

/// The name that cargo gives it; a copy by hand may keep it.
const BUILT_FILE: &str = "libfourwave_wireshark.so";

/// Copies of the plugin.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Copies {
    /// Where Wireshark looks.
    pub found: Vec<PathBuf>,
    /// Where it does not.
    pub overlooked: Vec<PathBuf>,
}

impl Copies {
    /// Looks for them with the eyes of a Wireshark of this series.
    #[must_use]
    pub fn find(folders: &Folders, series: Series) -> Self {
        let searched: Vec<PathBuf> = folders.searched().map(|plugins| series.dissectors(plugins)).collect();
        let looks_into =
            |path: &PathBuf| path.parent().is_some_and(|folder| searched.iter().any(|s| s == folder));
        // A folder named twice has its files once.
        let all: BTreeSet<PathBuf> = folders.all().flat_map(below).collect();
        let (found, overlooked) = all.into_iter().partition(looks_into);
        Self { found, overlooked }
    }
}

/// The copies below a plugin folder. Links are followed, as Wireshark does; one that leads nowhere is a copy too, and
/// the reading of it will fail.
fn below(plugins: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(plugins).max_depth(3).follow_links(true).into_iter();
    let paths = entries.filter_map(|entry| match entry {
        Ok(entry) => Some(entry.into_path()),
        Err(error) => error.path().map(Path::to_owned),
    });
    paths
        .filter(|path| path.file_name().is_some_and(|name| name == PLUGIN_FILE || name == BUILT_FILE))
        .collect()
}
