//! Where output goes: standard output, or a file that gets its name when it is complete.

use std::fs;
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use tempfile::{NamedTempFile, TempPath};

use super::Buffer;
use crate::stop::Stop;

/// A buffer before a destination, shared by those who print and by those who wait for input and let others see what
/// there is. What goes to the destination is whole records, many at once.
///
/// The first error ends the run by [`Stop`]; [`Output::finish`] reports it.
#[derive(Clone)]
pub struct Output {
    sink: Arc<Mutex<Sink>>,
    stop: Stop,
}

/// A buffer with this many octets is passed on.
const FULL: usize = 64 << 10;

/// How names of incomplete files end.
const PARTIAL: &str = ".partial";

struct Sink {
    buffer: Buffer,
    writer: Box<dyn Write + Send>,
    /// The file while it is written, and the name it will have.
    pending: Option<(TempPath, PathBuf)>,
    /// The first of all errors.
    result: io::Result<()>,
}

/// Whether escape sequences are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styles {
    /// Where the destination is a terminal that wants them.
    OnTerminal,
    /// The octets are not text for a terminal and are left alone.
    Untouched,
}

impl Output {
    /// Opens the file at `path`, or standard output.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: Option<&Path>, styles: Styles, stop: Stop) -> anyhow::Result<Self> {
        let (writer, pending) = match path {
            None => (standard_output(styles), None),
            Some(path) => file(path, styles).with_context(|| format!("cannot write {}", path.display()))?,
        };
        Ok(Self::new(writer, pending, stop))
    }

    /// Opens a file that is to replace what is at `path`. Until it is complete it is called `.NAME.partial`.
    ///
    /// # Errors
    /// When the file cannot be written, or there is one with that name: see [`sweep`].
    pub fn replacing(path: &Path, styles: Styles, stop: Stop) -> anyhow::Result<Self> {
        let opened = partial(path).with_context(|| format!("cannot write {}", path.display()))?;
        let (file, temporary) = opened.into_parts();
        Ok(Self::new(without(styles, file), Some((temporary, path.to_owned())), stop))
    }

    fn new(writer: Box<dyn Write + Send>, pending: Option<(TempPath, PathBuf)>, stop: Stop) -> Self {
        let sink = Sink { buffer: Buffer::default(), writer, pending, result: Ok(()) };
        Self { sink: Arc::new(Mutex::new(sink)), stop }
    }

    /// Writes `octets`.
    pub fn write(&self, octets: &[u8]) {
        self.fill(|buffer| {
            buffer.extend_from_slice(octets);
            Ok(())
        });
    }

    /// Writes what `write` adds to the buffer. Its error ends the run.
    pub fn fill(&self, write: impl FnOnce(&mut Buffer) -> io::Result<()>) {
        self.attempt(|sink| {
            write(&mut sink.buffer)?;
            if sink.buffer.len() < FULL { Ok(()) } else { sink.hand_over() }
        });
    }

    /// Lets others see what was written.
    pub fn flush(&self) {
        self.attempt(|sink| {
            sink.hand_over()?;
            sink.writer.flush()
        });
    }

    /// Completes the output.
    ///
    /// # Errors
    /// The first error of all writing.
    pub fn finish(self) -> anyhow::Result<()> {
        self.flush();
        let mut sink = self.lock();
        sink.check()?;
        if let Some((file, path)) = sink.pending.take() {
            file.persist(&path).with_context(|| format!("cannot rename to {}", path.display()))?;
        }
        Ok(())
    }

    /// Removes the output, unless it is standard output, where what is written stays.
    ///
    /// # Errors
    /// The first error of all writing.
    pub fn abandon(self) -> anyhow::Result<()> {
        self.flush();
        self.lock().check()
    }

    fn attempt(&self, write: impl FnOnce(&mut Sink) -> io::Result<()>) {
        let mut sink = self.lock();
        if sink.result.is_ok() {
            sink.result = write(&mut sink);
            if sink.result.is_err() {
                self.stop.request();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sink> {
        // Nobody panics while holding the lock; if someone did, what was written stands.
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    /// The first error so far, which is taken out.
    fn check(&mut self) -> anyhow::Result<()> {
        let result = mem::replace(&mut self.result, Ok(()));
        match &self.pending {
            Some((_, path)) => result.with_context(|| format!("cannot write {}", path.display())),
            None => Ok(result?),
        }
    }

    /// Passes on what is in the buffer.
    fn hand_over(&mut self) -> io::Result<()> {
        let result = self.writer.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        result
    }
}

fn standard_output(styles: Styles) -> Box<dyn Write + Send> {
    match styles {
        Styles::OnTerminal => Box::new(AutoStream::auto(io::stdout())),
        Styles::Untouched => Box::new(io::stdout()),
    }
}

type Opened = (Box<dyn Write + Send>, Option<(TempPath, PathBuf)>);

fn file(path: &Path, styles: Styles) -> io::Result<Opened> {
    // The name behind symbolic links: those are to stay.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        // A device or pipe is written to, not replaced.
        let device = fs::OpenOptions::new().write(true).open(&path)?;
        return Ok((without(styles, device), None));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (file, temporary) = temporary_in(folder)?.into_parts();
    Ok((without(styles, file), Some((temporary, path))))
}

/// Removes from a folder what killed runs have left of outputs that were to replace others.
///
/// # Errors
/// When something cannot be removed.
pub fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(PARTIAL) && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A temporary file with the permissions of an ordinary one.
///
/// # Errors
/// When the folder cannot be written to.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    temporary().prefix(".fourwave-").tempfile_in(folder)
}

/// A maker of files with the permissions of ordinary ones.
fn temporary<'a>() -> tempfile::Builder<'a, 'a> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// The file that becomes the one at `path`.
fn partial(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    temporary().prefix(&format!(".{name}")).suffix(PARTIAL).rand_bytes(0).tempfile_in(folder)
}

fn without(styles: Styles, file: fs::File) -> Box<dyn Write + Send> {
    match styles {
        Styles::OnTerminal => Box::new(AutoStream::new(file, ColorChoice::Never)),
        Styles::Untouched => Box::new(file),
    }
}
