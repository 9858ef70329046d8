//! What needs attention first: the order in which people see connections where there are many.

use std::cmp::Reverse;

use fourwave_annotate::{Connection, Kind, Severity};

/// How urgent a connection is: the severity of the worst that was found, where that is more than good to know.
pub type Urgency = Option<Severity>;

/// How urgent `connection` is.
#[must_use]
pub fn urgency(connection: &Connection) -> Urgency {
    let worst = connection.findings.iter().map(|finding| finding.severity).max();
    worst.filter(|severity| *severity > Severity::Info)
}

/// The place of a connection in the order: the most urgent first, then by kind, then by number.
#[must_use]
pub const fn place(urgency: Urgency, kind: Kind, number: u64) -> (Reverse<Urgency>, Kind, u64) {
    (Reverse(urgency), kind, number)
}
