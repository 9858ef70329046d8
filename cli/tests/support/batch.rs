//! Batch runs over the folder `in` into the folder `out`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use super::archive::{Folder, HEADER, HOUR, RECORD, cut, interwoven, later};
use super::{Capture, fourwave};

/// Packets of a file: enough for a checkpoint behind each.
pub const PACKETS: usize = 100_000;

/// Five files of a series, the last too short for a checkpoint. Hundreds of connections lie across each cut, and their ports
/// are used again and again.
pub static PIECES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    const ROUND: u64 = 80_000_000;
    let round = interwoven(1_000);
    let mut series = round[..HEADER].to_vec();
    for number in 0..60 {
        series.extend_from_slice(&later(&round, 48 * HOUR + number * ROUND)[HEADER..]);
    }
    let pieces = cut(&series, PACKETS);
    assert_eq!(pieces.len(), 5);
    pieces
});

impl Folder {
    /// Adds a file of the series.
    pub fn add(&self, number: usize) {
        self.put(number, &PIECES[number - 1]);
    }

    pub fn put(&self, number: usize, octets: &[u8]) {
        fs::write(self.path(&format!("in/x{number}")), octets).unwrap();
    }

    /// Runs `connections` over `in` into `out`.
    pub fn batch(&self, args: &[&str]) -> Output {
        let (input, output) = (self.path("in"), self.path("out"));
        let args =
            [&["connections", input.to_str().unwrap(), "--output-dir", output.to_str().unwrap()], args]
                .concat();
        fourwave(&args).output().unwrap()
    }

    pub fn succeed(&self, args: &[&str]) {
        let output = self.batch(args);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{message}");
    }

    /// Starts such a run.
    pub fn start(&self, args: &[&str]) -> Child {
        let (input, output) = (self.path("in"), self.path("out"));
        let paths = [input.to_str().unwrap(), "--output-dir", output.to_str().unwrap()];
        let args = [&["connections"], &paths[..], args].concat();
        fourwave(&args).stdout(Stdio::null()).spawn().unwrap()
    }

    /// Starts a run, and ends it by a signal once there is the checkpoint behind so many packets of the only series. Behind
    /// how many the last one is then.
    pub fn interrupt(&self, args: &[&str], signal: &str, packets: u64) -> u64 {
        let mut child = self.start(args);
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.last_checkpoint() < Some(packets) {
            assert!(Instant::now() < deadline, "there was no checkpoint");
            thread::sleep(Duration::from_millis(1));
        }
        if signal == "KILL" {
            child.kill().unwrap();
        } else {
            let pid = child.id().to_string();
            assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        }
        child.wait().unwrap();
        assert!(self.outputs().keys().any(|name| name.ends_with(".partial")), "ended in the middle");
        self.last_checkpoint().unwrap()
    }

    /// Kills runs, sooner or later, and lets the last one come to its end.
    pub fn comes_to_its_end(&self) {
        for patience_ms in (40..400).step_by(40) {
            let mut child = self.start(&["--resume"]);
            thread::sleep(Duration::from_millis(patience_ms));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        self.succeed(&["--resume"]);
        self.is_as_undisturbed(&[]);
    }

    /// How many packets are before the last checkpoint that the manifest names, if there is one.
    pub fn last_checkpoint(&self) -> Option<u64> {
        let manifest = fs::read(self.path("out/manifest.json")).ok()?;
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        let (_, checkpoints) = manifest["checkpoints"].as_object()?.iter().next()?;
        let name = checkpoints.as_array()?.last()?.as_str()?.strip_suffix(".checkpoint")?;
        name.trim_end_matches(".end").rsplit('.').next()?.parse().ok()
    }

    /// Goes on, ends with `code`, and gives the summary and what was said.
    pub fn resume(&self, args: &[&str], code: i32) -> (Value, String) {
        let summary = self.path("summary.json").display().to_string();
        let output = self.batch(&[&["--resume", "--summary", &summary], args].concat());
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{message}");
        (serde_json::from_slice(&fs::read(summary).unwrap()).unwrap(), message)
    }

    /// Goes on, and checks how many files are not read again. What it said.
    pub fn go_on(&self, args: &[&str], files_kept: u64) -> String {
        let (summary, message) = self.resume(args, 0);
        assert_eq!(summary["files"]["kept"], files_kept, "{message}");
        message
    }

    /// All but the names of what is in `out` must be as if nothing had happened before.
    pub fn is_as_undisturbed(&self, args: &[&str]) {
        let (outputs, undisturbed) = (self.outputs(), self.afresh(args));
        let names = |outputs: &BTreeMap<String, Vec<u8>>| outputs.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&outputs), names(&undisturbed));
        for (name, content) in outputs {
            assert!(content == undisturbed[&name], "{name} differs");
        }
    }

    /// Every output and the manifest, by name.
    pub fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        contents(&self.path("out"))
    }

    /// The names of outputs and manifest, without checkpoints and incomplete outputs.
    pub fn names(&self) -> Vec<String> {
        self.outputs().into_keys().filter(|name| !name.starts_with('.')).collect()
    }

    pub fn manifest(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("out/manifest.json")).unwrap()).unwrap()
    }

    /// When an output was written.
    pub fn written(&self, output: &str) -> SystemTime {
        self.path("out").join(output).metadata().unwrap().modified().unwrap()
    }

    /// What a run gives that knows of no other.
    pub fn afresh(&self, args: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let kept = self.path("kept");
        fs::rename(self.path("out"), &kept).unwrap();
        self.batch(args);
        let outputs = self.outputs();
        fs::remove_dir_all(self.path("out")).unwrap();
        fs::rename(kept, self.path("out")).unwrap();
        outputs
    }
}

pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// The folder `in` with `files`.
pub fn folder(files: &[(&str, &[u8])]) -> Folder {
    let folder = Folder::with(&[]);
    for (name, octets) in files {
        let path = folder.path("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }
    folder
}

/// The port of the client in the segment of [`fragments`].
pub const FRAGMENTED: u16 = 40_404;

/// The two halves of a SYN, each the only packet of a capture.
pub fn fragments() -> (Vec<u8>, Vec<u8>) {
    let fragment = |flags: u16, octets: &[u8]| {
        let mut frame = [&[0; 12][..], &[8, 0, 0x45, 0]].concat();
        frame.extend((20 + octets.len() as u16).to_be_bytes());
        frame.extend([0, 7]);
        frame.extend(flags.to_be_bytes());
        frame.extend([64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]);
        frame.extend(octets);
        let mut capture = Capture::default();
        capture.packet(&frame);
        capture.octets
    };
    let mut segment = [&FRAGMENTED.to_be_bytes()[..], &[0, 80], &[0; 8], &[0x60, 2, 0xff, 0xff]].concat();
    segment.resize(24, 0);
    (fragment(0x2000, &segment[..16]), fragment(2, &segment[16..]))
}

/// The packet of the capture `alone` as a record, with the time of one of `piece`.
pub fn at_time_of(alone: &[u8], piece: &[u8], record: usize) -> Vec<u8> {
    [&piece[HEADER + record * RECORD..][..8], &alone[HEADER + 8..]].concat()
}
