//! Batch runs over a ring of files, which loses its oldest one whenever a new one is begun (`dumpcap -b files:N`), and whose
//! files are too short for checkpoints: one stands at the end of what there was of the series.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;

use serde_json::Value;
use support::archive::{Folder, HEADER, RECORD, cut, interwoven, later, placeless};
use support::batch::folder;

/// Files that there have been.
const FILES: usize = 8;
/// Files in the ring.
const KEPT: usize = 4;

/// A capture of 17,500 packets whose ports are used again and again. Hundreds of connections lie across each cut into eight.
fn capture() -> Vec<u8> {
    let round = interwoven(500);
    let rounds = (0..5).flat_map(|number| later(&round, number * 80_000_000)[HEADER..].to_vec());
    round[..HEADER].iter().copied().chain(rounds).collect()
}

fn name(number: usize) -> String {
    format!("in/c_{number:05}_2023.pcap")
}

/// The only output, without the name of the folder.
fn output(folder: &Folder) -> String {
    assert_eq!(folder.names(), ["c_00001_2023.pcap.jsonl", "manifest.json"]);
    let text = fs::read_to_string(folder.path("out/c_00001_2023.pcap.jsonl")).unwrap();
    text.replace(&folder.path("in").display().to_string(), "")
}

fn records(folder: &Folder) -> Vec<Value> {
    placeless(&output(folder))
}

#[test]
fn a_series_of_short_files_goes_on_when_its_first_ones_are_gone() {
    let capture = capture();
    let pieces = cut(&capture, 2_200);
    assert_eq!(pieces.len(), FILES);
    let whole = folder(&[]);
    fs::create_dir(whole.path("in")).unwrap();
    for (piece, number) in pieces.iter().zip(1..) {
        fs::write(whole.path(&name(number)), piece).unwrap();
    }
    whole.succeed(&[]);
    let all = pieces[0].len();
    // All is there, a part of the newest one, or a packet of it is cut in two; or it has none, or nothing at all.
    for missing in [0, 300 * RECORD, 20, all - HEADER + 4, all] {
        for jobs in ["1", "2"] {
            let ring = folder(&[]);
            fs::create_dir(ring.path("in")).unwrap();
            for (piece, number) in pieces.iter().zip(1..) {
                if number > KEPT {
                    fs::remove_file(ring.path(&name(number - KEPT))).unwrap();
                }
                let newest = ring.path(&name(number));
                // At its end the ring is complete; and one file alone would be damaged.
                let is_short = missing > 0 && ![1, FILES].contains(&number);
                if is_short {
                    fs::write(&newest, &piece[..piece.len() - missing]).unwrap();
                    ring.resume(&["--jobs", jobs], 0);
                }
                fs::write(&newest, piece).unwrap();
                if !is_short {
                    ring.resume(&["--jobs", jobs], 0);
                }
            }
            assert!(output(&ring) == output(&whole), "{missing} octets missing, --jobs {jobs}");
            let inputs = ring.manifest()["series"]["c_00001_2023.pcap.jsonl"]["inputs"].take();
            assert_eq!(inputs.as_array().unwrap().len(), FILES);
        }
    }
    let uncut = folder(&[("c_00001_2023.pcap", &capture)]);
    uncut.succeed(&[]);
    assert!(records(&whole) == records(&uncut));
}
