//! Reading ahead: what is found waits a while before it is followed, in its order. What comes out is the same.
//!
//! Either one thread reads and dissects, and another follows what it finds. Between them go batches of what the engine reads
//! of segments, and of the segments themselves only where somebody looks at them; empty batches come back, so that nothing
//! is allocated once all are on their way. Or it is all the same thread, and a few segments wait for each other where there
//! are so many connections that the memory of each has to be waited for.

use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use fourwave_annotate::{Engine, Extract, Seed};
use fourwave_dissector::tcp;
use fourwave_dissector::{Packet, Segment};

use crate::follow::{Crowd, Follow, Milestone, Pieces};
use crate::problem::Problem;

/// Segments of a batch between threads: few enough to stay in a cache until they are followed.
const BATCH: usize = 512;
/// Batches on their way.
const BATCHES: usize = 8;

/// Things found that wait to be followed.
pub struct Ahead<W: Way> {
    batch: Batch,
    /// A batch has at most so many segments.
    size: usize,
    /// Whoever follows wants extracts made with it.
    seed: Seed,
    /// Whoever follows wants segments, too.
    wants_segments: bool,
    way: W,
}

/// What becomes of things found.
pub trait Way {
    /// Takes a segment and its extract as they come, if nothing is gained where they wait for others; else `false`.
    fn pass(&mut self, segment: &Segment<'_>, extract: &Extract<'_>) -> bool;

    /// Takes what is in the batch, and leaves an empty one.
    fn take(&mut self, batch: &mut Batch);
}

/// Has them followed where they are found, as many at once as the engine looks ahead.
pub fn gathered<F: Crowd>(follower: &mut F) -> Ahead<Here<'_, F>> {
    Ahead {
        batch: Batch::default(),
        size: Engine::PREFETCHED,
        seed: follower.seed().clone(),
        wants_segments: follower.wants_segments(),
        way: Here(follower),
    }
}

/// The two ends of the way from one thread to another, in which `follower` will follow. It ends when the first is dropped.
#[must_use]
pub fn handed_over(follower: &impl Crowd) -> (Ahead<There>, Behind) {
    let (full, from) = sync_channel(BATCHES);
    let (back, empty) = sync_channel(BATCHES + 1);
    let ahead = Ahead {
        batch: Batch::default(),
        size: BATCH,
        seed: follower.seed().clone(),
        wants_segments: follower.wants_segments(),
        way: There { full, empty },
    };
    (ahead, Behind { full: from, empty: back })
}

/// The thread that finds follows, too.
pub struct Here<'a, F>(&'a mut F);

impl<F: Crowd> Way for Here<'_, F> {
    #[inline]
    fn pass(&mut self, segment: &Segment<'_>, extract: &Extract<'_>) -> bool {
        let passes = !self.0.is_crowded();
        if passes {
            self.0.extract(extract, Some(segment));
        }
        passes
    }

    fn take(&mut self, batch: &mut Batch) {
        batch.follow(self.0);
    }
}

/// Another thread follows.
pub struct There {
    full: SyncSender<Batch>,
    empty: Receiver<Batch>,
}

impl Way for There {
    fn pass(&mut self, _: &Segment<'_>, _: &Extract<'_>) -> bool {
        false
    }

    fn take(&mut self, batch: &mut Batch) {
        let next = self.empty.try_recv().unwrap_or_default();
        // Nobody receives any more if the following thread has panicked; then that is what is seen.
        let _ = self.full.send(mem::replace(batch, next));
    }
}

/// Where the following thread takes batches from.
pub struct Behind {
    full: Receiver<Batch>,
    empty: SyncSender<Batch>,
}

impl Behind {
    /// Hands everything to `follower` until the way ends.
    pub fn follow(self, follower: &mut impl Crowd) {
        for mut batch in self.full {
            batch.follow(follower);
            // The reading thread may have ended.
            let _ = self.empty.try_send(batch);
        }
    }
}

/// Things found, in their order: segments, and what came after them, as nothing but a segment waits for others.
#[derive(Default)]
pub struct Batch {
    /// Without their texts.
    extracts: Vec<Extract<'static>>,
    /// The texts of some extracts.
    texts: Vec<Text>,
    /// All that is wanted of segments beside their extracts.
    segments: Vec<Segment<'static>>,
    then: Option<Then>,
}

/// The text of an extract, which few have.
struct Text {
    /// The place of the extract.
    of: usize,
    octets: Box<[u8]>,
}

