//! pcapng: sections of blocks. Follows draft-ietf-opsawg-pcapng. The framing is that of `pcap-file`; the bodies are
//! decoded here. Malformed options, reserved fields and names are of no concern; a packet that does not fit into
//! its block or whose interface was not described is damage, as in Wireshark.

use byteorder_slice::{BigEndian, LittleEndian};
use pcap_file::pcapng::blocks::{
    CUSTOM_BLOCK_COPIABLE, CUSTOM_BLOCK_NON_COPIABLE, ENHANCED_PACKET_BLOCK, INTERFACE_DESCRIPTION_BLOCK,
    PACKET_BLOCK, SECTION_HEADER_BLOCK, SIMPLE_PACKET_BLOCK, SYSTEMD_JOURNAL_EXPORT_BLOCK,
};
use pcap_file::pcapng::{RawBlock, RawBlockParseError};

use super::error::CaptureErrorKind;
use super::format::Endianness;
use super::interface::{DESCRIPTION, Interface, InterfaceInfo};
use super::options::{options, padded};
use super::step::{Incomplete, Record, Step, Whole};

/// Octets before the body of a block: type and total length.
const BLOCK_HEADER: usize = 8;
/// Octets of a block with an empty body.
const EMPTY_BLOCK: usize = 12;
/// Octets of the body of a section header, without options: magic number, version, length of the section.
const SECTION_HEADER: usize = 16;
/// Octets before the packet in the body of an enhanced or obsolete packet block.
const PACKET_HEADER: usize = 20;
/// Octets before the packet in an enhanced packet block.
const PACKET: usize = BLOCK_HEADER + PACKET_HEADER;
/// Octets before the packet in the body of a simple packet block.
const SIMPLE_PACKET_HEADER: usize = 4;
/// Longest block that is accepted, as in Wireshark.
const LONGEST_BLOCK: usize = 16 << 20;
/// Most interfaces of a section: the obsolete packet block can name no more, and each takes memory until the section
/// ends.
const MOST_INTERFACES: usize = 1 << 16;

/// Reads the blocks of a pcapng file; knows what the current section has said so far.
#[derive(Debug)]
pub(super) struct Pcapng {
    endianness: Endianness,
    interfaces: Vec<Interface>,
    /// Interfaces of the sections before this one.
    earlier_interfaces: usize,
}

impl Pcapng {
    /// Stands before the first section header.
    pub(super) fn new(endianness: Endianness) -> Self {
        Self { endianness, interfaces: Vec::new(), earlier_interfaces: 0 }
    }

    /// The order of octets in the current section.
    pub(super) fn endianness(&self) -> Endianness {
        self.endianness
    }

    /// Interfaces described so far, in all sections.
    pub(super) fn interfaces(&self) -> usize {
        self.earlier_interfaces + self.interfaces.len()
    }

    /// What the current section has told of its interfaces so far.
    pub(super) fn interface_infos(&self) -> Vec<InterfaceInfo> {
        self.interfaces.iter().map(Interface::info).collect()
    }

    /// The packet at the front of `octets`, if that is a whole enhanced packet block with nothing odd about it.
    ///
    /// The short way through what captures consist of; [`Pcapng::step`] says the same of it, and can say what is wrong
    /// with a block.
    #[inline]
    pub(super) fn packet(&self, octets: &[u8]) -> Option<Record> {
        let [block_type, size, id, high, low, captured, len] =
            self.endianness.words(octets.first_chunk::<PACKET>()?);
        let interface = self.interfaces.get(id as usize)?;
        if captured > interface.longest {
            return None;
        }
        let end = PACKET + captured as usize;
        let (body, trailer) = octets.get(..size as usize)?.split_last_chunk()?;
        let options = body.get(padded(end)..)?;
        if block_type != ENHANCED_PACKET_BLOCK
            || size % 4 != 0
            || size as usize > LONGEST_BLOCK
            || size != self.endianness.u32(*trailer)
        {
            return None;
        }
        Some(Record {
            time_ns: interface.clock.time_ns(u64::from(high) << 32 | u64::from(low)),
            link_type: interface.link_type,
            interface: self.number(id),
            fcs_len: self.fcs_len(options, interface),
            len,
            data: PACKET..end,
            size: size as usize,
        })
    }

