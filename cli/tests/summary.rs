//! The summary of a run adds up, says the same however the run was made, and is there after an interruption.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use fourwave_generator::{Nobody, Plan, Profile, generate};
use fourwave_tests::public_captures;
use serde_json::{Value, json};
use support::archive::{Folder, HEADER, RECORD, cut, interwoven};
use support::schema::assert_valid;
use support::{Capture, fourwave};

/// Runs the program with `--summary`; it must end with `code`.
fn summary(args: &[&str], code: i32) -> Value {
    let folder = Folder::with(&[]);
    let path = folder.path("summary.json");
    let output = fourwave(args).arg("--summary").arg(&path).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {message}");
    checked(&path)
}

/// Reads a summary, in which everything adds up.
fn checked(path: &Path) -> Value {
    let summary: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_valid("summary", &summary);
    let number = |key: &str| summary[key].as_u64().unwrap();
    let sum = |key: &str| {
        summary[key].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(number("packets"), number("packets_with_segments") + sum("skipped"), "{summary}");
    for key in ["kinds", "initiators", "client_bases"] {
        assert_eq!(number("connections"), sum(key), "{summary}");
    }
    let files = &summary["files"];
    let parts = ["read", "damaged", "kept", "unread"].map(|key| files[key].as_u64().unwrap());
    assert_eq!(files["count"].as_u64().unwrap(), parts.iter().sum::<u64>(), "{summary}");
    assert_eq!(summary["modifiers"]["evicted"].as_u64().unwrap_or(0), sum("evictions"), "{summary}");
    assert!(number("segments") >= number("packets_with_segments"), "{summary}");
    summary
}

/// A summary without what differs from run to run.
fn lasting(mut summary: Value) -> Value {
    for key in ["wall_seconds", "packets_per_second"] {
        assert!(summary[key].take().as_f64().unwrap() >= 0.0);
    }
    summary
}

/// Writes a capture of short connections.
fn churn(path: &Path, connections: u64) {
    let plan = Plan::new(Profile::Churn { connections, concurrent: 64, stretch: 10 }, 1);
    generate(&plan, File::create(path).unwrap(), &mut Nobody).unwrap();
}

#[test]
fn every_count_is_as_the_capture_has_it() {
    let mut capture = Capture::default().four_way(1).four_way(2).reset(3);
    capture.open(4);
    capture.arp();
    let size = capture.octets.len();
    let folder = Folder::with(&[("a", &capture.octets), ("b", b"no capture at all")]);
    let mut summary = summary(&["connections", folder.path("").to_str().unwrap()], 1);
    assert!(summary["octets_read"].take().as_u64().unwrap() >= size as u64);
    assert!(!summary["modifiers"].take().is_null());
    let expected = json!({
        "summary": 1, "version": env!("CARGO_PKG_VERSION"), "command": "connections", "end": "damaged",
        "files": {"count": 2, "read": 1, "damaged": 1, "kept": 0, "unread": 0},
        "series": {"read": 2, "kept": 0}, "octets_read": null,
        "packets": 22, "packets_with_segments": 21, "segments": 21, "skipped": {"not IP": 1},
        "bad_checksums": null, "connections": 4,
        "kinds": {"four-way": 2, "reset": 1, "open-at-end": 1},
        "initiators": {"client": 2, "server": 1, "none": 1},
        "client_bases": {"syn": 4}, "modifiers": null, "findings": {"rst-abort": 1},
        "evictions": {"idle": 0, "max_connections": 0}, "most_tracked": 4,
        "wall_seconds": null, "packets_per_second": null,
    });
    assert_eq!(lasting(summary), expected);
}

#[test]
fn sums_add_up_for_public_captures() {
    let Some(folder) = public_captures() else { return };
    let directory = folder.join("files");
    let run = |path: &Path, args: &[&str]| {
        let output = Folder::with(&[]);
        let summary = output.path("summary.json");
        let mut command = fourwave(args);
        command.arg(path).arg("--summary").arg(&summary).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().code().is_some_and(|code| code < 2), "{}", path.display());
        checked(&summary)
    };
    for args in
        [&["connections", "--series", "off"][..], &["annotate", "--series", "off", "--verify-checksums"]]
    {
        let all = run(&directory, args);
        let mut files: Vec<_> =
            fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let parts: Vec<_> = files.iter().map(|file| run(file, args)).collect();
        assert!(all["packets"].as_u64().unwrap() > 1000);
        for key in ["packets", "packets_with_segments", "segments", "connections", "octets_read"] {
            let sum: u64 = parts.iter().map(|part| part[key].as_u64().unwrap()).sum();
            assert_eq!(all[key], json!(sum), "{args:?}: {key}");
        }
    }
}

