//! A series of Wireshark releases, such as 4.0: a plugin is built for one and loads in no other.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Major and minor version. Ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    /// The major version.
    pub major: u32,
    /// The minor version.
    pub minor: u32,
}

impl Series {
    /// The first that the plugin can be built for.
    pub const OLDEST: Self = Self { major: 4, minor: 0 };

    /// Where Wireshark looks for dissectors below a plugin folder.
    #[must_use]
    pub fn dissectors(self, plugins: &Path) -> PathBuf {
        plugins.join(self.to_string()).join("epan")
    }

    /// The plugin folder that `folder` is, or is the folder of a series in.
    #[must_use]
    pub fn plugins_around(folder: &Path) -> &Path {
        let is_series =
            |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.parse::<Self>().is_ok());
        match folder.parent() {
            Some(parent) if folder.file_name().is_some_and(is_series) => parent,
            Some(_) | None => folder,
        }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for Series {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let series = text
            .split_once('.')
            .and_then(|(major, minor)| Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? }));
        series.ok_or_else(|| format!("expected a version such as 4.0, found `{text}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_series_is_told_from_the_one_around() {
        for (folder, around) in
            [("/p/4.0", "/p"), ("/p/4.10/", "/p"), ("/p", "/p"), ("/p/epan", "/p/epan"), ("/", "/")]
        {
            assert_eq!(Series::plugins_around(Path::new(folder)), Path::new(around), "{folder}");
        }
    }

    #[test]
    fn series_have_two_numbers() {
        assert_eq!("4.10".parse(), Ok(Series { major: 4, minor: 10 }));
        for wrong in ["", "4", "4.", "4.0.1", "4.x", "-4.0"] {
            assert!(wrong.parse::<Series>().is_err(), "{wrong}");
        }
    }
}
