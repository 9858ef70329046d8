//! The traffic of a capture; a file a profile.

mod agenda;
mod bulk;
mod churn;
mod scan;

use std::io::{self, Write};

use crate::plan::{Plan, Profile};
use crate::stage::Stage;
use crate::truth::{Totals, Witness};

/// Plays all of `plan`.
pub fn play(plan: &Plan, out: impl Write, witness: &mut dyn Witness) -> io::Result<Totals> {
    let mut stage = Stage::new(plan, out, witness)?;
    match plan.profile {
        Profile::Churn { connections, concurrent, stretch } => {
            churn::play(&mut stage, connections, concurrent, stretch)?;
        }
        Profile::Bulk { connections, octets } => bulk::play(&mut stage, connections, octets)?,
        Profile::Scan { connections } => scan::play(&mut stage, connections)?,
    }
    stage.finish()
}
