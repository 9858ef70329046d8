//! Whether a connection ended as it should: from its kind and its findings.

use fourwave_annotate::{Connection, Kind, Severity};

/// How the end of a connection is to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Two FINs, and nothing unusual.
    Orderly,
    /// Two FINs, but something was unusual.
    ClosedWithRemarks,
    /// Ended by a reset.
    Reset,
    /// No end seen.
    NoEnd,
    /// There was no connection.
    NoConnection,
}

impl Verdict {
    /// All of them, from the best to none.
    pub const ALL: [Self; 5] =
        [Self::Orderly, Self::ClosedWithRemarks, Self::Reset, Self::NoEnd, Self::NoConnection];

    /// Its name in a page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Orderly => "orderly",
            Self::ClosedWithRemarks => "remarks",
            Self::Reset => "reset",
            Self::NoEnd => "no-end",
            Self::NoConnection => "no-connection",
        }
    }

    /// Judges `connection`.
    pub fn of(connection: &Connection) -> Self {
        let harmless = connection.findings.iter().all(|finding| finding.severity == Severity::Info);
        let verdict = Self::of_kind(connection.kind);
        if verdict == Self::Orderly && !harmless { Self::ClosedWithRemarks } else { verdict }
    }

    /// Judges a connection of this kind of which nothing else is known.
    pub const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::FourWay | Kind::ThreeSegment | Kind::HalfClose | Kind::Simultaneous => Self::Orderly,
            Kind::Refused
            | Kind::HandshakeReset
            | Kind::ResetDuringClose
            | Kind::FinThenResetByCloser
            | Kind::FinThenResetByPeer
            | Kind::Reset => Self::Reset,
            Kind::Superseded
            | Kind::OneWayClose
            | Kind::HalfClosedOpen
            | Kind::FinUnanswered
            | Kind::HandshakeIncomplete
            | Kind::OneWayOpen
            | Kind::OpenAtEnd => Self::NoEnd,
            Kind::StrayOnly => Self::NoConnection,
        }
    }
}
