//! One run: packets of all captures, in order, through dissector and engine to whoever asked for them.

use std::mem;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use fourwave_dissector::capture::{CaptureError, Reader};
use fourwave_dissector::{Dissector, Zone};

use crate::ahead;
use crate::archive::{Archive, Identity, Order};
use crate::args::{EngineArgs, Key};
use crate::follow::{Consumer, Follow, Follower, Keep, Milestone, Reach};
use crate::output::Output;
use crate::problem::Problem;
use crate::progress::{Meter, Progress};
use crate::report;
use crate::sorter::Sorter;
use crate::stop::Stop;
use crate::stretch::Stretch;
use crate::totals::Totals;
use crate::unpack::Unpacked;

/// What is done about checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksums {
    /// They are not looked at.
    Unread,
    /// Wrong ones are counted.
    Counted,
    /// Wrong ones are counted, and their segments left out.
    Required,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was read.
    Complete,
    /// Something could not be read to its end; the message is out.
    Damaged,
    /// Somebody stopped it.
    Stopped,
}

impl End {
    /// Its name in a summary.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Damaged => "damaged",
            Self::Stopped => "interrupted",
        }
    }
}

/// Everything that a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// What to read.
    pub archive: &'a Archive,
    /// How to read it.
    pub engine: &'a EngineArgs,
    /// What to do about checksums.
    pub checksums: Checksums,
    /// Threads that may work side by side.
    pub jobs: usize,
    /// What is flushed before waiting.
    pub output: &'a Output,
    /// Ends the run early.
    pub stop: &'a Stop,
    /// How far all is.
    pub progress: &'a Progress,
    /// How far this is.
    pub meter: &'a Meter,
    /// Whether somebody wants to know what became of all connections.
    pub counts_endings: bool,
}

/// What a command is to read.
pub enum Reading<'a, 's, 'o> {
    /// All captures.
    All(Run<'a>),
    /// One series.
    Series(Run<'a>, Box<Stretch<'s, 'o>>),
}

/// What was read.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// What it came to.
    pub totals: Totals,
    /// The files of a series that was read alone, in the order in which they were read.
    pub files: Vec<FileRead>,
    /// The last packet that was read.
    pub last: Option<LastPacket>,
}

/// The last packet that was read.
#[derive(Clone, Debug)]
pub struct LastPacket {
    /// The name of its input.
    input: String,
    /// Its number there, from 1; 0 if there was none.
    frame: u64,
}

/// What a command made of what was read.
pub struct Made {
    /// How it ended, or why not all could be written.
    pub end: anyhow::Result<End>,
    /// What was read all the same.
    pub totals: Totals,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct FileRead {
    /// Its place.
    pub place: usize,
    /// Its number in frames.
    pub number: u32,
    /// What it was when its reading began, if it can be told.
    pub identity: Option<Identity>,
    /// The time of its last packet that has one.
    pub last_ns: Option<i64>,
    /// What was wrong with it; the message is out.
    pub problem: Option<Problem>,
}

impl<'a> Reading<'a, '_, '_> {
    /// The names of the files by their numbers.
    #[must_use]
    pub fn names(&self) -> Arc<[String]> {
        match self {
            Self::All(run) => run.archive.names.clone(),
            Self::Series(_, stretch) => stretch.numbers.names.clone(),
        }
    }

    /// Threads that may work side by side.
    #[must_use]
    pub const fn jobs(&self) -> usize {
        self.run().jobs
    }

