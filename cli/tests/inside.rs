//! Batch runs that go on inside a file: killed while they read it, after it has grown, and when it is another one. In the
//! end everything is as one undisturbed run leaves it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use support::archive::{Folder, HEADER, RECORD};
use support::batch::{FRAGMENTED, PACKETS, PIECES, at_time_of, folder, fragments};

/// The series as one file: 420,000 packets.
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let packets = PIECES.iter().flat_map(|piece| &piece[HEADER..]);
    PIECES[0][..HEADER].iter().chain(packets).copied().collect()
});

/// A folder with one file.
fn alone(octets: &[u8]) -> Folder {
    let folder = folder(&[]);
    fs::create_dir(folder.path("in")).unwrap();
    folder.put(1, octets);
    folder
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

/// So many packets of [`WHOLE`].
fn first(packets: usize) -> &'static [u8] {
    &WHOLE[..HEADER + packets * RECORD]
}

/// The packets of [`WHOLE`] in three sections, the second with the other order of octets. Each has two interfaces with clocks
/// of their own; between packets stand statistics.
fn sections() -> Vec<u8> {
    let mut capture = Vec::new();
    for (number, records) in WHOLE[HEADER..].chunks(150_000 * RECORD).enumerate() {
        let is_big = number % 2 == 1;
        let word = |value: u32| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
        let half = |value: u16| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut block = |kind: u32, body: &[u8]| {
            let size = word(12 + body.len() as u32);
            for part in [&word(kind)[..], &size, body, &size] {
                capture.extend_from_slice(part);
            }
        };
        block(0x0a0d_0d0a, &[&word(0x1a2b_3c4d)[..], &half(1), &half(0), &[0xff; 8]].concat());
        for resolution in [6, 9] {
            let options = [&half(9)[..], &half(1), &[resolution, 0, 0, 0], &half(0), &half(0)].concat();
            block(1, &[&half(1)[..], &half(0), &word(0), &options].concat());
        }
        for (place, record) in records.chunks(RECORD).enumerate() {
            let field = |at: usize| u64::from(u32::from_le_bytes(record[at..at + 4].try_into().unwrap()));
            let microseconds = field(0) * 1_000_000 + field(4);
            let interface = place as u32 % 2;
            let time = if interface == 0 { microseconds } else { microseconds * 1_000 };
            let data = &record[16..];
            let len = word(data.len() as u32);
            let time = [word((time >> 32) as u32), word(time as u32)].concat();
            block(6, &[&word(interface)[..], &time, &len, &len, data, &[0, 0]].concat());
            if place % 1_000 == 999 {
                block(5, &[&word(0)[..], &time].concat());
            }
        }
    }
    capture
}

/// Packets that the last run did not pass over.
fn read(summary: &Value) -> u64 {
    summary["packets"].as_u64().unwrap()
}

/// The output, and what the manifest says of it, must be as if nothing had happened before; checkpoints may stand at other
/// places.
fn is_the_same_in_the_end(folder: &Folder) {
    let series = |manifest: &[u8]| serde_json::from_slice::<Value>(manifest).unwrap()["series"].clone();
    let (outputs, undisturbed) = (folder.outputs(), folder.afresh(&[]));
    assert!(outputs["x1.jsonl"] == undisturbed["x1.jsonl"], "the output differs");
    assert_eq!(series(&outputs["manifest.json"]), series(&undisturbed["manifest.json"]));
}

#[test]
fn a_run_that_was_killed_inside_a_file_goes_on_there() {
    for (octets, packets, jobs) in [
        (WHOLE.clone(), 100_000, "1"),
        (WHOLE.clone(), 300_000, "2"),
        (gzip(&WHOLE), 200_000, "1"),
        (zstd::encode_all(&**WHOLE, 1).unwrap(), 100_000, "2"),
        (sections(), 100_000, "1"),
        (sections(), 200_000, "2"),
        (sections(), 300_000, "1"),
    ] {
        let folder = alone(&octets);
        let passed_over = folder.interrupt(&["--jobs", jobs], "KILL", packets);
        let (summary, message) = folder.resume(&[], 0);
        assert_eq!((read(&summary), message.as_str()), (420_000 - passed_over, ""));
        folder.is_as_undisturbed(&[]);
    }
}

/// Wherever that happens to be, also while frames are passed over.
#[test]
fn a_run_that_is_killed_again_and_again_comes_to_its_end() {
    let folder = alone(&gzip(&WHOLE));
    folder.comes_to_its_end();
}

#[test]
fn records_of_all_segments_go_on_too() {
    let folder = alone(first(250_000));
    let (input, output) = (folder.path("in/x1"), folder.path("out"));
    let paths = [input.to_str().unwrap(), "--output-dir", output.to_str().unwrap()];
    let args =
        [&["annotate", "--all", "--fields", "connection,role,frame,time_ns,client,server"], &paths[..]];
    let run = |more: &[&str]| {
        let ended = support::fourwave(&[&args.concat(), more].concat()).output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
        fs::read(output.join("x1.jsonl")).unwrap()
    };
    run(&[]);
    folder.put(1, &WHOLE);
    let grown = run(&["--resume"]);
    fs::remove_dir_all(&output).unwrap();
    assert!(grown == run(&["--jobs", "1"]));
}

