//! What records have in common: few numbers, from which the values of many keys follow.

use fourwave_dissector::Segment;

use crate::annotation::{Annotation, Duty};
use crate::code::Code;
use crate::role::Wave;
use crate::side::Both;

/// Records of segments for which this is equal have equal values for all keys that are [`Key::common`](crate::Key), in the
/// same [`Context`](crate::Context). So whoever writes such values again and again needs to look at them only once: a capture
/// has a few hundred of these at most, unless something is odd in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Common {
    /// Both peers' states.
    peers: u64,
    /// Small values side by side.
    small: u64,
    modifiers: u64,
    findings: u64,
    /// The number of a modifier, and of the file.
    numbers: u64,
}

const _: () = assert!(Wave::ALL.len() <= 8 && Duty::ALL.len() <= 8, "each has an octet");

impl Common {
    /// Of what is said of `segment`.
    #[inline]
    pub(super) fn new(segment: &Segment<'_>, said: &Annotation) -> Self {
        let Both { client, server } = said.peers;
        let peers = [
            client.before.confirmed as u8,
            client.before.expected as u8,
            client.after.confirmed as u8,
            client.after.expected as u8,
            server.before.confirmed as u8,
            server.before.expected as u8,
            server.after.confirmed as u8,
            server.after.expected as u8,
        ];
        let [flags, more_flags] = segment.tcp.flags.0.to_le_bytes();
        let small = [
            flags,
            more_flags,
            segment.layer,
            said.from as u8,
            said.role as u8,
            said.waves.bits() as u8,
            said.owes.client.bits() as u8,
            said.owes.server.bits() as u8,
        ];
        Self {
            peers: u64::from_le_bytes(peers),
            small: u64::from_le_bytes(small),
            modifiers: said.modifiers.set.bits(),
            findings: said.findings.bits(),
            numbers: u64::from(said.modifiers.acks_unseen) << 32 | u64::from(segment.at.file()),
        }
    }
}
