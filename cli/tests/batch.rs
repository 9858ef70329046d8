//! Batch runs: an output a series, the manifest, and what a later run does again.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use support::archive::{Folder, cut, interwoven};
use support::batch::{contents, folder};
use support::{Capture, fourwave, stdout};

/// A series of two files, and a capture of its own.
fn two_series() -> Folder {
    let pieces = cut(&interwoven(20), 80);
    folder(&[("x1", &pieces[0]), ("x2", &pieces[1]), ("y", &Capture::default().reset(1).octets)])
}

#[test]
fn each_series_has_an_output_with_numbers_of_its_own() {
    let folder = two_series();
    folder.succeed(&["--format", "csv", "--fields", "connection,kind"]);
    let outputs = folder.outputs();
    assert_eq!(folder.names(), ["manifest.json", "x1.csv", "y.csv"]);
    assert_eq!(outputs["y.csv"], b"connection,kind\n1,reset\n");
    assert_eq!(String::from_utf8_lossy(&outputs["x1.csv"]).lines().count(), 21);
}

#[test]
fn an_output_is_what_a_run_over_its_series_prints() {
    let folder = two_series();
    folder.succeed(&[]);
    let files = ["x1", "x2"].map(|name| folder.path("in").join(name).display().to_string());
    let printed = stdout(&["connections", &files[0], &files[1]], &[], 0);
    assert_eq!(String::from_utf8_lossy(&folder.outputs()["x1.jsonl"]), printed);
}

