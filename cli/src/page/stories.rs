//! The segments of the connections that are not over yet, for those that will be shown in detail. Which these are
//! cannot be known before they end, so as many are kept as there is room for.

use std::collections::{HashMap, VecDeque};

use fourwave_annotate::{Annotation, TimeWaitExpired};
use fourwave_dissector::Segment;

use crate::explain::Scenes;

/// So many segments are kept, some 0.4 kB each.
const MOST: usize = 200_000;

/// What was seen of the connections that are not over.
#[derive(Default)]
pub struct Stories {
    live: HashMap<u64, Live>,
    /// Their numbers; those of the first to go in front. Some may be over.
    order: VecDeque<u64>,
    /// The number of the last that was begun.
    newest: u64,
    /// Segments of all of them.
    held: usize,
}

#[derive(Default)]
struct Live {
    scenes: Scenes,
    /// Something was found.
    is_notable: bool,
    /// It was the first to go once, and stayed because something was found.
    is_spared: bool,
}

impl Stories {
    /// Takes in a segment.
    pub fn segment(&mut self, segment: &Segment<'_>, said: &Annotation) {
        self.take(said, |scenes| scenes.segment(segment, said, || None));
    }

    /// Takes in a segment that turned out to belong to this connection.
    pub fn revised(&mut self, segment: &Segment<'_>, said: &Annotation) {
        self.take(said, |scenes| scenes.revised(segment, said));
    }

    /// Takes in the end of a TIME-WAIT.
    pub fn expired(&mut self, event: &TimeWaitExpired) {
        if let Some(live) = self.live.get_mut(&event.connection) {
            live.scenes.expired(event);
            self.held += 1;
        }
    }

    /// The connection is over: what was seen of it, unless that had to go.
    pub fn end(&mut self, number: u64) -> Option<Scenes> {
        let scenes = self.live.remove(&number)?.scenes;
        self.held -= scenes.len();
        Some(scenes)
    }

    fn take(&mut self, said: &Annotation, tell: impl FnOnce(&mut Scenes)) {
        let number = said.connection;
        // One that had to go does not begin again.
        if number > self.newest {
            self.newest = number;
            self.live.insert(number, Live::default());
            self.order.push_back(number);
        }
        let Some(live) = self.live.get_mut(&number) else { return };
        let before = live.scenes.len();
        tell(&mut live.scenes);
        live.is_notable |= !said.findings.is_empty();
        self.held += live.scenes.len() - before;
        self.make_room();
    }

    /// The oldest go first; those of which something was found get a second chance.
    fn make_room(&mut self) {
        while self.held > MOST
            && let Some(number) = self.order.pop_front()
        {
            match self.live.get_mut(&number) {
                Some(live) if live.is_notable && !live.is_spared => {
                    live.is_spared = true;
                    self.order.push_back(number);
                }
                Some(_) => {
                    self.end(number);
                }
                None => {}
            }
        }
    }
}
