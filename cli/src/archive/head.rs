//! What the head of a file tells of its place in a series: its interfaces, the time of its first packet, and the first
//! segments. Few octets are read, so that a compressed file need not be unpacked twice.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;

use fourwave_dissector::capture::{CaptureErrorKind, InterfaceInfo, Reader};
use fourwave_dissector::tcp::Flags;
use fourwave_dissector::{Dissector, LinkType, Segment, Visitor, Zone};

/// The head of a capture.
#[derive(Clone, Debug)]
pub struct Head {
    /// When the first packet that has a time was recorded.
    pub first_ns: i64,
    /// The interfaces described before that packet.
    pub interfaces: Vec<InterfaceInfo>,
    /// By what its first segments are recognised at another point of the network.
    pub segments: Vec<Fingerprint>,
}

/// What is the same of a segment wherever and however often it is captured. How much it carries is not: network cards cut
/// segments and join them.
pub type Fingerprint = u64;

/// Most of the first segments that are kept in mind.
const SEGMENTS: usize = 8;

/// Formats that count nanoseconds can tell times apart, fewer than these, that are the same in others.
pub const PRECISION: i64 = 1000;

impl Head {
    /// Reads the head of the file at `path`. `None` if it is no capture, or none with times: why is said when it is
    /// read as a whole.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        /// Packets without a time that are passed over.
        const TIMELESS: usize = 100;
        /// Packets that are looked at for segments.
        const PACKETS: usize = 32;
        let mut reader = Reader::new(Sips(File::open(path).ok()?), String::new(), 0).ok()?;
        let (mut dissector, mut segments) = (Dissector::new(Zone::Addresses), First(Vec::new()));
        let mut head = None;
        for number in 1..=TIMELESS {
            let Ok(Some(packet)) = reader.next() else { break };
            dissector.dissect(&packet, &mut segments);
            let first_ns = packet.time_ns;
            if head.is_none() && first_ns != 0 {
                head = Some((first_ns, reader.interface_infos()));
            }
            if head.is_some() && (number >= PACKETS || segments.0.len() == SEGMENTS) {
                break;
            }
        }
        let (first_ns, interfaces) = head?;
        Some(Self { first_ns, interfaces, segments: segments.0 })
    }

    /// The link types of its interfaces. Files of one series have the same.
    pub fn link_types(&self) -> impl Iterator<Item = LinkType> {
        self.interfaces.iter().map(|interface| interface.link_type)
    }

    /// Whether the other one holds the same from the same time on, perhaps in another format.
    #[must_use]
    pub fn begins_as(&self, other: &Self) -> bool {
        !self.segments.is_empty()
            && self.segments == other.segments
            && self.first_ns.abs_diff(other.first_ns) < PRECISION.unsigned_abs()
    }

    /// Whether both can have been recorded on the same interfaces. Names that are not told, as in pcap, can be any.
    #[must_use]
    pub fn may_be_of_the_interfaces_of(&self, other: &Self) -> bool {
        let may_be_equal = |one: &Option<Box<str>>, other: &Option<Box<str>>| {
            one.is_none() || other.is_none() || one == other
        };
        self.link_types().eq(other.link_types())
            && self.interfaces.iter().zip(&other.interfaces).all(|(one, other)| {
                may_be_equal(&one.name, &other.name) && may_be_equal(&one.description, &other.description)
            })
    }
}

/// Collects the first segments of a capture.
struct First(Vec<Fingerprint>);

impl Visitor for First {
    fn segment(&mut self, segment: &Segment<'_>) {
        // What occupies no sequence space, and keep-alives, come again and again as they are.
        let is_distinct = segment.tcp.flags.intersects(Flags::SYN | Flags::FIN) || segment.len > 1;
        if is_distinct && self.0.len() < SEGMENTS {
            let mut hasher = DefaultHasher::new();
            (segment.src, segment.dst, segment.tcp.seq).hash(&mut hasher);
            self.0.push(hasher.finish());
        }
    }
}

