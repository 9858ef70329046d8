//! Batch runs over the folder `in` into the folder `out`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::SystemTime;

use serde_json::Value;

use super::archive::Folder;
use super::fourwave;

impl Folder {
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

    /// Every output and the manifest, by name.
    pub fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        contents(&self.path("out"))
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
