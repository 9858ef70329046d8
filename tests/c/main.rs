//! The library for C as its users meet it: installed, compiled against with gcc and clang, and watched at run time.
//!
//! The programs beside this file are examples to read and tests to run.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod expected;
mod toolchain;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fourwave_annotate::Lang;
use fourwave_tests::flow::Flow;
use fourwave_tests::{capture, files, here};
use tempfile::TempDir;

use toolchain::{Build, CLANG, Compiler, GCC, PREFIX, PROGRAMS, stdout};

#[test]
fn programs_pass_with_gcc() {
    programs_pass(GCC);
}

#[test]
fn programs_pass_with_clang() {
    programs_pass(CLANG);
}

fn programs_pass(compiler: Compiler) {
    let folder = TempDir::new().unwrap();
    let capture = four_way(&folder);
    for name in PROGRAMS {
        let arguments: &[&OsStr] = if name == "capture.c" { &[capture.as_ref()] } else { &[] };
        let plain = compiler.build(name, Build::Plain);
        let printed = plain.run(arguments);
        assert_eq!(plain.run_in_valgrind(arguments), printed, "{name}");
        assert_eq!(compiler.build(name, Build::Sanitized).run(arguments), printed, "{name}");
    }
}

#[test]
fn the_example_of_the_readme_says_fin_1() {
    let readme = fs::read_to_string(here("../README.md")).unwrap();
    let (_, rest) = readme.split_once("```c\n").unwrap();
    let (example, _) = rest.split_once("  ```").unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("readme.c");
    fs::write(&path, example).unwrap();
    for compiler in [GCC, CLANG] {
        assert_eq!(compiler.build(path.to_str().unwrap(), Build::Sanitized).run(&[]), "fin-1\n");
    }
}

#[test]
fn of_every_flow_c_says_what_the_engine_says() {
    let folder = TempDir::new().unwrap();
    let program = GCC.build("capture.c", Build::Sanitized);
    let flows = files("flows", ".flow").unwrap();
    assert!(!flows.is_empty());
    for flow in flows {
        let path = pcap(&folder, &flow);
        let english = program.run(&[path.as_ref()]);
        assert_eq!(english, expected::transcript(&path, Lang::En), "{}", flow.display());
        let chinese = program.run(&["--lang".as_ref(), "zh-CN".as_ref(), path.as_ref()]);
        assert_eq!(chinese, expected::transcript(&path, Lang::ZhHans), "{}", flow.display());
    }
}

#[test]
fn a_capture_reads_well_in_both_languages() {
    let folder = TempDir::new().unwrap();
    let capture = four_way(&folder);
    let program = GCC.build("capture.c", Build::Plain);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(".");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("capture", program.run(&[capture.as_ref()]));
        let chinese = program.run(&["--lang".as_ref(), "zh-CN".as_ref(), capture.as_ref()]);
        insta::assert_snapshot!("capture-zh-CN", chinese);
    });
}

#[test]
fn the_header_is_c99_and_cpp17() {
    for compiler in [GCC, CLANG] {
        compiler.check_header(false);
        compiler.check_header(true);
    }
}

#[test]
fn the_archive_links_with_what_the_description_says() {
    for compiler in [GCC, CLANG] {
        let program = compiler.build("segments.c", Build::Static);
        program.run(&[]);
        assert!(!dynamic_section(&program.path()).contains("libfourwave"));
    }
}

#[test]
fn files_are_where_cargo_c_puts_them() {
    let version = env!("CARGO_PKG_VERSION");
    let soname = soname();
    let mut expected = [
        "include/fourwave.h".to_owned(),
        "lib/libfourwave.a".to_owned(),
        "lib/libfourwave.so".to_owned(),
        format!("lib/{soname}"),
        format!("lib/libfourwave.so.{version}"),
        "lib/pkgconfig/fourwave.pc".to_owned(),
    ];
    expected.sort();
    let mut found = files(PREFIX.to_str().unwrap(), "").unwrap();
    found.sort();
    assert_eq!(found, expected.map(|path| PREFIX.join(path)));
    for link in ["libfourwave.so", &soname] {
        let target = fs::read_link(PREFIX.join("lib").join(link)).unwrap();
        assert_eq!(target, Path::new(&format!("libfourwave.so.{version}")));
    }
}

#[test]
fn nothing_but_fourwave_is_exported() {
    let mut nm = Command::new("nm");
    nm.args(["--dynamic", "--defined-only", "--format=just-symbols"]).arg(PREFIX.join("lib/libfourwave.so"));
    let symbols = stdout(&mut nm);
    let header = fs::read_to_string(PREFIX.join("include/fourwave.h")).unwrap();
    for symbol in symbols.lines() {
        assert!(header.contains(&format!("{symbol}(")), "{symbol} is not in the header");
        assert!(symbol.starts_with("fourwave_"), "{symbol} is not ours");
    }
    assert!(symbols.lines().any(|symbol| symbol == "fourwave_abi_version"));
}

/// The name by which programs ask for the library: with the part of the version that means compatible.
fn soname() -> String {
    let section = dynamic_section(&PREFIX.join("lib/libfourwave.so"));
    let line = section.lines().find(|line| line.contains("(SONAME)")).unwrap();
    let (_, name) = line.split_once('[').unwrap();
    name.trim_end_matches(']').to_owned()
}

fn dynamic_section(path: &Path) -> String {
    stdout(Command::new("readelf").arg("--dynamic").arg("--wide").arg(path))
}

fn four_way(folder: &TempDir) -> PathBuf {
    pcap(folder, &here("flows/close/four-way.flow"))
}

/// A capture of a flow script.
fn pcap(folder: &TempDir, script: &Path) -> PathBuf {
    let flow = Flow::parse(&fs::read_to_string(script).unwrap()).unwrap();
    let path = folder.path().join("capture.pcap");
    fs::write(&path, capture::pcap(&flow)).unwrap();
    path
}