/// Cut between packets, in one, and in what is compressed.
#[test]
fn of_a_file_that_has_grown_only_what_is_new_is_followed() {
    let members = |packets: usize| {
        let (begin, end) = first(2 * PACKETS).split_at(HEADER + packets * RECORD);
        [gzip(begin), gzip(end)]
    };
    let [begin, end] = members(150_000);
    let stream = gzip(&WHOLE);
    let sections = sections();
    for (begin, code, whole, at_most) in [
        (first(200_000).to_vec(), 0, WHOLE.to_vec(), 220_000),
        (first(270_000).to_vec(), 0, WHOLE.to_vec(), 220_000),
        (WHOLE[..HEADER + 200_000 * RECORD + 30].to_vec(), 1, WHOLE.to_vec(), 220_000),
        (begin.clone(), 0, [begin, end].concat(), 100_000),
        (stream[..stream.len() * 3 / 4].to_vec(), 1, stream, 240_000),
        (sections[..sections.len() * 3 / 4].to_vec(), 1, sections, 120_000),
    ] {
        let folder = alone(&begin);
        assert_eq!(folder.batch(&[]).status.code(), Some(code));
        folder.put(1, &whole);
        let (summary, message) = folder.resume(&[], 0);
        assert!(read(&summary) <= at_most, "{} packets were followed", read(&summary));
        assert_eq!(message, "");
        is_the_same_in_the_end(&folder);
    }
}

#[test]
fn a_file_that_grows_step_by_step() {
    let folder = alone(first(100_000));
    folder.succeed(&[]);
    for packets in (120_000..=420_000).step_by(60_000) {
        folder.put(1, first(packets));
        let (summary, _) = folder.resume(&[], 0);
        assert!(read(&summary) <= 160_000);
        is_the_same_in_the_end(&folder);
    }
}

/// Another one follows: then what was cut short is damage.
#[test]
fn the_last_file_of_a_series_may_grow_or_stay_cut() {
    let cut = [PIECES[1].as_slice(), &PIECES[2][HEADER..][..20]].concat();
    let rest = &PIECES[2][HEADER..];
    for (grown, code) in [(cut.clone(), 1), ([PIECES[1].as_slice(), rest].concat(), 0)] {
        let folder = alone(&PIECES[0]);
        folder.put(2, &cut);
        folder.succeed(&[]);
        assert_eq!(folder.last_checkpoint(), Some(200_000));
        folder.put(2, &grown);
        folder.add(4);
        let (summary, message) = folder.resume(&[], code);
        assert_eq!(
            (&summary["files"]["kept"], message.matches("cut short").count()),
            (&1.into(), code as usize)
        );
        assert!(read(&summary) <= 200_000);
        is_the_same_in_the_end(&folder);
    }
}

#[test]
fn a_file_that_was_replaced_is_begun_afresh() {
    let mut other = WHOLE.clone();
    other[HEADER + 6] ^= 1;
    let longer = [other.as_slice(), &WHOLE[HEADER..]].concat();
    let shorter = first(350_000);
    for octets in [other.as_slice(), &longer, shorter] {
        let folder = alone(&WHOLE);
        folder.interrupt(&[], "KILL", 300_000);
        folder.put(1, octets);
        let (summary, _) = folder.resume(&[], 0);
        assert_eq!(read(&summary) as usize, (octets.len() - HEADER) / RECORD);
        folder.is_as_undisturbed(&[]);
    }
}

/// As tcpdump does when it has begun the next one (`-z gzip`).
#[test]
fn a_file_that_was_compressed_since_keeps_its_output() {
    let folder = alone(&PIECES[0]);
    folder.put(2, &PIECES[1]);
    folder.succeed(&[]);
    fs::remove_file(folder.path("in/x1")).unwrap();
    fs::write(folder.path("in/x1.gz"), gzip(&PIECES[0])).unwrap();
    folder.add(3);
    assert_eq!(folder.go_on(&[], 0), "");
    assert_eq!(folder.names(), ["manifest.json", "x1.jsonl"]);
    folder.is_as_undisturbed(&[]);
}

#[test]
fn damage_behind_the_place_is_said_once() {
    let mut damaged = WHOLE.clone();
    damaged[HEADER + 250_000 * RECORD + 11] = 0xff;
    let folder = alone(&damaged);
    assert_eq!(folder.batch(&[]).status.code(), Some(1));
    folder.put(1, &[damaged.as_slice(), b"more"].concat());
    let (summary, message) = folder.resume(&[], 1);
    assert_eq!((read(&summary), message.matches("packet 250001 at octet").count()), (50_000, 1), "{message}");
    is_the_same_in_the_end(&folder);
}

#[test]
fn a_damaged_checkpoint_is_not_used() {
    let folder = alone(&WHOLE);
    folder.interrupt(&[], "KILL", 300_000);
    let last = folder.last_checkpoint().unwrap();
    fs::write(folder.path(&format!("out/.x1.jsonl.{last}.checkpoint")), "").unwrap();
    let (summary, message) = folder.resume(&[], 0);
    assert_eq!(read(&summary), 420_000 - (last - 100_000), "{message}");
    folder.is_as_undisturbed(&[]);
}

/// The first half of a SYN is the last packet before the checkpoint.
#[test]
fn fragments_that_wait_are_not_forgotten() {
    let (before, after) = WHOLE.split_at(HEADER + (PACKETS - 1) * RECORD);
    let (one, other) = fragments();
    let one = at_time_of(&one, &PIECES[0], PACKETS - 1);
    let other = at_time_of(&other, &PIECES[0], PACKETS - 1);
    let whole = [before, &one, &other, after].concat();
    let folder = alone(&whole[..HEADER + 150_000 * RECORD]);
    folder.batch(&[]);
    assert_eq!(folder.last_checkpoint(), Some(100_000));
    folder.put(1, &whole);
    folder.resume(&[], 0);
    is_the_same_in_the_end(&folder);
    let output = folder.outputs().remove("x1.jsonl").unwrap();
    assert!(String::from_utf8_lossy(&output).contains(&format!("192.0.2.1:{FRAGMENTED}")));
}
