//! What the program says of a generated capture, against the script that the capture was made from.
//!
//! Every frame of `annotate --all` and every connection of `connections` is compared: no frame may be missing, come
//! twice, belong to another connection, come from the other peer, or have another role or other waves. How words of the
//! script translate stands in two tables beside the generator.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::Path;
use std::process::{Command, Stdio};

use fourwave_generator::{Closed, Ending, Frame, Part, Peer, Plan, Witness, generate};
use serde_json::Value;

/// The tables, as files.
const ENDINGS: &str = include_str!("../../benches/endings.tsv");
const PARTS: &str = include_str!("../../benches/parts.tsv");

/// How long the program remembers a connection that is over: 2 MSL of its default profile, and 5 s.
const QUARANTINE_NS: u64 = 65_000_000_000;

/// Frames named for each difference.
const EXAMPLES: usize = 5;

/// What was compared, and what came out.
#[derive(Debug, Default)]
pub struct Account {
    /// Frames of the capture.
    pub frames: u64,
    /// Connections of the capture.
    pub connections: u64,
    /// Those of them on addresses and ports of one before that is still remembered.
    pub on_ports_just_used: u64,
    /// Those of them on addresses and ports of one before that is forgotten.
    pub on_ports_used_once: u64,
    /// Each difference by its description, and the frames where it is.
    pub differences: BTreeMap<String, Vec<u64>>,
}

/// Generates the capture of `plan` in `folder`, lets `program` read it, and compares.
///
/// # Errors
/// A file that cannot be written or read, or a program that does not run to its end.
pub fn compare(program: &Path, plan: &Plan, folder: &Path) -> io::Result<Account> {
    let capture = folder.join(format!("{}.pcap", plan.profile.name()));
    let mut script = Script::default();
    generate(plan, BufWriter::new(File::create(&capture)?), &mut script)?;
    let mut account = Account {
        frames: script.frames.len() as u64,
        connections: script.connections.len() as u64,
        on_ports_just_used: script.count(Ports::JustUsed),
        on_ports_used_once: script.count(Ports::UsedOnce),
        differences: BTreeMap::new(),
    };
    let segments = ["annotate", "--all", "--fields", "frame,connection,from,role,waves"];
    let mut judge = Segments { script: &script, next: 0, numbers: vec![None; script.connections.len()] };
    records(program, &segments, &capture, |record| judge.record(record, &mut account))?;
    if judge.next != account.frames {
        account.differ("frames at the end without a record".to_owned(), judge.next + 1);
    }
    let connections = ["connections", "--fields", "first_frame,client,server,kind,initiator"];
    let mut judge = Connections::of(&script);
    records(program, &connections, &capture, |record| judge.record(record, &mut account))?;
    for first_frame in judge.expected.into_keys() {
        account.differ("connections without a record".to_owned(), first_frame);
    }
    Ok(account)
}

/// Hands on each record that the program prints.
fn records(
    program: &Path,
    arguments: &[&str],
    capture: &Path,
    mut take: impl FnMut(&Value),
) -> io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).args(["--format", "jsonl"]).arg(capture);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            take(&serde_json::from_str(&line?)?);
        }
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{program:?} ended with {status}"))) }
}

impl Account {
    fn differ(&mut self, what: String, frame: u64) {
        self.differences.entry(what).or_default().push(frame);
    }
}

impl Display for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { frames, connections, on_ports_just_used, on_ports_used_once, differences } = self;
        write!(
            f,
            "{frames} frames, {connections} connections, {on_ports_just_used} of them on ports just used, "
        )?;
        writeln!(f, "{on_ports_used_once} on ports used long before")?;
        for (what, frames) in differences {
            let examples = &frames[..frames.len().min(EXAMPLES)];
            writeln!(f, "{} times {what}; frames {examples:?}", frames.len())?;
        }
        Ok(())
    }
}

/// The whole script, as the generator told it.
#[derive(Default)]
struct Script {
    frames: Vec<Scripted>,
    connections: Vec<Connection>,
}

#[derive(Clone, Copy)]
struct Scripted {
    connection: u32,
    from: Peer,
    part: Part,
    reply_form: bool,
}

#[derive(Clone, Default)]
struct Connection {
    first_frame: u64,
    client: String,
    server: String,
    ending: Option<Ending>,
    closer: Option<Peer>,
    ports: Ports,
}

/// What was before on the addresses and ports of a connection.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Ports {
    /// Nothing.
    #[default]
    New,
    /// A connection that the program still remembers.
    JustUsed,
    /// A connection that it has forgotten.
    UsedOnce,
}

impl Script {
    fn count(&self, ports: Ports) -> u64 {
        self.connections.iter().filter(|connection| connection.ports == ports).count() as u64
    }
}

