//! The captures of the benchmark, made once and kept below the target folder.

use std::collections::{BTreeMap, VecDeque};
use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fourwave_generator::{Closed, Ending, Frame, Part, Plan, Profile, Witness, generate};

use crate::command::{run, step, target};

/// How long a connection that is over is remembered: 2 MSL of the default profile, and 5 s.
const QUARANTINE_NS: u64 = 65_000_000_000;

/// A capture of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Short connections with mixed endings.
    Churn,
    /// Long connections of full segments.
    Bulk,
    /// The same cut at 96 octets.
    Bulk96,
    /// Refusals.
    Scan,
    /// Short connections for so long that most are forgotten before the end.
    Steady,
    /// The same for twice as long.
    SteadyTwice,
}

/// A capture on disk.
#[derive(Clone, Debug)]
pub struct Capture {
    pub path: PathBuf,
    pub packets: u64,
    pub connections: u64,
    /// The most connections at once that are open, or over and still remembered.
    pub tracked: u64,
}

impl Name {
    /// Those that programs are timed on.
    pub const TIMED: [Self; 4] = [Self::Churn, Self::Bulk, Self::Bulk96, Self::Scan];

    /// All, those for memory too.
    const ALL: [Self; 6] =
        [Self::Churn, Self::Bulk, Self::Bulk96, Self::Scan, Self::Steady, Self::SteadyTwice];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Churn => "churn",
            Self::Bulk => "bulk",
            Self::Bulk96 => "bulk96",
            Self::Scan => "scan",
            Self::Steady => "steady",
            Self::SteadyTwice => "steady-twice",
        }
    }

    /// The capture at `percent` of its full size.
    fn plan(self, percent: u64) -> Plan {
        let part = |full: u64| (full * percent / 100).max(1);
        let steady = |connections| Profile::Churn { connections, concurrent: 512, stretch: 100 };
        let bulk = Profile::Bulk { connections: 300, octets: part(1_000_000_000) };
        match self {
            Self::Churn => {
                let connections = part(900_000);
                Plan::new(Profile::Churn { connections, concurrent: 4096, stretch: 10 }, 2)
            }
            Self::Bulk => Plan::new(bulk, 1),
            // What is cut off takes no room.
            Self::Bulk96 => Plan { snap_len: 96, ..Plan::new(Profile::BULK, 1) },
            Self::Scan => Plan::new(Profile::Scan { connections: part(2_500_000) }, 3),
            // Long enough at any percentage.
            Self::Steady => Plan::new(steady(50_000), 4),
            Self::SteadyTwice => Plan::new(steady(100_000), 4),
        }
    }
}

/// Makes what is not there yet, in a program of its own: the kernel counts what this one used at most among the memory
/// of every program that it starts later.
///
/// # Errors
/// A file that cannot be written.
pub fn all(percent: u64) -> Result<BTreeMap<Name, Capture>, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    run(Command::new(program).args(["bench", "captures", &percent.to_string()]), "making captures")?;
    Name::ALL.into_iter().map(|name| Ok((name, get(name, percent)?))).collect()
}

/// Makes what is not there yet.
///
/// # Errors
/// A file that cannot be written.
pub fn make(percent: u64) -> Result<(), String> {
    Name::ALL.into_iter().try_for_each(|name| get(name, percent).map(drop))
}

/// The capture, made if it is not there.
fn get(name: Name, percent: u64) -> Result<Capture, String> {
    let folder = target().join("bench");
    let path = folder.join(format!("{}-{percent}.pcap", name.name()));
    let facts = path.with_extension("facts");
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    if let Some([packets, connections, tracked]) =
        fs::read_to_string(&facts).ok().and_then(|text| read(&text))
    {
        return Ok(Capture { path, packets, connections, tracked });
    }
    step(&format!("making {}", path.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let mut tracked = Tracked::default();
    let out = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(failed)?);
    let totals = generate(&name.plan(percent), out, &mut tracked).map_err(failed)?;
    let (packets, connections, tracked) = (totals.packets, totals.connections, tracked.most);
    // Last, so that a capture that was left half made is made again.
    fs::write(&facts, format!("{packets} {connections} {tracked}\n")).map_err(failed)?;
    Ok(Capture { path, packets, connections, tracked })
}

/// `capture` compressed by `program`, made if it is not there.
///
/// # Errors
/// A program that fails.
pub fn compressed(capture: &Path, program: &str, suffix: &str) -> Result<PathBuf, String> {
    let path = capture.with_extension(format!("pcap.{suffix}"));
    if !path.exists() {
        step(&format!("making {}", path.display()));
        let part = path.with_extension("part");
        let file = File::create(&part).map_err(|error| format!("{}: {error}", part.display()))?;
        run(Command::new(program).arg("-c").arg(capture).stdout(Stdio::from(file)), program)?;
        fs::rename(&part, &path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(path)
}

fn read(facts: &str) -> Option<[u64; 3]> {
    let numbers: Result<Vec<u64>, _> = facts.split_whitespace().map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

/// Counts the connections that must be remembered.
#[derive(Default)]
struct Tracked {
    now: u64,
    most: u64,
    /// When those that are over may be forgotten.
    until: VecDeque<u64>,
}

impl Witness for Tracked {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        if frame.part == Part::Syn {
            while self.until.pop_front_if(|until| *until < frame.time_ns).is_some() {
                self.now -= 1;
            }
            self.now += 1;
            self.most = self.most.max(self.now);
        }
        Ok(())
    }

    fn closed(&mut self, closed: &Closed<'_>) -> io::Result<()> {
        if closed.ending != Ending::NeverClosed {
            self.until.push_back(closed.last_ns + QUARANTINE_NS);
        }
        Ok(())
    }
}
