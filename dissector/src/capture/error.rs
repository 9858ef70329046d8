//! Why reading a capture stopped, and where.

use std::borrow::Cow;
use std::fmt;
use std::io;

use thiserror::Error;

use super::compression::Compression;

/// The end of reading before the end of the file. All packets before it count.
#[derive(Debug, Error)]
pub struct CaptureError {
    /// The name that the input was given.
    pub file: String,
    /// Where the record, block or header begins that could not be read: octets from the start of the
    /// uncompressed stream.
    pub offset: u64,
    /// How the stream is compressed, if it is.
    pub compression: Option<Compression>,
    /// The number that the packet would have had; 0 when it was the head of the file that could not be read.
    pub packet: u64,
    /// What happened.
    pub kind: CaptureErrorKind,
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, offset, compression, packet, kind } = self;
        match (packet, compression) {
            (0, _) => write!(f, "{file}: {kind}"),
            (_, None) => write!(f, "{file}: packet {packet} at octet {offset}: {kind}"),
            (_, Some(by)) => {
                write!(f, "{file}: packet {packet} at octet {offset} of the unpacked {by} data: {kind}")
            }
        }
    }
}

/// What stopped the reading of a capture.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaptureErrorKind {
    /// The operating system, or the stream handed in, reported an error.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// The input has no octets, so nobody can tell its format.
    #[error("not in a format that is read here, but an empty file")]
    Empty,
    /// The input is not in a format that is read here.
    #[error("not in a format that is read here, but {name}")]
    UnknownFormat {
        /// What it is, as far as its first octets tell.
        name: Cow<'static, str>,
    },
    /// The input ends inside something.
    #[error(
        "cut short in a {what}: expected at least {expected} octets, found {found}{}",
        ends_early(*.compressed)
    )]
    Truncated {
        /// What the input ends in.
        what: &'static str,
        /// Octets that it takes, as far as the part that is there tells.
        expected: u64,
        /// Octets that are there.
        found: u64,
        /// How the input is compressed, if it is the compressed data that ends early: what was compressed may well be
        /// whole.
        compressed: Option<Compression>,
    },
    /// The octets contradict the format.
    #[error("damaged: expected {expected}, found {found}")]
    Damaged {
        /// What the format asks for.
        expected: Cow<'static, str>,
        /// What is there.
        found: String,
    },
    /// A record claims more octets than any capture program writes: a damaged length, or an attack on memory.
    #[error("damaged: expected a {what} of at most {limit} octets, found {length}")]
    RecordTooLong {
        /// What claims to be so long.
        what: &'static str,
        /// Octets it claims.
        length: u64,
        /// Octets that are accepted.
        limit: u64,
    },
}

impl CaptureErrorKind {
    /// Whether the input merely ends too early, perhaps before its first octet, as a capture does that is still being
    /// written or was copied in part.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        match self {
            Self::Truncated { .. } | Self::Empty => true,
            Self::UnknownFormat { .. } | Self::Io(_) | Self::Damaged { .. } | Self::RecordTooLong { .. } => {
                false
            }
        }
    }

    pub(super) fn damaged(expected: impl Into<Cow<'static, str>>, found: impl fmt::Display) -> Self {
        Self::Damaged { expected: expected.into(), found: found.to_string() }
    }
}

/// Says of data compressed so that there should be more.
fn ends_early(compressed: Option<Compression>) -> String {
    compressed.map_or_else(String::new, |by| format!(", as the {by} data ends early"))
}
