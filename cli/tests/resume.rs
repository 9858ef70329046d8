//! Batch runs that go on within a series: killed at several places, after it has grown, and from checkpoints that are of no
//! use. In the end everything is as one undisturbed run leaves it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use support::archive::{Folder, HEADER, RECORD, cut, interwoven};
use support::batch::{FRAGMENTED, PACKETS, PIECES, at_time_of, folder, fragments};
use support::{Capture, fourwave};

/// The first so many files of the series.
fn files(count: usize) -> Folder {
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    (1..=count).for_each(|number| folder.add(number));
    folder
}

impl Folder {
    fn checkpoint(&self, files: usize) -> PathBuf {
        self.path(&format!("out/.x1.jsonl.{}.checkpoint", files * PACKETS))
    }

    /// Ends a run once there is the checkpoint behind so many files. Behind how many the last one is then.
    fn interrupt_behind(&self, args: &[&str], signal: &str, files: usize) -> u64 {
        self.interrupt(args, signal, (files * PACKETS) as u64) / PACKETS as u64
    }
}

#[test]
fn a_killed_run_goes_on_where_it_was_killed() {
    for (files_read, jobs) in [(1, "1"), (2, "2"), (3, "1")] {
        let folder = files(5);
        let files_kept = folder.interrupt_behind(&["--jobs", jobs], "KILL", files_read);
        assert_eq!(folder.go_on(&[], files_kept), "");
        folder.is_as_undisturbed(&[]);
    }
}

#[test]
fn an_interrupted_run_goes_on_where_it_was_interrupted() {
    let folder = files(5);
    let files_kept = folder.interrupt_behind(&["--jobs", "2"], "INT", 2);
    assert!(!folder.path("out/x1.jsonl").exists());
    assert_eq!(folder.go_on(&[], files_kept), "");
    folder.is_as_undisturbed(&[]);
}

/// Wherever that happens to be, also while a checkpoint is written.
#[test]
fn a_run_that_is_killed_again_and_again_comes_to_its_end() {
    let folder = files(5);
    folder.comes_to_its_end();
}

#[test]
fn a_series_that_has_grown_is_gone_on_with() {
    let folder = files(1);
    folder.succeed(&[]);
    for (numbers, files_kept) in [(2..=2, 1), (3..=5, 2)] {
        numbers.for_each(|number| folder.add(number));
        assert_eq!(folder.go_on(&["--jobs", "2"], files_kept), "");
        folder.is_as_undisturbed(&[]);
    }
    assert_eq!(folder.go_on(&[], 5), "");
}

/// Killed while it goes on with an output that was complete.
#[test]
fn what_was_complete_stays_until_there_is_more() {
    let folder = files(2);
    folder.succeed(&[]);
    let complete = folder.outputs().remove("x1.jsonl");
    (3..=5).for_each(|number| folder.add(number));
    let files_kept = folder.interrupt_behind(&["--resume"], "KILL", 3);
    assert!(folder.outputs().remove("x1.jsonl") == complete);
    assert_eq!(folder.go_on(&[], files_kept), "");
    folder.is_as_undisturbed(&[]);
}

#[test]
fn a_file_that_was_still_being_written_is_read_again() {
    let (cut, short) = (HEADER + (PACKETS - 1) * RECORD + 20, HEADER + (PACKETS - 100) * RECORD);
    for written in [cut, short, 0, HEADER - 4, HEADER, HEADER + RECORD - 4] {
        let folder = files(2);
        folder.put(3, &PIECES[2][..written]);
        folder.succeed(&[]);
        folder.add(3);
        folder.add(4);
        assert_eq!(folder.go_on(&[], 2), "");
        folder.is_as_undisturbed(&[]);
    }
}

