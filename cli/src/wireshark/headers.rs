//! The headers of a Wireshark: where they may be, and of which series they are.

use std::env;
use std::fs;
use std::path::{self, Path, PathBuf};

use super::program::{ask, in_path};
use super::series::Series;
use super::toolchain::Missing;

/// Names the folder of the headers; the plugin's build reads it too.
pub const INCLUDE: &str = "FOURWAVE_WIRESHARK_INCLUDE";

const VERSION_HEADER: &str = "ws_version.h";

/// The folder of the headers of `series`, or of any series if that is not known.
pub fn find(series: Option<Series>) -> Result<PathBuf, Missing> {
    let named = named();
    let folders = named.clone().map_or_else(candidates, |folder| vec![folder]);
    let found: Vec<(PathBuf, Series)> =
        folders.into_iter().filter_map(|folder| series_of(&folder).map(|series| (folder, series))).collect();
    let fits = |(_, of): &&(PathBuf, Series)| series.is_none_or(|series| *of == series);
    match (found.iter().find(fits), found.first(), series) {
        (Some((folder, _)), ..) => Ok(folder.clone()),
        (None, Some((folder, of)), Some(wanted)) => {
            Err(Missing::OtherHeaders { folder: folder.clone(), of: *of, wanted })
        }
        (None, ..) => Err(Missing::Headers { named }),
    }
}

/// The folder that the environment names. The build runs elsewhere, so it must not depend on the current one.
fn named() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os(INCLUDE)?);
    Some(path::absolute(&folder).unwrap_or(folder))
}

/// Where headers may be when nobody names a folder.
fn candidates() -> Vec<PathBuf> {
    let flags = in_path(Path::new("pkg-config"))
        .and_then(|program| ask(&program, &["--cflags-only-I", "wireshark"]).ok())
        .map_or_else(String::new, |(out, _)| out);
    let told = flags.split_whitespace().filter_map(|flag| flag.strip_prefix("-I")).map(PathBuf::from);
    told.chain([PathBuf::from("/usr/include/wireshark")]).collect()
}

/// The series of the headers in `folder`, if there are some.
fn series_of(folder: &Path) -> Option<Series> {
    let header = fs::read_to_string(folder.join(VERSION_HEADER)).ok()?;
    let number = |name: &str| {
        let mut lines = header.lines().map(str::split_whitespace);
        lines.find_map(|mut words| {
            (words.next() == Some("#define") && words.next() == Some(name))
                .then(|| words.next()?.parse().ok())?
        })
    };
    Some(Series { major: number("WIRESHARK_VERSION_MAJOR")?, minor: number("WIRESHARK_VERSION_MINOR")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_stands_in_the_version_header() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(series_of(folder.path()), None);
        let header = "#ifndef H\n#define H\n#define WIRESHARK_VERSION_MAJOR 4\n#define WIRESHARK_VERSION_MINOR 6\n#endif\n";
        fs::write(folder.path().join(VERSION_HEADER), header).unwrap();
        assert_eq!(series_of(folder.path()), Some(Series { major: 4, minor: 6 }));
    }
}