/// Whether the file at `path` is a capture, be it damaged.
#[must_use]
pub fn is_capture(path: &Path) -> bool {
    // Opening a pipe would wait for somebody to write to it.
    let file = if path.is_file() { File::open(path).ok() } else { None };
    file.is_some_and(|file| match Reader::new(Sips(file), String::new(), 0) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind, CaptureErrorKind::UnknownFormat { .. } | CaptureErrorKind::Empty),
    })
}

/// Whether the file at `path` ends before its first packet is complete, as one does that somebody has just begun to write.
/// Not one with a complete head alone: that one can be read.
#[must_use]
pub fn is_begun(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let read = Reader::new(Sips(file), String::new(), 0).and_then(|mut reader| reader.next().map(drop));
    read.is_err_and(|error| error.kind.is_truncated())
}

/// For how many nanoseconds the capture at `path`, a file of `size` octets, goes on if it does so as it begins: by the time
/// that its first packets take, and their share of it. Too few where it is compressed; `None` if it has no packet.
#[must_use]
pub fn likely_span(path: &Path, size: u64) -> Option<i64> {
    /// Packets that are looked at.
    const PACKETS: usize = 256;
    let mut reader = Reader::new(Sips(File::open(path).ok()?), String::new(), 0).ok()?;
    let mut times = None;
    for _ in 0..PACKETS {
        let Ok(Some(packet)) = reader.next() else { break };
        let (first_ns, _) = times.unwrap_or((packet.time_ns, packet.time_ns));
        times = Some((first_ns, packet.time_ns));
    }
    let (first_ns, last_ns) = times?;
    let share = size as f64 / reader.offset() as f64;
    Some((last_ns.saturating_sub(first_ns) as f64 * share) as i64)
}

/// Whether the capture at `path` has a packet at `time_ns` or later. Reads up to there.
#[must_use]
pub fn reaches(path: &Path, time_ns: i64) -> bool {
    let Ok(mut reader) = Reader::open(path, 0) else { return false };
    loop {
        match reader.next() {
            Ok(Some(packet)) if packet.time_ns >= time_ns => return true,
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
}

/// A file of which little is read at a time: its head is all that is wanted.
struct Sips(File);

impl Read for Sips {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const SIP: usize = 4 << 10;
        let len = buffer.len().min(SIP);
        self.0.read(&mut buffer[..len])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(interfaces: &[(u16, Option<&str>)]) -> Head {
        let interfaces = interfaces.iter().map(|&(link_type, name)| InterfaceInfo {
            link_type: LinkType(link_type),
            name: name.map(Into::into),
            description: None,
        });
        Head { first_ns: 0, interfaces: interfaces.collect(), segments: Vec::new() }
    }

    #[test]
    fn interfaces_are_the_same_where_nothing_contradicts() {
        let eth0 = head(&[(1, Some("eth0"))]);
        assert!(eth0.may_be_of_the_interfaces_of(&eth0));
        assert!(eth0.may_be_of_the_interfaces_of(&head(&[(1, None)])));
        assert!(!eth0.may_be_of_the_interfaces_of(&head(&[(1, Some("eth1"))])));
        assert!(!eth0.may_be_of_the_interfaces_of(&head(&[(101, None)])));
        assert!(!eth0.may_be_of_the_interfaces_of(&head(&[(1, Some("eth0")), (1, Some("eth1"))])));
    }

    #[test]
    fn a_capture_is_taken_to_go_on_as_it_begins() {
        const PACKETS: u32 = 1000;
        let mut octets = [0xa1b2_c3d4_u32, 2 | 4 << 16, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
        for second in 0..PACKETS {
            octets.extend([second + 7, 0, 4, 4, 0].map(u32::to_le_bytes).concat());
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, &octets).unwrap();
        let seconds = likely_span(&path, octets.len() as u64).unwrap() / 1_000_000_000;
        assert!((990..1000).contains(&seconds), "{seconds}");
        assert_eq!(likely_span(&folder.path().join("none"), 100), None);
    }
}