#[test]
fn formats_and_commands_that_go_on() {
    for (args, output) in [
        (&["connections", "--format", "csv"][..], "x1.csv"),
        (&["annotate", "--all", "--fields", "connection,role,frame,file,client,server"], "x1.jsonl"),
    ] {
        let folder = files(2);
        let (input, output_dir) = (folder.path("in"), folder.path("out"));
        let paths = [input.to_str().unwrap(), "--output-dir", output_dir.to_str().unwrap()];
        let run = |more: &[&str]| {
            let ended = fourwave(&[args, &paths, more].concat()).output().unwrap();
            assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
            fs::read(output_dir.join(output)).unwrap()
        };
        run(&[]);
        folder.add(3);
        let grown = run(&["--resume"]);
        fs::remove_dir_all(&output_dir).unwrap();
        assert!(grown == run(&["--jobs", "1"]), "{args:?}");
    }
}

/// Files that come before the series get its places; records name files as ever.
#[test]
fn places_that_change_change_no_name() {
    let folder = files(2);
    folder.succeed(&[]);
    // Of the same link type, days before.
    fs::write(folder.path("in/early"), Capture::default().reset(1).octets).unwrap();
    folder.add(3);
    assert_eq!(folder.go_on(&[], 2), "");
    let outputs = folder.outputs();
    assert_eq!(outputs["x1.jsonl"], folder.afresh(&[])["x1.jsonl"]);
    folder.add(4);
    assert_eq!(folder.go_on(&[], 4), "");
    assert_eq!(folder.outputs()["x1.jsonl"], folder.afresh(&[])["x1.jsonl"]);
}

#[test]
fn what_remembers_more_is_made_again() {
    let folder = files(2);
    let filter = ["--role", "fin-1"];
    folder.succeed(&filter);
    let manifest = folder.manifest();
    assert_eq!(manifest["series"]["x1.jsonl"]["goes_on"], false);
    assert_eq!(manifest["checkpoints"], serde_json::json!({}));
    folder.add(3);
    assert_eq!(folder.go_on(&filter, 0), "");
    folder.is_as_undisturbed(&filter);
}

#[test]
fn the_manifest_names_the_checkpoints() {
    let folder = files(5);
    folder.succeed(&[]);
    let manifest = folder.manifest();
    assert_eq!(manifest["series"]["x1.jsonl"]["goes_on"], true);
    let names = ["300000", "400000", "420000.end"].map(|place| format!(".x1.jsonl.{place}.checkpoint"));
    assert_eq!(manifest["checkpoints"], serde_json::json!({"x1.jsonl": names}));
    // A later run that knows of none leaves none.
    folder.succeed(&["--role", "fin-1"]);
    assert_eq!(folder.outputs().into_keys().collect::<Vec<_>>(), ["manifest.json", "x1.jsonl"]);
}

#[test]
fn a_damaged_checkpoint_is_not_used() {
    let folder = files(3);
    folder.succeed(&[]);
    folder.add(4);
    let good = fs::read(folder.checkpoint(3)).unwrap();
    let turned = |at: usize| [&good[..at], &[good[at] ^ 4], &good[at + 1..]].concat();
    let (head, middle) = (turned(200), turned(good.len() / 2));
    let wrong = [Vec::new(), b"\n".to_vec(), good[..good.len() - 1].to_vec(), head, middle];
    let kept = folder.path("kept-out");
    for wrong in wrong {
        copy(&folder.path("out"), &kept);
        fs::write(folder.checkpoint(3), wrong).unwrap();
        // The one before is good.
        let message = folder.go_on(&[], 2);
        assert!(message.contains("note: x1.jsonl: cannot go on from a checkpoint: "), "{message}");
        assert!(message.contains(".x1.jsonl.300000.checkpoint: damaged"), "{message}");
        folder.is_as_undisturbed(&[]);
        fs::remove_dir_all(folder.path("out")).unwrap();
        fs::rename(&kept, folder.path("out")).unwrap();
    }
    // Where none is, the series is made again.
    fs::write(folder.checkpoint(2), "").unwrap();
    fs::remove_file(folder.checkpoint(3)).unwrap();
    let message = folder.go_on(&[], 0);
    assert_eq!(message.matches("cannot go on from a checkpoint").count(), 2, "{message}");
    folder.is_as_undisturbed(&[]);
}

