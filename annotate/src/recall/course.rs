//! What of a connection is needed with every segment, apart from the rest: one line of a cache.

use alloc::boxed::Box;
use alloc::vec::Vec;

use fourwave_dissector::Segment;

use crate::annotation::{Annotation, Duties, Duty};
use crate::modifier::{Modifier, Modifiers};
use crate::role::Role;
use crate::side::Both;
use crate::state::Bounds;

/// Notes kept inline; few connections take more.
const INLINE: usize = 8;

/// Where a connection stands, and which notes are about it.
#[derive(Debug)]
pub(super) struct Course {
    peers: Both<Bounds>,
    owes: Both<u8>,
    len: u8,
    notes: [u32; INLINE],
    #[expect(clippy::box_collection, reason = "a vector beside would make it larger for all")]
    more: Option<Box<Vec<u32>>>,
}

impl Course {
    /// That of a connection of which nothing is noted yet.
    pub const fn new() -> Self {
        Self {
            peers: Both { client: Bounds::UNKNOWN, server: Bounds::UNKNOWN },
            owes: Both { client: 0, server: 0 },
            len: 0,
            notes: [0; INLINE],
            more: None,
        }
    }

    /// True if nothing is noted yet.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True if the annotation follows from where the connection stands: data, or an acknowledgment, that changes
    /// nothing.
    pub fn implies(&self, segment: &Segment<'_>, annotation: &Annotation) -> bool {
        let (role, modifiers) = plain(segment);
        let stays = annotation.peers.iter().all(|(side, change)| {
            change.before == self.peers[side]
                && change.after == self.peers[side]
                && duties(annotation.owes[side]) == self.owes[side]
        });
        !self.is_empty()
            && stays
            && (annotation.role, annotation.modifiers) == (role, modifiers)
            && annotation.waves.is_empty()
            && annotation.findings.is_empty()
            && annotation.acks_fin.or(annotation.repeats).or(annotation.answers).is_none()
    }

    /// Goes on with an annotation that is the note `index`.
    pub fn note(&mut self, index: u32, annotation: &Annotation) {
        self.peers = Both::from_fn(|side| annotation.peers[side].after);
        self.owes = Both::from_fn(|side| duties(annotation.owes[side]));
        if let Some(place) = self.notes.get_mut(usize::from(self.len)) {
            *place = index;
            self.len += 1;
        } else {
            self.more.get_or_insert_default().push(index);
        }
    }

    /// The last of the notes for which `is_before` holds; those come first.
    pub fn last_note(&self, is_before: impl Fn(u32) -> bool) -> Option<u32> {
        let last = |notes: &[u32]| notes[..notes.partition_point(|index| is_before(*index))].last().copied();
        last(self.beyond()).or_else(|| last(self.inline()))
    }

    fn inline(&self) -> &[u32] {
        &self.notes[..usize::from(self.len)]
    }

    fn beyond(&self) -> &[u32] {
        self.more.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// Role and modifiers of a segment that is nothing but data, or an acknowledgment.
pub(super) fn plain(segment: &Segment<'_>) -> (Role, Modifiers) {
    let mut modifiers = Modifiers::default();
    if segment.len == 0 {
        return (Role::Ack, modifiers);
    }
    modifiers.insert(Modifier::Data);
    (Role::Data, modifiers)
}

/// What lasts of the duties, as bits: the vocabulary has four words.
fn duties(owes: Duties) -> u8 {
    lasting(owes).bits() as u8
}

/// The duties without that to retransmit, which comes with data and goes with its acknowledgment.
pub(super) fn lasting(mut owes: Duties) -> Duties {
    owes.remove(Duty::Retransmission);
    owes
}
