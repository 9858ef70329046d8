//! Python with the packages that tests need, where `cargo xtask check --install` puts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use fourwave_tests::here;

/// The scripts of one test.
pub struct Python {
    /// The folder of the test.
    pub test: &'static str,
}

impl Python {
    /// What the script `name` prints when it runs in the folder `place`; also what it complains about.
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

fn program() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python").join("bin/python")
}