    /// Reads the block at the front of `octets`, or says why that cannot be.
    pub(super) fn step(&mut self, octets: &[u8]) -> Result<Step, CaptureErrorKind> {
        let framed = match self.endianness {
            Endianness::Little => RawBlock::from_slice::<LittleEndian>(octets),
            Endianness::Big => RawBlock::from_slice::<BigEndian>(octets),
        };
        match framed {
            Ok((_, block)) => {
                let size = accepted(block.initial_len as usize)?;
                self.block(block.type_, &block.body, size).map(Step::Whole)
            }
            Err(RawBlockParseError::InvalidFormat(error)) => {
                Err(CaptureErrorKind::damaged("a well-formed block", error))
            }
            Err(RawBlockParseError::IncompleteBuffer(..)) if octets.len() < EMPTY_BLOCK => {
                Ok(Step::Incomplete(Incomplete { what: "block header", needed: EMPTY_BLOCK }))
            }
            // The crate says what is needed behind the type and the length.
            Err(RawBlockParseError::IncompleteBuffer(rest, _)) => {
                let needed = accepted(BLOCK_HEADER + rest)?;
                Ok(Step::Incomplete(Incomplete { what: "block", needed }))
            }
        }
    }

    fn block(&mut self, block_type: u32, body: &[u8], size: usize) -> Result<Whole, CaptureErrorKind> {
        match block_type {
            ENHANCED_PACKET_BLOCK | PACKET_BLOCK => {
                self.enhanced_packet(block_type == PACKET_BLOCK, body, size).map(Whole::Packet)
            }
            SIMPLE_PACKET_BLOCK => self.simple_packet(body, size).map(Whole::Packet),
            SECTION_HEADER_BLOCK => {
                self.section_header(body)?;
                Ok(Whole::Other { size, numbered: false })
            }
            INTERFACE_DESCRIPTION_BLOCK => {
                let (fixed, rest) = split::<DESCRIPTION>(body, "an interface description")?;
                if self.interfaces.len() == MOST_INTERFACES {
                    let expected = format!("at most {MOST_INTERFACES} interfaces in a section");
                    return Err(CaptureErrorKind::damaged(expected, "another"));
                }
                self.interfaces.push(Interface::new(self.endianness, *fixed, rest));
                Ok(Whole::Other { size, numbered: false })
            }
            other => Ok(Whole::Other { size, numbered: is_frame_in_wireshark(other) }),
        }
    }

    /// A section forgets the interfaces of the one before. Its length, often absent, is not used.
    fn section_header(&mut self, body: &[u8]) -> Result<(), CaptureErrorKind> {
        const BIG_ENDIAN_MAGIC: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];

