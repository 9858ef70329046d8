//! Gives the shared library its SONAME, which cargo does not: the version before which all are compatible.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let linux = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    if linux && env::var_os("CARGO_FEATURE_CAPI").is_none() {
        let version = |part| env::var(format!("CARGO_PKG_VERSION_{part}")).unwrap_or_default();
        // Below 1.0 a new minor version may break callers; cargo-c counts in the same way.
        let (major, minor) = (version("MAJOR"), version("MINOR"));
        let suffix = if major == "0" { format!("0.{minor}") } else { major };
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libfourwave.so.{suffix}");
    }
}
