//! What was said of each segment, kept so that it can be asked for again: in any order, and with hindsight.
//!
//! For programs that show a capture more than once, as Wireshark does. An observer beside the engine: it keeps each
//! connection, and of its segments only those whose annotation does not follow from the one before. Data and
//! acknowledgments that change nothing are worked out again when asked for, so memory grows with the opening and the
//! end of connections, not with what they carry. It must not know how anything was decided.

mod course;
mod note;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::SocketAddr;

use fourwave_dissector::{FrameId, Segment};
use hashbrown::HashTable;

use crate::annotation::Annotation;
use crate::code::Set;
use crate::connection::Connection;
use crate::engine::Engine;
use crate::engine::ends::{Ends, Hash, Seed, SocketPair};
use crate::finding::{Finding, FindingSet};
use crate::hindsight::{Place, correct, place_of, without_octets};
use crate::observer::Observer;
use crate::recall::course::{Course, lasting, plain};
use crate::recall::note::Note;
use crate::role::Wave;
use crate::side::{Both, Side};
use crate::state::{Change, State};

/// Remembers everything that an [`Engine`] says of one capture.
#[derive(Debug, Default)]
pub struct Recall {
    /// What cannot be worked out again, in the order of the input.
    notes: Vec<Note>,
    /// Where the last segment stood.
    last: Option<Place>,
    /// What became of segments that a later one moved to a new connection, in the order of the input.
    moved: Vec<Note>,
    /// Segments whose octets stand in no packet: asking again cannot bring them. In the order of the input.
    scattered: Vec<Segment<'static>>,
    /// The connections; the one numbered `n` stands at `n - 1`.
    threads: Vec<Thread>,
    /// What of them is needed with every segment.
    courses: Vec<Course>,
    /// The latest connection of each key.
    index: HashTable<u32>,
    seed: Seed,
}

/// A segment seen again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recalled {
    /// Its annotation, corrected by what came later.
    pub annotation: Annotation,
    /// The expected states that each peer passed inside its packet, if more than one.
    pub path_in_frame: Both<Vec<State>>,
    /// Of a FIN, or a copy of it: the packet with the first acknowledgment of it.
    pub fin_acked: Option<FrameId>,
    /// The packet with a RST that answers it (RFC 9293 section 3.5.2).
    pub answered_by_rst: Option<FrameId>,
    /// The findings that became known after all segments, and of which it is the last evidence.
    pub concluded: FindingSet,
}

/// One connection.
#[derive(Debug)]
struct Thread {
    incarnation: u32,
    addresses: Both<SocketAddr>,
    zone: u64,
    /// The first segment that was said to be its own at the time.
    since: Option<Place>,
    /// The connection before it on the same key.
    earlier: Option<u32>,
    /// FINs, and the first acknowledgment of each.
    fins_acked: Vec<Link>,
    /// Segments in their order, and the first RST that answers each.
    answered: Vec<Link>,
    /// The findings that stand in the annotation of a segment.
    announced: FindingSet,
    /// Its result, when that is known.
    outcome: Option<Box<Connection>>,
}

/// From a packet to a later one.
type Link = (FrameId, FrameId);

impl Recall {
    /// What is known by now of `segment`, which the engine was given before: its annotation, corrected by what its
    /// connection turned out to be so far. The engine is `None` when it is finished. `None` for a segment on a key that
    /// never occurred.
    #[must_use]
    pub fn look(&self, segment: &Segment<'_>, engine: Option<&Engine>) -> Option<Recalled> {
        let mut annotation = self.streamed(segment)?;
        let thread = self.thread(annotation.connection)?;
        let (mut path_in_frame, mut concluded) = (Both::default(), FindingSet::EMPTY);
        if let Some(connection) = self.outcome(annotation.connection, engine) {
            path_in_frame = correct(&mut annotation, segment.at, &connection);
            concluded = thread.concluded_at(segment.at, &connection);
        }
        // A wave with a FIN, first copy or not.
        let closes = annotation.waves.intersects(Wave::set(&[Wave::First, Wave::Third]));
        let fin = annotation.repeats.unwrap_or(segment.at);
        Some(Recalled {
            annotation,
            path_in_frame,
            fin_acked: if closes { linked(&thread.fins_acked, fin) } else { None },
            answered_by_rst: linked(&thread.answered, segment.at),
            concluded,
        })
    }

