//! The one command that checks all.
fn main() {}
