//! Comments on packets, for the copies of captures that carry them.
//!
//! | file | what it knows |
//! |---|---|
//! | `collect` | comments of captures that are read before they are copied: with all that is known in the end |
//! | `stream` | comments of a capture that is copied while it is read: with what is known by then |
//! | `head` | what is said of a capture as a whole |
//!
//! What is said of segments and findings comes from `fourwave_annotate::lang`. No comment holds text from a capture that
//! is not escaped, nor a control character.

mod collect;
mod head;
mod stream;

use fourwave_annotate::harmless;
use fourwave_dissector::FrameId;

pub use collect::{Collected, Collector};
pub use stream::Stream;

/// Comments by packet. Memory grows with the texts: some 200 octets for each segment that is commented on.
#[derive(Debug, Default)]
pub struct Comments {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    at: FrameId,
    connection: u64,
    /// Where its text begins and ends.
    text: (usize, usize),
}

impl Comments {
    /// Adds a comment on the packet `at`, which is about `connection`.
    fn add(&mut self, at: FrameId, connection: u64, comment: &str) {
        let start = self.text.len();
        self.text.push_str(comment);
        self.entries.push(Entry { at, connection, text: (start, self.text.len()) });
    }

    /// Leaves out the comments about other connections than those that `keeps` keeps, and puts the others in the order of
    /// their packets.
    fn settle(&mut self, keeps: impl Fn(u64) -> bool) {
        self.entries.retain(|entry| keeps(entry.connection));
        // Stable: on one packet they stay in the order in which they came.
        self.entries.sort_by_key(|entry| entry.at);
    }

    /// The comments on the packet `at`.
    #[must_use]
    pub fn on(&self, at: FrameId) -> Vec<&str> {
        let first = self.entries.partition_point(|entry| entry.at < at);
        let here = self.entries.get(first..).unwrap_or_default().iter().take_while(|entry| entry.at == at);
        here.map(|Entry { text: (start, end), .. }| &self.text[*start..*end]).collect()
    }
}

/// The name of the frame `at` in a comment on a packet of the file `here`.
fn frame_name(files: &[String], here: u32, at: FrameId) -> String {
    let other = files.get(at.file() as usize).filter(|_| at.file() != here);
    match other {
        // Names of files are not ours.
        Some(file) => format!("{}:{}", harmless(file), at.frame()),
        None => at.frame().to_string(),
    }
}

#[cfg(test)]
mod tests;
