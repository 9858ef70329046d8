//! Compiles the shim against the headers of the Wireshark that will load it.
//!
//! Nothing of Wireshark is linked: its symbols come from the process that loads the plugin, and a link would tie the
//! plugin to the library of one version. FOURWAVE_WIRESHARK_INCLUDE names the folder with `ws_version.h`; without it
//! pkg-config is asked.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    if let Err(reason) = build() {
        eprintln!("{reason}");
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    println!("cargo:rerun-if-env-changed=FOURWAVE_WIRESHARK_INCLUDE");
    println!("cargo:rerun-if-changed=shim");
    println!("cargo:rerun-if-changed=../include/fourwave.h");

    let wireshark = match env::var_os("FOURWAVE_WIRESHARK_INCLUDE") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => include_paths("wireshark", "libwireshark-dev")?,
    };
    let version = Version::read(&wireshark)?;
    println!("cargo:rustc-env=FOURWAVE_WIRESHARK_MAJOR={}", version.major);
    println!("cargo:rustc-env=FOURWAVE_WIRESHARK_MINOR={}", version.minor);

    // GLib is stable: that of this machine serves for any Wireshark.
    let glib = include_paths("glib-2.0", "libglib2.0-dev")?;
    let mut shim = cc::Build::new();
    for source in [
        "audience",
        "plugin",
        "fields",
        "dissect",
        "link_type",
        "walk",
        "show",
        "words",
        "stats",
        "preferences",
    ] {
        shim.file(format!("shim/{source}.c"));
    }
    shim.include("../include")
        .std("c11")
        .warnings(true)
        .extra_warnings(true)
        // A callback of the wrong type crashes later: between versions bools change their size.
        .flag("-Werror=incompatible-pointer-types")
        .flag("-Werror=implicit-function-declaration")
        .define("WS_LOG_DOMAIN", "\"fourwave\"");
    for folder in wireshark.iter().chain(&glib) {
        // System headers: their warnings are not ours.
        shim.flag(format!("-isystem{}", folder.display()));
    }
    shim.try_compile("fourwave_shim").map_err(|error| error.to_string())
}

fn include_paths(name: &str, package: &str) -> Result<Vec<PathBuf>, String> {
    let found = pkg_config::Config::new().cargo_metadata(false).probe(name);
    let found = found.map_err(|error| format!("{error}\ninstall the headers: apt-get install {package}"))?;
    Ok(found.include_paths)
}

/// The version of Wireshark that the headers belong to.
struct Version {
    major: u32,
    minor: u32,
}

impl Version {
    fn read(folders: &[PathBuf]) -> Result<Self, String> {
        let header = folders.iter().map(|folder| folder.join("ws_version.h")).find(|path| path.is_file());
        let header = header.ok_or_else(|| {
            let searched: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
            format!("no ws_version.h in {}: install libwireshark-dev", searched.join(", "))
        })?;
        // Another Wireshark may come to the same place.
        println!("cargo:rerun-if-changed={}", header.display());
        let text = fs::read_to_string(&header).map_err(|error| format!("{}: {error}", header.display()))?;
        let number = |name| Self::number(&text, name, &header);
        Ok(Self { major: number("WIRESHARK_VERSION_MAJOR")?, minor: number("WIRESHARK_VERSION_MINOR")? })
    }

    fn number(text: &str, name: &str, header: &Path) -> Result<u32, String> {
        let words = |line: &'_ str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let value = text.lines().map(words).find_map(|words| match words.as_slice() {
            [define, defined, value] if define == "#define" && defined == name => value.parse().ok(),
            _ => None,
        });
        value.ok_or_else(|| format!("{}: expected `#define {name}` and a number", header.display()))
    }
}
