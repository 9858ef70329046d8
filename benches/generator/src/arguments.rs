//! The command line of `tdgen`.

use std::path::PathBuf;

use fourwave_generator::{Format, Plan, Precision, Profile};

/// What can be asked for.
pub const USAGE: &str = "usage: tdgen churn|bulk|scan --out FILE [OPTION...]
  --seed N          the same seed and options make the same octets [1]
  --conns N         connections [churn 900000, bulk 300, scan 2500000]
  --concurrent N    churn: how many are open at a time [4096]
  --stretch N       churn: pauses within a connection are N times as long [10]
  --bytes N         bulk: about how large the capture is [1000000000]
  --format FORMAT   pcap or pcapng [pcap]
  --ns              timestamps in nanoseconds, not microseconds
  --snaplen N       octets kept of a packet [262144]
  --truth FILE      endings and frames by role, as JSON [standard output]
  --roles FILE      a line a frame: frame, connection, c or s, role
  --list FILE       a line a connection: number, ending, closer, client, port, server, port, first frame, reused, close";

/// The arguments.
pub struct Arguments {
    pub plan: Plan,
    pub out: PathBuf,
    pub truth: Option<PathBuf>,
    pub roles: Option<PathBuf>,
    pub list: Option<PathBuf>,
}

/// Of `--conns` and so on, what was given.
#[derive(Default)]
struct Numbers {
    connections: Option<u64>,
    concurrent: Option<u64>,
    stretch: Option<u64>,
    octets: Option<u64>,
}

impl Arguments {
    /// Reads `words`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let (profile, options) = words.split_first().ok_or("expected a profile")?;
        let mut plan = Plan::new(named(profile)?, 1);
        let mut numbers = Numbers::default();
        let (mut out, mut truth, mut roles, mut list) = (None, None, None, None);
        let mut options = options.iter();
        while let Some(option) = options.next() {
            if option == "--ns" {
                plan.precision = Precision::Nano;
                continue;
            }
            let value = options.next().ok_or_else(|| format!("{option}: expected a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{option} {value}: expected a number"));
            let path = || Some(PathBuf::from(value));
            match option.as_str() {
                "--seed" => plan.seed = number()?,
                "--conns" => numbers.connections = Some(number()?),
                "--concurrent" => numbers.concurrent = Some(number()?),
                "--stretch" => numbers.stretch = Some(number()?),
                "--bytes" => numbers.octets = Some(number()?),
                "--snaplen" => plan.snap_len = number()?.try_into().map_err(|_| "--snaplen: too large")?,
                "--format" => plan.format = format(value)?,
                "--out" => out = path(),
                "--truth" => truth = path(),
                "--roles" => roles = path(),
                "--list" => list = path(),
                _ => return Err(format!("{option}: no such option")),
            }
        }
        plan.profile = numbers.applied(plan.profile);
        Ok(Self { plan, out: out.ok_or("expected --out FILE")?, truth, roles, list })
    }
}

impl Numbers {
    fn applied(&self, profile: Profile) -> Profile {
        match profile {
            Profile::Churn { connections, concurrent, stretch } => Profile::Churn {
                connections: self.connections.unwrap_or(connections),
                concurrent: self.concurrent.map_or(concurrent, |number| number as usize),
                stretch: self.stretch.unwrap_or(stretch),
            },
            Profile::Bulk { connections, octets } => Profile::Bulk {
                connections: self.connections.unwrap_or(connections),
                octets: self.octets.unwrap_or(octets),
            },
            Profile::Scan { connections } => {
                Profile::Scan { connections: self.connections.unwrap_or(connections) }
            }
        }
    }
}

fn named(profile: &str) -> Result<Profile, String> {
    [Profile::CHURN, Profile::BULK, Profile::SCAN]
        .into_iter()
        .find(|known| known.name() == profile)
        .ok_or_else(|| format!("{profile}: no such profile"))
}

fn format(name: &str) -> Result<Format, String> {
    match name {
        "pcap" => Ok(Format::Pcap),
        "pcapng" => Ok(Format::PcapNg),
        _ => Err(format!("--format {name}: expected pcap or pcapng")),
    }
}
