//! Real analyzers: tshark and Wireshark with the plugin, of this machine and of other systems.
//!
//! Another system is a folder with its root, named in [`ROOTS`]; `cargo xtask wireshark matrix` makes some. The plugin
//! is built against the headers of each. They run as an ordinary user: for root they load no plugin but their own.
//! Nothing of this knows what the plugin says.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::here;

/// Environment variable with the roots of other systems, separated as in `PATH`. Only root can use them.
pub const ROOTS: &str = "FOURWAVE_WIRESHARK_ROOTS";

/// A Wireshark, and the plugin built for it.
#[derive(Debug)]
pub struct Analyzer {
    /// Its version in two parts, such as `4.0`.
    pub version: String,
    /// The root of its system; `/` is this machine.
    root: PathBuf,
    plugin: PathBuf,
}

/// Where an analyzer works: a folder with the plugin, captures, and the home of a user who has set nothing. It is
/// gone with this value.
#[derive(Debug)]
pub struct Desk<'a> {
    analyzer: &'a Analyzer,
    folder: TempDir,
    is_root: bool,
}

/// A user and group without rights.
const NOBODY: u32 = 65534;

impl Analyzer {
    /// That of this machine, then those of [`ROOTS`]. The plugins are built below the folder `target`.
    ///
    /// # Panics
    /// If a program or a header is missing; the message says how to install it.
    #[must_use]
    pub fn all(target: &Path) -> Vec<Self> {
        let others = env::var_os(ROOTS).unwrap_or_default();
        let others = env::split_paths(&others).filter(|root| !root.as_os_str().is_empty());
        [PathBuf::from("/")].into_iter().chain(others).map(|root| Self::new(root, target)).collect()
    }

    /// That of this machine.
    ///
    /// # Panics
    /// As [`Self::all`].
    #[must_use]
    pub fn here(target: &Path) -> Self {
        Self::new(PathBuf::from("/"), target)
    }

    /// A place to work at.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn desk(&self) -> Desk<'_> {
        let mut builder = tempfile::Builder::new();
        let readable = Permissions::from_mode(0o755);
        let folder = builder.prefix("fourwave-").permissions(readable).tempdir_in(self.root.join("tmp"));
        let folder = folder.expect("a folder for temporary files");
        let is_root = folder.path().metadata().expect("a folder that was just made").uid() == 0;
        let desk = Desk { analyzer: self, folder, is_root };
        let plugins = desk.path("plugins").join(&self.version).join("epan");
        fs::create_dir_all(&plugins).expect("a folder for the plugin");
        fs::copy(&self.plugin, plugins.join("fourwave.so")).expect("the plugin that was just built");
        for (name, mode) in [("home", 0o755), ("runtime", 0o700)] {
            let folder = desk.path(name);
            fs::create_dir(&folder).expect("a folder for the user");
            fs::set_permissions(&folder, Permissions::from_mode(mode)).expect("a folder of our own");
            if is_root {
                chown(folder, Some(NOBODY), Some(NOBODY)).expect("root gives folders away");
            }
        }
        desk
    }

    fn new(root: PathBuf, target: &Path) -> Self {
        let include = root.join("usr/include/wireshark");
        let version = version(&include);
        let plugin = build(&include, &target.join(format!("wireshark-{version}")));
        let analyzer = Self { version, root, plugin };
        let output = analyzer.desk().run(&["--version"]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains(&format!(" {}.", analyzer.version)),
            "{}: this test needs tshark {}, as the headers: apt-get install tshark\n{said}{}",
            analyzer.root.display(),
            analyzer.version,
            String::from_utf8_lossy(&output.stderr)
        );
        analyzer
    }
}

