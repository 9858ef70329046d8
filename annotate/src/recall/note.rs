//! An annotation and its place, packed: there is one for every segment of an opening and of an end.

use fourwave_dissector::FrameId;

use crate::annotation::Annotation;
use crate::code::Set;
use crate::finding::FindingSet;
use crate::hindsight::Place;
use crate::modifier::{Modifier, Modifiers};
use crate::role::Role;
use crate::side::{Both, Side};
use crate::state::Change;

#[derive(Clone, Copy, Debug)]
pub(super) struct Note {
    at: FrameId,
    acks_fin: Option<FrameId>,
    repeats: Option<FrameId>,
    answers: Option<FrameId>,
    findings: FindingSet,
    modifiers: Set<Modifier>,
    acks_unseen: u32,
    incarnation: u32,
    connection: u32,
    peers: Both<Change>,
    /// These two as bits: their vocabularies have four words each.
    owes: Both<u8>,
    waves: u8,
    layer: u8,
    is_void: bool,
    from: Side,
    role: Role,
}

impl Note {
    /// `None` after 2^32 connections.
    pub fn new(place: Place, annotation: &Annotation) -> Option<Self> {
        let (at, layer) = place;
        let Annotation { connection, incarnation, from, role, waves, modifiers, peers, .. } = *annotation;
        Some(Self {
            at,
            acks_fin: annotation.acks_fin,
            repeats: annotation.repeats,
            answers: annotation.answers,
            findings: annotation.findings,
            modifiers: modifiers.set,
            acks_unseen: modifiers.acks_unseen,
            incarnation,
            connection: u32::try_from(connection).ok()?,
            peers,
            owes: Both::from_fn(|side| annotation.owes[side].bits() as u8),
            waves: waves.bits() as u8,
            layer,
            is_void: false,
            from,
            role,
        })
    }

    pub const fn place(&self) -> Place {
        (self.at, self.layer)
    }

    /// True if it came before what has `place` now.
    pub fn is_before(&self, place: Place) -> bool {
        self.place() < place || self.is_void && self.place() == place
    }

    /// True if its packet was left out afterwards.
    pub const fn is_void(&self) -> bool {
        self.is_void
    }

    pub const fn make_void(&mut self) {
        self.is_void = true;
        // The order stays when others come to the same packet.
        self.layer = 0;
    }

    pub fn annotation(&self) -> Annotation {
        Annotation {
            connection: self.connection.into(),
            incarnation: self.incarnation,
            from: self.from,
            role: self.role,
            waves: Set::from_bits(self.waves.into()),
            modifiers: Modifiers { set: self.modifiers, acks_unseen: self.acks_unseen },
            peers: self.peers,
            acks_fin: self.acks_fin,
            repeats: self.repeats,
            answers: self.answers,
            owes: Both::from_fn(|side| Set::from_bits(self.owes[side].into())),
            findings: self.findings,
        }
    }
}