        let ([magic @ .., a0, a1, i0, i1, _, _, _, _, _, _, _, _], _) =
            split::<SECTION_HEADER>(body, "a section header")?;
        self.endianness = if *magic == BIG_ENDIAN_MAGIC { Endianness::Big } else { Endianness::Little };
        let (major, minor) = (self.endianness.u16([*a0, *a1]), self.endianness.u16([*i0, *i1]));
        if major != 1 {
            return Err(CaptureErrorKind::damaged(
                "a section of pcapng version 1",
                format_args!("{major}.{minor}"),
            ));
        }
        self.earlier_interfaces += self.interfaces.len();
        self.interfaces.clear();
        Ok(())
    }

    /// An enhanced packet block, or the obsolete packet block, which keeps a drop count in the upper half of the
    /// interface number's place.
    fn enhanced_packet(&self, obsolete: bool, body: &[u8], size: usize) -> Result<Record, CaptureErrorKind> {
        let (fixed, rest) = split::<PACKET_HEADER>(body, "a packet block")?;
        let [id, high, low, captured, len] = self.endianness.words(fixed);
        let id = if obsolete { u32::from(self.endianness.u16([fixed[0], fixed[1]])) } else { id };
        let interface = self.interface(id)?;
        let captured = captured_len(captured, rest, interface)?;
        let after = rest.get(padded(captured)..).unwrap_or_default();
        Ok(Record {
            time_ns: interface.clock.time_ns(u64::from(high) << 32 | u64::from(low)),
            link_type: interface.link_type,
            interface: self.number(id),
            fcs_len: self.fcs_len(after, interface),
            len,
            data: BLOCK_HEADER + PACKET_HEADER..BLOCK_HEADER + PACKET_HEADER + captured,
            size,
        })
    }

    /// A simple packet block: on the first interface, without a time, cut at the snap length.
    fn simple_packet(&self, body: &[u8], size: usize) -> Result<Record, CaptureErrorKind> {
        let (fixed, rest) = split::<SIMPLE_PACKET_HEADER>(body, "a simple packet block")?;
        let len = self.endianness.u32(*fixed);
        let interface = self.interface(0)?;
        let captured = if interface.snaplen == 0 { len } else { len.min(interface.snaplen) };
        let captured = captured_len(captured, rest, interface)?;
        Ok(Record {
            time_ns: 0,
            link_type: interface.link_type,
            interface: self.number(0),
            fcs_len: interface.fcs_len,
            len,
            data: BLOCK_HEADER + SIMPLE_PACKET_HEADER..BLOCK_HEADER + SIMPLE_PACKET_HEADER + captured,
            size,
        })
    }

    fn interface(&self, id: u32) -> Result<&Interface, CaptureErrorKind> {
        self.interfaces.get(id as usize).ok_or_else(|| {
            let described = self.interfaces.len();
            CaptureErrorKind::damaged(format!("one of the {described} interfaces of the section"), id)
        })
    }

    /// The number of an interface of this section, counted over the whole file.
    #[inline]
    fn number(&self, id: u32) -> u32 {
        u32::try_from(self.earlier_interfaces).map_or(u32::MAX, |earlier| earlier.saturating_add(id))
    }

    /// The length of the frame check sequence: what the options behind a packet say, or else the interface.
    #[inline]
    fn fcs_len(&self, options: &[u8], interface: &Interface) -> u8 {
        if options.is_empty() { None } else { self.fcs_len_of_flags(options) }.unwrap_or(interface.fcs_len)
    }

    /// The length of the frame check sequence if the flags of a packet give one (bits 5 to 8, in octets).
    fn fcs_len_of_flags(&self, after_packet: &[u8]) -> Option<u8> {
        const FLAGS: u16 = 2;
        let (_, flags) = options(self.endianness, after_packet).find(|(code, _)| *code == FLAGS)?;
        let flags = self.endianness.u32(flags.try_into().ok()?);
        u8::try_from(flags >> 5 & 0xf).ok().filter(|len| *len > 0)
    }
}

/// The size of a block, if it is one that is accepted.
fn accepted(size: usize) -> Result<usize, CaptureErrorKind> {
    if size > LONGEST_BLOCK {
        let (length, limit) = (size as u64, LONGEST_BLOCK as u64);
        return Err(CaptureErrorKind::RecordTooLong { what: "block", length, limit });
    }
    Ok(size)
}

/// The length of a packet, if it is believable and the packet is there.
fn captured_len(captured: u32, rest: &[u8], interface: &Interface) -> Result<usize, CaptureErrorKind> {
    if captured > interface.longest {
        let (length, limit) = (u64::from(captured), u64::from(interface.longest));
        return Err(CaptureErrorKind::RecordTooLong { what: "packet", length, limit });
    }
    if captured as usize > rest.len() {
        let found = format_args!("{} in the block", rest.len());
        return Err(CaptureErrorKind::damaged(format!("{captured} octets of the packet"), found));
    }
    Ok(captured as usize)
}

/// Takes the fixed part off the front of a body.
fn split<'a, const N: usize>(
    body: &'a [u8],
    what: &'static str,
) -> Result<(&'a [u8; N], &'a [u8]), CaptureErrorKind> {
    body.split_first_chunk().ok_or_else(|| {
        CaptureErrorKind::damaged(format!("{what} with a body of at least {N} octets"), body.len())
    })
}

/// Whether Wireshark gives a frame number to blocks of this type, though they are no packets: it does so for
/// custom blocks, for systemd's journal, and for the events of sysdig (found by trial with tshark 4.0).
fn is_frame_in_wireshark(block_type: u32) -> bool {
    const SYSDIG_EVENT: u32 = 0x204;
    const SYSDIG_EVENT_V2: u32 = 0x216;
    const SYSDIG_EVENT_V2_LARGE: u32 = 0x221;
    matches!(
        block_type,
        CUSTOM_BLOCK_COPIABLE
            | CUSTOM_BLOCK_NON_COPIABLE
            | SYSTEMD_JOURNAL_EXPORT_BLOCK
            | SYSDIG_EVENT
            | SYSDIG_EVENT_V2
            | SYSDIG_EVENT_V2_LARGE
    )
}
