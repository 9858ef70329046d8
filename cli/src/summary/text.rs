//! The summary in a few lines for people.

use std::fmt;

use indicatif::HumanCount;

use super::Summary;

/// So many of a list are shown.
const SHOWN: usize = 5;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = &self.totals;
        let (files, tally, endings) = (&totals.files, &totals.tally, &totals.endings);
        write!(f, "{} of {} files read", HumanCount(files.read), HumanCount(self.files as u64))?;
        for (what, count) in [("damaged", files.damaged), ("kept", files.kept), ("not read", self.unread())] {
            if count > 0 {
                write!(f, ", {} {what}", HumanCount(count))?;
            }
        }
        writeln!(f, "; {} series", HumanCount(totals.series))?;
        let rate = self.packets_per_second() as u64;
        write!(f, "{} packets in {:.1} s, ", HumanCount(tally.packets), self.elapsed.as_secs_f64())?;
        writeln!(f, "{} packets/s; {} with TCP", HumanCount(rate), HumanCount(tally.with_segments))?;
        list(f, "skipped", &tally.skipped.sorted(ToString::to_string))?;
        writeln!(f, "{} connections", HumanCount(endings.connections))?;
        list(f, "kinds", &endings.kinds.sorted())?;
        list(f, "closed first by", &endings.initiators())?;
        list(f, "findings", &endings.findings.sorted())?;
        let evictions = [("idle", totals.evictions.idle), ("--max-connections", totals.evictions.pushed_out)];
        list(f, "evicted", &evictions.into_iter().filter(|(_, count)| *count > 0).collect::<Vec<_>>())
    }
}

/// A line with the first of `counts`, if there are any.
fn list(f: &mut fmt::Formatter<'_>, title: &str, counts: &[(impl fmt::Display, u64)]) -> fmt::Result {
    let (shown, rest) = counts.split_at(counts.len().min(SHOWN));
    let Some(((name, count), more)) = shown.split_first() else { return Ok(()) };
    write!(f, "  {title}: {name} {}", HumanCount(*count))?;
    for (name, count) in more {
        write!(f, ", {name} {}", HumanCount(*count))?;
    }
    if !rest.is_empty() {
        write!(f, ", others {}", HumanCount(rest.iter().map(|(_, count)| count).sum()))?;
    }
    writeln!(f)
}
