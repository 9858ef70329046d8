//! A table as it is saved: without its index, whose hash is seeded anew.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Deserialize;

use crate::engine::journal::Shelf;
use crate::engine::table::{Slot, SlotId, Table};

/// What is read back, which may be anything. Where each slot is stays: it decides which one is pushed out first.
#[derive(Deserialize)]
pub(super) struct Saved {
    slots: Vec<Option<Slot>>,
    free: Vec<SlotId>,
    hand: usize,
    superseded: BTreeMap<u64, SlotId>,
    shelf: Shelf,
}

impl TryFrom<Saved> for Table {
    type Error = &'static str;

    fn try_from(saved: Saved) -> Result<Self, Self::Error> {
        let Saved { slots, free, hand, superseded, shelf } = saved;
        let mut is_free: Vec<bool> = slots.iter().map(Option::is_none).collect();
        let taken =
            free.iter().filter(|id| is_free.get_mut(**id as usize).is_some_and(core::mem::take)).count();
        if taken != free.len() || is_free.contains(&true) {
            return Err("expected each free slot once");
        }
        if hand > 0 && hand >= slots.len() {
            return Err("expected the search for a victim to stand at a slot");
        }
        let journals = slots.iter().flatten().filter_map(Slot::journal);
        if !journals.into_iter().all(|journal| shelf.has(journal)) {
            return Err("expected the blocks of each journal");
        }
        let mut table =
            Self { slots: slots.into_iter().collect(), free, hand, superseded, shelf, ..Self::default() };
        for id in 0..table.slots.len() as SlotId {
            if let Some(slot) = table.get(id)
                && !table.superseded.contains_key(&slot.number)
            {
                let pair = table.pair(slot);
                if table.find(&pair).is_some() {
                    return Err("expected each pair of sockets once");
                }
                table.enter(id, pair.hash);
            }
        }
        Ok(table)
    }
}
