//! Installs the library for C and says how to use it.

use std::path::Path;

use fourwave_tests::c_library;

/// Builds the library in a profile and installs it below `prefix`.
///
/// # Errors
/// What the compiler said, or a file that cannot be written.
pub fn run(prefix: &str, profile: &str) -> Result<(), String> {
    let built = c_library::build(profile)?;
    built.install(Path::new(prefix)).map_err(|error| format!("{prefix}: {error}"))?;
    println!(
        "installed below {prefix}\n\
         compile   cc program.c $(pkg-config --cflags --libs fourwave)\n\
         static    cc program.c $(pkg-config --cflags --libs --static fourwave | sed s/-lfourwave/-l:libfourwave.a/)\n\
         where the folder is new to pkg-config and the loader, set\n\
         PKG_CONFIG_PATH={prefix}/lib/pkgconfig LD_LIBRARY_PATH={prefix}/lib"
    );
    Ok(())
}
