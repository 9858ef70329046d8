//! What is needed to build the plugin: found whole, or everything that is missing said at once.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, anyhow, bail};
use serde_json::Value;

use super::headers::{self, INCLUDE};
use super::program::{ask, in_path};
use super::series::Series;

/// The package of the plugin and the name of its library.
const PACKAGE: &str = "fourwave-wireshark";
const LIBRARY: &str = "fourwave_wireshark";

/// Everything that builds the plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The folder of Wireshark's headers.
    pub headers: PathBuf,
    /// The source of the plugin and of all it is made of.
    source: PathBuf,
    cargo: PathBuf,
}

/// Something without which no plugin can be built or installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No Wireshark, or not the one that was named.
    Program {
        /// What was named.
        named: Option<PathBuf>,
    },
    /// A Wireshark for which the plugin cannot be built.
    OldProgram {
        /// Which.
        program: String,
    },
    /// No headers.
    Headers {
        /// The folder that was to have them.
        named: Option<PathBuf>,
    },
    /// Headers of another series.
    OtherHeaders {
        /// Where.
        folder: PathBuf,
        /// Theirs.
        of: Series,
        /// That of the program.
        wanted: Series,
    },
    /// No C compiler.
    Compiler,
    /// No headers of GLib, or nothing that finds them.
    Glib,
    /// No cargo.
    Cargo,
    /// No source of the plugin.
    Source {
        /// The folder that was to have it.
        named: Option<PathBuf>,
    },
}

impl Toolchain {
    /// Looks for everything. Without a series, any headers will do.
    ///
    /// # Errors
    /// All that is missing.
    pub fn find(series: Option<Series>, source: Option<&Path>) -> Result<Self, Vec<Missing>> {
        let mut missing = Vec::new();
        let headers = headers::find(series).map_err(|why| missing.push(why));
        if in_path(Path::new("cc")).is_none() {
            missing.push(Missing::Compiler);
        }
        if !has_glib() {
            missing.push(Missing::Glib);
        }
        let cargo = cargo().ok_or_else(|| missing.push(Missing::Cargo));
        let source = find_source(source)
            .ok_or_else(|| missing.push(Missing::Source { named: source.map(Path::to_owned) }));
        if let (Ok(headers), Ok(cargo), Ok(source)) = (headers, cargo, source)
            && missing.is_empty()
        {
            return Ok(Self { headers, source, cargo });
        }
        Err(missing)
    }

    /// Builds the plugin; the path of the library.
    ///
    /// # Errors
    /// When cargo fails; it said why on standard error.
    pub fn build(&self) -> anyhow::Result<PathBuf> {
        let output = Command::new(&self.cargo)
            .args(["build", "--release", "--locked", "-p", PACKAGE])
            // Inside Wireshark its code is seldom in the cache: what is smaller is faster.
            .env("CARGO_PROFILE_RELEASE_LTO", "fat")
            .arg("--message-format=json-render-diagnostics")
            .current_dir(&self.source)
            .env(INCLUDE, &self.headers)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot run {}", self.cargo.display()))?;
        if !output.status.success() {
            bail!(
                "the plugin does not build in {}: cargo ended with {}",
                self.source.display(),
                output.status
            );
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        messages.lines().find_map(library).ok_or_else(|| anyhow!("cargo built no library {LIBRARY}"))
    }
}

/// The library that a message of cargo tells of, if it is the plugin.
fn library(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["target"]["name"] != LIBRARY {
        return None;
    }
    let mut files = message["filenames"].as_array()?.iter().filter_map(Value::as_str).map(PathBuf::from);
    files.find(|file| file.extension() == Some(OsStr::new(env::consts::DLL_EXTENSION)))
}

fn has_glib() -> bool {
    in_path(Path::new("pkg-config")).is_some_and(|program| ask(&program, &["--exists", "glib-2.0"]).is_ok())
}

/// In `PATH`, or where rustup puts it.
fn cargo() -> Option<PathBuf> {
    in_path(Path::new("cargo")).or_else(|| {
        let home =
            env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))?;
        Some(home.join("bin/cargo")).filter(|path| path.is_file())
    })
}

/// The folder that was named, else the one this program was built from, else the current one, if the source is there.
fn find_source(named: Option<&Path>) -> Option<PathBuf> {
    let has_source = |folder: &PathBuf| folder.join("ffi/wireshark/Cargo.toml").is_file();
    if let Some(folder) = named {
        return Some(folder.to_owned()).filter(has_source);
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
    own.into_iter().chain(env::current_dir()).find(has_source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_among_the_messages_of_cargo() {
        let artifact = |name: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"filenames":["/t/lib.rlib","/t/lib.so"]}}"#
            )
        };
        assert_eq!(library(&artifact(LIBRARY)), Some(PathBuf::from("/t/lib.so")));
        assert_eq!(library(&artifact("fourwave")), None);
        assert_eq!(library(r#"{"reason":"build-finished","success":true}"#), None);
        assert_eq!(library("no JSON"), None);
    }
}