impl Desk<'_> {
    /// Puts a capture on the desk.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn lay(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, octets).expect("room for a capture");
        path
    }

    /// Runs tshark with the plugin.
    ///
    /// # Panics
    /// If a program that is needed for it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        output(self.with_plugin("tshark").args(arguments))
    }

    /// Wireshark with the plugin, to be started. The user that it is for can reach what is on this desk.
    ///
    /// # Panics
    /// If only root can run it and we are not.
    #[must_use]
    pub fn wireshark(&self) -> Command {
        self.with_plugin("wireshark")
    }

    /// Puts a file into the home of the user, whose it is from then on, as are the folders around it.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn furnish(&self, name: &str, octets: &[u8]) {
        let home = self.path("home");
        let path = home.join(name);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("folders of the user");
        fs::write(&path, octets).expect("a file of the user");
        for path in path.ancestors().take_while(|path| *path != home).filter(|_| self.is_root) {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("root gives files away");
        }
    }

    /// Runs tshark with the plugin over a capture on this desk.
    ///
    /// # Panics
    /// As [`Self::run`].
    #[must_use]
    pub fn read(&self, capture: &Path, arguments: &[&str]) -> Output {
        let capture = self.as_seen(capture);
        self.run(&[&["-n", "-r", &capture], arguments].concat())
    }

    /// Runs tshark without the plugin over a capture on this desk.
    ///
    /// # Panics
    /// As [`Self::run`].
    #[must_use]
    pub fn read_without_plugin(&self, capture: &Path, arguments: &[&str]) -> Output {
        output(self.program("tshark").args(["-n", "-r", &self.as_seen(capture)]).args(arguments))
    }

    /// The values of `fields` in each packet of a capture on this desk, as far as it can be read.
    ///
    /// # Panics
    /// As [`Self::run`].
    #[must_use]
    pub fn fields(&self, capture: &Path, arguments: &[&str], fields: &[&str]) -> Vec<Vec<String>> {
        let mut all = [&["-T", "fields"], arguments].concat();
        all.extend(fields.iter().flat_map(|field| ["-e", field]));
        let output = self.read(capture, &all);
        let lines = String::from_utf8_lossy(&output.stdout);
        lines.lines().map(|line| line.split('\t').map(String::from).collect()).collect()
    }

    fn with_plugin(&self, name: &str) -> Command {
        let mut program = self.program(name);
        program.env("WIRESHARK_PLUGIN_DIR", self.as_seen(&self.path("plugins")));
        program
    }

    /// A program as a user who has set nothing runs it.
    fn program(&self, name: &str) -> Command {
        let root = &self.analyzer.root;
        let here = root == Path::new("/");
        assert!(here || self.is_root, "only root can run what is in {}", root.display());
        let mut command = match (self.is_root, here) {
            (false, _) => Command::new(name),
            (true, true) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={NOBODY}")).arg(format!("--regid={NOBODY}"));
                command.args(["--clear-groups", name]);
                command
            }
            (true, false) => {
                let mut command = Command::new("chroot");
                command.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg("--groups=");
                command.arg(root).arg(name);
                command
            }
        };
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.as_seen(&self.path("home"))).env("LANG", "C.UTF-8").env("TZ", "UTC");
        // For the sockets of programs with windows; theirs alone.
        command.env("XDG_RUNTIME_DIR", self.as_seen(&self.path("runtime")));
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path on the desk as it is in the system of the analyzer.
    fn as_seen(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.analyzer.root).expect("a path on the desk");
        Path::new("/").join(below).display().to_string()
    }
}

/// The version of Wireshark, in two parts, that the headers in a folder belong to.
fn version(include: &Path) -> String {
    let header = include.join("ws_version.h");
    let text = fs::read_to_string(&header).unwrap_or_else(|error| {
        let packages = "apt-get install libwireshark-dev libglib2.0-dev";
        panic!("{}: {error}; this test needs the headers of Wireshark: {packages}", header.display())
    });
    let number = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("#define ")?.strip_prefix(name));
        lines.next().unwrap_or_else(|| panic!("{}: expected {name}", header.display())).trim().to_owned()
    };
    format!("{}.{}", number("WIRESHARK_VERSION_MAJOR"), number("WIRESHARK_VERSION_MINOR"))
}

/// Builds the plugin against the headers in `include`.
fn build(include: &Path, target: &Path) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--package", "fourwave-wireshark"]);
    cargo.current_dir(here("..")).env("FOURWAVE_WIRESHARK_INCLUDE", include).env("CARGO_TARGET_DIR", target);
    let built = output(&mut cargo);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("debug/libfourwave_wireshark.so")
}

fn output(command: &mut Command) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).output().unwrap_or_else(|error| {
        panic!("cannot run {program}: {error}; this test needs apt-get install tshark util-linux")
    })
}
