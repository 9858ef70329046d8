//! Installs the library for C and says how to use it.

use std::path;

use fourwave_tests::c_library;

/// Builds the library in a profile and installs it below `prefix`.
///
/// # Errors
/// What the compiler said, or a file that cannot be written.
pub fn run(prefix: &str, profile: &str) -> Result<(), String> {
    let cannot = |error| format!("{prefix}: {error}");
    let absolute = path::absolute(prefix).map_err(cannot)?;
    c_library::build(profile)?.install(&absolute).map_err(cannot)?;
    let prefix = absolute.display();
    println!(
        "installed below {prefix}\n\
         compile   cc program.c $(pkg-config --cflags --libs fourwave)\n\
         static    cc program.c $(pkg-config --cflags --libs --static fourwave | sed s/-lfourwave/-l:libfourwave.a/)\n\
         where the folder is new to pkg-config and the loader, set\n\
         PKG_CONFIG_PATH={prefix}/lib/pkgconfig LD_LIBRARY_PATH={prefix}/lib"
    );
    Ok(())
}
