//! The plugin in captures of every format, link layer and kind of damage: tshark prints of each what it prints without
//! the plugin, and ends as it does then.

use std::fs;
use std::path::PathBuf;

use fourwave_tests::public_captures;
use fourwave_tests::wireshark::Desk;

use crate::{ANALYZERS, complaints};

#[test]
fn nothing_else_changes() {
    let Some(folder) = public_captures() else { return };
    let mut captures: Vec<_> =
        fs::read_dir(folder.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
    captures.sort();
    for analyzer in &*ANALYZERS {
        let desk = analyzer.desk();
        let found = complaints(&captures, |path| differences(&desk, path));
        assert!(found.is_empty(), "Wireshark {}:\n{}", analyzer.version, found.join("\n"));
    }
}

fn differences(desk: &Desk<'_>, path: &PathBuf) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy();
    let capture = desk.lay(&name, &fs::read(path).unwrap());
    let with = desk.read(&capture, &["-2"]);
    let without = desk.read_without_plugin(&capture, &["-2"]);
    let mut found = Vec::new();
    if with.status != without.status {
        found.push(format!("{name}: ends with {}, without the plugin with {}", with.status, without.status));
    }
    for (what, with, without) in [
        ("standard output", &with.stdout, &without.stdout),
        ("standard error", &with.stderr, &without.stderr),
    ] {
        let (with, without) = (String::from_utf8_lossy(with), String::from_utf8_lossy(without));
        let differs = with.lines().zip(without.lines()).find(|(with, without)| with != without);
        if let Some((with, without)) = differs {
            found.push(format!("{name}: {what}: `{with}`, without the plugin `{without}`"));
        } else if with.len() != without.len() {
            found.push(format!(
                "{name}: {what}: {} octets, without the plugin {}",
                with.len(),
                without.len()
            ));
        }
    }
    found
}