/// What is found between segments.
enum Then {
    Begin,
    Problem(Problem),
    Passed(Box<Milestone>),
    End,
}

impl Batch {
    /// Keeps a segment.
    fn keep(&mut self, extract: &Extract<'_>, segment: Option<&Segment<'_>>) {
        if !extract.text().is_empty() {
            self.texts.push(Text { of: self.extracts.len(), octets: extract.text().into() });
        }
        self.extracts.push(extract.with_text(&[]));
        if let Some(segment) = segment {
            let tcp = tcp::Header { options: &[], ..segment.tcp };
            self.segments.push(Segment { tcp, payload: &[], ..*segment });
        }
    }

    /// Hands everything to `follower`.
    fn follow(&mut self, follower: &mut impl Crowd) {
        let mut texts = self.texts.drain(..).peekable();
        for (places, extracts) in
            (0..).step_by(Engine::PREFETCHED).zip(self.extracts.chunks(Engine::PREFETCHED))
        {
            if follower.is_crowded() {
                follower.prefetch(extracts.iter());
            }
            for (place, extract) in (places..).zip(extracts) {
                let segment = self.segments.get(place);
                match texts.next_if(|text| text.of == place) {
                    Some(text) => follower.extract(&extract.with_text(&text.octets), segment),
                    None => follower.extract(extract, segment),
                }
            }
        }
        drop(texts);
        self.extracts.clear();
        self.segments.clear();
        match self.then.take() {
            Some(Then::Begin) => follower.begin(),
            Some(Then::Problem(problem)) => follower.report(&problem),
            Some(Then::Passed(milestone)) => follower.passed(*milestone),
            Some(Then::End) => follower.end(),
            None => {}
        }
    }
}

impl<W: Way> Ahead<W> {
    /// What comes after the segments so far. It waits for nobody.
    fn then(&mut self, then: Then) {
        self.batch.then = Some(then);
        self.way.take(&mut self.batch);
    }
}

impl<W: Way> Drop for Ahead<W> {
    fn drop(&mut self) {
        self.way.take(&mut self.batch);
    }
}

/// Pieces stay here as packets do.
impl<W: Way> Pieces for Ahead<W> {}

impl<W: Way> Follow for Ahead<W> {
    fn begin(&mut self) {
        self.then(Then::Begin);
    }

