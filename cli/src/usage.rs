//! What is wrong with arguments and shows only when inputs and outputs are looked at. The rest is up to the parser.

use std::fmt;

/// An argument that turned out to be wrong. The exit code says so, as after any other wrong argument.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