#[test]
fn the_manifest_says_what_was_made_of_what() {
    let folder = two_series();
    folder.succeed(&[]);
    let mut manifest = folder.manifest();
    assert_eq!(manifest["manifest"], 1);
    let series = manifest["series"]["x1.jsonl"].take();
    let names = ["x1", "x2"].map(|name| folder.path("in").join(name).display().to_string());
    for (input, name) in series["inputs"].as_array().unwrap().iter().zip(&names) {
        let metadata = fs::metadata(name).unwrap();
        let mtime = metadata.modified().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
        assert_eq!(input["file"], json!(name));
        assert_eq!(input["identity"]["size"], json!(metadata.len()));
        assert_eq!(input["identity"]["mtime_ns"], json!(u64::try_from(mtime).unwrap()));
        assert_eq!(input["identity"]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(input["problem"], Value::Null);
    }
    assert_eq!(series["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(series["output"]["size"], json!(folder.outputs()["x1.jsonl"].len()));
    let counts = json!({"packets": 140, "packets_with_segments": 140, "segments": 140, "skipped": {}, "connections": 20});
    assert_eq!(series["counts"], counts);
}

#[test]
fn what_is_unchanged_is_not_made_again() {
    let folder = two_series();
    folder.succeed(&[]);
    let (before, times) = (folder.outputs(), ["x1.jsonl", "y.jsonl"].map(|name| folder.written(name)));
    folder.succeed(&["--resume"]);
    assert_eq!(folder.outputs(), before);
    assert_eq!(["x1.jsonl", "y.jsonl"].map(|name| folder.written(name)), times);
    // Without the option everything is.
    folder.succeed(&[]);
    assert_eq!(folder.outputs(), before);
    assert!(
        ["x1.jsonl", "y.jsonl"]
            .map(|name| folder.written(name))
            .iter()
            .zip(times)
            .all(|(now, then)| *now > then)
    );
}

#[test]
fn what_is_changed_is_made_again() {
    let folder = two_series();
    folder.succeed(&[]);
    let written = folder.written("x1.jsonl");
    fs::write(folder.path("in/y"), Capture::default().four_way(2).octets).unwrap();
    folder.succeed(&["--resume"]);
    assert!(String::from_utf8_lossy(&folder.outputs()["y.jsonl"]).contains("four-way"));
    assert_eq!(folder.written("x1.jsonl"), written);
    // An output that is not as it was left.
    fs::write(folder.path("out/y.jsonl"), "").unwrap();
    folder.succeed(&["--resume"]);
    assert_eq!(folder.written("x1.jsonl"), written);
    assert_eq!(folder.outputs(), folder.afresh(&[]));
    // Other options.
    folder.succeed(&["--resume", "--kind", "reset"]);
    assert!(folder.outputs()["x1.jsonl"].is_empty());
}

#[test]
fn a_series_grows_at_both_ends() {
    let pieces = cut(&interwoven(20), 40);
    let folder = folder(&[("x2", &pieces[1])]);
    folder.succeed(&[]);
    fs::write(folder.path("in/x3"), &pieces[2]).unwrap();
    folder.succeed(&["--resume"]);
    assert_eq!(folder.outputs(), folder.afresh(&[]));
    assert_eq!(folder.manifest()["series"]["x2.jsonl"]["inputs"].as_array().unwrap().len(), 2);
    // Now it begins with another file, and its output has another name.
    fs::write(folder.path("in/x1"), &pieces[0]).unwrap();
    folder.succeed(&["--resume"]);
    assert_eq!(folder.names(), ["manifest.json", "x1.jsonl"]);
    assert_eq!(folder.outputs(), folder.afresh(&[]));
}

#[test]
fn other_inputs_leave_what_was_made_before() {
    let folder = two_series();
    folder.succeed(&[]);
    let before = folder.outputs();
    fs::rename(folder.path("in"), folder.path("yesterday")).unwrap();
    fs::create_dir(folder.path("in")).unwrap();
    fs::write(folder.path("in/z"), Capture::default().reset(1).octets).unwrap();
    folder.succeed(&["--resume"]);
    let after = folder.outputs();
    assert_eq!(folder.names(), ["manifest.json", "x1.jsonl", "y.jsonl", "z.jsonl"]);
    assert_eq!(after["x1.jsonl"], before["x1.jsonl"]);
    assert_eq!(folder.manifest()["series"].as_object().unwrap().len(), 3);
}

/// Under other names: another format, or series that another option makes.
#[test]
fn other_options_leave_what_was_made_before() {
    let folder = two_series();
    folder.succeed(&["--series", "off"]);
    let before = folder.outputs();
    folder.succeed(&["--format", "csv", "--resume"]);
    folder.succeed(&["--resume"]);
    let mut after = folder.outputs();
    assert_eq!(folder.names(), ["manifest.json", "x1.csv", "x1.jsonl", "x2.jsonl", "y.csv", "y.jsonl"]);
    assert_eq!(after["x2.jsonl"], before["x2.jsonl"]);
    assert_ne!(after["x1.jsonl"], before["x1.jsonl"]);
    // All of it is known, and valid.
    let (summary, _) = folder.resume(&["--format", "csv"], 0);
    assert_eq!(summary["series"], json!({"read": 0, "kept": 2}));
    assert_eq!(folder.outputs().remove("manifest.json"), after.remove("manifest.json"));
}

/// Those that have the names of its own, that is.
#[test]
fn another_command_does_not_replace_what_was_made_before() {
    let folder = two_series();
    folder.succeed(&[]);
    let before = folder.outputs();
    let [input, output] = ["in", "out"].map(|name| folder.path(name).display().to_string());
    let annotate = |more: &[&str]| {
        fourwave(&[&["annotate", &input, "--output-dir", &output], more].concat()).output().unwrap()
    };
    let refused = annotate(&["--resume"]);
    let taken = folder.path("out/x1.jsonl").display().to_string();
    let message = format!(
        "fourwave: error: {taken}: was made by connections; expected another directory for --resume with annotate\n"
    );
    assert_eq!((refused.status.code(), String::from_utf8(refused.stderr).unwrap()), (Some(2), message));
    assert_eq!(folder.outputs(), before);
    // Names of another format are free, and each command goes on with its own.
    assert_eq!(annotate(&["--resume", "--format", "csv"]).status.code(), Some(0));
    let (summary, _) = folder.resume(&[], 0);
    assert_eq!(summary["series"], json!({"read": 0, "kept": 2}));
    assert_eq!(folder.names(), ["manifest.json", "x1.csv", "x1.jsonl", "y.csv", "y.jsonl"]);
    // All of it afresh is what was asked for without it.
    assert_eq!(annotate(&[]).status.code(), Some(0));
    assert_ne!(folder.outputs()["x1.jsonl"], before["x1.jsonl"]);
}

#[test]
fn damage_is_noted_and_said_again() {
    let whole = Capture::default().four_way(1).octets;
    let folder =
        folder(&[("cut", &whole[..whole.len() - 1]), ("notes", b"Meeting at ten"), ("whole", &whole)]);
    for resume in [&[][..], &["--resume"]] {
        let output = folder.batch(resume);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(
            message.contains("in/cut: packet 7 at octet 444") && message.contains("in/notes: not in"),
            "{message}"
        );
        let names: Vec<_> = folder.outputs().into_keys().collect();
        assert_eq!(names, ["cut.jsonl", "manifest.json", "whole.jsonl"]);
    }
    let series = folder.manifest()["series"].take();
    assert!(series["cut.jsonl"]["inputs"][0]["problem"]["damaged"].as_str().unwrap().contains("octet 444"));
    assert_eq!(series["notes.jsonl"]["output"], Value::Null);
    assert_eq!(series["whole.jsonl"]["inputs"][0]["problem"], Value::Null);
}

#[test]
fn a_killed_run_goes_on_and_ends_with_the_same_octets() {
    let large = interwoven(20_000);
    let folder = folder(&[("a", &interwoven(20)), ("b", &large), ("c", &large), ("d", &large)]);
    interrupt(&folder, "KILL");
    resume(&folder);
}

#[test]
fn an_interrupted_run_leaves_nothing_half_written_and_goes_on() {
    let large = interwoven(20_000);
    let folder = folder(&[("a", &interwoven(20)), ("b", &large), ("c", &large), ("d", &large)]);
    interrupt(&folder, "INT");
    assert!(folder.outputs().keys().all(|name| !name.ends_with(".partial")), "{:?}", folder.outputs().keys());
    resume(&folder);
}

/// Starts a batch and sends it a signal when it has completed something, but not everything.
fn interrupt(folder: &Folder, signal: &str) {
    let (input, output) = (folder.path("in"), folder.path("out"));
    let args = ["connections", input.to_str().unwrap(), "--output-dir", output.to_str().unwrap()];
    let mut child = fourwave(&args).stdout(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !(output.join("manifest.json").exists() && output.join(".b.jsonl.partial").exists()) {
        assert!(Instant::now() < deadline, "nothing was completed");
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
    let code = child.wait().unwrap().code();
    assert_eq!(code, if signal == "KILL" { None } else { Some(130) });
    assert!(output.join("a.jsonl").exists() && !output.join("d.jsonl").exists());
}

/// Goes on with the batch: what was completed stays, and all is as in an undisturbed run.
fn resume(folder: &Folder) {
    let written = folder.written("a.jsonl");
    folder.succeed(&["--resume"]);
    assert_eq!(folder.written("a.jsonl"), written);
    let undisturbed = folder.afresh(&[]);
    assert_eq!(undisturbed.len(), 8, "four outputs, three checkpoints, the manifest");
    assert!(folder.outputs() == undisturbed, "{:?} is not {:?}", folder.outputs().keys(), undisturbed.keys());
}

#[cfg(unix)]
#[test]
fn what_has_no_room_on_the_disk_is_told_and_others_go_on() {
    let folder = folder(&[("a", &interwoven(20)), ("b", &interwoven(2000)), ("c", &interwoven(30))]);
    // In place of a full disk: no file may be longer than 512 KiB.
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"";
    let program = fourwave(&[]);
    let (input, output) = (folder.path("in"), folder.path("out"));
    let run = |resume: &[&str]| {
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(program.get_program()).arg("connections").arg(&input);
        command.arg("--output-dir").arg(&output).args(resume).output().unwrap()
    };
    for resume in [&[][..], &["--resume"]] {
        let ended = run(resume);
        let message = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{message}");
        assert!(message.contains("cannot write") && message.contains("b.jsonl"), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert_eq!(folder.outputs().into_keys().collect::<Vec<_>>(), ["a.jsonl", "c.jsonl", "manifest.json"]);
    }
    folder.succeed(&["--resume"]);
    assert_eq!(folder.outputs(), folder.afresh(&[]));
}

#[test]
fn an_output_whose_name_is_taken_is_told_and_others_go_on() {
    let folder = two_series();
    fs::create_dir_all(folder.path("out/x1.jsonl")).unwrap();
    let (summary, message) = folder.resume(&[], 1);
    let taken = folder.path("out/x1.jsonl").display().to_string();
    assert_eq!(message, format!("fourwave: error: cannot rename to {taken}: Is a directory (os error 21)\n"));
    // All of it was read, so no part of it was taken for a series of its own.
    assert_eq!((&summary["end"], &summary["files"]["read"]), (&json!("damaged"), &json!(3)));
    assert_eq!(summary["series"], json!({"read": 2, "kept": 0}));
    fs::remove_dir(folder.path("out/x1.jsonl")).unwrap();
    assert_eq!(folder.names(), ["manifest.json", "y.jsonl"]);
    // All of it stands before a checkpoint.
    folder.go_on(&[], 3);
    assert_eq!(folder.outputs(), folder.afresh(&[]));
}

/// With 255 octets, as many as a name can have, there is no room for an ending.
#[test]
fn inputs_with_long_names_have_outputs() {
    let long = [241, 255].map(|octets| format!("{}.pcap", "a".repeat(octets - 5)));
    let reset = Capture::default().reset(1).octets;
    let folder = folder(&[(&long[0], &reset), (&long[1], &reset), ("short", &reset)]);
    for jobs in ["1", "3"] {
        folder.succeed(&["--jobs", jobs]);
        let outputs = folder.outputs();
        assert_eq!(outputs.len(), 4, "{:?}", outputs.keys());
        assert_eq!(folder.resume(&[], 0).0["series"], json!({"read": 0, "kept": 3}));
    }
}

#[test]
fn outputs_are_no_inputs() {
    let folder = two_series();
    let output = folder.path("in/endings");
    let input = folder.path("in");
    for _ in 0..2 {
        let args =
            ["connections", input.to_str().unwrap(), "--output-dir", output.to_str().unwrap(), "--resume"];
        assert_eq!(stdout(&args, &[], 0), "");
        assert_eq!(contents(&output).keys().filter(|name| !name.starts_with('.')).count(), 3);
    }
}

/// What a killed run has left of an output is removed, and nothing that only is called so.
#[test]
fn files_of_others_stay() {
    let folder = two_series();
    fs::create_dir(folder.path("out")).unwrap();
    let put = |name: &str| fs::write(folder.path("out").join(name), name).unwrap();
    let others = [".model.checkpoint", ".notes.partial", ".x1.jsonl.best.checkpoint"];
    // With this option a series has no checkpoints.
    for args in
        [&["--role", "fin-1"][..], &["--role", "fin-1", "--resume"], &["--role", "fin-1", "--format", "csv"]]
    {
        others.iter().for_each(|name| put(name));
        [".x1.jsonl.partial", ".x1.jsonl.7.checkpoint", "..x1.jsonl.7.checkpoint.partial"]
            .iter()
            .for_each(|name| put(name));
        folder.succeed(args);
        let names: Vec<_> = folder.outputs().into_keys().filter(|name| name.starts_with('.')).collect();
        assert_eq!(names, others, "{args:?}");
    }
}

/// Nothing is read or removed under a name that no run gives.
#[test]
fn a_manifest_with_other_names_is_not_trusted() {
    let folder = two_series();
    folder.succeed(&[]);
    let entry = folder.manifest()["series"]["x1.jsonl"].take();
    let victim = folder.path("victim.txt");
    fs::write(&victim, "of somebody else").unwrap();
    fs::write(folder.path("out/notes"), "of somebody else").unwrap();
    for (series, checkpoints) in [
        (json!({}), json!({"x1.jsonl": ["../victim.txt"]})),
        (json!({}), json!({"x1.jsonl": ["notes"]})),
        (json!({}), json!({"../victim.txt": []})),
        (json!({"..": entry}), json!({})),
        (json!({victim.to_str().unwrap(): entry}), json!({})),
    ] {
        let manifest = json!({"manifest": 1, "series": series, "checkpoints": checkpoints});
        for (resume, code) in [(&["--resume"][..], 1), (&[], 0)] {
            fs::write(folder.path("out/manifest.json"), manifest.to_string()).unwrap();
            let output = folder.batch(resume);
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{manifest}: {message}");
            assert_eq!(message.contains("expected names of outputs and their checkpoints"), code == 1);
            assert!(victim.exists() && folder.path("out/notes").exists(), "{manifest}");
        }
    }
}

#[test]
fn standard_input_is_always_read() {
    let folder = folder(&[]);
    let output = folder.path("out");
    let args = ["connections", "-", "--output-dir", output.to_str().unwrap(), "--resume"];
    for (capture, kind) in
        [(Capture::default().reset(1), "reset"), (Capture::default().four_way(1), "four-way")]
    {
        assert_eq!(stdout(&args, &capture.octets, 0), "");
        assert!(String::from_utf8_lossy(&folder.outputs()["stdin.jsonl"]).contains(kind));
    }
}

#[test]
fn two_runs_do_not_write_to_one_directory() {
    let folder = two_series();
    let output = folder.path("out");
    let args = ["connections", "-", "--output-dir", output.to_str().unwrap()];
    let mut first = fourwave(&args).stdin(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !output.join(".stdin.jsonl.partial").exists() {
        assert!(Instant::now() < deadline, "nothing was begun");
        std::thread::sleep(Duration::from_millis(1));
    }
    let second = folder.batch(&["--resume"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another run is writing"));
    first.stdin.take().unwrap().write_all(&Capture::default().reset(1).octets).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    folder.succeed(&["--resume"]);
    assert_eq!(folder.names().len(), 4);
}

#[test]
fn wrong_usage() {
    let folder = two_series();
    let input = folder.path("in").display().to_string();
    for wrong in [
        &["connections", &input, "--resume"][..],
        &["connections", &input, "--output-dir", "x", "-o", "y"],
        &["connections", &input, "--output-dir", &input],
        &["stats", &input, "--output-dir", "x"],
    ] {
        stdout(wrong, &[], 2);
    }
    fs::create_dir(folder.path("out")).unwrap();
    fs::write(folder.path("out/manifest.json"), "{").unwrap();
    let output = folder.batch(&["--resume"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("manifest.json: damaged"));
}
