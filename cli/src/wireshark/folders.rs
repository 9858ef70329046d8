//! The folders of a Wireshark: what `tshark -G folders` prints, or where they are when nobody can say.

use std::env;
use std::path::{Path, PathBuf};

use super::series::Series;

/// What a Wireshark that runs with the rights of root says of itself before anything else. It then looks into no
/// personal plugin folder, and says nothing of that.
const AS_ROOT: &str = "Running as user \"";

/// Where a Wireshark keeps settings and looks for plugins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The user's settings.
    pub personal_configuration: PathBuf,
    /// The settings of all users.
    pub global_configuration: Option<PathBuf>,
    /// The user's plugins of all series. A Wireshark that was built without plugins has none.
    pub personal_plugins: Option<PathBuf>,
    /// The plugins of all users and series.
    pub global_plugins: Option<PathBuf>,
    /// Whether it was started by root.
    pub as_root: bool,
}

impl Folders {
    /// Reads what was printed.
    #[must_use]
    pub fn parse(out: &str, err: &str) -> Option<Self> {
        let folder = |name: &str| {
            let mut lines = out.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value.trim()))
        };
        // Whether the folder of the series is named or the one around it depends on the version.
        let plugins = |name: &str| folder(name).map(|named| Series::plugins_around(&named).to_owned());
        Some(Self {
            personal_configuration: folder("Personal configuration")?,
            global_configuration: folder("Global configuration"),
            personal_plugins: plugins("Personal Plugins"),
            global_plugins: plugins("Global Plugins"),
            as_root: err.lines().any(|line| line.starts_with(AS_ROOT)),
        })
    }

    /// Those of an ordinary installation on Linux.
    #[must_use]
    pub fn usual() -> Self {
        let home = env::home_dir().unwrap_or_default();
        let settings = env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
        Self {
            personal_configuration: settings.join("wireshark"),
            global_configuration: None,
            personal_plugins: Some(home.join(".local/lib/wireshark/plugins")),
            global_plugins: None,
            as_root: false,
        }
    }

    /// The plugin folders that are looked into, in this order.
    pub fn searched(&self) -> impl Iterator<Item = &Path> {
        let personal = self.personal_plugins.as_deref().filter(|_| !self.as_root);
        self.global_plugins.as_deref().into_iter().chain(personal)
    }

    /// The plugin folders that there are.
    pub fn all(&self) -> impl Iterator<Item = &Path> {
        self.global_plugins.as_deref().into_iter().chain(self.personal_plugins.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Temp:                \t/tmp\n\
        Personal configuration:\t/home/ann/.config/wireshark\n\
        Global configuration:\t/usr/share/wireshark\n\
        Personal Plugins:    \t/home/ann/.local/lib/wireshark/plugins/4.0\n\
        Global Plugins:      \t/usr/lib/wireshark/plugins\n";

    #[test]
    fn both_ways_to_name_a_plugin_folder_are_understood() {
        let folders = Folders::parse(PRINTED, "").unwrap();
        let all: Vec<_> = folders.all().collect();
        assert_eq!(
            all,
            [Path::new("/usr/lib/wireshark/plugins"), Path::new("/home/ann/.local/lib/wireshark/plugins")]
        );
        assert_eq!(folders.searched().count(), 2);
    }

    #[test]
    fn a_wireshark_of_root_does_not_look_into_personal_folders() {
        let said = "Running as user \"root\" and group \"root\". This could be dangerous.\n";
        let folders = Folders::parse(PRINTED, said).unwrap();
        assert_eq!(folders.searched().collect::<Vec<_>>(), [Path::new("/usr/lib/wireshark/plugins")]);
    }

    #[test]
    fn an_answer_without_folders_is_none() {
        assert_eq!(Folders::parse("unrecognized option: G\n", ""), None);
    }
}