    /// What was said of `segment` at the time. It differs for segments that a later one moved to a new incarnation; and
    /// of data and acknowledgments that change nothing, the duty to retransmit is not recalled.
    #[must_use]
    pub fn streamed(&self, segment: &Segment<'_>) -> Option<Annotation> {
        let place = place_of(segment);
        let kept = find_note(&self.moved, place).or_else(|| find_note(&self.notes, place));
        kept.map(Note::annotation).or_else(|| {
            let number = self.number_at(segment, place)?;
            self.implied(segment, number)
        })
    }

    /// The segments of a packet whose octets do not stand in it.
    pub fn scattered(&self, at: FrameId) -> impl Iterator<Item = &Segment<'static>> {
        let start = self.scattered.partition_point(|segment| segment.at < at);
        self.scattered[start..].iter().take_while(move |segment| segment.at == at)
    }

    /// A connection as far as it is known: its result, or what that would be if the input ended now.
    /// The engine is `None` when it is finished.
    #[must_use]
    pub fn outcome(&self, number: u64, engine: Option<&Engine>) -> Option<Cow<'_, Connection>> {
        let thread = self.thread(number)?;
        match &thread.outcome {
            Some(connection) => Some(Cow::Borrowed(connection)),
            None => engine?.so_far(number, thread.addresses, thread.zone).map(Cow::Owned),
        }
    }

    /// Segments whose annotation is kept; the others can be worked out.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.notes.len()
    }

    fn thread(&self, number: u64) -> Option<&Thread> {
        self.threads.get(index_of(number)?)
    }

    /// The connection that a segment was said to belong to: the last on its key that had begun.
    fn number_at(&self, segment: &Segment<'_>, place: Place) -> Option<u64> {
        let mut candidate = self.latest(segment);
        while let Some(index) = candidate {
            let thread = self.threads.get(index as usize)?;
            if thread.since.is_some_and(|since| since <= place) {
                return Some(u64::from(index) + 1);
            }
            candidate = thread.earlier;
        }
        None
    }

    /// The annotation of a segment that changes nothing: data, or an acknowledgment.
    fn implied(&self, segment: &Segment<'_>, number: u64) -> Option<Annotation> {
        let index = index_of(number)?;
        let (thread, course) = (self.threads.get(index)?, self.courses.get(index)?);
        let place = place_of(segment);
        let last = course.last_note(|index| self.notes[index as usize].is_before(place))?;
        let last = self.notes[last as usize].annotation();
        let (role, modifiers) = plain(segment);
        Some(Annotation {
            connection: number,
            incarnation: thread.incarnation,
            from: if segment.src == thread.addresses.client { Side::Client } else { Side::Server },
            role,
            waves: Set::EMPTY,
            modifiers,
            peers: Both::from_fn(|side| Change { before: last.peers[side].after, ..last.peers[side] }),
            acks_fin: None,
            repeats: None,
            answers: None,
            owes: Both::from_fn(|side| lasting(last.owes[side])),
            findings: FindingSet::EMPTY,
        })
    }

    /// A number is given again: its packet was left out by whoever numbers them. What was said then of this place and
    /// those after it is of no packet that can be asked for, though the engine goes on from it.
    fn take_back(&mut self, place: Place) {
        let void = self.notes.iter_mut().rev().take_while(|note| note.place() >= place);
        void.for_each(Note::make_void);
        self.scattered.truncate(self.scattered.partition_point(|segment| place_of(segment) < place));
    }

    fn latest(&self, segment: &Segment<'_>) -> Option<u32> {
        let hash = SocketPair::of(segment, &self.seed).hash;
        self.index.find(hash.wide(), |&index| self.threads[index as usize].is_on_key_of(segment)).copied()
    }

    /// Where the connection of an annotation stands; a new one if it is its first.
    fn thread_of(&mut self, segment: &Segment<'_>, annotation: &Annotation) -> Option<usize> {
        let index = index_of(annotation.connection)?;
        if index == self.threads.len() {
            let earlier = self.latest(segment);
            self.threads.push(Thread::new(segment, annotation, earlier));
            self.courses.push(Course::new());
            self.make_latest(u32::try_from(index).ok()?, earlier);
        }
        (index < self.threads.len()).then_some(index)
    }

    fn make_latest(&mut self, index: u32, earlier: Option<u32>) {
        let Self { threads, index: table, seed, .. } = self;
        let hash = |index: &u32| threads[*index as usize].hash(seed).wide();
        match earlier.and_then(|earlier| table.find_mut(hash(&earlier), |other| *other == earlier)) {
            Some(entry) => *entry = index,
            None => {
                table.insert_unique(hash(&index), index, hash);
            }
        }
    }
}