    /// Reads. What cannot be read is reported and left; the rest goes on.
    pub fn read(mut self, consumer: &mut (impl Consumer + Send)) -> Outcome {
        let run = *self.run();
        let is_all = matches!(self, Self::All(_));
        // What comes live is followed packet by packet, and so is what somebody wants to see packet by packet.
        let at_once = consumer.wants_packets() || run.archive.is_live();
        let (engine, keeper) = match &mut self {
            Self::All(_) => (None, None),
            Self::Series(_, stretch) => {
                (stretch.engine.take(), stretch.keeper.take().map(|keeper| keeper as &mut (dyn Keep + Send)))
            }
        };
        let mut follower = Follower::new(&run, consumer, engine, keeper);
        let read = if at_once {
            self.read_to(&mut follower)
        } else if run.jobs == 1 {
            self.read_to(&mut ahead::gathered(&mut follower))
        } else {
            thread::scope(|scope| {
                let (mut ahead, behind) = ahead::handed_over(&follower);
                // The following thread allocates all the time; the main thread does so with fewer system calls.
                let read = scope.spawn(move || self.read_to(&mut ahead));
                behind.follow(&mut follower);
                read.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
            })
        };
        let end = match read.is_damaged {
            _ if run.stop.requested() => End::Stopped,
            true => End::Damaged,
            false => End::Complete,
        };
        let mut totals = follower.totals();
        totals.merge(read.totals);
        if is_all {
            run.progress.end();
            note(&totals);
        }
        Outcome { end, totals, files: read.files, last: read.last }
    }

    const fn run(&self) -> &Run<'a> {
        match self {
            Self::All(run) | Self::Series(run, ..) => run,
        }
    }

    /// Reads, and hands what is found to `follower`.
    fn read_to(self, follower: &mut impl Follow) -> Read {
        let Run { checksums, meter, .. } = *self.run();
        let totals = Totals::default();
        let mut sorter = Sorter {
            follower,
            checksums,
            followed: 0,
            last_frame: 0,
            last_ns: None,
            last: None,
            totals,
            meter,
        };
        let mut files = Vec::new();
        let mut is_damaged = self.run().archive.incomplete;
        match self {
            Self::All(run) => {
                let mut order = Order::new(run.archive);
                while !run.stop.requested()
                    && let Some(first) = order.begin()
                {
                    let tell = |file: FileRead| is_damaged |= file.is_damaged();
                    let stretch = Stretch::from_start(run.archive, run.engine, first, &mut order);
                    run.read_series(stretch, &mut sorter, tell, false);
                }
            }
            Self::Series(run, stretch) => {
                run.read_series(*stretch, &mut sorter, |file| files.push(file), true);
                // What could not be looked into is no matter of one series.
                is_damaged = files.iter().any(FileRead::is_damaged);
            }
        }
        Read { is_damaged, totals: sorter.totals, files, last: sorter.last }
    }
}

/// What of an input is to be read.
struct Part<'a> {
    /// The last of the frames that are passed over.
    read_to: u64,
    /// What is noted of the file, if there are to be milestones inside it.
    file: Option<&'a FileRead>,
}

/// What reading came to.
struct Read {
    is_damaged: bool,
    totals: Totals,
    files: Vec<FileRead>,
    last: Option<LastPacket>,
}

impl Outcome {
    /// Says that the output at `path` is not complete, if the run was interrupted: nothing in it does.
    pub fn note_interrupt(&self, path: &Path) {
        if self.end != End::Stopped {
            return;
        }
        let when = match &self.last {
            Some(LastPacket { input, frame: 0 }) => format!("before the first packet of {input}"),
            Some(LastPacket { input, frame }) => format!("after packet {frame} of {input}"),
            None => "before anything was read".to_owned(),
        };
        report::note(&format_args!("interrupted: {} has what was known {when}", path.display()));
    }
}

impl FileRead {
    fn is_damaged(&self) -> bool {
        self.problem.as_ref().is_some_and(Problem::is_damage)
    }
}

