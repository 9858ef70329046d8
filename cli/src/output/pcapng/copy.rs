//! From a capture to its annotated copy, piece by piece.

use std::io::Read;

use fourwave_dissector::capture::{Container, Endianness, Piece, Reader};

use super::block::{
    Block, ENHANCED_PACKET, HEADER, LONGEST, SECTION_HEADER, SECTION_LENGTH, TRAILER, put_block,
};
use super::convert::{Pcap, UNKNOWN_LENGTH};
use super::note::{Note, group, kept, put_kept};
use crate::output::{Buffer, Output};

/// Copies one capture.
#[derive(Debug)]
pub struct Annotator {
    /// The comment on the capture, until it is written.
    head: Option<String>,
    /// Of a pcap.
    pcap: Option<Pcap>,
    /// The order of octets in what was last written.
    endianness: Option<Endianness>,
    left_out: LeftOut,
}

/// What is missing in a copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Comments on packets that can carry none.
    pub comments: u64,
    /// Packets that are too long for a block.
    pub packets: u64,
}

impl Annotator {
    /// Makes a copy whose first section header has the comment `head`.
    pub const fn new(head: String) -> Self {
        let left_out = LeftOut { comments: 0, packets: 0 };
        Self { head: Some(head), pcap: None, endianness: None, left_out }
    }

    /// Adds to `to` what comes before the first piece of `reader`.
    pub fn begin(&mut self, reader: &Reader, to: &mut Buffer) {
        let format = reader.format();
        if let (Container::Pcap { unit, modified }, Some(header)) = (format.container, reader.file_header()) {
            let pcap = Pcap::new(format.endianness, unit, modified);
            let group = group(format.endianness, self.head.take().as_slice(), false, &header.octets);
            pcap.put_head(header, &group, to);
            self.pcap = Some(pcap);
            self.endianness = Some(format.endianness);
        }
    }

    /// Adds the copy of `piece` to `to`, with `comments` on its packet.
    pub fn piece(&mut self, piece: &Piece<'_>, comments: &[impl AsRef<str>], to: &mut Buffer) {
        match (self.pcap, &piece.packet) {
            (Some(pcap), Some(packet)) => {
                let (front, displaced) = pcap.parts(piece, packet);
                let part = Part { block_type: ENHANCED_PACKET, front: &front, options: &[], displaced };
                self.part(part, piece, comments, to);
            }
            _ => self.block(piece, comments, to),
        }
        self.endianness = Some(piece.endianness);
    }

    /// Keeps what is behind damage, in pieces of a size of its own. Where nothing was copied before, there is no place
    /// for it.
    pub fn keep_rest(&self, rest: &mut dyn Read, output: &Output) {
        const AT_ONCE: u64 = 1 << 20;
        let Some(endianness) = self.endianness else { return };
        loop {
            let mut octets = Vec::new();
            let read = rest.take(AT_ONCE).read_to_end(&mut octets);
            output.fill(|to| {
                put_kept(to, endianness, &octets);
                Ok(())
            });
            // What cannot be read was said already.
            if octets.is_empty() || read.is_err() {
                return;
            }
        }
    }

    /// Whether anything was copied.
    pub const fn has_begun(&self) -> bool {
        self.endianness.is_some()
    }

    /// What is missing.
    pub const fn left_out(&self) -> LeftOut {
        self.left_out
    }
}

impl Annotator {
    /// Copies a block of pcapng.
    fn block(&mut self, piece: &Piece<'_>, comments: &[impl AsRef<str>], to: &mut Buffer) {
        let block = Block { octets: piece.octets, endianness: piece.endianness };
        let Some((front, options)) = block.parts() else {
            self.left_out.comments += comments.len() as u64;
            return match kept(block) {
                // Stripping would take it for ours.
                Some(_) => put_kept(to, piece.endianness, piece.octets),
                None => to.extend_from_slice(piece.octets),
            };
        };
        let block_type = block.block_type();
        if block_type != SECTION_HEADER {
            let part = Part { block_type, front, options, displaced: &[] };
            return self.part(part, piece, comments, to);
        }
        // The section gets longer. It may be without end, so it can also get longer than is known now.
        let (front, length) = front.split_at(SECTION_LENGTH.0 - HEADER);
        let displaced = if length == UNKNOWN_LENGTH { &[] } else { length };
        let front = [front, &UNKNOWN_LENGTH].concat();
        let head = self.head.take();
        self.part(Part { block_type, front: &front, options, displaced }, piece, head.as_slice(), to);
    }

    /// Adds the block of `part`, which `piece` becomes.
    fn part(&mut self, part: Part<'_>, piece: &Piece<'_>, comments: &[impl AsRef<str>], to: &mut Buffer) {
        let Part { block_type, front, options, displaced } = part;
        let endianness = piece.endianness;
        let is_first = self.endianness.is_none();
        let is_plain = comments.is_empty() && displaced.is_empty() && !is_first;
        let group = if is_plain && Note::of(endianness, options).is_none() {
            Vec::new()
        } else {
            group(endianness, comments, !options.is_empty(), displaced)
        };
        if HEADER + front.len() + group.len() + options.len() + TRAILER <= LONGEST {
            put_block(to, endianness, block_type, &[front, &group, options]);
        } else {
            self.left_out.packets += 1;
            put_kept(to, endianness, piece.octets);
        }
    }
}

/// The parts of a block to be.
#[derive(Clone, Copy)]
struct Part<'a> {
    block_type: u32,
    /// What stands before the options, without type and length.
    front: &'a [u8],
    options: &'a [u8],
    displaced: &'a [u8],
}
