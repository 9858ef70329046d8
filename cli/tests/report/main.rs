//! `fourwave report` as its readers see it: opened from disk in a browser, and used.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use fourwave_generator::{Nobody, Plan, Profile, generate};
use fourwave_tests::flow::Flow;
use fourwave_tests::python::Python;
use fourwave_tests::{capture, here};
use tempfile::TempDir;

use support::{Capture, fourwave, run};

/// A report and the records of the same connections.
struct Report {
    folder: TempDir,
}

impl Report {
    /// That of a folder of captures.
    fn of(captures: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let captures = captures.to_str().unwrap();
        for (command, file) in [("report", "report.html"), ("connections", "records.jsonl")] {
            let output =
                fourwave(&[command, captures, "-o", file]).current_dir(folder.path()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        Self { folder }
    }

    /// Hundreds of endings by a kernel.
    fn of_kernel() -> Self {
        Self::of(&here("truth/linux"))
    }

    /// Lets the browser do `task`.
    fn drive(&self, task: &str, arguments: &[&str]) -> String {
        let arguments = [&[task, "report.html"], arguments].concat();
        Python { test: "report" }.run("drive.py", &arguments, self.folder.path()).unwrap()
    }

    fn page(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("report.html")).unwrap()
    }
}

#[test]
fn counts_are_those_of_the_records() {
    Report::of_kernel().drive("overview", &["records.jsonl"]);
}

#[test]
fn the_list_sorts_and_filters() {
    Report::of_kernel().drive("table", &["records.jsonl"]);
}

#[test]
fn a_connection_has_an_address() {
    Report::of_kernel().drive("connection", &["records.jsonl"]);
}

#[test]
fn both_languages_say_everything() {
    Report::of_kernel().drive("language", &[]);
}

#[test]
fn skipped_packets_have_reasons_in_both_languages() {
    let folder = TempDir::new().unwrap();
    let mut capture = Capture::default().four_way(40_000);
    capture.arp();
    fs::write(folder.path().join("a.pcap"), capture.octets).unwrap();
    Report::of(folder.path()).drive("skipped", &["not IP", "不是 IP"]);
}

#[test]
fn colours_follow_the_system_and_the_switch() {
    Report::of_kernel().drive("colours", &[]);
}

#[test]
fn a_keyboard_is_enough() {
    Report::of_kernel().drive("keyboard", &[]);
}

/// What asks for a connection by its number repeats what its number depends on.
#[test]
fn the_command_line_of_a_connection_numbers_alike() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it's.pcap"), Capture::default().four_way(40_000).octets).unwrap();
    let page = folder.path().join("report.html");
    let args = ["report", "--series", "off", "--key", "vlan", "--idle", "0.5", "--max-connections", "7"];
    let mut command = fourwave(&args);
    command.args(["it's.pcap", "-o"]).arg(&page).current_dir(folder.path());
    assert!(command.output().unwrap().status.success());
    let report = Report { folder };
    let words = "fourwave explain --connection 1 --idle 0.5 --key vlan --series off --max-connections 7";
    report.drive("command", &[&format!(r"{words} 'it'\''s.pcap'")]);
}

#[test]
fn a_page_says_if_not_everything_was_read() {
    let capture = Capture::default().four_way(40_000).octets;
    let interrupted = "The run was interrupted: only what was known by then is shown.";
    let damaged = "Not everything could be read to its end: what could is shown.";
    for (octets, is_interrupted, notices) in [
        (&capture[..], false, [None, None]),
        (&capture, true, [Some(interrupted), None]),
        (&capture[..capture.len() - 5], false, [Some(damaged), None]),
        // Nor are there connections.
        (&capture[..30], false, [Some("No TCP connection was seen."), Some(damaged)]),
    ] {
        let folder = TempDir::new().unwrap();
        let mut command = fourwave(&["report", "-", "-o", "report.html"]);
        let mut child = command.current_dir(folder.path()).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(octets).unwrap();
        if is_interrupted {
            // Time to start and to read; there is no output to wait for.
            thread::sleep(Duration::from_secs(2));
            let kill = ["-INT", &child.id().to_string()];
            assert!(Command::new("kill").args(kill).status().unwrap().success());
            child.wait().unwrap();
        }
        drop(stdin);
        child.wait().unwrap();
        let notices: Vec<_> = notices.into_iter().flatten().collect();
        Report { folder }.drive("notices", &notices);
    }
}

#[test]
fn what_a_capture_holds_injects_nothing() {
    let attack = "</script><img src=x onerror=injected=1>";
    let hex: String = attack.bytes().map(|octet| format!("{octet:02x}")).collect();
    let len = attack.len();
    let script = format!(
        "A reset with a text.\nopened\n\n1.000 S > C R. 300:{}({len}) ack 100 hex {hex}\n",
        300 + len
    );
    let flow = Flow::parse(&script).unwrap();
    let folder = TempDir::new().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    let name = "<img src=x onerror=injected=2>\u{1b}]0;title\u{7}.pcap";
    fs::write(captures.join(name), capture::pcap(&flow)).unwrap();
    let report = Report::of(&captures);
    let page = report.page();
    for needle in [&b"onerror"[..], b"<img"] {
        assert!(!page.windows(needle.len()).any(|octets| octets == needle));
    }
    report.drive("harmless", &[attack, "<img src=x onerror=injected=2>"]);
}

/// With 100,000 it is 2 s on a machine that does nothing else; here other tests run beside it.
#[test]
fn many_connections_are_shown_soon() {
    let folder = captures_of(20_000);
    let report = Report::of(folder.path());
    report.drive("fast", &["2"]);
    assert!(report.page().len() < 20_000_000);
}

#[test]
fn a_page_is_not_for_a_terminal_and_can_go_into_a_pipe() {
    let output = run(&["report", "-"], &Capture::default().four_way(40_000).octets);
    assert_eq!(output.status.code(), Some(0));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
}

#[test]
fn the_page_is_the_same_for_any_number_of_threads() {
    let folder = captures_of(2000);
    let path = folder.path().to_str().unwrap();
    let page = |jobs| run(&["report", path, "--jobs", jobs], &[]).stdout;
    assert_eq!(page("1"), page("2"));
}

/// A folder with a capture of so many generated connections.
fn captures_of(connections: u64) -> TempDir {
    let folder = TempDir::new().unwrap();
    let plan = Plan::new(Profile::Churn { connections, concurrent: 256, stretch: 10 }, 11);
    let file = File::create(folder.path().join("churn.pcap")).unwrap();
    generate(&plan, BufWriter::new(file), &mut Nobody).unwrap();
    folder
}
