//! Tasks that are worked on side by side, and settled in their order. This file must not know what they are about.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::thread;

/// So many tasks may wait, done, for those before them: each may keep a file open, and be in vain.
const MOST_WAITING: usize = 16;

/// A row of tasks.
pub trait Row {
    /// What is to be worked on.
    type Task: Send;
    /// What it comes to.
    type Done: Send;

    /// Begins the next one; `None` after the last one.
    fn begin(&mut self) -> Option<Self::Task>;

    /// Takes what the next one came to. `Break` if none after it counts.
    fn settle(&mut self, done: Self::Done) -> ControlFlow<()>;

    /// Takes what one came to that does not count.
    fn discard(&mut self, done: Self::Done);
}

/// Works on all tasks of a row, on so many at once.
pub fn work<R: Row>(row: &mut R, at_once: usize, work: impl Fn(R::Task) -> R::Done + Sync) {
    thread::scope(|scope| {
        let (sender, receiver) = channel();
        // What tasks came to that wait for those before them, by number.
        let mut waiting = BTreeMap::new();
        let (mut begun, mut settled, mut working) = (0, 0, 0);
        let (mut is_last_begun, mut counts) = (false, true);
        loop {
            while !is_last_begun && working < at_once && begun < settled + at_once + MOST_WAITING {
                let Some(task) = row.begin() else {
                    is_last_begun = true;
                    break;
                };
                let (sender, work) = (sender.clone(), &work);
                scope.spawn(move || {
                    let done = catch_unwind(AssertUnwindSafe(|| work(task)));
                    // Somebody waits for it.
                    let _ = sender.send((begun, done));
                });
                working += 1;
                begun += 1;
            }
            if working == 0 {
                return;
            }
            // This end has a sender, too.
            let Ok((number, done)) = receiver.recv() else { return };
            working -= 1;
            waiting.insert(number, done.unwrap_or_else(|panic| resume_unwind(panic)));
            while let Some(done) = waiting.remove(&settled) {
                settled += 1;
                if !counts {
                    row.discard(done);
                } else if row.settle(done).is_break() {
                    (counts, is_last_begun) = (false, true);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Tasks are numbers.
    #[derive(Default)]
    struct Numbers {
        begun: usize,
        most: usize,
        /// None counts after this one.
        last: usize,
        settled: Vec<usize>,
        discarded: Vec<usize>,
    }

    impl Row for Numbers {
        type Task = usize;
        type Done = usize;

        fn begin(&mut self) -> Option<usize> {
            if self.begun == self.most {
                return None;
            }
            self.begun += 1;
            Some(self.begun - 1)
        }

        fn settle(&mut self, done: usize) -> ControlFlow<()> {
            self.settled.push(done);
            if done == self.last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }

        fn discard(&mut self, done: usize) {
            self.discarded.push(done);
        }
    }

    #[test]
    fn what_is_worked_on_at_once_is_settled_in_its_order() {
        for (at_once, most, last) in
            [(1, 9, 99), (2, 0, 99), (2, 700, 999), (5, 700, 999), (1, 9, 4), (4, 50, 7)]
        {
            let mut numbers = Numbers { most, last, ..Numbers::default() };
            let (now, top) = (AtomicUsize::new(0), AtomicUsize::new(0));
            work(&mut numbers, at_once, |number| {
                top.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_micros(number as u64 * 37 % 400));
                now.fetch_sub(1, Ordering::SeqCst);
                number
            });
            assert!(top.into_inner() <= at_once);
            let counted = most.min(last + 1);
            assert!(numbers.settled.iter().copied().eq(0..counted), "{at_once} {most} {last}");
            assert!(numbers.discarded.iter().copied().eq(counted..numbers.begun), "{at_once} {most} {last}");
        }
    }

    #[test]
    #[should_panic(expected = "in a task")]
    fn a_panic_is_passed_on() {
        let mut numbers = Numbers { most: 5, last: 9, ..Numbers::default() };
        work(&mut numbers, 3, |number| if number == 4 { panic!("in a task") } else { number });
    }
}
