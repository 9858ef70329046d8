//! From packets to segments: what of each packet is followed, and what became of it. It must not know where packets come from.

use fourwave_dissector::{Checksum, Dissector, Packet, Segment, Visitor};

use crate::follow::{Follow, Milestone, Reach};
use crate::problem::Problem;
use crate::progress::Meter;
use crate::run::{Checksums, FileRead, LastPacket};
use crate::tally::Reason;
use crate::totals::Totals;

/// Hands on the segments of packets, and counts what became of each packet.
pub struct Sorter<'a, F> {
    /// Who takes them.
    pub follower: &'a mut F,
    /// What is done about theirs.
    pub checksums: Checksums,
    /// Segments of the current packet that were followed.
    pub followed: u32,
    /// The number of the last frame of the file.
    pub last_frame: u64,
    /// The time of the last packet that has one.
    pub last_ns: Option<i64>,
    /// The last packet of the file that was read last.
    pub last: Option<LastPacket>,
    /// Of inputs and packets.
    pub totals: Totals,
    /// Is told how far it is.
    pub meter: &'a Meter,
}

/// After so many packets the meter is told.
const METERED: u64 = 256;

impl<F: Follow> Sorter<'_, F> {
    /// Follows a packet.
    pub fn packet(&mut self, dissector: &mut Dissector, packet: &Packet<'_>) {
        self.follower.packet(packet);
        self.followed = 0;
        self.see(packet);
        let outcome = dissector.dissect(packet, self);
        let tally = &mut self.totals.tally;
        tally.packets += 1;
        if tally.packets.is_multiple_of(METERED) {
            self.meter.add_packets(METERED);
        }
        match outcome.skipped {
            _ if self.followed > 0 => tally.with_segments += 1,
            Some(skip) if outcome.segments == 0 => tally.skipped.add(Reason::NoSegment(skip)),
            Some(_) | None => tally.skipped.add(Reason::Checksum),
        }
    }

    /// Takes note of a packet, be it followed or passed over.
    pub fn see(&mut self, packet: &Packet<'_>) {
        self.last_frame = packet.at.frame();
        if packet.time_ns != 0 {
            self.last_ns = Some(packet.time_ns);
        }
    }

    /// Tells of a milestone: `file` was read so far.
    pub fn pass(&mut self, file: FileRead, reach: Reach, dissector: &Dissector) {
        let (tally, dissector) = (self.totals.tally.clone(), dissector.clone());
        self.follower.passed(Milestone { file, reach, tally, dissector });
    }

    /// An input was read, to its end unless something was wrong with it or the run was stopped.
    pub fn count_file(&mut self, problem: Option<&Problem>, is_stopped: bool) {
        self.meter.add_file();
        let files = &mut self.totals.files;
        match problem {
            Some(problem) if problem.is_damage() => files.damaged += 1,
            Some(_) | None => files.read += u64::from(!is_stopped),
        }
    }

    fn wanted(&mut self, segment: &Segment<'_>) -> bool {
        if self.checksums == Checksums::Unread || segment.checksum() != Checksum::Bad {
            return true;
        }
        self.totals.tally.bad_checksums += 1;
        self.checksums == Checksums::Counted
    }
}

impl<F: Follow> Visitor for Sorter<'_, F> {
    fn segment(&mut self, segment: &Segment<'_>) {
        if self.wanted(segment) {
            self.followed += 1;
            self.totals.tally.segments += 1;
            self.follower.segment(segment);
        }
    }
}
