//! `include/fourwave.h` is what the source makes. To make it anew: UPDATE_HEADER=1.

use std::env;
use std::fs;
use std::path::Path;

#[test]
fn the_header_is_current() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = cbindgen::Config::from_file(here.join("cbindgen.toml")).expect("cbindgen.toml");
    config.after_includes =
        config.after_includes.map(|text| text.replace("FOURWAVE_CONSTANTS", &fourwave::header::constants()));
    let bindings = cbindgen::Builder::new().with_crate(here).with_config(config).generate();
    let mut made = Vec::new();
    bindings.expect("a header").write(&mut made);
    let made = String::from_utf8(made).expect("UTF-8");

    let path = here.join("include/fourwave.h");
    if env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&path, &made).expect("a header to write");
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == held,
        "include/fourwave.h is not current: UPDATE_HEADER=1 cargo test -p fourwave-ffi --test header"
    );
}
