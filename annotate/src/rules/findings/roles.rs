//! Sets of roles that several rules share.

use crate::code::Set;
use crate::role::Role;

/// Every role; for rules that go by something else.
pub(super) const ANY: Set<Role> = Set::from_bits(!0);

/// No role; for rules that only the end of the capture decides.
pub(super) const NONE: Set<Role> = Set::EMPTY;

/// Roles of RSTs that are judged against a connection.
pub(super) const RESETS: Set<Role> = Role::set(&[
    Role::RstRefused,
    Role::RstHandshake,
    Role::RstAbort,
    Role::RstInsteadOfFin,
    Role::RstAfterFin,
    Role::RstToLateData,
    Role::RstInResponse,
    Role::RstIntoTimeWait,
    Role::RstAfterClose,
    Role::RstRepeat,
]);

/// The roles of segments with FIN or RST.
pub(super) const ENDING: Set<Role> = RESETS.union(Role::set(&[
    Role::Fin1,
    Role::Fin2,
    Role::FinAckCombined,
    Role::FinSimultaneous,
    Role::FinRetransmission,
    Role::FinConflict,
    Role::RstIgnored,
    Role::AfterOwnRst,
    Role::LateSegment,
    Role::Stray,
    Role::IllegalFlags,
]));
