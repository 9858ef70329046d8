//! C compilers, and the programs beside this file: built against the installed library, and run.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use fourwave_tests::{c_library, here};
use tempfile::TempDir;

/// What these tests call.
const PACKAGES: &str =
    "apt-get install gcc g++ clang libclang-rt-dev valgrind libpcap-dev pkg-config binutils";

/// A compiler for C, and its sibling for C++.
#[derive(Clone, Copy)]
pub struct Compiler {
    pub c: &'static str,
    pub cpp: &'static str,
}

pub const GCC: Compiler = Compiler { c: "gcc", cpp: "g++" };
pub const CLANG: Compiler = Compiler { c: "clang", cpp: "clang++" };

/// How a program is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// With the shared library.
    Plain,
    /// The same, and the program itself looks for its faults with memory and with undefined behaviour.
    Sanitized,
    /// With the archive.
    Static,
}

/// The library as a user has it: the folder that stands for /usr.
pub static PREFIX: LazyLock<PathBuf> = LazyLock::new(|| {
    let prefix = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c");
    let built = c_library::build("dev").unwrap();
    if prefix.exists() {
        fs::remove_dir_all(&prefix).unwrap();
    }
    built.install(&prefix).unwrap();
    prefix
});

/// The programs.
pub const PROGRAMS: [&str; 5] = ["capture.c", "segments.c", "remember.c", "errors.c", "wrapper.cpp"];

/// A program, built; gone with this value.
pub struct Program {
    folder: TempDir,
}

impl Program {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("program")
    }

    /// What it prints.
    pub fn run(&self, arguments: &[&OsStr]) -> String {
        stdout(Command::new(self.path()).args(arguments))
    }

    /// Runs it with a look at every access to memory, and at what is never freed.
    pub fn run_in_valgrind(&self, arguments: &[&OsStr]) -> String {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
        valgrind.arg("--errors-for-leak-kinds=definite,possible").arg(self.path()).args(arguments);
        stdout(&mut valgrind)
    }
}

impl Compiler {
    /// Builds a program. Warnings are errors.
    pub fn build(self, program: &str, build: Build) -> Program {
        let folder = TempDir::new().unwrap();
        let mut compile = self.command(program.ends_with(".cpp"));
        compile.args(["-g", "-O1", "-o"]).arg(folder.path().join("program"));
        compile.arg(here("c").join(program));
        let library = match build {
            Build::Plain | Build::Sanitized => pkg_config(&["--libs", "fourwave"]),
            // As `cargo xtask install-c` says.
            Build::Static => {
                pkg_config(&["--libs", "--static", "fourwave"]).replace("-lfourwave", "-l:libfourwave.a")
            }
        };
        compile.args(library.split_whitespace()).arg(format!("-Wl,-rpath,{}/lib", PREFIX.display()));
        if build == Build::Sanitized {
            compile.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
        }
        if program == "capture.c" {
            compile.args(pkg_config(&["--cflags", "--libs", "libpcap"]).split_whitespace());
        }
        stdout(&mut compile);
        Program { folder }
    }

    /// Looks at the header alone, as a file of C99 or C++17.
    pub fn check_header(self, cpp: bool) {
        let mut compile = self.command(cpp);
        compile.args(["-fsyntax-only", "-x", if cpp { "c++" } else { "c" }]);
        // Included by nothing: from standard input comes an empty file.
        compile.args(["-include", "fourwave.h", "-include", "fourwave.h", "/dev/null"]);
        stdout(&mut compile);
    }

    fn command(self, cpp: bool) -> Command {
        let (program, standard) = if cpp { (self.cpp, "c++17") } else { (self.c, "c99") };
        let mut command = Command::new(program);
        command.args(["-Wall", "-Wextra", "-Werror", "-pedantic"]).arg(format!("-std={standard}"));
        command.args(pkg_config(&["--cflags", "fourwave"]).split_whitespace());
        command
    }
}

fn pkg_config(arguments: &[&str]) -> String {
    let mut command = Command::new("pkg-config");
    stdout(command.args(arguments).env("PKG_CONFIG_PATH", PREFIX.join("lib/pkgconfig")))
}

/// What a command prints; it must end well.
pub fn stdout(command: &mut Command) -> String {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            panic!("this test needs {}: {PACKAGES}", command.get_program().display())
        }
        Err(error) => panic!("{command:?}: {error}"),
    };
    let Output { status, stdout, stderr } = output;
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {status}\n{stderr}\nif a package is missing: {PACKAGES}");
    String::from_utf8(stdout).unwrap()
}
