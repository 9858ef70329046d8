//! pcap as pcapng: a section with one interface, a block a record; and the records again.

use fourwave_dissector::Packet;
use fourwave_dissector::capture::{Container, Endianness, FileHeader, Piece, Unit};

use super::block::{
    Block, DATA, END_OF_OPTIONS, HEADER, INTERFACE_DESCRIPTION, SECTION_HEADER, octets16, octets32, padding,
    put_block, put_option,
};
use crate::output::Buffer;

/// A section header of version 1.0 without the length of its section, as its body begins.
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
pub const UNKNOWN_LENGTH: [u8; 8] = [0xff; 8];
/// Units of a microsecond clock in a second.
const MICROSECONDS: u64 = 1_000_000;
const NANOSECONDS: u64 = 1_000_000_000;

/// What the records of a pcap file have in common.
#[derive(Clone, Copy, Debug)]
pub struct Pcap {
    /// The order of octets, which is that of the blocks, too.
    endianness: Endianness,
    units_a_second: u64,
    /// Octets of the header of a record.
    header_len: usize,
}

impl Pcap {
    pub const fn new(endianness: Endianness, unit: Unit, modified: bool) -> Self {
        let units_a_second = match unit {
            Unit::Microseconds => MICROSECONDS,
            Unit::Nanoseconds => NANOSECONDS,
        };
        Self { endianness, units_a_second, header_len: if modified { 24 } else { 16 } }
    }

    /// The one with this file header.
    pub fn of(header: &[u8; 24]) -> Option<Self> {
        let [magic @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *header;
        match Container::detect(magic)? {
            (Container::Pcap { unit, modified }, endianness) => Some(Self::new(endianness, unit, modified)),
            (Container::Pcapng, _) => None,
        }
    }

    /// Adds the section header with `group` for options, and the interface.
    pub fn put_head(self, header: &FileHeader, group: &[u8], to: &mut Buffer) {
        const IF_TSRESOL: u16 = 9;
        const IF_FCSLEN: u16 = 13;

        let (n16, n32) = (|n| octets16(self.endianness, n), |n| octets32(self.endianness, n));
        let version = [n16(1), n16(0)].concat();
        put_block(to, self.endianness, SECTION_HEADER, &[&n32(BYTE_ORDER), &version, &UNKNOWN_LENGTH, group]);
        let mut options = Vec::new();
        if self.units_a_second == NANOSECONDS {
            put_option(&mut options, self.endianness, IF_TSRESOL, &[9]);
        }
        if header.fcs_len > 0 {
            put_option(&mut options, self.endianness, IF_FCSLEN, &[header.fcs_len]);
        }
        if !options.is_empty() {
            put_option(&mut options, self.endianness, END_OF_OPTIONS, &[]);
        }
        let link_type = n16(header.link_type.0);
        let parts = [&link_type[..], &[0, 0], &n32(header.snaplen), &options];
        put_block(to, self.endianness, INTERFACE_DESCRIPTION, &parts);
    }

    /// What the block of a record has before its options, without type and length, and the octets of the record that
    /// cannot be told from the block.
    pub fn parts<'a>(self, record: &Piece<'a>, packet: &Packet<'a>) -> (Vec<u8>, &'a [u8]) {
        let header = &record.octets[..self.header_len];
        let [seconds, fraction, captured, _] = self.words(header);
        // Not what the header says where the two lengths are swapped.
        let stored = packet.data.len() as u32;
        let ticks = u64::from(seconds) * self.units_a_second + u64::from(fraction);
        let mut front = Vec::with_capacity(DATA + packet.data.len());
        for word in [0, (ticks >> 32) as u32, ticks as u32, stored, packet.len] {
            front.extend(octets32(self.endianness, word));
        }
        front.extend_from_slice(packet.data);
        front.extend_from_slice(padding(packet.data.len()));
        let is_told = header.len() == 16 && u64::from(fraction) < self.units_a_second && captured == stored;
        (front, if is_told { &[] } else { header })
    }

    /// Adds the record that became `block`, `displaced` being what could not be told from it.
    pub fn put_record(self, block: Block<'_>, displaced: &[u8], to: &mut Buffer) {
        if displaced.is_empty() {
            let [_, high, low, captured, len] = self.words(&block.octets[HEADER..]);
            let ticks = u64::from(high) << 32 | u64::from(low);
            let (seconds, fraction) = (ticks / self.units_a_second, ticks % self.units_a_second);
            for word in [seconds as u32, fraction as u32, captured, len] {
                to.extend_from_slice(&octets32(self.endianness, word));
            }
        } else {
            to.extend_from_slice(displaced);
        }
        to.extend_from_slice(block.octets.get(DATA..DATA + block.captured()).unwrap_or_default());
    }

    fn words<const N: usize>(self, octets: &[u8]) -> [u32; N] {
        let mut words = [0; N];
        for (word, octets) in words.iter_mut().zip(octets.as_chunks().0) {
            *word = self.endianness.u32(*octets);
        }
        words
    }
}
