//! The figures as tables, in the form of `docs/PERFORMANCE.md`.

use super::captures::Name;
use super::contest::{COMPRESSIONS, Contest, Results, decompressing, reading, with_jobs, writing};
use super::peers::Peer;
use super::tasks::{
    ALL_SEGMENTS, CONNECTIONS, DECOMPRESSING, FIXED_OCTETS, GROWTH, LIMIT, OCTETS_A_CONNECTION, TASKS,
    TWO_THREADS, Task,
};
use super::usage::Usage;

const MEBI: f64 = 1024.0 * 1024.0;

/// Prints everything.
pub fn print(contest: &Contest, results: &Results) {
    let report = Report { contest, results };
    report.captures();
    report.costs();
    report.goals();
}

struct Report<'a> {
    contest: &'a Contest,
    results: &'a Results,
}

impl Report<'_> {
    fn captures(&self) {
        println!("| Capture | packets | connections | at once, or remembered |\n|---|---|---|---|");
        for (name, capture) in &self.contest.captures {
            println!(
                "| {} | {} | {} | {} |",
                name.name(),
                capture.packets,
                capture.connections,
                capture.tracked
            );
        }
    }

    /// Processor time a packet, and its ratio to the bare walk.
    fn costs(&self) {
        let titles: Vec<String> = Name::TIMED.map(|name| format!("{} | × L |", name.name())).into();
        println!(
            "\n| ns a packet | {} memory, churn |\n|---|---|---|---|---|---|---|---|---|---|",
            titles.join(" ")
        );
        let tasks = TASKS.iter().map(|task| task.name);
        let peers = Peer::ALL.into_iter().map(Peer::name);
        for what in [LIMIT].into_iter().chain(tasks).chain(peers) {
            let cells: Vec<String> = Name::TIMED.map(|name| self.cost(name, what)).into();
            let memory = self.usage(Name::Churn, what);
            let memory = memory.map_or_else(|| "absent".to_owned(), |usage| megabytes(usage.peak_octets));
            println!("| {what} | {} {memory} |", cells.join(" "));
        }
    }

    fn cost(&self, name: Name, what: &str) -> String {
        let Some(usage) = self.usage(name, what) else { return "| |".to_owned() };
        let nanoseconds = usage.cpu.as_nanos() as f64 / self.contest.captures[&name].packets as f64;
        let ratio = self.times_limit(name, what).unwrap_or(f64::NAN);
        format!("{nanoseconds:.0} | {ratio:.1} |")
    }

    fn goals(&self) {
        println!("\n| Goal | at most | floor | measured | |\n|---|---|---|---|---|");
        for task in &TASKS {
            for (name, most) in task.limits {
                let what = format!("{}, {}", task.name, name.name());
                let (floor, measured) = (self.floor(*name, task), self.times_limit(*name, task.name));
                verdict(&what, &format!("{most} L"), &floor, measured, *most, " L");
            }
            for (peer, least) in task.faster {
                let share = self.share(Name::Churn, task.name, peer.name(), cpu);
                let goal = format!("1/{least} of {}", peer.name());
                verdict(&format!("{}, churn", task.name), &goal, "", share, least.recip(), "");
            }
        }
        for task in [&CONNECTIONS, &ALL_SEGMENTS] {
            self.threads(task);
        }
        for (program, _) in COMPRESSIONS {
            let share = self.share(Name::Churn, &reading(program), &decompressing(program), wall);
            let goal = format!("{DECOMPRESSING} × {} (wall)", decompressing(program));
            verdict(&reading(program), &goal, "", share, DECOMPRESSING, "");
        }
        self.memory();
    }

    /// The bare walk, and having in a file as many octets as the task prints.
    fn floor(&self, name: Name, task: &Task) -> String {
        let write = self.times_limit(name, &writing(task));
        write.map_or_else(String::new, |write| format!("{:.2} L", 1.0 + write))
    }

    fn threads(&self, task: &Task) {
        let share = self.share(Name::Churn, &with_jobs(task, 2), &with_jobs(task, 1), wall);
        let goal = format!("{TWO_THREADS} of one thread (wall)");
        verdict(&format!("{}, churn, two threads", task.name), &goal, "", share, TWO_THREADS, "");
    }

    fn memory(&self) {
        for name in [Name::Churn, Name::Scan, Name::Steady] {
            let most =
                (FIXED_OCTETS + OCTETS_A_CONNECTION * self.contest.captures[&name].tracked) as f64 / MEBI;
            let peak = self.usage(name, CONNECTIONS.name).map(|usage| usage.peak_octets as f64 / MEBI);
            verdict(&format!("memory, {}", name.name()), &format!("{most:.0} MB"), "", peak, most, " MB");
        }
        let [once, twice] = [Name::Steady, Name::SteadyTwice].map(|name| self.usage(name, CONNECTIONS.name));
        let growth = once.zip(twice).map(|(once, twice)| twice.peak_octets as f64 / once.peak_octets as f64);
        verdict("memory, twice as long", &format!("{GROWTH} × once"), "", growth, GROWTH, "");
    }

    fn usage(&self, name: Name, what: &str) -> Option<&Usage> {
        self.results.get(&(name, what.to_owned()))
    }

    fn times_limit(&self, name: Name, what: &str) -> Option<f64> {
        self.share(name, what, LIMIT, cpu)
    }

    fn share(&self, name: Name, what: &str, of: &str, cost: fn(&Usage) -> f64) -> Option<f64> {
        Some(cost(self.usage(name, what)?) / cost(self.usage(name, of)?))
    }
}

fn cpu(usage: &Usage) -> f64 {
    usage.cpu.as_secs_f64()
}

fn wall(usage: &Usage) -> f64 {
    usage.wall.as_secs_f64()
}

fn megabytes(octets: u64) -> String {
    format!("{:.0} MB", octets as f64 / MEBI)
}

/// A line: met if `measured` is at most `most`. `floor`: what reading and writing alone takes.
fn verdict(what: &str, goal: &str, floor: &str, measured: Option<f64>, most: f64, unit: &str) {
    let (figure, result) = match measured {
        // A share of a fast program needs more decimals than a multiple.
        Some(value) if most < 0.5 => (format!("1/{:.1}{unit}", value.recip()), met(value <= most)),
        Some(value) => (format!("{value:.2}{unit}"), met(value <= most)),
        None => (String::new(), "not there"),
    };
    println!("| {what} | {goal} | {floor} | {figure} | {result} |");
}

fn met(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}
