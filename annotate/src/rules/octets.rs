//! The octets of a connection: new ones, and those of a half-close among them (SPEC 8.5).

use crate::role::Role;
use crate::rules::incarnation::{Decision, Incarnation};
use crate::rules::reading::Reading;

impl Incarnation {
    /// Counts new octets, and those sent after the peer's FIN was acknowledged (SPEC 8.5).
    pub(super) fn count_octets(&mut self, reading: &Reading<'_>, decision: &Decision) {
        let role = decision.role;
        if role == Role::HalfCloseData {
            self.unusual_mut().half_close_data = Some(reading.moment());
        }
        if role.is_outsider() || role == Role::SynInSynchronized || reading.rst {
            return;
        }
        let bytes = &mut self.peers[reading.from].bytes;
        *bytes = bytes.saturating_add(reading.new_octets.into());
        if reading.len > 0 && self.is_in_half_close(reading, decision) {
            let octets = self.half_close_octets(reading, decision);
            let unusual = self.unusual_mut();
            unusual.half_close_from = unusual.half_close_from.or(reading.sent_before);
            unusual.half_close_bytes = unusual.half_close_bytes.saturating_add(octets.into());
        }
    }

    /// New octets of the passive closer from its first ACK of the first FIN on: none of what it had sent by then.
    pub fn half_close_octets(&self, reading: &Reading<'_>, decision: &Decision) -> u32 {
        if !self.is_in_half_close(reading, decision) {
            return 0;
        }
        let beyond = |from| reading.first_octet().plus(reading.len).minus(from).max(0).cast_unsigned();
        let from = self.unusual().half_close_from.or(reading.sent_before);
        from.map_or(reading.new_octets, |from| reading.new_octets.min(beyond(from)))
    }

    /// True for segments of the passive closer from its first ACK of the first FIN to its own FIN.
    fn is_in_half_close(&self, reading: &Reading<'_>, decision: &Decision) -> bool {
        let closed = self.peers[reading.from].fin.is_some();
        decision.role == Role::HalfCloseData
            || decision.role == Role::AckOfFin1 && !closed
            || decision.role == Role::Fin2 && closed
    }
}
