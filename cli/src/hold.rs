//! Records that wait until it is known whether their connection is wanted. They come out in the order in which
//! they came in, so one connection that stays open holds back all that follow.

use std::collections::{HashMap, VecDeque};

/// A queue of printed records.
#[derive(Debug)]
pub struct Hold {
    queue: VecDeque<(u64, Box<[u8]>)>,
    /// Of each connection with records in the queue, and of those that were decided and may still get some.
    waiting: HashMap<u64, Waiting>,
    late: bool,
}

#[derive(Debug, Default)]
struct Waiting {
    records: usize,
    wanted: Option<bool>,
}

impl Hold {
    /// An empty queue. With `late`, records may come after it was told whether they are wanted, and that is
    /// remembered for all connections.
    #[must_use]
    pub fn new(late: bool) -> Self {
        Self { queue: VecDeque::new(), waiting: HashMap::new(), late }
    }

    /// Adds a record of `connection`.
    pub fn push(&mut self, connection: u64, record: Box<[u8]>) {
        self.queue.push_back((connection, record));
        self.waiting.entry(connection).or_default().records += 1;
    }

    /// Tells whether the records of `connection` are wanted.
    pub fn decide(&mut self, connection: u64, wanted: bool) {
        if self.late {
            self.waiting.entry(connection).or_default().wanted = Some(wanted);
        } else if let Some(waiting) = self.waiting.get_mut(&connection) {
            waiting.wanted = Some(wanted);
        }
    }

    /// Hands out the wanted records that no longer wait for others.
    pub fn release(&mut self, mut print: impl FnMut(&[u8])) {
        while let Some((connection, record)) = self.queue.front() {
            let Some(waiting) = self.waiting.get_mut(connection) else { return };
            let Some(wanted) = waiting.wanted else { return };
            if wanted {
                print(record);
            }
            waiting.records -= 1;
            if waiting.records == 0 && !self.late {
                self.waiting.remove(connection);
            }
            self.queue.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn released(hold: &mut Hold) -> String {
        let mut text = String::new();
        hold.release(|record| text.push_str(std::str::from_utf8(record).unwrap()));
        text
    }

    #[test]
    fn order_of_input_is_kept() {
        let mut hold = Hold::new(false);
        for (connection, record) in [(1, b"a"), (2, b"b"), (3, b"c"), (2, b"d"), (1, b"e")] {
            hold.push(connection, Box::from(record.as_slice()));
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
    fn records_may_come_late() {
        let mut hold = Hold::new(true);
        hold.decide(1, false);
        hold.decide(2, true);
        for (connection, record) in [(1, b"a"), (2, b"b")] {
            hold.push(connection, Box::from(record.as_slice()));
        }
        assert_eq!(released(&mut hold), "b");
    }
}
