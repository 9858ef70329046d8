//! `fourwave wireshark`: installing the plugin and finding out why it does not load, in front of a tshark that only
//! says what a real one said.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use fourwave_annotate::{Code, FindingId, Severity};
use support::fourwave;
use support::machine::{Machine, start};
use tempfile::TempDir;

const ROOT: &str = "echo 'Running as user \"root\" and group \"root\". This could be dangerous.' >&2\n";
const PROFILE_FILES: [&str; 4] = ["preferences", "colorfilters", "dfilter_buttons", "recent"];

/// `text` has all of `parts`, in this order.
#[track_caller]
fn assert_says(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no `{part}` in its place in\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn what_is_installed_satisfies_the_doctor() {
    let machine = Machine::with_tshark("");
    let built = machine.put_plugin("built.so", 0);
    let printed = machine.succeed(&["install", "--plugin", built.to_str().unwrap()]);
    assert_says(&printed, &["installed", "4.0/epan/fourwave.so\n", "preferences\n", "wireshark -C Teardown"]);
    assert_eq!(fs::read(machine.plugin()).unwrap(), fs::read(&built).unwrap());
    for file in PROFILE_FILES {
        assert!(machine.profile(file).is_file(), "{file}");
    }
    let page = machine.succeed(&["doctor"]);
    assert_says(
        &page,
        &["tshark 4.0.17", "ordinary user", "fourwave.so", "built for Wireshark 4.0", "loads it"],
    );
    assert!(page.lines().all(|line| line.starts_with("ok ")), "{page}");
    let left = fs::read_dir(machine.plugin().parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "only the plugin is in its folder");
}

#[test]
fn the_plugin_is_built_with_the_headers_of_the_program() {
    let machine = Machine::with_tshark("");
    let library = machine.put_plugin("target/libfourwave_wireshark.so", 0);
    let machine = machine.with_toolchain(&library);
    machine.succeed(&["install", "--source", machine.path("source").to_str().unwrap()]);
    let notes = fs::read_to_string(machine.path("notes")).unwrap();
    let source = machine.path("source").display().to_string();
    let headers = machine.path("include").display().to_string();
    assert_says(&notes, &["build --release --locked -p fourwave-wireshark", &source, &headers]);
    assert_eq!(fs::read(machine.plugin()).unwrap(), fs::read(&library).unwrap());
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let machine = Machine::bare();
    let errors = machine.fail(&["install", "--source", machine.path("source").to_str().unwrap()]);
    let parts = [
        "tshark",
        "libwireshark-dev",
        "gcc",
        "libglib2.0-dev pkgconf",
        "rustup.rs",
        "ffi/wireshark/Cargo.toml",
    ];
    assert_says(&errors, &parts);
    assert_eq!(errors.lines().count(), 7, "{errors}");
    assert!(machine.home_is_empty());
}

#[test]
fn headers_of_another_version_do_not_do() {
    let machine = Machine::with_tshark("").with_toolchain(Path::new("/nowhere"));
    machine.headers(4);
    let errors = machine.fail(&["install", "--source", machine.path("source").to_str().unwrap()]);
    assert_says(&errors, &["headers of Wireshark 4.0", "are of 4.4", "libwireshark-dev"]);
    assert!(machine.home_is_empty());
}

#[test]
fn a_plugin_for_another_version_is_not_installed() {
    let machine = Machine::with_tshark("");
    let built = machine.put_plugin("built.so", 6);
    let errors = machine.fail(&["install", "--plugin", built.to_str().unwrap()]);
    assert_says(&errors, &["built for Wireshark 4.6", "4.0.17"]);
    machine.write("text.so", "text");
    let errors = machine.fail(&["install", "--plugin", machine.path("text.so").to_str().unwrap()]);
    assert_says(&errors, &["text.so is no plugin for Wireshark"]);
    assert!(machine.home_is_empty());
}

#[test]
fn root_is_told_that_its_wireshark_ignores_personal_plugins() {
    let machine = Machine::with_tshark(ROOT);
    let built = machine.put_plugin("built.so", 0);
    let built = built.to_str().unwrap();
    let global = machine.path("lib");
    let errors = machine.fail(&["install", "--plugin", built]);
    assert_says(&errors, &["ignores personal plugins", "--to", global.to_str().unwrap()]);
    assert!(machine.home_is_empty());

    machine.put_plugin("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so", 0);
    assert_says(&machine.diagnose(), &["problem  started by root", "--to", "does not look there"]);

    // With the folder of the version or without: both name the same place.
    for folder in [global.clone(), global.join("4.0")] {
        machine.succeed(&["install", "--plugin", built, "--to", folder.to_str().unwrap()]);
    }
    assert!(!machine.profile("preferences").exists(), "it is for all users");
    assert!(global.join("4.0/epan/fourwave.so").is_file());
    let page = machine.succeed(&["doctor"]);
    assert_says(&page, &["ok       started by root", "lib/4.0/epan/fourwave.so", "ok       profile"]);
}

#[test]
fn files_of_the_profile_that_the_user_changed_stay() {
    let machine = Machine::with_tshark("");
    let built = machine.put_plugin("built.so", 0);
    let install = ["install", "--plugin", built.to_str().unwrap()];
    machine.succeed(&install);
    for file in ["colorfilters", "recent"] {
        fs::write(machine.profile(file), "mine").unwrap();
    }
    let printed = machine.succeed(&install);
    assert_says(&printed, &["unchanged", "preferences", "kept", "colorfilters", "--force", "unchanged"]);
    assert_eq!(fs::read_to_string(machine.profile("colorfilters")).unwrap(), "mine");
    assert_says(&machine.succeed(&["doctor"]), &["note     profile Teardown", "colorfilters", "--force"]);
    machine.succeed(&[&install[..], &["--force"]].concat());
    assert_ne!(fs::read_to_string(machine.profile("colorfilters")).unwrap(), "mine");
    // Wireshark writes this one all the time.
    assert_eq!(fs::read_to_string(machine.profile("recent")).unwrap(), "mine");
    assert_says(&machine.succeed(&["doctor"]), &["ok       profile Teardown"]);
}

#[test]
fn the_doctor_finds_a_plugin_where_wireshark_does_not_look() {
    let machine = Machine::with_tshark("");
    assert_says(&machine.diagnose(), &["problem  no fourwave.so in", "-> run `fourwave wireshark install`"]);
    for place in ["fourwave.so", "4.0/fourwave.so", "4.4/epan/fourwave.so", "epan/libfourwave_wireshark.so"] {
        let machine = Machine::with_tshark("");
        machine.put_plugin(&format!("home/.local/lib/wireshark/plugins/{place}"), 0);
        assert_says(
            &machine.diagnose(),
            &["problem  ", place, "does not look there", "-> ", "plugins/4.0/epan"],
        );
    }
}

#[test]
fn the_doctor_finds_a_plugin_that_cannot_load() {
    let machine = Machine::with_tshark("");
    machine.put_plugin("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so", 4);
    assert_says(&machine.diagnose(), &["problem  ", "built for Wireshark 4.4", "tshark 4.0.17"]);
    fs::remove_file(machine.plugin()).unwrap();
    symlink(machine.path("nowhere"), machine.plugin()).unwrap();
    assert_says(
        &machine.diagnose(),
        &["problem  ", "cannot be read: No such file", "tshark does not load it"],
    );
    fs::remove_file(machine.plugin()).unwrap();
    fs::write(machine.plugin(), "text").unwrap();
    assert_says(&machine.diagnose(), &["problem  ", "is no plugin for Wireshark"]);
}

#[test]
fn the_doctor_passes_on_what_tshark_says() {
    for (said, advice) in [
        ("undefined symbol: proto_tree_add_wave", "headers of exactly this Wireshark"),
        ("libwave.so.1: cannot open shared object file: No such file or directory", "ldd"),
    ] {
        let before = format!(
            "test \"$*\" = '-G plugins' && echo \"tshark: Couldn't load plugin 'fourwave.so': {said}\" >&2 && exit\n"
        );
        let machine = Machine::with_tshark(&before);
        machine.put_plugin("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so", 0);
        let page = machine.diagnose();
        assert_says(&page, &["problem  tshark does not load it: Couldn't load plugin", said, "-> ", advice]);
    }
}

#[test]
fn the_doctor_finds_a_second_copy_and_a_disabled_protocol() {
    let machine = Machine::with_tshark("");
    machine.put_plugin("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so", 0);
    machine.put_plugin("home/.local/lib/wireshark/plugins/4.0/epan/libfourwave_wireshark.so", 0);
    machine.write("home/.config/wireshark/profiles/Teardown/disabled_protos", "ftp\nteardown\n");
    let page = machine.diagnose();
    assert_says(
        &page,
        &["problem  installed more than once", "problem  protocol `teardown` is disabled in", "Teardown"],
    );
}

#[test]
fn an_installation_that_does_not_load_says_why() {
    let complain =
        "test \"$*\" = '-G plugins' && echo \"tshark: The plugin 'fourwave.so' is odd\" >&2 && exit\n";
    let machine = Machine::with_tshark(complain);
    let built = machine.put_plugin("built.so", 0);
    let output = machine.run(&["install", "--plugin", built.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_says(
        &printed,
        &["installed", "problem  tshark does not load it: The plugin 'fourwave.so' is odd"],
    );
}

#[test]
fn a_window_program_alone_is_examined_as_far_as_it_answers() {
    let machine = Machine::bare();
    machine.program("wireshark", "test \"$*\" = -v && echo 'Wireshark 4.6.9.'\n");
    machine.put_plugin("home/.local/lib/wireshark/plugins/4.6/epan/fourwave.so", 6);
    let page = machine.succeed(&["doctor"]);
    assert_says(
        &page,
        &["wireshark 4.6.9", "built for Wireshark 4.6", "note     wireshark cannot list", "tshark"],
    );
}

#[test]
fn a_program_of_another_version_beside_it_is_named() {
    let machine = Machine::with_tshark("");
    machine.program("wireshark", "echo 'Wireshark 4.6.9.'\n");
    assert_says(&machine.diagnose(), &["ok       tshark 4.0.17", "note     wireshark 4.6.9", "--wireshark"]);
}

#[test]
fn an_old_wireshark_is_refused() {
    let machine = Machine::bare();
    machine.program("tshark", "echo 'TShark (Wireshark) 3.6.2 (Git v3.6.2)'\n");
    assert_says(&machine.diagnose(), &["problem  tshark 3.6.2", "4.0 or later"]);
    let errors = machine.fail(&["install", "--plugin", "any.so"]);
    assert_says(&errors, &["tshark 3.6.2", "4.0 or later"]);
}

#[test]
fn the_doctor_speaks_chinese() {
    let machine = Machine::with_tshark("");
    let page = String::from_utf8(machine.run(&["doctor", "--lang", "zh-CN"]).stdout).unwrap();
    assert_says(&page, &["正常     tshark 4.0.17", "问题", "没有 fourwave.so"]);
}

#[test]
fn the_installed_tshark_answers() {
    let home = TempDir::new().unwrap();
    let mut command = fourwave(&["wireshark", "doctor", "--wireshark", "tshark"]);
    command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME");
    let output = start(&mut command).wait_with_output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.starts_with("ok       tshark "), "tshark is missing: apt-get install tshark\n{page}");
    assert!(page.contains(home.path().to_str().unwrap()), "its personal folders are known: {page}");
}

#[test]
fn findings_have_the_colour_of_their_severity() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ffi/wireshark/profile/Teardown/colorfilters");
    let rules = fs::read_to_string(file).unwrap();
    // A long stay in CLOSE-WAIT is the one finding with two severities.
    let more = " || teardown.finding.close_wait_dwell.long";
    for (severity, more) in [(Severity::Warn, more), (Severity::Error, "")] {
        let of_severity = FindingId::ALL.iter().filter(|id| id.severity() == severity);
        let ids: Vec<String> = of_severity.map(|id| format!("\"{}\"", id.code())).collect();
        let rule = format!("@Finding: {}@teardown.finding in {{{}}}{more}@", severity.code(), ids.join(", "));
        assert!(rules.contains(&rule), "{rule}");
    }
}
