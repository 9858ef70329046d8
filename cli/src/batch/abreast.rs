//! Several series side by side, in a directory of which nothing is known.
//!
//! Which files belong to which series is only a forecast. A series counts once all series before it, and it itself, went as
//! forecast; until then its messages and checkpoints are held back. After the first that did not, the remaining series are
//! read one by one.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry::Read;
use super::row::{self, Row};
use super::walk::{Begun, Walk, Written, lock};
use super::{Batch, Means, Write};
use crate::archive::{Forecast, Order};
use crate::output::Output;
use crate::progress::Meter;
use crate::report::Held;
use crate::stretch::Stretch;

/// The series of a forecast.
struct Abreast<'r, 'w, 'a> {
    walk: &'r mut Walk<'w, 'a>,
    forecast: &'r Forecast<'a>,
    /// So many were begun.
    begun: usize,
    /// So many were settled.
    settled: &'r AtomicUsize,
    result: anyhow::Result<()>,
}

/// A series that is to be written.
struct Task<'a> {
    number: usize,
    name: String,
    first: usize,
    order: Order<'a>,
    output: anyhow::Result<Output>,
    meter: Meter,
}

/// What it came to.
struct Done<'a> {
    name: String,
    order: Order<'a>,
    written: anyhow::Result<Written>,
    meter: Meter,
    held: Held,
}

impl<'a> Walk<'_, 'a> {
    /// Makes the series of `forecast`, until one goes otherwise.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn go_abreast(&mut self, forecast: &Forecast<'a>, write: &impl Write) -> anyhow::Result<()> {
        let (shared, settled) = (self.shared, AtomicUsize::new(0));
        let Batch { archive, engine, jobs, .. } = *shared.batch;
        let mut abreast = Abreast { walk: self, forecast, begun: 0, settled: &settled, result: Ok(()) };
        row::work(&mut abreast, jobs.min(forecast.len()), |task| {
            let Task { number, name, first, mut order, output, meter } = task;
            let (written, held) = Held::during(|| {
                let stretch = Stretch::from_start(archive, engine, first, &mut order);
                let begun = Begun { output: output?, before: Read::default(), stretch };
                let is_certain = || settled.load(Ordering::Relaxed) == number;
                let means = Means { jobs: 1, meter: &meter };
                Ok(shared.write(&name, begun, means, &is_certain, write))
            });
            Done { name, order, written, meter, held }
        });
        abreast.result
    }
}

impl<'a> Row for Abreast<'_, '_, 'a> {
    type Task = Task<'a>;
    type Done = Done<'a>;

    fn begin(&mut self) -> Option<Task<'a>> {
        let Batch { stop, meter, .. } = *self.walk.shared.batch;
        if stop.requested() {
            return None;
        }
        let number = self.begun;
        let order = self.forecast.order(number)?;
        let first = *order.places().first()?;
        self.begun += 1;
        let name = self.walk.outputs[first].clone();
        let output = self.walk.shared.begin(&name);
        Some(Task { number, name, first, order, output, meter: meter.part() })
    }

    fn settle(&mut self, done: Done<'a>) -> ControlFlow<()> {
        // Where a stop ended the reading, it only seems to go otherwise.
        let is_stopped = done.written.as_ref().is_ok_and(Written::is_stopped);
        if done.order.is_mistaken() && !is_stopped {
            self.discard(done);
            return ControlFlow::Break(());
        }
        let Done { name, order, written, held, .. } = done;
        held.say();
        match written {
            Ok(written) => {
                if lock(self.walk.shared.manifest).release_checkpoints(&name) {
                    written.output.keep_incomplete();
                }
                self.walk.take(name, written);
            }
            Err(error) => {
                self.result = Err(error);
                return ControlFlow::Break(());
            }
        }
        if is_stopped {
            return ControlFlow::Break(());
        }
        self.walk.order.pass(order.places());
        self.settled.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    }

    fn discard(&mut self, Done { name, written, meter, .. }: Done<'a>) {
        meter.take_back();
        let Ok(written) = written else { return };
        drop(written);
        // What could go on from a checkpoint is made anew: what was counted before it is not known any more.
        if let Err(error) = lock(self.walk.shared.manifest).forget(&name)
            && self.result.is_ok()
        {
            self.result = Err(error);
        }
    }
}
