//! Python with the packages that tests need, where `cargo xtask check --install` puts it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::here;

/// The scripts of one test of the program.
pub struct Python {
    /// The folder of the test.
    pub test: &'static str,
}

impl Python {
    /// What the script `name` prints when it runs in the folder `place`; also what it complains about.
    ///
    /// # Errors
    /// What it printed, if it failed.
    ///
    /// # Panics
    /// If Python or one of the packages is not there.
    pub fn run(&self, name: &str, arguments: &[&str], place: &Path) -> Result<String, String> {
        let script = here("../cli/tests").join(self.test).join(name);
        let output = Command::new(program()).arg(script).args(arguments).current_dir(place).output();
        let install = "install them: cargo xtask check --install";
        let output = output.unwrap_or_else(|error| {
            panic!("no packages of Python: {}: {error}; {install}", program().display())
        });
        let (printed, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!errors.contains("ModuleNotFoundError"), "{errors}\n{install}");
        if output.status.success() { Ok(printed.into_owned()) } else { Err(format!("{printed}{errors}")) }
    }
}

/// In the target folder, two above that in which Cargo lays the programs of tests.
fn program() -> PathBuf {
    let test = env::current_exe().expect("a test runs from a file");
    let target = test.ancestors().nth(3).expect("a test lies in a target folder");
    target.join("python/bin/python")
}