impl Run<'_> {
    /// Reads a series, or what is left of it, as one capture, and tells of each file; what it is, if it is to be
    /// recognised later.
    fn read_series<F: Follow>(
        &self,
        stretch: Stretch<'_, '_>,
        sorter: &mut Sorter<'_, F>,
        mut tell: impl FnMut(FileRead),
        recognise: bool,
    ) {
        let Stretch { mut next, mut read_to, order, mut is_begun, mut dissector, numbers, .. } = stretch;
        sorter.follower.begin();
        sorter.totals.series += 1;
        while !self.stop.requested()
            && let Some(place) = next
        {
            // Before it is read: if it grows meanwhile, it will not be taken for what was read.
            let identity = if recognise { self.archive.identity(place) } else { None };
            let number = numbers.of(place);
            let begun = FileRead { place, number, identity, last_ns: None, problem: None };
            let part = Part { read_to: mem::take(&mut read_to), file: recognise.then_some(&begun) };
            let read = self.read_input(place, number, part, &mut dissector, sorter);
            let (frame, last_ns) = (mem::take(&mut sorter.last_frame), sorter.last_ns.take());
            sorter.last = Some(LastPacket { input: self.archive.names[place].clone(), frame });
            next = order.go_on(last_ns);
            let is_last = is_begun && next.is_none();
            is_begun = true;
            let is_stopped = self.stop.requested();
            // Where a stop cuts a record in two, the input is not to blame.
            let error = read.err().filter(|_| !is_stopped);
            let problem = error.map(|error| Problem::new(&error, is_last));
            sorter.count_file(problem.as_ref(), is_stopped);
            if let Some(problem) = &problem {
                sorter.follower.report(problem);
            }
            let file = FileRead { last_ns, problem, ..begun };
            if recognise && !is_stopped {
                // Its last packet may be there as a whole some day.
                let is_inside = file.problem.as_ref().is_some_and(|problem| !problem.is_damage());
                sorter.pass(file.clone(), Reach { frame, is_inside, is_last }, &dissector);
            }
            tell(file);
        }
        sorter.follower.end();
    }

    /// Reads one input, or what is left of it.
    fn read_input<F: Follow>(
        &self,
        place: usize,
        number: u32,
        part: Part<'_>,
        dissector: &mut Dissector,
        sorter: &mut Sorter<'_, F>,
    ) -> Result<(), CaptureError> {
        let mut reader = self.archive.open(place, number, self.output, self.stop, self.meter)?;
        if sorter.follower.wants_pieces() {
            return self.read_pieces(reader, dissector, sorter);
        }
        if self.jobs > 1 && reader.format().compression.is_some() && !self.archive.is_live() {
            reader = reader.through(Unpacked::start);
        }
        // Where they stand depends on the input alone, not on where its reading began.
        let due_behind = |frame: u64| (frame / Milestone::PACKETS + 1) * Milestone::PACKETS;
        let mut due = due_behind(part.read_to);
        while !self.stop.requested()
            && let Some(packet) = reader.next()?
        {
            let frame = packet.at.frame();
            if frame <= part.read_to {
                sorter.see(&packet);
                continue;
            }
            // Not before there is more: at its end the file is a whole.
            if frame > due
                && let Some(file) = part.file
            {
                due = due_behind(frame - 1);
                let file = FileRead { last_ns: sorter.last_ns, ..file.clone() };
                let reach = Reach { frame: frame - 1, is_inside: true, is_last: false };
                sorter.pass(file, reach, dissector);
            }
            sorter.packet(dissector, &packet);
        }
        Ok(())
    }

    /// The same from the start, for who wants to see all that it holds.
    fn read_pieces<F: Follow>(
        &self,
        mut reader: Reader,
        dissector: &mut Dissector,
        sorter: &mut Sorter<'_, F>,
    ) -> Result<(), CaptureError> {
        sorter.follower.input(&reader);
        while !self.stop.requested() {
            match reader.next_piece() {
                Ok(Some(piece)) => {
                    if let Some(packet) = &piece.packet {
                        sorter.packet(dissector, packet);
                    }
                    sorter.follower.piece(&piece);
                }
                Ok(None) => break,
                Err(error) => {
                    sorter.follower.rest(&mut reader.into_rest());
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// Says what the reader of the records should know about what was left out of them.
pub fn note(totals: &Totals) {
    let pushed_out = totals.evictions.pushed_out;
    if pushed_out > 0 {
        report::note(&format_args!(
            "connections pushed out of memory (--max-connections), those over or longest silent first, and marked \
             `evicted`: {pushed_out}"
        ));
    }
    if let Some(notable) = totals.tally.notable() {
        report::note(&notable);
    }
}

impl EngineArgs {
    /// What is done about checksums where nobody asks for their number.
    #[must_use]
    pub fn checksums(&self) -> Checksums {
        if self.verify_checksums { Checksums::Required } else { Checksums::Unread }
    }

    /// What sets equal addresses and ports apart.
    #[must_use]
    pub fn zone(&self) -> Zone {
        match self.key {
            Key::Addresses => Zone::Addresses,
            Key::Vlan => Zone::Vlan,
            Key::Tunnel => Zone::Tunnel,
        }
    }
}
