//! The number of threads makes no difference to what is printed, nor to what is said.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use fourwave_generator::{Nobody, Plan, Profile, generate};
use support::{Capture, fourwave};
use tempfile::TempDir;

#[test]
fn any_number_of_threads_prints_the_same() {
    let folder = TempDir::new().unwrap();
    archive(folder.path());
    for command in [
        &["connections"][..],
        &["connections", "--format", "csv", "--kind", "reset"],
        &["connections", "--series", "off", "--max-connections", "50"],
        &["annotate"],
        &["annotate", "--all", "--verify-checksums"],
        &["annotate", "--all", "--hindsight", "--fields", "frame,file,role,client,server"],
        &["annotate", "--kind", "four-way"],
        &["stats", "--format", "jsonl"],
    ] {
        let said = |jobs: &str| {
            let input = folder.path().to_str().unwrap();
            let output = fourwave(command).args(["--jobs", jobs, input]).output().unwrap();
            (output.status.code(), output.stdout, String::from_utf8(output.stderr).unwrap())
        };
        let one = said("1");
        assert_eq!(one.0, Some(1), "a damaged file is among them: {}", one.2);
        assert!(one.1.len() > 1000, "{command:?}");
        for damaged in ["damaged.pcap", "cut.pcap.gz", "spoilt.pcap.gz"] {
            assert!(one.2.contains(damaged), "{command:?}: {damaged}");
        }
        for jobs in ["2", "3", "16"] {
            assert!(said(jobs) == one, "{command:?} with --jobs {jobs}");
        }
    }
}

/// So many that segments wait for each other before they are followed, unless they come live.
#[test]
fn a_crowd_of_connections_is_told_the_same() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("crowd.pcap");
    let plan = Plan::new(Profile::Churn { connections: 70_000, concurrent: 20_000, stretch: 10 }, 3);
    generate(&plan, fs::File::create(&path).unwrap(), &mut Nobody).unwrap();
    for command in [
        &["connections", "--fields", "connection,client,kind,path,findings,segments,durations_ns"][..],
        &["annotate", "--fields", "frame,connection,role,client,server,findings"],
    ] {
        let mut live = fourwave(command);
        let live = live.arg("-").stdin(fs::File::open(&path).unwrap()).output().unwrap().stdout;
        assert!(live.len() > 10_000_000, "{command:?}");
        for jobs in ["1", "2"] {
            let read = fourwave(command).args(["--jobs", jobs]).arg(&path).output().unwrap().stdout;
            assert!(read == live, "{command:?} with --jobs {jobs}");
        }
    }
}

/// Two captures of short connections, one that is damaged, one in two files; and one compressed, whole, cut, and damaged
/// in the middle.
fn archive(folder: &Path) {
    for (name, seed) in [("a.pcap", 1), ("z.pcap", 2)] {
        let plan = Plan::new(Profile::Churn { connections: 1000, concurrent: 64, stretch: 10 }, seed);
        generate(&plan, fs::File::create(folder.join(name)).unwrap(), &mut Nobody).unwrap();
    }
    let mut damaged = Capture::default().four_way(1000).reset(1001).octets;
    damaged.extend([0xff; 40]);
    fs::write(folder.join("damaged.pcap"), damaged).unwrap();
    let mut first = Capture::default();
    first.open(2000);
    fs::write(folder.join("rotated-1.pcap"), &first.octets).unwrap();
    let mut second = Capture::default();
    second.pause(1000);
    fs::write(folder.join("rotated-2.pcap"), second.reset(2000).octets).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let plan = Plan::new(Profile::Churn { connections: 2500, concurrent: 64, stretch: 10 }, 3);
    generate(&plan, &mut encoder, &mut Nobody).unwrap();
    let mut compressed = encoder.finish().unwrap();
    fs::write(folder.join("compressed.pcap.gz"), &compressed).unwrap();
    fs::write(folder.join("cut.pcap.gz"), &compressed[..compressed.len() * 2 / 3]).unwrap();
    let middle = compressed.len() / 2;
    compressed[middle..middle + 64].fill(0xff);
    fs::write(folder.join("spoilt.pcap.gz"), &compressed).unwrap();
}
