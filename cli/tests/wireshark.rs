//! `fourwave wireshark`: installing the plugin and finding out why it does not load, in front of a tshark that only
//! says what a real one said.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use fourwave_annotate::{Code, FindingId, Severity};
use support::fourwave;
use tempfile::TempDir;

const ROOT: &str = "echo 'Running as user \"root\" and group \"root\". This could be dangerous.' >&2\n";
const PROFILE_FILES: [&str; 3] = ["preferences", "colorfilters", "dfilter_buttons"];

/// Held while a script is written and while a program starts: one that is started meanwhile by another test would keep
/// the script open for writing, and a file that is open for writing cannot be executed.
static START: Mutex<()> = Mutex::new(());

/// A machine: programs, and the home of a user.
struct Machine {
    folder: TempDir,
}

impl Machine {
    /// One with nothing on it.
    fn bare() -> Self {
        let machine = Self { folder: TempDir::new().unwrap() };
        for folder in ["bin", "home", "include", "source"] {
            fs::create_dir(machine.path(folder)).unwrap();
        }
        machine
    }

    /// One with tshark 4.0.17, which first does what `before` says.
    fn with_tshark(before: &str) -> Self {
        let machine = Self::bare();
        let (home, global) = (machine.path("home"), machine.path("lib"));
        let (home, global) = (home.display(), global.display());
        machine.program(
            "tshark",
            &format!(
                "{before}case \"$*\" in\n\
                 -v) echo 'TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0+deb12u3).' ;;\n\
                 '-G folders') printf 'Temp:\\t/tmp\\nPersonal configuration:\\t%s\\nPersonal Plugins:\\t%s\\nGlobal \
                 Plugins:\\t%s\\n' {home}/.config/wireshark {home}/.local/lib/wireshark/plugins/4.0 {global}/4.0 ;;\n\
                 '-G plugins') for file in {home}/.local/lib/wireshark/plugins/4.0/epan/*.so {global}/4.0/epan/*.so\n\
                 do test -r $file && printf '%s\\t0.1.0\\tdissector\\t%s\\n' ${{file##*/}} $file; done; true ;;\n\
                 *) exit 2 ;;\nesac\n"
            ),
        );
        machine
    }

    /// Adds all that builds the plugin; `cargo` notes how it was called and gives `library`.
    fn with_toolchain(self, library: &Path) -> Self {
        let notes = self.path("notes");
        let message = format!(
            r#"{{"reason":"compiler-artifact","target":{{"name":"fourwave_wireshark"}},"filenames":["{}"]}}"#,
            library.display()
        );
        let cargo = format!(
            "echo $* in $PWD for $FOURWAVE_WIRESHARK_INCLUDE > {}\necho '{message}'\n",
            notes.display()
        );
        self.program("cargo", &cargo);
        self.program("cc", "exit 1\n");
        self.program("pkg-config", "test $2 = glib-2.0\n");
        self.write("source/ffi/wireshark/Cargo.toml", "");
        self.headers(0);
        self
    }

    /// Headers of Wireshark 4.`minor`.
    fn headers(&self, minor: u32) {
        let header = format!("#define WIRESHARK_VERSION_MAJOR 4\n#define WIRESHARK_VERSION_MINOR {minor}\n");
        self.write("include/ws_version.h", &header);
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        let _guard = START.lock().unwrap_or_else(PoisonError::into_inner);
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the plugin belongs.
    fn plugin(&self) -> PathBuf {
        self.path("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so")
    }

    fn profile(&self, file: &str) -> PathBuf {
        self.path("home/.config/wireshark/profiles/Teardown").join(file)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a plugin that was built for Wireshark 4.`minor` at `name`.
    fn put_plugin(&self, name: &str, minor: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let source = self.path("plugin.c");
        fs::write(&source, format!("int plugin_want_major = 4, plugin_want_minor = {minor};\n")).unwrap();
        let built = start(Command::new("cc").args(["-shared", "-o"]).arg(&path).arg(&source)).wait().unwrap();
        assert!(built.success());
        path
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = fourwave(&["wireshark"]);
        command.args(args).env("PATH", self.path("bin")).env("HOME", self.path("home")).env("CC", "");
        command.env("FOURWAVE_WIRESHARK_INCLUDE", self.path("include"));
        command.env_remove("XDG_CONFIG_HOME").env_remove("CARGO_HOME");
        start(&mut command).wait_with_output().unwrap()
    }

    /// Standard output of a run that must succeed.
    fn succeed(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {printed}{errors}");
        printed
    }

    /// Standard error of a run that must fail.
    fn fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The page of a doctor that finds a problem.
    fn diagnose(&self) -> String {
        let output = self.run(&["doctor"]);
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{page}");
        page
    }

    fn home_is_empty(&self) -> bool {
        fs::read_dir(self.path("home")).unwrap().next().is_none()
    }
}

/// Starts a program whose output is read.
fn start(command: &mut Command) -> Child {
    let _guard = START.lock().unwrap_or_else(PoisonError::into_inner);
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    started.unwrap_or_else(|error| panic!("{command:?}: {error}; for cc: apt-get install gcc libc6-dev"))
}

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
    assert!(global.join("4.0/epan/fourwave.so").is_file());
    let page = machine.succeed(&["doctor"]);
    assert_says(&page, &["note     started by root", "ok       ", "lib/4.0/epan/fourwave.so", "loads it"]);
}

#[test]
fn files_of_the_profile_that_the_user_changed_stay() {
    let machine = Machine::with_tshark("");
    let built = machine.put_plugin("built.so", 0);
    let install = ["install", "--plugin", built.to_str().unwrap()];
    machine.succeed(&install);
    fs::write(machine.profile("colorfilters"), "mine").unwrap();
    let printed = machine.succeed(&install);
    assert_says(&printed, &["unchanged", "preferences", "kept", "colorfilters", "--force", "unchanged"]);
    assert_eq!(fs::read_to_string(machine.profile("colorfilters")).unwrap(), "mine");
    assert_says(&machine.succeed(&["doctor"]), &["note     profile Teardown", "colorfilters", "--force"]);
    machine.succeed(&[&install[..], &["--force"]].concat());
    assert_ne!(fs::read_to_string(machine.profile("colorfilters")).unwrap(), "mine");
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
    for severity in [Severity::Warn, Severity::Error] {
        let of_severity = FindingId::ALL.iter().filter(|id| id.severity() == severity);
        let ids: Vec<String> = of_severity.map(|id| format!("\"{}\"", id.code())).collect();
        let rule = format!("@Finding: {}@teardown.finding in {{{}}}@", severity.code(), ids.join(", "));
        assert!(rules.contains(&rule), "{rule}");
    }
}
