//! What marks comments as ours, and remembers what they displaced.

use fourwave_dissector::capture::Endianness;

use super::block::{Block, COMMENT, END_OF_OPTIONS, KEPT, octets32, put_block, put_option, split_option};
use crate::output::Buffer;

/// The code of the option with a note. Those with the top bit set are for local use: readers pass them over.
const CODE: u16 = 0xe677;
/// What a note and a block of kept octets begin with. The last octet is the version of what follows.
const MAGIC: &[u8; 9] = b"fourwave\x01";
/// Octets that one block keeps at most.
const KEPT_AT_ONCE: usize = 1 << 20;

/// The first option of a block with something of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// The comments behind it that are ours.
    pub comments: u8,
    /// Whether the mark behind those, which ends the options, is ours: there were none.
    pub ends: bool,
    /// What the block had in another way: a section header the length of its section, if it was given, or the file
    /// header of a pcap; a packet the record header, if it cannot be told from the block.
    pub displaced: &'a [u8],
}

impl<'a> Note<'a> {
    /// The note at the front of `options`, and what follows.
    pub fn of(endianness: Endianness, options: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (CODE, value, rest) = split_option(endianness, options)? else { return None };
        let (&[comments, ends], displaced) = value.strip_prefix(MAGIC)?.split_first_chunk()?;
        Some((Self { comments, ends: ends != 0, displaced }, rest))
    }

    /// What stands behind our comments and the end mark, `rest` being what stands behind the note; `None` if they are
    /// not there any more.
    pub fn behind(self, endianness: Endianness, rest: &'a [u8]) -> Option<&'a [u8]> {
        let ours = (0..self.comments).map(|_| COMMENT).chain(self.ends.then_some(END_OF_OPTIONS));
        let mut rest = rest;
        for expected in ours {
            let (code, _, behind) = split_option(endianness, rest)?;
            if code != expected {
                return None;
            }
            rest = behind;
        }
        Some(rest)
    }
}

/// What stands before the options of a block, `has_options` telling whether there are any.
pub fn group<S: AsRef<str>>(
    endianness: Endianness,
    comments: &[S],
    has_options: bool,
    displaced: &[u8],
) -> Vec<u8> {
    let comments = &comments[..comments.len().min(usize::from(u8::MAX))];
    let mut group = Vec::new();
    let note = [MAGIC, &[comments.len() as u8, u8::from(!has_options)][..], displaced].concat();
    put_option(&mut group, endianness, CODE, &note);
    for comment in comments {
        put_option(&mut group, endianness, COMMENT, comment.as_ref().as_bytes());
    }
    if !has_options {
        put_option(&mut group, endianness, END_OF_OPTIONS, &[]);
    }
    group
}

/// Adds blocks to `to` that keep `octets` as they are.
pub fn put_kept(to: &mut Buffer, endianness: Endianness, octets: &[u8]) {
    for octets in octets.chunks(KEPT_AT_ONCE) {
        let len = octets32(endianness, octets.len() as u32);
        put_block(to, endianness, KEPT, &[MAGIC, &len, octets]);
    }
}

/// The octets that a block keeps, if it is one for that.
pub fn kept(block: Block<'_>) -> Option<&[u8]> {
    if block.block_type() != KEPT {
        return None;
    }
    let (len, octets) = block.body().strip_prefix(MAGIC)?.split_first_chunk()?;
    octets.get(..block.endianness.u32(*len) as usize)
}
