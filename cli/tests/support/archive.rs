//! Archives: folders of captures that are cut, moved in time, and read.

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::{ACK, Capture, FIN_ACK, Sender, stdout};

/// Octets of the header of a file.
pub const HEADER: usize = 24;
/// Octets of a record with a segment.
pub const RECORD: usize = 16 + 54;

/// In microseconds.
const SECOND: u64 = 1_000_000;
pub const HOUR: u64 = 3600 * SECOND;

/// A folder of captures.
pub struct Folder(TempDir);

impl Folder {
    pub fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, octets) in files {
            fs::write(folder.path(name), octets).unwrap();
        }
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Standard output of the program with `args` and files of this folder, which must end with `code`.
    pub fn stdout(&self, args: &[&str], files: &[&str], code: i32) -> String {
        let files: Vec<_> = files.iter().map(|name| self.path(name).display().to_string()).collect();
        let args: Vec<_> = args.iter().copied().chain(files.iter().map(String::as_str)).collect();
        stdout(&args, &[], code)
    }

    /// How many connections the files hold if those of one series are read as one.
    pub fn connections(&self, files: &[&str]) -> usize {
        self.stdout(&["connections"], files, 0).lines().count()
    }
}

/// So many connections that are open at the same time, then closed one after the other: seven packets each.
pub fn interwoven(connections: u16) -> Vec<u8> {
    interwoven_at(1..=connections)
}

/// The same for other clients: one connection from each of these ports.
pub fn interwoven_at(ports: RangeInclusive<u16>) -> Vec<u8> {
    let mut capture = Capture::default();
    for port in ports.clone() {
        capture.open(port);
    }
    for port in ports {
        capture.segment(port, Sender::Client, FIN_ACK, 101, 301);
        capture.segment(port, Sender::Server, ACK, 301, 102);
        capture.segment(port, Sender::Server, FIN_ACK, 301, 102);
        capture.segment(port, Sender::Client, ACK, 102, 302);
    }
    capture.octets
}

/// Cuts a capture into files of `packets` each.
pub fn cut(capture: &[u8], packets: usize) -> Vec<Vec<u8>> {
    let (header, records) = capture.split_at(HEADER);
    records.chunks(packets * RECORD).map(|records| [header, records].concat()).collect()
}

/// The same packets, each so much later.
pub fn later(capture: &[u8], microseconds: u64) -> Vec<u8> {
    let mut capture = capture.to_vec();
    for record in capture[HEADER..].chunks_mut(RECORD) {
        let field = |at: usize| u32::from_le_bytes(record[at..at + 4].try_into().unwrap());
        let time = u64::from(field(0)) * SECOND + u64::from(field(4)) + microseconds;
        record[..4].copy_from_slice(&u32::try_from(time / SECOND).unwrap().to_le_bytes());
        record[4..8].copy_from_slice(&u32::try_from(time % SECOND).unwrap().to_le_bytes());
    }
    capture
}

/// The records without names of files and numbers of frames.
pub fn placeless(records: &str) -> Vec<Value> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(keys) => {
                keys.retain(|key, _| !key.contains("file") && !key.contains("frame"));
                keys.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    records.iter_mut().for_each(strip);
    records
}
