//! What can be wrong with an input that was begun to be read.

use fourwave_dissector::capture::CaptureError;
use serde::{Deserialize, Serialize};

use crate::report;

/// Why an input was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Something is missing.
    Damaged(String),
    /// Its capture goes on: what is there was read.
    Unfinished(String),
}

impl Problem {
    /// The problem behind an error. The newest file of a rotated capture ends inside a packet as a rule, or has none yet,
    /// since it is still being written; so that is no damage where `is_last_of_series`.
    #[must_use]
    pub fn new(error: &CaptureError, is_last_of_series: bool) -> Self {
        if is_last_of_series && error.kind.is_truncated() {
            Self::Unfinished(format!("{error}: the last file of its series, perhaps still being written"))
        } else {
            Self::Damaged(error.to_string())
        }
    }

    /// Says it.
    pub fn report(&self) {
        match self {
            Self::Damaged(text) => report::error(text),
            Self::Unfinished(text) => report::note(text),
        }
    }

    /// Whether something is missing.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::Unfinished(_) => false,
        }
    }
}
