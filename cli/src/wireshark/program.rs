//! The installed Wireshark, and what it says of itself.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::folders::Folders;
use super::series::Series;

/// The programs to ask, the one that answers most first: the window program cannot list folders and plugins.
const NAMES: [&str; 2] = ["tshark", "wireshark"];

/// An installed tshark or Wireshark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// Its whole version, such as `4.0.17`.
    pub version: String,
    /// What of it must be that of a plugin.
    pub series: Series,
}

/// What a program says of the plugins that it loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The file names of those loaded.
    pub loaded: Vec<String>,
    /// Why others are not.
    pub complaints: Vec<String>,
}

impl Program {
    /// The program that `named` names, by path or by a name in `PATH`; else tshark, else wireshark, in `PATH`.
    #[must_use]
    pub fn find(named: Option<&Path>) -> Option<Self> {
        match named {
            Some(path) if path.components().count() > 1 => Self::at(path.to_owned()),
            Some(name) => in_path(name).and_then(Self::at),
            None => Self::all_in_path().into_iter().next(),
        }
    }

    /// Every program in `PATH` that can load the plugin.
    #[must_use]
    pub fn all_in_path() -> Vec<Self> {
        NAMES.iter().filter_map(|name| in_path(Path::new(name)).and_then(Self::at)).collect()
    }

    /// Its name, version and place, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{} {} ({})", self.name(), self.version, self.path.display())
    }

    /// The file name of the program.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The folders that it uses: its own answer, else those of an ordinary installation.
    #[must_use]
    pub fn folders(&self) -> Folders {
        let answer = ask(&self.path, &["-G", "folders"]).ok();
        answer.and_then(|(out, err)| Folders::parse(&out, &err)).unwrap_or_else(Folders::usual)
    }

    /// The plugins that it loads, if it can say so.
    #[must_use]
    pub fn plugins(&self) -> Option<Listing> {
        let (out, err) = ask(&self.path, &["-G", "plugins"]).ok()?;
        let loaded =
            out.lines().filter_map(|line| line.split_once('\t')).map(|(name, _)| name.trim().to_owned());
        Some(Listing { loaded: loaded.collect(), complaints: err.lines().map(str::to_owned).collect() })
    }

    fn at(path: PathBuf) -> Option<Self> {
        let (out, _) = ask(&path, &["-v"]).ok()?;
        let (version, series) = version(out.lines().next()?)?;
        Some(Self { path, version, series })
    }
}

/// The file that `name` is found as in `PATH`.
#[must_use]
pub fn in_path(name: &Path) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Both outputs of a program that ended well.
///
/// # Errors
/// When it does not run, or fails.
pub fn ask(program: &Path, arguments: &[&str]) -> io::Result<(String, String)> {
    // Messages of the dynamic linker follow the locale.
    let output = Command::new(program).args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{} ended with {}", program.display(), output.status)));
    }
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    Ok((text(&output.stdout), text(&output.stderr)))
}

/// The version in a line such as `TShark (Wireshark) 4.0.17 (Git v4.0.17 …).`
fn version(line: &str) -> Option<(String, Series)> {
    line.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).find_map(|word| {
        let version = word.trim_end_matches('.');
        let mut numbers = version.splitn(3, '.');
        let series = format!("{}.{}", numbers.next()?, numbers.next()?).parse().ok()?;
        Some((version.to_owned(), series))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_first_line() {
        let of = |line| version(line).map(|(version, series)| (version, series.to_string()));
        let is = |version: &str, series: &str| Some((version.to_owned(), series.to_owned()));
        assert_eq!(of("TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0)."), is("4.0.17", "4.0"));
        assert_eq!(of("TShark (Wireshark) 4.6.9."), is("4.6.9", "4.6"));
        assert_eq!(of("Wireshark 4.7.0rc0 (v4.7.0rc0-1-g0)"), is("4.7.0rc0", "4.7"));
        assert_eq!(of("tcpdump version 4"), None);
    }
}
