//! A machine in a temporary folder: programs that say what real ones said, and the home of a user.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use super::fourwave;

/// Held while a script is written and while a program starts: one that is started meanwhile by another test would keep
/// the script open for writing, and a file that is open for writing cannot be executed.
static START: Mutex<()> = Mutex::new(());

/// A machine: programs, and the home of a user.
pub struct Machine {
    folder: TempDir,
}

impl Machine {
    /// One with nothing on it.
    pub fn bare() -> Self {
        let machine = Self { folder: TempDir::new().unwrap() };
        for folder in ["bin", "home", "include", "source"] {
            fs::create_dir(machine.path(folder)).unwrap();
        }
        machine
    }

    /// One with tshark 4.0.17, which first does what `before` says.
    pub fn with_tshark(before: &str) -> Self {
        let machine = Self::bare();
        let [home, global, share] = ["home", "lib", "share"].map(|name| machine.path(name));
        let (home, global, share) = (home.display(), global.display(), share.display());
        machine.program(
            "tshark",
            &format!(
                "{before}case \"$*\" in\n\
                 -v) echo 'TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0+deb12u3).' ;;\n\
                 '-G folders') printf 'Temp:\\t/tmp\\nPersonal configuration:\\t%s\\nGlobal configuration:\\t%s\\n' \
                 {home}/.config/wireshark {share}; printf 'Personal Plugins:\\t%s\\nGlobal Plugins:\\t%s\\n' \
                 {home}/.local/lib/wireshark/plugins/4.0 {global}/4.0 ;;\n\
                 '-G plugins') for file in {home}/.local/lib/wireshark/plugins/4.0/epan/*.so {global}/4.0/epan/*.so\n\
                 do test -r $file && printf '%s\\t0.1.0\\tdissector\\t%s\\n' ${{file##*/}} $file; done; true ;;\n\
                 *) exit 2 ;;\nesac\n"
            ),
        );
        machine
    }

    /// Adds all that builds the plugin; `cargo` notes how it was called and gives `library`.
    pub fn with_toolchain(self, library: &Path) -> Self {
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
    pub fn headers(&self, minor: u32) {
        let header = format!("#define WIRESHARK_VERSION_MAJOR 4\n#define WIRESHARK_VERSION_MINOR {minor}\n");
        self.write("include/ws_version.h", &header);
    }

    pub fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        let _guard = START.lock().unwrap_or_else(PoisonError::into_inner);
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the plugin belongs.
    pub fn plugin(&self) -> PathBuf {
        self.path("home/.local/lib/wireshark/plugins/4.0/epan/fourwave.so")
    }

    pub fn profile(&self, file: &str) -> PathBuf {
        self.path("home/.config/wireshark/profiles/Teardown").join(file)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a plugin that was built for Wireshark 4.`minor` at `name`.
    pub fn put_plugin(&self, name: &str, minor: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let source = self.path("plugin.c");
        fs::write(&source, format!("int plugin_want_major = 4, plugin_want_minor = {minor};\n")).unwrap();
        let built = start(Command::new("cc").args(["-shared", "-o"]).arg(&path).arg(&source)).wait().unwrap();
        assert!(built.success());
        path
    }

    pub fn run(&self, args: &[&str]) -> Output {
        let mut command = fourwave(&["wireshark"]);
        command.args(args).env("PATH", self.path("bin")).env("HOME", self.path("home")).env("CC", "");
        command.env("FOURWAVE_WIRESHARK_INCLUDE", self.path("include"));
        command.env_remove("XDG_CONFIG_HOME").env_remove("CARGO_HOME");
        start(&mut command).wait_with_output().unwrap()
    }

    /// Standard output of a run that must succeed.
    pub fn succeed(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {printed}{errors}");
        printed
    }

    /// Standard error of a run that must fail.
    pub fn fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The page of a doctor that finds a problem.
    pub fn diagnose(&self) -> String {
        let output = self.run(&["doctor"]);
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{page}");
        page
    }

    pub fn home_is_empty(&self) -> bool {
        fs::read_dir(self.path("home")).unwrap().next().is_none()
    }
}

/// Starts a program whose output is read.
pub fn start(command: &mut Command) -> Child {
    let _guard = START.lock().unwrap_or_else(PoisonError::into_inner);
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    started.unwrap_or_else(|error| panic!("{command:?}: {error}; for cc: apt-get install gcc libc6-dev"))
}
