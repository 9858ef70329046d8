//! From an annotated copy to the capture, block by block.

use std::fmt;

use fourwave_dissector::capture::Piece;

use super::block::{
    Block, ENHANCED_PACKET, HEADER, INTERFACE_DESCRIPTION, SECTION_HEADER, SECTION_LENGTH, put_block,
};
use super::convert::Pcap;
use super::note::{Note, kept};
use crate::output::Buffer;

/// Takes away what an [`Annotator`](super::Annotator) has added.
#[derive(Debug, Default)]
pub struct Stripper {
    next: Next,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default)]
enum Next {
    /// The header of the first section, which tells what was copied.
    #[default]
    First,
    /// Any block of a pcapng.
    Block,
    /// The interface of a pcap.
    Interface(Pcap),
    /// A record of a pcap.
    Record(Pcap),
}

/// Why the capture cannot be had back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unstrippable {
    /// It is no copy.
    NotAnnotated,
    /// A block is not as it was written.
    Changed,
}

impl fmt::Display for Unstrippable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnnotated => {
                "expected a file that `annotate --format pcapng` has written and no other program since"
            }
            Self::Changed => {
                "changed since `annotate --format pcapng` has written it; expected its blocks as they were"
            }
        })
    }
}

impl std::error::Error for Unstrippable {}

impl Stripper {
    /// Adds what became of `piece` to `to` as it was.
    ///
    /// # Errors
    /// When it is not what an annotator has written.
    pub fn piece(&mut self, piece: &Piece<'_>, to: &mut Buffer) -> Result<(), Unstrippable> {
        let block = Block { octets: piece.octets, endianness: piece.endianness };
        if let Some(octets) = kept(block) {
            to.extend_from_slice(octets);
            return Ok(());
        }
        self.next = match self.next {
            Next::First => first(block, to)?,
            Next::Block => {
                restore(block, to)?;
                Next::Block
            }
            Next::Interface(pcap) if block.block_type() == INTERFACE_DESCRIPTION => Next::Record(pcap),
            Next::Record(pcap) if block.block_type() == ENHANCED_PACKET => {
                let (_, options) = block.parts().ok_or(Unstrippable::Changed)?;
                let note = Note::of(block.endianness, options);
                pcap.put_record(block, note.map_or(&[], |(note, _)| note.displaced), to);
                Next::Record(pcap)
            }
            Next::Interface(_) | Next::Record(_) => return Err(Unstrippable::Changed),
        };
        Ok(())
    }

    /// Says whether there was anything.
    ///
    /// # Errors
    /// When there was not.
    pub const fn end(&self) -> Result<(), Unstrippable> {
        match self.next {
            Next::First => Err(Unstrippable::NotAnnotated),
            Next::Block | Next::Interface(_) | Next::Record(_) => Ok(()),
        }
    }
}

/// Takes the first block.
fn first(block: Block<'_>, to: &mut Buffer) -> Result<Next, Unstrippable> {
    let (_, options) = block.parts().ok_or(Unstrippable::NotAnnotated)?;
    let (note, _) = Note::of(block.endianness, options).ok_or(Unstrippable::NotAnnotated)?;
    let Some(header) = note.displaced.as_array() else {
        restore(block, to)?;
        return Ok(Next::Block);
    };
    let pcap = Pcap::of(header).ok_or(Unstrippable::Changed)?;
    to.extend_from_slice(header);
    Ok(Next::Interface(pcap))
}

/// Adds `block` to `to` without what is ours.
fn restore(block: Block<'_>, to: &mut Buffer) -> Result<(), Unstrippable> {
    let endianness = block.endianness;
    let Some((front, options)) = block.parts() else {
        to.extend_from_slice(block.octets);
        return Ok(());
    };
    let Some((note, rest)) = Note::of(endianness, options) else {
        to.extend_from_slice(block.octets);
        return Ok(());
    };
    let options = note.behind(endianness, rest).ok_or(Unstrippable::Changed)?;
    let (front, length) = match (block.block_type(), note.displaced.len()) {
        (SECTION_HEADER, 8) => (&front[..SECTION_LENGTH.0 - HEADER], note.displaced),
        (_, 0) => (front, note.displaced),
        _ => return Err(Unstrippable::Changed),
    };
    put_block(to, endianness, block.block_type(), &[front, length, options]);
    Ok(())
}