impl Witness for Script {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        let Frame { connection, from, part, reply_form, .. } = *frame;
        self.frames.push(Scripted { connection: connection as u32, from, part, reply_form });
        Ok(())
    }

    fn closed(&mut self, closed: &Closed<'_>) -> io::Result<()> {
        let number = closed.connection as usize;
        if self.connections.len() <= number {
            self.connections.resize_with(number + 1, Connection::default);
        }
        self.connections[number] = Connection {
            first_frame: closed.first_frame,
            client: closed.ends.client.to_string(),
            server: closed.ends.server.to_string(),
            ending: Some(closed.ending),
            closer: Some(closed.closer),
            ports: match closed.reused_after_ns {
                None => Ports::New,
                Some(after) if after < QUARANTINE_NS => Ports::JustUsed,
                Some(_) => Ports::UsedOnce,
            },
        };
        Ok(())
    }
}

/// Compares segments, in the order of their frames.
struct Segments<'a> {
    script: &'a Script,
    /// Frames that were compared.
    next: u64,
    /// The program's number of each connection of the script.
    numbers: Vec<Option<Option<u64>>>,
}

impl Segments<'_> {
    fn record(&mut self, record: &Value, account: &mut Account) {
        let Some(frame) = record["frame"].as_u64() else {
            // A timer event.
            return;
        };
        self.next += 1;
        if frame != self.next {
            account.differ("frames out of order, missing or repeated".to_owned(), frame);
            self.next = frame;
        }
        let Some(scripted) = self.script.frames.get(frame as usize - 1) else {
            account.differ("frames that the capture does not have".to_owned(), frame);
            return;
        };
        let connection = &self.script.connections[scripted.connection as usize];
        let expected = said_of(scripted, connection);
        let waves: Vec<String> =
            record["waves"].as_array().into_iter().flatten().map(Value::to_string).collect();
        let waves = if waves.is_empty() { "-".to_owned() } else { waves.join(",") };
        let said = [text(&record["role"]), &waves];
        if said != expected {
            let what = format!("{} {expected:?} is called {said:?}", scripted.part.name());
            account.differ(what, frame);
        }
        if text(&record["from"]) != name(scripted.from) {
            account.differ(format!("{} comes from the other peer", scripted.part.name()), frame);
        }
        let said = record["connection"].as_u64();
        let number = &mut self.numbers[scripted.connection as usize];
        if *number.get_or_insert(said) != said {
            account.differ("frames of another connection".to_owned(), frame);
        }
    }
}

/// Compares connections, in any order.
struct Connections<'a> {
    /// Those without a record so far, by their first frames.
    expected: BTreeMap<u64, &'a Connection>,
}

impl<'a> Connections<'a> {
    fn of(script: &'a Script) -> Self {
        let connections = script.connections.iter();
        Self { expected: connections.map(|connection| (connection.first_frame, connection)).collect() }
    }

    fn record(&mut self, record: &Value, account: &mut Account) {
        let first_frame = record["first_frame"].as_u64().unwrap_or_default();
        let Some(connection) = self.expected.remove(&first_frame) else {
            account.differ("connections that the script does not have".to_owned(), first_frame);
            return;
        };
        let ends = [text(&record["client"]), text(&record["server"])];
        if ends != [connection.client.as_str(), connection.server.as_str()] {
            account.differ("connections between others".to_owned(), first_frame);
        }
        let (Some(ending), Some(closer)) = (connection.ending, connection.closer) else { return };
        let initiator = &record["initiator"];
        let said = [text(&record["kind"]), text(&initiator["peer"]), text(&initiator["by"])];
        let expected = result_of(ending, closer);
        if said != expected {
            account.differ(format!("{} {expected:?} is called {said:?}", ending.name()), first_frame);
        }
    }
}

/// Role and waves of a segment of `connection`.
fn said_of(scripted: &Scripted, connection: &Connection) -> [&'static str; 2] {
    let holds = |condition| match condition {
        "always" => true,
        "ports just used" => connection.ports == Ports::JustUsed,
        "other ports" => connection.ports != Ports::JustUsed,
        "reply form" => scripted.reply_form,
        "other form" => !scripted.reply_form,
        _ => false,
    };
    let mut rows = rows::<4>(PARTS);
    let row = rows.find(|[name, when, ..]| *name == scripted.part.name() && holds(when));
    row.map_or(["?", "?"], |[_, _, role, waves]| [role, waves])
}

/// Kind of a connection with this ending, its initiator, and by what.
fn result_of(ending: Ending, closer: Peer) -> [&'static str; 3] {
    let row = rows::<4>(ENDINGS).find(|[name, ..]| *name == ending.name());
    let [_, kind, initiator, by] = row.unwrap_or(["?"; 4]);
    [kind, if initiator == "closer" { name(closer) } else { initiator }, by]
}

/// The lines of a table that are no comments.
fn rows<const COLUMNS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

fn name(peer: Peer) -> &'static str {
    match peer {
        Peer::Client => "client",
        Peer::Server => "server",
    }
}

fn text(value: &Value) -> &str {
    if value.is_null() { "null" } else { value.as_str().unwrap_or("?") }
}
