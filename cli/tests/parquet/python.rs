//! Python with the readers of Parquet, where `cargo xtask check --install` puts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use fourwave_tests::here;

/// The folder of this test.
fn folder() -> PathBuf {
    here("../cli/tests/parquet")
}

/// What the script `name` prints when it runs in the folder `place`; also what it complains about.
///
/// # Panics
/// If Python or one of the readers is not there.
pub fn python(name: &str, arguments: &[&str], place: &Path) -> Result<String, String> {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python").join("bin/python");
    let output = Command::new(&python).arg(folder().join(name)).args(arguments).current_dir(place).output();
    let install = "install them: cargo xtask check --install";
    let output = output
        .unwrap_or_else(|error| panic!("no DuckDB and Polars: {}: {error}; {install}", python.display()));
    let (printed, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!errors.contains("ModuleNotFoundError"), "{errors}\n{install}");
    if output.status.success() { Ok(printed.into_owned()) } else { Err(format!("{printed}{errors}")) }
}