/// Made up with care, hash and all: it is used or said to be of no use, and the run comes to its end.
#[test]
fn a_checkpoint_that_was_made_up_does_no_harm() {
    const MOST: &str = "18446744073709551615";
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    let pieces = cut(&interwoven(6), 14);
    (1..=2).for_each(|number| folder.put(number, &pieces[number - 1]));
    folder.succeed(&[]);
    folder.put(3, &pieces[2]);
    let (out, kept) = (folder.path("out"), folder.path("kept-out"));
    let checkpoint = folder.path("out/.x1.jsonl.28.end.checkpoint");
    let good = fs::read(&checkpoint).unwrap();
    let (octets, _) = good.split_last_chunk::<32>().unwrap();
    let line = octets.iter().position(|octet| *octet == b'\n').unwrap();
    let (head, state) = octets.split_at(line);
    let head = str::from_utf8(head).unwrap();
    let resume_from = |head: &str, state: &[u8]| {
        let octets = [head.as_bytes(), state].concat();
        copy(&out, &kept);
        fs::write(&checkpoint, [&octets[..], &Sha256::digest(&octets)].concat()).unwrap();
        let ended = folder.batch(&["--resume"]);
        let message = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{message}");
        fs::remove_dir_all(&out).unwrap();
        fs::rename(&kept, &out).unwrap();
        message
    };
    assert_eq!(resume_from(head, state), "");
    for (key, number) in [("due", "0"), ("last_frame", "14"), ("packets", "28"), ("connections", "0")] {
        let (was, is) = (format!("\"{key}\":{number}"), format!("\"{key}\":{MOST}"));
        assert!(head.contains(&was), "{head}");
        assert_eq!(resume_from(&head.replace(&was, &is), state), "");
    }
    let message = resume_from(&head.replace("\"numbers\":[0,1]", "\"numbers\":[0,4294967295]"), state);
    assert!(
        message.contains(".checkpoint: a file has the number 4294967295, expected at most 16777215"),
        "{message}"
    );
    for at in (1..state.len()).step_by(state.len() / 20) {
        let mut state = state.to_vec();
        state[at] ^= 0xff;
        let message = resume_from(head, &state);
        assert!(
            message.is_empty() || message.contains(".checkpoint: expected a dissector and an engine: "),
            "{message}"
        );
    }
    assert!(resume_from(head, &state[..state.len() - 1]).contains("expected a dissector and an engine"));
}

#[test]
fn a_checkpoint_of_something_else_is_not_used() {
    // Other options.
    let folder = files(2);
    folder.succeed(&[]);
    folder.add(3);
    assert_eq!(folder.go_on(&["--msl", "7"], 0), "");
    folder.is_as_undisturbed(&["--msl", "7"]);
    // An output that is not as it was left.
    folder.add(4);
    let output = folder.path("out/x1.jsonl");
    let mut content = fs::read(&output).unwrap();
    content[0] = b' ';
    fs::write(&output, content).unwrap();
    assert_eq!(folder.go_on(&["--msl", "7"], 0), "");
    folder.is_as_undisturbed(&["--msl", "7"]);
    // A file of the series.
    let mut changed = PIECES[0].clone();
    changed[HEADER + 6] ^= 1;
    folder.put(1, &changed);
    folder.add(5);
    assert_eq!(folder.go_on(&["--msl", "7"], 0), "");
    folder.is_as_undisturbed(&["--msl", "7"]);
}

#[test]
fn a_series_that_begins_earlier_leaves_nothing_of_the_old_one() {
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    [2, 3, 4].into_iter().for_each(|number| folder.add(number));
    let (input, output) = (folder.path("in"), folder.path("out"));
    folder.succeed(&[]);
    assert!(output.join(".x2.jsonl.300000.checkpoint").exists() && input.exists());
    folder.add(1);
    assert_eq!(folder.go_on(&[], 0), "");
    folder.is_as_undisturbed(&[]);
}