impl Observer for Recall {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let place = place_of(segment);
        if self.last.replace(place).is_some_and(|last| place <= last) {
            self.take_back(place);
        }
        if !segment.in_packet {
            self.scattered.push(without_octets(segment));
        }
        let Some(connection) = self.thread_of(segment, annotation) else { return };
        let course = &mut self.courses[connection];
        if course.implies(segment, annotation) {
            return;
        }
        let links = annotation.acks_fin.or(annotation.answers).is_some();
        if course.is_empty() || links || !annotation.findings.is_empty() {
            let thread = &mut self.threads[connection];
            thread.since.get_or_insert(place);
            thread.take(segment.at, annotation);
        }
        if let (Ok(index), Some(note)) = (u32::try_from(self.notes.len()), Note::new(place, annotation)) {
            course.note(index, annotation);
            self.notes.push(note);
        }
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        if let Some(index) = self.thread_of(segment, annotation) {
            self.threads[index].take(segment.at, annotation);
        }
        let place = place_of(segment);
        if let Some(note) = Note::new(place, annotation) {
            self.moved.insert(self.moved.partition_point(|earlier| earlier.place() < place), note);
        }
    }

    fn connection(&mut self, connection: &Connection) {
        if let Some(thread) = index_of(connection.number).and_then(|index| self.threads.get_mut(index)) {
            thread.outcome = Some(Box::new(connection.clone()));
        }
    }
}

impl Thread {
    fn new(segment: &Segment<'_>, annotation: &Annotation, earlier: Option<u32>) -> Self {
        let (src, dst) = (segment.src, segment.dst);
        Self {
            incarnation: annotation.incarnation,
            addresses: match annotation.from {
                Side::Client => Both { client: src, server: dst },
                Side::Server => Both { client: dst, server: src },
            },
            zone: segment.zone,
            since: None,
            earlier,
            fins_acked: Vec::new(),
            answered: Vec::new(),
            announced: FindingSet::EMPTY,
            outcome: None,
        }
    }

    fn is_on_key_of(&self, segment: &Segment<'_>) -> bool {
        let Both { client, server } = self.addresses;
        let ends = (segment.src, segment.dst);
        segment.zone == self.zone && (ends == (client, server) || ends == (server, client))
    }

    fn hash(&self, seed: &Seed) -> Hash {
        SocketPair::new(Ends::new(self.addresses), self.zone, seed).hash
    }

    /// Takes from an annotation what is asked for elsewhere than at its segment.
    fn take(&mut self, at: FrameId, annotation: &Annotation) {
        self.announced.extend(annotation.findings);
        let links = [(&mut self.fins_acked, annotation.acks_fin), (&mut self.answered, annotation.answers)];
        for (links, from) in links {
            if let Some(from) = from
                && links.last().is_none_or(|(last, _)| *last < from)
            {
                links.push((from, at));
            }
        }
    }

    /// The findings of its result that no segment announced and whose evidence ends at this packet.
    fn concluded_at(&self, at: FrameId, connection: &Connection) -> FindingSet {
        let is_here = |finding: &&Finding| *finding.frames.last().unwrap_or(&connection.last.at) == at;
        let findings = connection.findings.iter().filter(is_here).map(|finding| finding.id);
        findings.filter(|id| !self.announced.contains(*id)).collect()
    }
}

/// The last note of a place.
fn find_note(notes: &[Note], place: Place) -> Option<&Note> {
    let upto = notes.partition_point(|note| note.place() <= place);
    notes[..upto].last().filter(|note| note.place() == place && !note.is_void())
}

fn linked(links: &[Link], from: FrameId) -> Option<FrameId> {
    links.binary_search_by_key(&from, |(from, _)| *from).ok().map(|index| links[index].1)
}

/// Where the connection of a number stands.
fn index_of(number: u64) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}
