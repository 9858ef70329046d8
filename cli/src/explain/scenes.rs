//! The segments of one connection as they go by: what is worth showing is kept, long phases of data are folded.
//!
//! The memory of a story does not grow with the length of its connection. This file must not know which connection
//! is wanted, or how a story is printed.

use fourwave_annotate::{Annotation, Connection, Modifier, Role, Side, TimeWaitExpired};
use fourwave_dissector::Segment;

use super::origin::Origins;
use super::story::{Fold, Kept, Scene, Shown, Story, Successor};

/// Segments of one role and sender that are shown although they change nothing; further ones are folded.
const SHOWN_OF_A_KIND: u8 = 3;

/// What was seen of one connection so far.
#[derive(Default)]
pub struct Scenes {
    scenes: Vec<Scene>,
    shown: Vec<(Role, Side, u8)>,
    origins: Origins,
}

impl Scenes {
    /// How many there are; it never grows less.
    pub const fn len(&self) -> usize {
        self.scenes.len()
    }

    /// Takes in a segment; `packet` gives the packet around it, where that is kept.
    pub fn segment(
        &mut self,
        segment: &Segment<'_>,
        said: &Annotation,
        packet: impl FnOnce() -> Option<Kept>,
    ) {
        self.origins.see(segment, said.from);
        if self.is_worth_showing(said) {
            self.scenes.push(Scene::Segment(Shown::new(segment, said, packet())));
        } else {
            self.fold(segment, said, packet);
        }
    }

    /// Takes in a segment that turned out to belong to this connection. Its packet has gone by: its headers are not
    /// shown.
    pub fn revised(&mut self, segment: &Segment<'_>, said: &Annotation) {
        self.origins.see(segment, said.from);
        self.scenes.push(Scene::Segment(Shown::new(segment, said, None)));
    }

    /// Takes in the end of a TIME-WAIT.
    pub fn expired(&mut self, event: &TimeWaitExpired) {
        self.scenes.push(Scene::Expired(*event));
    }

    /// The story of `connection`, whose segments these are.
    pub fn into_story(
        self,
        connection: Connection,
        end_of_capture_ns: Option<i64>,
        successor: Option<Successor>,
    ) -> Story {
        let Self { scenes, origins, .. } = self;
        Story { connection, scenes, origins, end_of_capture_ns, successor }
    }

    /// Takes in a segment that changes nothing: shown if it stands alone, folded with its neighbours if not.
    fn fold(&mut self, segment: &Segment<'_>, said: &Annotation, packet: impl FnOnce() -> Option<Kept>) {
        let fold = match self.scenes.pop() {
            Some(Scene::Fold(fold)) => fold.with(segment.time_ns, segment.len, said),
            Some(Scene::Segment(alone)) if alone.minor => {
                let fold = Fold::default().with(alone.time_ns, alone.len, &alone.said);
                fold.with(segment.time_ns, segment.len, said)
            }
            before => {
                self.scenes.extend(before);
                let shown = Shown::new(segment, said, packet());
                self.scenes.push(Scene::Segment(Shown { minor: true, ..shown }));
                return;
            }
        };
        self.scenes.push(Scene::Fold(fold));
    }

    /// True if the segment tells something new: it moves a state, or it is one of the first of its kind in the
    /// end of the connection.
    fn is_worth_showing(&mut self, said: &Annotation) -> bool {
        let moves = |side: Side| said.peers[side].before.expected != said.peers[side].after.expected;
        let speaks_of_a_fin = [Modifier::MaybeAcksUnseenFin, Modifier::InfersUnseenFin]
            .iter()
            .any(|&word| said.modifiers.contains(word));
        if moves(Side::Client) || moves(Side::Server) || speaks_of_a_fin {
            return true;
        }
        if !said.role.is_teardown() && said.role != Role::Open {
            return false;
        }
        let place = self.shown.iter().position(|&(role, from, _)| (role, from) == (said.role, said.from));
        match place.and_then(|place| self.shown.get_mut(place)) {
            Some((_, _, times)) => {
                *times = times.saturating_add(1);
                *times <= SHOWN_OF_A_KIND
            }
            None => {
                self.shown.push((said.role, said.from, 1));
                true
            }
        }
    }
}
