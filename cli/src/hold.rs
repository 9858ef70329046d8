//! Records that wait until it is known whether their connection is wanted. They come out in the order in which
//! they came in, so one connection that stays open holds back all that follow: how many can wait is bounded.

use std::collections::{HashMap, VecDeque};

/// A queue of printed records.
#[derive(Debug)]
pub struct Hold {
    most: usize,
    queue: VecDeque<(u64, Box<[u8]>)>,
    /// Of each connection with records in the queue.
    waiting: HashMap<u64, Waiting>,
    dropped: u64,
}

#[derive(Debug, Default)]
struct Waiting {
    records: usize,
    wanted: Option<bool>,
}

impl Hold {
    /// A bound for callers that have no better one; it stands for some 2 GB of JSON lines.
    pub const MOST: usize = 1_000_000;

    /// An empty queue for `most` records.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, queue: VecDeque::new(), waiting: HashMap::new(), dropped: 0 }
    }

    /// Adds a record of `connection`. If there are too many, the oldest is dropped: it is the one of which it is
    /// not known yet whether it is wanted.
    pub fn push(&mut self, connection: u64, record: Box<[u8]>) {
        self.queue.push_back((connection, record));
        self.waiting.entry(connection).or_default().records += 1;
        if self.queue.len() > self.most {
            self.pop();
            self.dropped += 1;
        }
    }

    /// Tells whether the records of `connection` are wanted.
    pub fn decide(&mut self, connection: u64, wanted: bool) {
        if let Some(waiting) = self.waiting.get_mut(&connection) {
            waiting.wanted = Some(wanted);
        }
    }

    /// Hands out the wanted records that no longer wait for others.
    pub fn release(&mut self, mut print: impl FnMut(&[u8])) {
        while let Some(wanted) = self.is_first_wanted() {
            match self.pop() {
                Some(record) if wanted => print(&record),
                Some(_) | None => {}
            }
        }
    }

    /// How many records were dropped because too many waited.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    fn is_first_wanted(&self) -> Option<bool> {
        let (connection, _) = self.queue.front()?;
        self.waiting.get(connection)?.wanted
    }

    fn pop(&mut self) -> Option<Box<[u8]>> {
        let (connection, record) = self.queue.pop_front()?;
        if let Some(waiting) = self.waiting.get_mut(&connection) {
            waiting.records -= 1;
            if waiting.records == 0 {
                self.waiting.remove(&connection);
            }
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(hold: &mut Hold, connection: u64, record: &str) {
        hold.push(connection, Box::from(record.as_bytes()));
    }

    fn released(hold: &mut Hold) -> String {
        let mut text = String::new();
        hold.release(|record| text.push_str(std::str::from_utf8(record).unwrap()));
        text
    }

    #[test]
    fn order_of_input_is_kept() {
        let mut hold = Hold::new(10);
        for (connection, record) in [(1, "a"), (2, "b"), (3, "c"), (2, "d"), (1, "e")] {
            push(&mut hold, connection, record);
        }
        hold.decide(2, true);
        assert_eq!(released(&mut hold), "");
        hold.decide(1, true);
        assert_eq!(released(&mut hold), "ab");
        hold.decide(3, false);
        assert_eq!(released(&mut hold), "de");
        assert!(hold.waiting.is_empty());
    }

    #[test]
    fn too_many_push_the_oldest_out() {
        let mut hold = Hold::new(2);
        push(&mut hold, 1, "a");
        push(&mut hold, 2, "b");
        hold.decide(2, true);
        push(&mut hold, 1, "c");
        assert_eq!((released(&mut hold).as_str(), hold.dropped()), ("b", 1));
        hold.decide(1, true);
        assert_eq!(released(&mut hold), "c");
        assert!(hold.waiting.is_empty());
    }
}
