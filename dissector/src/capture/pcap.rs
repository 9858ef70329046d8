//! pcap: a file header, then one record after another. Follows draft-ietf-opsawg-pcap, and takes as they are, like
//! libpcap, fields that contradict each other: captured lengths above the snap length or the original length,
//! fractions of a second above a second.

use byteorder_slice::{BigEndian, LittleEndian};
use pcap_file::pcap::RawPcapPacket;

use super::error::CaptureErrorKind;
use super::format::{Endianness, Unit};
use super::interface::InterfaceInfo;
use super::step::{Incomplete, Record, Step, Whole, longest_packet};
use crate::LinkType;

/// Octets of the file header.
const FILE_HEADER: usize = 24;

/// What stands before the records of a pcap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// Its octets.
    pub octets: [u8; FILE_HEADER],
    /// How to read the packets.
    pub link_type: LinkType,
    /// Octets of the frame check sequence at the end of each packet.
    pub fcs_len: u8,
    /// Most octets that were captured of a packet, as the file has it.
    pub snaplen: u32,
}
/// Octets of a record header.
const RECORD_HEADER: usize = 16;
/// Octets that follow the record header in a modified pcap: interface index, protocol, packet type.
const MODIFIED_EXTRA: usize = 8;

/// Reads the records of a pcap file.
#[derive(Debug)]
pub(super) struct Pcap {
    endianness: Endianness,
    ns_per_unit: i64,
    /// Some who write version 2.3 swap the two lengths of a record; then the captured one is the smaller, as in libpcap.
    may_be_swapped: bool,
    header: FileHeader,
    header_len: usize,
    longest: u32,
}

impl Pcap {
    /// Reads the file header, whose magic number gave the first three arguments.
    pub(super) fn new(
        endianness: Endianness,
        unit: Unit,
        modified: bool,
        header: &[u8; FILE_HEADER],
    ) -> Result<Self, CaptureErrorKind> {
        let [_, _, _, _, a0, a1, i0, i1, .., s0, s1, s2, s3, l0, l1, l2, l3] = *header;
        let version = (endianness.u16([a0, a1]), endianness.u16([i0, i1]));
        // Before 2.3 the two lengths of a record were always swapped, and AIX writes 2.2 with link types and
        // fractions of its own. 543 is Digital Unix, also swapped.
        if matches!(version, (0 | 1 | 543, _) | (2, 0..=2)) {
            let (major, minor) = version;
            return Err(CaptureErrorKind::UnknownFormat {
                name: format!("pcap of version {major}.{minor}, whose records differ").into(),
            });
        }
        let (link_type, fcs_len) = split_link_type(endianness.u32([l0, l1, l2, l3]));
        let snaplen = endianness.u32([s0, s1, s2, s3]);
        Ok(Self {
            endianness,
            ns_per_unit: match unit {
                Unit::Microseconds => 1_000,
                Unit::Nanoseconds => 1,
            },
            may_be_swapped: version == (2, 3),
            header: FileHeader { octets: *header, link_type, fcs_len, snaplen },
            header_len: if modified { RECORD_HEADER + MODIFIED_EXTRA } else { RECORD_HEADER },
            longest: longest_packet(link_type),
        })
    }

    /// The file header.
    pub(super) fn header(&self) -> &FileHeader {
        &self.header
    }

    /// What the file tells of its interface.
    pub(super) fn interface_info(&self) -> InterfaceInfo {
        InterfaceInfo { link_type: self.header.link_type, name: None, description: None }
    }

    /// The record at the front of `octets`, if all of it is there, its length is believable, and which of its lengths is
    /// which is sure.
    ///
    /// The short way; [`Pcap::step`] says the same of it, and can say what is wrong with a record.
    #[inline]
    pub(super) fn packet(&self, octets: &[u8]) -> Option<Record> {
        if self.may_be_swapped {
            return None;
        }
        let framed = match self.endianness {
            Endianness::Little => RawPcapPacket::from_slice::<LittleEndian>(octets),
            Endianness::Big => RawPcapPacket::from_slice::<BigEndian>(octets),
        };
        let (_, raw) = framed.ok()?;
        self.record([raw.ts_sec, raw.ts_frac, raw.incl_len, raw.orig_len], octets.len())
    }

    /// Reads the record at the front of `octets`, or says why that cannot be.
    pub(super) fn step(&self, octets: &[u8]) -> Result<Step, CaptureErrorKind> {
        let header = octets.get(..self.header_len).and_then(<[u8]>::first_chunk::<RECORD_HEADER>);
        let Some(header) = header else {
            return Ok(Step::Incomplete(Incomplete { what: "record header", needed: self.header_len }));
        };
        let [seconds, fraction, first, second] = self.endianness.words(header);
        let [captured, len] =
            if self.may_be_swapped && first > second { [second, first] } else { [first, second] };
        if let Some(record) = self.record([seconds, fraction, captured, len], octets.len()) {
            return Ok(Step::Whole(Whole::Packet(record)));
        }
        if captured > self.longest {
            return Err(CaptureErrorKind::RecordTooLong {
                what: "packet",
                length: u64::from(captured),
                limit: u64::from(self.longest),
            });
        }
        let needed = self.header_len + captured as usize;
        Ok(Step::Incomplete(Incomplete { what: "packet record", needed }))
    }

    /// The record with this header, if all of it is among the octets at hand and its length is believable.
    #[inline]
    fn record(&self, [seconds, fraction, captured, len]: [u32; 4], at_hand: usize) -> Option<Record> {
        let size = self.header_len + captured as usize;
        if captured > self.longest || size > at_hand {
            return None;
        }
        Some(Record {
            time_ns: i64::from(seconds) * 1_000_000_000 + i64::from(fraction) * self.ns_per_unit,
            link_type: self.header.link_type,
            interface: 0,
            fcs_len: self.header.fcs_len,
            len,
            data: self.header_len..size,
            size,
        })
    }
}

/// Takes the link type field apart: the type in the low 16 bits; the length of the frame check sequence, counted in
/// 16-bit words, in the top four bits, if bit 26 says that it is there.
fn split_link_type(field: u32) -> (LinkType, u8) {
    const FCS_LEN_PRESENT: u32 = 1 << 26;
    let [high, _, low @ ..] = field.to_be_bytes();
    let fcs_len = if field & FCS_LEN_PRESENT == 0 { 0 } else { high >> 4 << 1 };
    (LinkType(u16::from_be_bytes(low)), fcs_len)
}
