//! Whether a connection ended as it should: from its kind and its findings.

use fourwave_annotate::{Connection, Kind, Severity};

/// How the end of a connection is to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Judges `connection`.
    pub fn of(connection: &Connection) -> Self {
        match connection.kind {
            Kind::FourWay | Kind::ThreeSegment | Kind::HalfClose | Kind::Simultaneous => {
                let harmless = connection.findings.iter().all(|finding| finding.severity == Severity::Info);
                if harmless { Self::Orderly } else { Self::ClosedWithRemarks }
            }
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
