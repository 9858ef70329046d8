//! Captures with comments: a copy in pcapng of any capture that is read, in which packets carry comments, and the way
//! back to the octets that were copied.
//!
//! | file | what it knows |
//! |---|---|
//! | `block` | where the options of a block are; how a block is put together |
//! | `note` | the mark of what is ours, and what it remembers |
//! | `copy` | from a capture to its annotated copy |
//! | `convert` | records of pcap as blocks, and back |
//! | `strip` | from the copy to the capture |
//!
//! Comments stand before the options that a block has, so that those are copied as they are, well formed or not. Before
//! them stands a [`note`], an option that programs which do not know it pass over. Whatever a block had that its copy
//! cannot have is in the note; whatever cannot be a block at all is in blocks of our own. Both have codes that pcapng
//! leaves to local use, and a magic number.
//!
//! A capture that is annotated twice has two layers, and each strip takes the upper one: a block that begins with a
//! note gets another one, even if it gets no comment.
//!
//! This room must not know what comments say.

mod block;
mod convert;
mod copy;
mod note;
mod strip;

#[cfg(test)]
mod tests;

pub use copy::{Annotator, LeftOut};
pub use strip::{Stripper, Unstrippable};
