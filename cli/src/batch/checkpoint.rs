//! Checkpoints: all that is needed to go on within a series, in a file beside its output.
//!
//! A line of JSON says what was read and what was made of it; behind it stand dissector and engine, by postcard, and a
//! hash of everything, for in what an engine is made of no damage can be told. A checkpoint is for the program that wrote
//! it: another one may keep something else.

use std::borrow::Cow;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, IntoInnerError, Write};
use std::path::Path;

use anyhow::{Context, bail};
use fourwave_annotate::Engine;
use fourwave_dissector::{Dissector, FrameId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::entry::{InputEntry, Read};
use crate::archive::Content;
use crate::output;

/// How names of checkpoints end.
const ENDING: &str = ".checkpoint";
/// The same of those at the end of what there was of a series.
const AT_END: &str = ".end.checkpoint";
/// Octets of the hash.
const HASH: usize = 32;
/// The greatest number that a file can have in frames: memory is taken for so many names.
const LAST_FILE: u32 = FrameId::new(u32::MAX, u64::MAX).file();
/// Octets that are written and hashed at a time.
const BUFFER: usize = 64 << 10;

/// What a checkpoint says of itself.
#[derive(Serialize, Deserialize)]
pub struct Head<'a> {
    /// Who made it.
    pub maker: Cow<'a, Maker>,
    /// What was read.
    pub read: Cow<'a, Read>,
    /// The output so far.
    pub output: Content,
}

/// A program and its options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The file of the program.
    program: Content,
    /// What else than the inputs decides about the output.
    options: String,
}

/// A checkpoint that was read.
pub struct Checkpoint {
    /// What it says of itself.
    pub head: Head<'static>,
    /// Dissector and engine.
    state: Vec<u8>,
}

impl Maker {
    /// This program with `options`, unless its file cannot be read.
    #[must_use]
    pub fn of(options: &str) -> Option<Self> {
        let program = Content::of(&env::current_exe().ok()?).ok()?;
        Some(Self { program, options: options.to_owned() })
    }
}

/// What the checkpoint behind so many packets of the series of an output is called.
#[must_use]
pub fn name(output: &str, packets: u64) -> String {
    format!(".{output}.{packets}{ENDING}")
}

/// The same if it stands at the end of what there is of the series.
#[must_use]
pub fn name_at_end(output: &str, packets: u64) -> String {
    format!(".{output}.{packets}{AT_END}")
}

/// Whether a checkpoint is called as one at the end of what there was of a series.
#[must_use]
pub fn is_at_end(file: &str) -> bool {
    file.ends_with(AT_END)
}

/// The output to whose series the checkpoint `file` belongs; none if no checkpoint is called so.
#[must_use]
pub fn output_of(file: &str) -> Option<&str> {
    let ending = if is_at_end(file) { AT_END } else { ENDING };
    let (output, packets) = file.strip_prefix('.')?.strip_suffix(ending)?.rsplit_once('.')?;
    let packets = packets.parse().ok()?;
    [name(output, packets), name_at_end(output, packets)].iter().any(|name| name == file).then_some(output)
}

/// What was read before the checkpoint at `path`, if `maker` made it. Whether it is damaged, [`Checkpoint::read`] knows.
#[must_use]
pub fn inputs(path: &Path, maker: &Maker) -> Option<Vec<InputEntry>> {
    let mut line = Vec::new();
    BufReader::new(File::open(path).ok()?).read_until(b'\n', &mut line).ok()?;
    Some(head(&line, maker)?.read.into_owned().inputs)
}

/// What stands in the first line of a checkpoint, if `maker` made it. Another program may have another head.
fn head(line: &[u8], maker: &Maker) -> Option<Head<'static>> {
    serde_json::from_slice(line).ok().filter(|head: &Head<'_>| *head.maker == *maker)
}

/// Writes a checkpoint to `path`.
///
/// # Errors
/// When that is not possible.
pub fn write(path: &Path, head: &Head<'_>, dissector: &Dissector, engine: &Engine) -> io::Result<()> {
    let incomplete = output::incomplete(path);
    let written = File::create(&incomplete)
        .and_then(|file| write_to(file, head, dissector, engine))
        .and_then(|()| fs::rename(&incomplete, path));
    if written.is_err() {
        // There may be nothing to be removed.
        let _ = fs::remove_file(&incomplete);
    }
    written
}

fn write_to(file: File, head: &Head<'_>, dissector: &Dissector, engine: &Engine) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(BUFFER, Hashing { to: file, hash: Sha256::new() });
    serde_json::to_writer(&mut to, head)?;
    to.write_all(b"\n")?;
    if let Err(error) = postcard::to_io(&(dissector, engine), &mut to) {
        // It does not say why something could not be written, but whoever tries again does.
        return Err(to.flush().err().unwrap_or_else(|| io::Error::other(error)));
    }
    let Hashing { mut to, hash } = to.into_inner().map_err(IntoInnerError::into_error)?;
    to.write_all(&hash.finalize())?;
    to.sync_data()
}

impl Checkpoint {
    /// The checkpoint at `path`. `None` if `maker` did not make it.
    ///
    /// # Errors
    /// When it cannot be read or is damaged.
    pub fn read(path: &Path, maker: &Maker) -> anyhow::Result<Option<Self>> {
        let mut state = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let Some((octets, hash)) = state.split_last_chunk::<HASH>() else { bail!(damaged(path)) };
        let line = octets.iter().position(|octet| *octet == b'\n');
        let (Some(line), true) = (line, Sha256::digest(octets)[..] == hash[..]) else { bail!(damaged(path)) };
        let head = head(&octets[..line], maker);
        if let Some(number) =
            head.iter().flat_map(|head| &head.read.numbers).find(|number| **number > LAST_FILE)
        {
            bail!("{}: a file has the number {number}, expected at most {LAST_FILE}", path.display());
        }
        state.truncate(octets.len());
        state.drain(..=line);
        Ok(head.map(|head| Self { head, state }))
    }

    /// What is to go on.
    ///
    /// # Errors
    /// When it is something else.
    pub fn state(&self) -> anyhow::Result<(Dissector, Engine)> {
        postcard::from_bytes(&self.state).context("expected a dissector and an engine")
    }
}

fn damaged(path: &Path) -> String {
    format!("{}: damaged", path.display())
}

/// Hashes what is written.
struct Hashing<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let written = self.to.write(octets)?;
        self.hash.update(&octets[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_called_so() {
        use std::fs::OpenOptions;

        let (dissector, engine) = (Dissector::new(fourwave_dissector::Zone::Addresses), Engine::default());
        // Wherever the buffer is full.
        for len in (BUFFER - 2_000..BUFFER).step_by(100) {
            let maker = Maker::of(&"x".repeat(len)).unwrap();
            let output = maker.program.clone();
            let head = Head { maker: Cow::Owned(maker), read: Cow::Owned(Read::default()), output };
            let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            let error = write_to(full, &head, &dissector, &engine).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
        }
    }
}
