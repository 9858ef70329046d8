//! `connections --watch`: a line a connection as soon as it ends, from a pipe or a file that grows.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use support::archive::HEADER;
use support::{Capture, fourwave};

/// How long a line may take that is on its way.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing comes if nothing is on its way.
const SILENCE: Duration = Duration::from_millis(400);

/// A program that watches, and the lines that it has printed.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(args: &[&str]) -> Self {
        let args = [&["connections", "--watch"], args].concat();
        let mut child = fourwave(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// The next line, which has to come.
    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }

    /// The kind in the next line, a record.
    fn kind(&self) -> String {
        let record: Value = serde_json::from_str(&self.line()).unwrap();
        record["kind"].as_str().unwrap().to_owned()
    }

    fn is_silent(&self) -> bool {
        self.lines.recv_timeout(SILENCE).is_err()
    }

    /// Presses Ctrl-C. The exit code, and what else was printed.
    #[cfg(unix)]
    fn interrupt(mut self) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        (self.child.wait().unwrap().code(), self.lines.iter().collect())
    }
}

/// Adds to a file what is in `capture` behind the first `from` octets.
fn grow(file: &mut File, capture: &Capture, from: usize) -> usize {
    file.write_all(&capture.octets[from..]).unwrap();
    capture.octets.len()
}

#[cfg(unix)]
#[test]
fn a_growing_file_is_followed_until_an_interrupt() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("now.pcap");
    let mut file = File::create(&path).unwrap();
    let watch = Watch::start(&[path.to_str().unwrap()]);

    let capture = Capture::default().four_way(40_000);
    // The last packet in two halves.
    let (most, rest) = capture.octets.split_at(capture.octets.len() - 20);
    file.write_all(most).unwrap();
    assert!(watch.is_silent());
    file.write_all(rest).unwrap();
    assert_eq!(watch.kind(), "four-way");

    let written = capture.octets.len();
    let mut capture = capture.reset(40_001);
    let written = grow(&mut file, &capture, written);
    assert_eq!(watch.kind(), "reset");
    capture.open(40_002);
    grow(&mut file, &capture, written);
    assert!(watch.is_silent());

    // What is open is told of at the end, what was told of is not told again.
    let (code, lines) = watch.interrupt();
    assert_eq!(code, Some(130));
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(line.contains("\"kind\":\"open-at-end\""), "{line}");
}

#[test]
fn a_pipe_is_followed_to_its_end() {
    let mut watch = Watch::start(&["--format", "text", "-"]);
    let mut stdin = watch.child.stdin.take().unwrap();
    let capture = Capture::default().four_way(40_000);
    stdin.write_all(&capture.octets).unwrap();
    stdin.flush().unwrap();
    assert!(watch.line().contains("four-way close"));
    assert!(watch.is_silent());
    let longer = Capture::default().four_way(40_000).reset(40_001);
    stdin.write_all(&longer.octets[capture.octets.len()..]).unwrap();
    stdin.flush().unwrap();
    assert!(watch.line().contains("reset"));
    drop(stdin);
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
    assert_eq!(watch.lines.iter().count(), 0);
}

/// Each connection is told of once, whatever comes after its end.
#[test]
fn every_connection_has_one_line() {
    let capture = fs::read(fourwave_tests::here("truth/linux/mix_200.pcap")).unwrap();
    let mut watch = Watch::start(&["--fields", "connection", "-"]);
    let mut stdin = watch.child.stdin.take().unwrap();
    assert!(capture.len() > HEADER);
    stdin.write_all(&capture).unwrap();
    drop(stdin);
    let mut watched: Vec<String> = watch.lines.iter().collect();
    let all = support::stdout(&["connections", "--fields", "connection", "-"], &capture, 0);
    let mut all: Vec<&str> = all.lines().collect();
    watched.sort_unstable();
    all.sort_unstable();
    assert_eq!(watched, all);
    assert!(all.len() > 100);
}

#[test]
fn one_input_is_watched() {
    let output = fourwave(&["connections", "--watch", "-", "."]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--watch follows one input"), "{said}");
}