/// The first half of a SYN is the last packet before the checkpoint.
#[test]
fn fragments_that_wait_are_not_forgotten() {
    let (first, second) = fragments();
    let folder = files(1);
    let first = at_time_of(&first, &PIECES[0], PACKETS - 1);
    let second = at_time_of(&second, &PIECES[1], 0);
    folder.put(1, &[&PIECES[0][..HEADER + (PACKETS - 1) * RECORD], &first].concat());
    folder.succeed(&[]);
    folder.put(2, &[&PIECES[1][..HEADER], &second, &PIECES[1][HEADER..]].concat());
    assert_eq!(folder.go_on(&[], 1), "");
    folder.is_as_undisturbed(&[]);
    let outputs = folder.outputs();
    assert!(String::from_utf8_lossy(&outputs["x1.jsonl"]).contains(&format!("192.0.2.1:{FRAGMENTED}")));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A ring of files loses its oldest one whenever a new one is begun. Its series keeps the output with all that was read.
#[test]
fn a_series_that_loses_its_first_files_goes_on() {
    let whole = files(5);
    whole.succeed(&[]);
    let output = |folder: &Folder| {
        let text = String::from_utf8(folder.outputs().remove("x1.jsonl").unwrap()).unwrap();
        text.replace(&folder.path("in").display().to_string(), "")
    };
    let folder = files(2);
    folder.succeed(&[]);
    for number in 3..=5 {
        fs::remove_file(folder.path(&format!("in/x{}", number - 2))).unwrap();
        folder.add(number);
        assert_eq!(folder.go_on(&["--jobs", "2"], 1), "");
    }
    assert_eq!(folder.go_on(&[], 2), "");
    assert!(!folder.outputs().contains_key("x4.jsonl"), "its name has not changed");
    assert!(output(&folder) == output(&whole));
    assert_eq!(folder.manifest()["series"]["x1.jsonl"]["inputs"].as_array().unwrap().len(), 5);
}

/// Nothing that was read is thrown away where the series cannot go on.
#[test]
fn what_was_made_of_files_that_are_gone_stays() {
    let folder = files(2);
    folder.succeed(&["--role", "fin-1"]);
    let before = folder.outputs().remove("x1.jsonl");
    fs::remove_file(folder.path("in/x1")).unwrap();
    folder.add(3);
    assert_eq!(folder.go_on(&["--role", "fin-1"], 0), "");
    let mut outputs = folder.outputs();
    assert!(outputs.remove("x1.jsonl") == before);
    assert!(outputs.contains_key("x2.jsonl"));
}

/// What was killed is in no entry of the manifest, and what it had read of is known from its checkpoint.
#[test]
fn a_killed_run_goes_on_after_its_first_files_are_gone() {
    for done in [1, 2] {
        let folder = files(done);
        folder.succeed(&[]);
        (done + 1..=5).for_each(|number| folder.add(number));
        let whole = folder.afresh(&[]);
        let behind = folder.interrupt_behind(&["--resume"], "KILL", 3);
        (1..=2).for_each(|number| fs::remove_file(folder.path(&format!("in/x{number}"))).unwrap());
        assert_eq!(folder.go_on(&[], behind - 2), "");
        let outputs = folder.outputs();
        assert!(outputs["x1.jsonl"] == whole["x1.jsonl"]);
        assert!(!outputs.contains_key("x3.jsonl"), "it has two names");
    }
}

/// Somebody may give only some files of a series: what was made of the others is not to be replaced.
#[test]
fn what_was_made_of_files_behind_stays() {
    for last in [3, 5] {
        let folder = files(last);
        folder.succeed(&[]);
        let before = folder.outputs().remove("x1.jsonl");
        for number in [1, last] {
            fs::remove_file(folder.path(&format!("in/x{number}"))).unwrap();
        }
        assert_eq!(folder.go_on(&[], 0), "");
        let mut outputs = folder.outputs();
        assert!(outputs.remove("x1.jsonl") == before);
        assert!(outputs.contains_key("x2.jsonl"));
    }
}
