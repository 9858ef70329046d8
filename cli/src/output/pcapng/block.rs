//! Blocks of pcapng (draft-ietf-opsawg-pcapng, section 3): where their options are, and how one is put together.

use fourwave_dissector::capture::Endianness;

use crate::output::Buffer;

pub const SECTION_HEADER: u32 = 0x0a0d_0d0a;
pub const INTERFACE_DESCRIPTION: u32 = 1;
/// The obsolete packet block.
pub const PACKET: u32 = 2;
pub const ENHANCED_PACKET: u32 = 6;
/// Blocks with what cannot be a block. The codes with the top bit set are for local use.
pub const KEPT: u32 = 0xe677_6761;

/// Longest block that readers accept.
pub const LONGEST: usize = 16 << 20;
/// Octets before the body: type and total length.
pub const HEADER: usize = 8;
/// Octets behind the body: the total length again.
pub const TRAILER: usize = 4;
/// Where the packet begins in an enhanced or obsolete packet block.
pub const DATA: usize = 28;
/// Where the length of the captured octets is in those.
const CAPTURED: usize = 20;
/// Where the length of its section is in a section header, and where that ends.
pub const SECTION_LENGTH: (usize, usize) = (16, 24);

pub const END_OF_OPTIONS: u16 = 0;
pub const COMMENT: u16 = 1;
/// Octets of the code and the length of an option.
const OPTION_HEADER: usize = 4;

/// A block that has a length and repeats it at its end.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// All its octets.
    pub octets: &'a [u8],
    /// The order of octets in its fields.
    pub endianness: Endianness,
}

impl<'a> Block<'a> {
    /// Its type.
    pub fn block_type(self) -> u32 {
        self.number(0)
    }

    /// The number in the four octets at this place; 0 behind the end.
    pub fn number(self, at: usize) -> u32 {
        let octets = self.octets.get(at..).and_then(|octets| octets.first_chunk());
        octets.map_or(0, |octets| self.endianness.u32(*octets))
    }

    /// The body of a block that has no fixed part.
    pub fn body(self) -> &'a [u8] {
        self.octets.get(HEADER..self.octets.len() - TRAILER).unwrap_or_default()
    }

    /// What stands before the options, without type and length, and the options; `None` for blocks that cannot have
    /// comments of ours.
    pub fn parts(self) -> Option<(&'a [u8], &'a [u8])> {
        let options = match self.block_type() {
            SECTION_HEADER => SECTION_LENGTH.1,
            ENHANCED_PACKET | PACKET => DATA + padded(self.captured()),
            _ => return None,
        };
        self.octets.get(HEADER..self.octets.len() - TRAILER)?.split_at_checked(options - HEADER)
    }

    /// How many octets of the packet are in a packet block.
    pub fn captured(self) -> usize {
        self.number(CAPTURED) as usize
    }
}

/// Adds a block of these parts to `to`.
pub fn put_block(to: &mut Buffer, endianness: Endianness, block_type: u32, parts: &[&[u8]]) {
    let body: usize = parts.iter().map(|part| part.len()).sum();
    let size = octets32(endianness, (HEADER + padded(body) + TRAILER) as u32);
    to.extend_from_slice(&octets32(endianness, block_type));
    to.extend_from_slice(&size);
    parts.iter().for_each(|part| to.extend_from_slice(part));
    to.extend_from_slice(padding(body));
    to.extend_from_slice(&size);
}

/// Adds an option to `to`. Of a value of more than 65,535 octets the rest is missing.
pub fn put_option(to: &mut Vec<u8>, endianness: Endianness, code: u16, value: &[u8]) {
    let len = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let value = &value[..usize::from(len)];
    to.extend(octets16(endianness, code));
    to.extend(octets16(endianness, len));
    to.extend_from_slice(value);
    to.resize(to.len() + padded(value.len()) - value.len(), 0);
}

/// The code and value of the option at the front, and what follows, if it is there as a whole.
pub fn split_option(endianness: Endianness, options: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (&[c0, c1, l0, l1], rest) = options.split_first_chunk::<OPTION_HEADER>()?;
    let len = usize::from(endianness.u16([l0, l1]));
    let (value, _) = rest.split_at_checked(len)?;
    Some((endianness.u16([c0, c1]), value, rest.get(padded(len)..)?))
}

/// What a field of `len` octets takes.
pub const fn padded(len: usize) -> usize {
    len.next_multiple_of(4)
}

/// The octets that fill a field of `len` octets up.
pub fn padding(len: usize) -> &'static [u8] {
    &[0; 3][..padded(len) - len]
}

pub const fn octets16(endianness: Endianness, number: u16) -> [u8; 2] {
    match endianness {
        Endianness::Little => number.to_le_bytes(),
        Endianness::Big => number.to_be_bytes(),
    }
}

pub const fn octets32(endianness: Endianness, number: u32) -> [u8; 4] {
    match endianness {
        Endianness::Little => number.to_le_bytes(),
        Endianness::Big => number.to_be_bytes(),
    }
}