#[test]
fn commands_threads_filters_and_batches_do_not_matter() {
    let folder = Folder::with(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    churn(&folder.path("in/churn"), 2000);
    let pieces = cut(&interwoven(20), 40);
    for (name, piece) in ["x1", "x2", "x3", "x4"].iter().zip(&pieces) {
        fs::write(folder.path("in").join(name), piece).unwrap();
    }
    let (input, output) = (folder.path("in"), folder.path("out"));
    let (input, output) = (input.to_str().unwrap(), output.to_str().unwrap());
    let of = |args: &[&str]| {
        let mut summary = lasting(summary(&[args, &[input]].concat(), 0));
        // Only `stats` looks at checksums of its own accord.
        assert!(summary["command"].take().is_string() && summary["bad_checksums"].take().is_null());
        summary
    };
    let expected = of(&["connections", "--jobs", "1"]);
    assert_eq!(expected["connections"], 2020);
    assert_eq!(expected["series"], json!({"read": 2, "kept": 0}));
    for args in [
        &["connections", "--jobs", "2"][..],
        &["connections", "--kind", "reset", "--role", "rst-abort"],
        &["connections", "--output-dir", output],
        &["annotate", "--jobs", "1"],
        &["annotate", "--jobs", "3", "--hindsight", "--kind", "four-way"],
    ] {
        assert_eq!(of(args), expected, "{args:?}");
    }
    let checksums = &summary(&["stats", input], 0)["bad_checksums"];
    assert_eq!(checksums.as_u64(), Some(140), "those of the pieces");
    // Now all is there.
    let kept = of(&["connections", "--output-dir", output, "--resume"]);
    assert_eq!(kept["files"], json!({"count": 5, "read": 0, "damaged": 0, "kept": 5, "unread": 0}));
    assert_eq!((&kept["series"], &kept["packets"]), (&json!({"read": 0, "kept": 2}), &json!(0)));
}

#[test]
fn evictions_have_their_reasons() {
    let folder = Folder::with(&[]);
    let path = folder.path("churn");
    churn(&path, 2000);
    let path = path.to_str().unwrap();
    let evictions = |args: &[&str]| {
        let summary = summary(&[&["connections", path][..], args].concat(), 0);
        // What goes on after an eviction counts once more.
        assert!(summary["connections"].as_u64().unwrap() >= 2000);
        let count = |reason: &str| summary["evictions"][reason].as_u64().unwrap();
        (count("idle"), count("max_connections"), summary["most_tracked"].as_u64().unwrap())
    };
    let (idle, pushed_out, most) = evictions(&["--max-connections", "50"]);
    assert!(idle == 0 && pushed_out > 0 && most == 50, "{idle} {pushed_out} {most}");
    let (idle, pushed_out, _) = evictions(&["--idle", "0.001"]);
    assert!(idle > 0 && pushed_out == 0, "{idle} {pushed_out}");
}

#[test]
fn it_gets_its_name_when_it_is_complete() {
    let folder = Folder::with(&[("summary.json", b"old")]);
    let path = folder.path("summary.json");
    let args = ["connections", "-", "--summary", path.to_str().unwrap()];
    let mut child = fourwave(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&Capture::default().reset(1).octets).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    drop(stdin);
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(checked(&path)["packets"], 4);
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 1);
}