    /// Packets stay here: who wants them follows at once.
    fn packet(&mut self, _: &Packet<'_>) {}

    fn segment(&mut self, segment: &Segment<'_>) {
        let extract = Extract::of(segment, &self.seed);
        if self.batch.extracts.is_empty() && self.way.pass(segment, &extract) {
            return;
        }
        self.batch.keep(&extract, self.wants_segments.then_some(segment));
        if self.batch.extracts.len() >= self.size {
            self.way.take(&mut self.batch);
        }
    }

    fn report(&mut self, problem: &Problem) {
        self.then(Then::Problem(problem.clone()));
    }

    fn passed(&mut self, milestone: Milestone) {
        self.then(Then::Passed(Box::new(milestone)));
    }

    fn end(&mut self) {
        self.then(Then::End);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;
    use std::thread;

    use fourwave_dissector::capture::{CaptureError, CaptureErrorKind};
    use fourwave_dissector::tcp::Flags;
    use fourwave_dissector::{Dissector, FrameId};

    use super::*;
    use crate::follow::Reach;
    use crate::run::FileRead;
    use crate::tally::Tally;

    /// Writes down what it follows.
    struct Log {
        followed: Vec<String>,
        /// From which frame on it is crowded, and from which no more.
        crowd: [u64; 2],
        wants_segments: bool,
        seed: Seed,
        /// What it was told will come, without texts.
        coming: RefCell<VecDeque<String>>,
        /// How often it came.
        came: usize,
    }

    impl Log {
        fn new(crowd: [u64; 2], wants_segments: bool) -> Self {
            let (coming, seed) = (RefCell::default(), Seed::default());
            Self { followed: Vec::new(), crowd, wants_segments, seed, coming, came: 0 }
        }
    }

    impl Pieces for Log {}

    impl Follow for Log {
        fn begin(&mut self) {
            self.followed.push("begin".to_owned());
        }

        fn packet(&mut self, _: &Packet<'_>) {}

        fn segment(&mut self, segment: &Segment<'_>) {
            self.extract(&Extract::of(segment, &self.seed), Some(segment));
        }

        fn report(&mut self, _: &Problem) {
            self.followed.push("problem".to_owned());
        }

        fn passed(&mut self, milestone: Milestone) {
            self.followed.push(format!("passed {}", milestone.reach.frame));
        }

        fn end(&mut self) {
            self.followed.push("end".to_owned());
        }
    }

    impl Crowd for Log {
        fn is_crowded(&self) -> bool {
            let [from, to] = self.crowd.map(|frame| frame as usize);
            (from..to).contains(&self.followed.len())
        }

        fn wants_segments(&self) -> bool {
            self.wants_segments
        }

        fn seed(&self) -> &Seed {
            &self.seed
        }

        fn prefetch<'a>(&self, extracts: impl Iterator<Item = &'a Extract<'static>>) {
            self.coming.borrow_mut().extend(extracts.map(|extract| format!("{:?}", extract.with_text(&[]))));
        }

        fn extract(&mut self, extract: &Extract<'_>, segment: Option<&Segment<'_>>) {
            if let Some(coming) = self.coming.get_mut().pop_front() {
                assert_eq!(coming, format!("{:?}", extract.with_text(&[])));
                self.came += 1;
            }
            let segment =
                segment.filter(|_| self.wants_segments).map(|segment| (segment.at, segment.tcp.seq));
            self.followed.push(format!("{extract:?} {segment:?}"));
        }
    }

    /// Two captures of a hundred segments each; every tenth is a RST with text, of five two have options that the engine
    /// looks at, and one has others. Something is wrong with an input, and there is a milestone.
    fn find(follow: &mut impl Follow) {
        for _ in 0..2 {
            follow.begin();
            for frame in 1..=100_u64 {
                if frame == 30 {
                    let kind = CaptureErrorKind::UnknownFormat { name: "a text".into() };
                    let error =
                        CaptureError { file: "a".to_owned(), offset: 0, compression: None, packet: 0, kind };
                    follow.report(&Problem::new(&error, false));
                }
                if frame == 61 {
                    let file = FileRead { place: 0, number: 0, identity: None, last_ns: None, problem: None };
                    let (tally, dissector) = (Tally::default(), Dissector::default());
                    let reach = Reach { frame, is_inside: true, is_last: false };
                    follow.passed(Milestone { file, reach, tally, dissector });
                }
                let octets = frame.to_be_bytes();
                let scale = [3, 3, frame as u8];
                let options: &[u8] = match frame % 5 {
                    0 => &scale,
                    1 => &[30, 4, 0, 0],
                    2 => &[2, 4, 5, 180],
                    _ => &[],
                };
                let flags = if frame.is_multiple_of(10) { Flags::RST } else { Flags::ACK };
                let tcp = tcp::Header {
                    src_port: 1,
                    dst_port: 2,
                    seq: 3,
                    ack: 4,
                    flags,
                    window: 5,
                    checksum: 6,
                    urgent: 7,
                    len: 20,
                    options,
                };
                follow.segment(&Segment {
                    at: FrameId::new(0, frame),
                    layer: 0,
                    time_ns: 0,
                    zone: 0,
                    in_packet: true,
                    src: ([10, 0, 0, 1], frame as u16).into(),
                    dst: ([10, 0, 0, 2], 2).into(),
                    ttl: 64,
                    ip_id: None,
                    tcp,
                    len: 8,
                    payload: if flags == Flags::RST { &octets } else { &[] },
                });
            }
            follow.end();
        }
    }

    #[test]
    fn what_waits_is_followed_in_its_order() {
        for wants_segments in [false, true] {
            let mut at_once = Log::new([0, 0], wants_segments);
            find(&mut at_once);
            assert_eq!(at_once.followed.len(), 208);
            for crowd in [[0, 0], [0, 1000], [50, 120], [207, 1000]] {
                let log = || Log { seed: at_once.seed.clone(), ..Log::new(crowd, wants_segments) };
                let mut here = log();
                find(&mut gathered(&mut here));
                assert_eq!(here.followed, at_once.followed, "{crowd:?}");
                assert_eq!(here.came > 0, crowd == [0, 1000] || crowd == [50, 120], "{crowd:?}");
                let mut there = log();
                let (mut ahead, behind) = handed_over(&there);
                thread::scope(|scope| {
                    scope.spawn(|| behind.follow(&mut there));
                    find(&mut ahead);
                    drop(ahead);
                });
                assert_eq!(there.followed, at_once.followed, "{crowd:?}");
            }
        }
    }
}