#[test]
fn a_summary_that_cannot_be_written_ends_the_run_before_it_begins() {
    let output = fourwave(&["connections", "-", "--summary", "/no/such/folder/summary.json"])
        .stdin(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write /no/such/folder/summary.json"));
}

/// Sends SIGINT.
fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &pid]).status().unwrap().success());
}

#[test]
fn an_interrupted_run_prints_and_counts_what_is_known() {
    let folder = Folder::with(&[]);
    let (capture, path) = (folder.path("churn"), folder.path("summary.json"));
    churn(&capture, 20_000);
    for jobs in ["1", "2"] {
        let args = ["connections", capture.to_str().unwrap(), "--jobs", jobs, "--max-connections", "100"];
        let mut child = fourwave(&args)
            .arg("--summary")
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // With the first record read, and no other, it waits in the middle of its input.
        let mut stdout = child.stdout.take().unwrap();
        let mut records = vec![0];
        stdout.read_exact(&mut records).unwrap();
        interrupt(&child);
        // The signal is delivered before the pipe is emptied.
        std::thread::sleep(Duration::from_millis(300));
        stdout.read_to_end(&mut records).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let summary = checked(&path);
        assert_eq!((&summary["end"], &summary["files"]["unread"]), (&json!("interrupted"), &json!(1)));
        let records: Vec<Value> = String::from_utf8(records)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(summary["connections"], json!(records.len()), "--jobs {jobs}");
        assert!(records.len() < 20_000, "--jobs {jobs}: it was not interrupted");
        assert!(summary["octets_read"].as_u64().unwrap() < capture.metadata().unwrap().len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_read_is_counted_where_the_output_is_full() {
    let folder = Folder::with(&[("a", &Capture::default().four_way(1).octets)]);
    let (input, path) = (folder.path("a"), folder.path("summary.json"));
    for args in [&["connections"][..], &["stats"], &["report"], &["annotate", "--format", "pcapng"]] {
        let mut command = fourwave(args);
        command.args(["-o", "/dev/full", "--summary"]).args([&path, &input]);
        let output = command.output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        let full = "fourwave: error: cannot write /dev/full: No space left on device (os error 28)\n";
        assert_eq!((output.status.code(), message.as_str()), (Some(1), full), "{args:?}");
        let summary = checked(&path);
        assert_eq!((&summary["end"], &summary["packets"]), (&json!("interrupted"), &json!(7)), "{args:?}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn what_was_read_is_counted_where_nobody_reads_on() {
    let folder = Folder::with(&[]);
    let (capture, path) = (folder.path("churn"), folder.path("summary.json"));
    churn(&capture, 20_000);
    let mut child = fourwave(&["annotate", capture.to_str().unwrap()])
        .arg("--summary")
        .arg(&path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
    let summary = checked(&path);
    assert_eq!((&summary["end"], &summary["files"]["unread"]), (&json!("interrupted"), &json!(1)));
    assert!(summary["packets"].as_u64().unwrap() > 0);
}

#[test]
fn what_was_read_is_counted_where_an_output_cannot_be_begun() {
    let capture = Capture::default().four_way(1).octets;
    let folder = Folder::with(&[("a", &capture), ("b", &capture)]);
    let (output, path) = (folder.path("out"), folder.path("summary.json"));
    fs::create_dir_all(output.join(".b.jsonl.partial")).unwrap();
    let mut command = fourwave(&["connections", "--series", "off", "--jobs", "1", "--output-dir"]);
    command.arg(&output).arg("--summary").args([&path, &folder.path("a"), &folder.path("b")]);
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    let summary = checked(&path);
    assert_eq!(summary["end"], "interrupted");
    assert_eq!(summary["files"], json!({"count": 2, "read": 1, "damaged": 0, "kept": 0, "unread": 1}));
}

#[test]
fn an_interrupted_series_gets_no_output() {
    let folder = Folder::with(&[("a", &Capture::default().four_way(1).octets)]);
    let (input, output, path) = (folder.path("a"), folder.path("out"), folder.path("summary.json"));
    let arguments = |command: &mut Command| {
        command.arg(&input).arg("-").arg("--output-dir").arg(&output).arg("--summary").arg(&path);
    };
    let mut command = fourwave(&["connections"]);
    arguments(&mut command);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&Capture::default().reset(1).octets).unwrap();
    wait_for("a second series", || output.join(".stdin.jsonl.partial").exists());
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let summary = checked(&path);
    assert_eq!(summary["files"], json!({"count": 2, "read": 1, "damaged": 0, "kept": 0, "unread": 1}));
    let names: Vec<_> = fs::read_dir(&output).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.len() == 2 && names.iter().all(|name| name != "stdin.jsonl"), "{names:?}");
    // What was complete is kept.
    drop(stdin);
    let mut command = fourwave(&["connections", "--resume"]);
    arguments(&mut command);
    assert_eq!(command.stdin(Stdio::null()).status().unwrap().code(), Some(1), "nothing is no capture");
    assert_eq!(checked(&path)["series"], json!({"read": 1, "kept": 1}));
}

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_there() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Runs `connections` on a capture that comes in two halves with more than a second between them.
fn slowly(mut command: Command) -> Output {
    let capture = Capture::default().four_way(1).four_way(2).octets;
    let (first, second) = capture.split_at(HEADER + 7 * RECORD);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(first).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    stdin.write_all(second).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn progress_is_shown_where_asked_for() {
    let said = |args: &[&str]| {
        let output = slowly(fourwave(&[&["connections", "-", "--fields", "kind"][..], args].concat()));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "{\"kind\":\"four-way\"}\n".repeat(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let always = said(&["--progress", "always"]);
    let lines: Vec<_> = always.lines().collect();
    assert_eq!(lines[0], "fourwave: progress: 514 B, 0 of 1 files, 0 packets/s");
    assert_eq!(lines[1], "fourwave: 1 of 1 files read; 1 series");
    assert!(
        lines[2].starts_with("fourwave: 14 packets in ") && lines[2].ends_with("; 14 with TCP"),
        "{always}"
    );
    assert_eq!(
        lines[3..],
        ["fourwave: 2 connections", "fourwave:   kinds: four-way 2", "fourwave:   closed first by: client 2",]
    );
    assert_eq!(said(&[]), "");
    assert_eq!(said(&["--progress", "never"]), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_bar_stands_on_a_terminal_until_the_end() {
    let folder = Folder::with(&[]);
    let (program, out) = (fourwave(&[]), folder.path("out"));
    // The terminal is standard error alone.
    let line = format!(
        "'{}' connections - < '{}' | cat > '{}'",
        program.get_program().to_str().unwrap(),
        folder.path("capture").display(),
        out.display()
    );
    let status = Command::new("mkfifo").arg(folder.path("capture")).status().unwrap();
    assert!(status.success());
    let child = Command::new("script")
        .args(["-q", "-e", "-c", &line, "/dev/null"])
        .env("LC_ALL", "C")
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script starts (apt-get install bsdutils)");
    let mut capture = File::options().write(true).open(folder.path("capture")).unwrap();
    capture.write_all(&Capture::default().four_way(1).octets).unwrap();
    std::thread::sleep(Duration::from_millis(1700));
    capture.write_all(&[0xff; 16]).unwrap();
    drop(capture);
    let screen = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let bar = screen.find("0 of 1 files").expect("a bar");
    let error = screen.find("fourwave: error: -: ").expect("an error");
    let end = screen.find("fourwave: 0 of 1 files read, 1 damaged; 1 series").expect("a summary");
    assert!(bar < error && error < end, "{screen}");
    // Each begins a line, which was cleared before.
    for at in [error, end] {
        assert!(screen[..at].ends_with(['\n', '\r', 'K']), "{screen:?}");
    }
    assert_eq!(fs::read_to_string(out).unwrap().lines().count(), 1);
}
