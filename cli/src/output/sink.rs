//! Where output goes: standard output, or a file that gets its name when it is complete.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use tempfile::{NamedTempFile, TempPath};

use super::Buffer;
use super::room::Room;
use crate::stop::Stop;

/// A buffer before a destination, shared by those who print and by those who wait for input and let others see what
/// there is. What others see is whole records, many at once; a file that they will not see before it is complete gets
/// whole blocks.
///
/// The first error ends the run by [`Stop`]; [`Output::finish`] reports it.
#[derive(Clone)]
pub struct Output {
    sink: Arc<Mutex<Sink>>,
    stop: Stop,
}

/// So many octets are passed on at once: as many as a pipe holds.
const PIPE: usize = 64 << 10;
/// To a file, so many, and in blocks that begin at multiples of that. The kernel takes these in two thirds of the time,
/// as it keeps them in fewer pieces; longer ones would crowd out of the cache what comes next.
const BLOCK: usize = 256 << 10;

/// How names of incomplete files end.
const PARTIAL: &str = ".partial";
/// The beginning of the names of temporary files.
const TEMPORARY: &str = ".fourwave-";

struct Sink {
    /// What the destination is called.
    name: String,
    buffer: Buffer,
    /// A buffer with this many octets is passed on.
    full: usize,
    writer: Box<dyn Write + Send>,
    /// Octets that the destination has.
    len: u64,
    /// What becomes a file with a name.
    pending: Option<Pending>,
    /// The first of all errors.
    result: io::Result<()>,
}

/// A file that is not complete.
struct Pending {
    /// What it is called while it is written.
    temporary: TempPath,
    /// The name it will have.
    path: PathBuf,
    /// The file, and what there is for it on the disk.
    room: Room,
    /// It must be on the disk before it gets its name: a later run takes it for complete.
    is_lasting: bool,
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
        let name = path.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
        let (writer, pending) = match path {
            None => (standard_output(styles), None),
            Some(path) => file(path, styles).with_context(|| format!("cannot write {name}"))?,
        };
        Ok(Self::new(name, writer, pending, 0, stop))
    }

    /// Opens a file that is to replace what is at `path`. Until it is complete it is called `.NAME.partial`.
    ///
    /// # Errors
    /// When the file cannot be written, or there is one with that name.
    pub fn replacing(path: &Path, styles: Styles, stop: Stop) -> anyhow::Result<Self> {
        let opened = partial(path).and_then(|file| {
            let (file, temporary) = file.into_parts();
            Ok((Pending::new(&file, temporary, path)?.lasting(), file))
        });
        let name = path.display().to_string();
        let (pending, file) = opened.with_context(|| format!("cannot write {name}"))?;
        Ok(Self::new(name, without(styles, file), Some(pending), 0, stop))
    }

    /// Opens a file that is to replace what is at `path`, with the first `len` octets of an earlier one: of the incomplete
    /// file, or else of the complete one, whichever of them `begins_well`. `None` if neither does.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn going_on(
        path: &Path,
        len: u64,
        begins_well: impl Fn(&Path) -> bool,
        stop: Stop,
    ) -> anyhow::Result<Option<Self>> {
        let name = path.display().to_string();
        let opened = begun(path, len, begins_well).with_context(|| format!("cannot write {name}"))?;
        Ok(opened.map(|(pending, file)| Self::new(name, Box::new(file), Some(pending), len, stop)))
    }

    fn new(
        name: String,
        writer: Box<dyn Write + Send>,
        pending: Option<Pending>,
        len: u64,
        stop: Stop,
    ) -> Self {
        // What standard output leads to, where there is such a name for it.
        let is_file = pending.is_some() || fs::metadata("/dev/stdout").is_ok_and(|to| to.is_file());
        let full = if is_file { BLOCK } else { PIPE };
        let sink = Sink { name, buffer: Buffer::default(), full, writer, len, pending, result: Ok(()) };
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
            if sink.buffer.len() < sink.full { Ok(()) } else { sink.hand_over_blocks() }
        });
    }

    /// Lets others see what was written.
    pub fn flush(&self) {
        self.attempt(|sink| {
            sink.hand_over_all()?;
            sink.writer.flush()
        });
    }

    /// Octets that were written, now that they are on the disk; none if something could not be written.
    #[must_use]
    pub fn lasting(&self) -> Option<u64> {
        self.flush();
        self.attempt(|sink| sink.sync());
        let sink = self.lock();
        sink.result.is_ok().then_some(sink.len)
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let sink = self.lock();
        sink.len == 0 && sink.buffer.len() == 0
    }

    /// From now on an incomplete file stays when the run ends, for [`Self::going_on`].
    pub fn keep_incomplete(&self) {
        if let Some(pending) = &mut self.lock().pending {
            pending.temporary.disable_cleanup(true);
        }
    }

    /// Completes the output.
    ///
    /// # Errors
    /// The first error of all writing.
    pub fn finish(self) -> anyhow::Result<()> {
        self.flush();
        self.attempt(|sink| sink.sync());
        let mut sink = self.lock();
        sink.check()?;
        if let Some(Pending { temporary, path, room, .. }) = sink.pending.take() {
            let renamed = put(room.file(), temporary, &path);
            renamed.with_context(|| format!("cannot rename to {}", path.display()))?;
        }
        Ok(())
    }

    /// Removes the output, unless it is standard output, where what is written stays, or is to be gone on with.
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
        mem::replace(&mut self.result, Ok(())).with_context(|| format!("cannot write {}", self.name))
    }

    /// Waits until what was passed on is on the disk, if it is to last.
    fn sync(&self) -> io::Result<()> {
        let lasting = self.pending.as_ref().filter(|pending| pending.is_lasting);
        lasting.map_or(Ok(()), |pending| pending.room.file().sync_data())
    }

    /// Passes on what is in the full buffer; of a file as many blocks as are complete.
    fn hand_over_blocks(&mut self) -> io::Result<()> {
        let rest = match self.pending {
            Some(_) => (self.len + self.buffer.len() as u64) % BLOCK as u64,
            None => 0,
        };
        self.hand_over(self.buffer.len() - rest as usize)
    }

    /// Passes on what is in the buffer.
    fn hand_over_all(&mut self) -> io::Result<()> {
        self.hand_over(self.buffer.len())
    }

    /// Passes on the first `octets` of the buffer.
    fn hand_over(&mut self, octets: usize) -> io::Result<()> {
        if let Some(pending) = &mut self.pending {
            pending.room.make(self.len, octets as u64);
        }
        let result = self.writer.write_all(self.buffer.as_bytes().get(..octets).unwrap_or_default());
        self.len += octets as u64;
        self.buffer.drop_first(octets);
        result
    }
}

impl Pending {
    fn new(file: &fs::File, temporary: TempPath, path: &Path) -> io::Result<Self> {
        Ok(Self { temporary, path: path.to_owned(), room: Room::of(file)?, is_lasting: false })
    }

    fn lasting(self) -> Self {
        Self { is_lasting: true, ..self }
    }
}

fn standard_output(styles: Styles) -> Box<dyn Write + Send> {
    match styles {
        Styles::OnTerminal => Box::new(AutoStream::auto(io::stdout())),
        Styles::Untouched => Box::new(io::stdout()),
    }
}

type Opened = (Box<dyn Write + Send>, Option<Pending>);

fn file(path: &Path, styles: Styles) -> io::Result<Opened> {
    // The name behind symbolic links: those are to stay.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        // A device or pipe is written to, not replaced.
        let device = fs::OpenOptions::new().write(true).open(&path)?;
        return Ok((without(styles, device), None));
    }
    let (file, temporary) = temporary_for(&path)?.into_parts();
    let pending = Pending::new(&file, temporary, &path)?;
    Ok((without(styles, file), Some(pending)))
}

/// What the file is called that is to replace what is at `path`, until it is complete.
#[must_use]
pub fn incomplete(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{PARTIAL}"))
}

/// A temporary file beside `path`, which it can [replace](put).
///
/// # Errors
/// When the folder cannot be written to.
pub fn temporary_for(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    temporary(path).prefix(TEMPORARY).tempfile_in(folder)
}

/// Gives a temporary file its name, and the permissions of the file that had it, if there was one.
///
/// # Errors
/// When the file cannot have the name.
pub fn put(file: &fs::File, temporary: TempPath, path: &Path) -> io::Result<()> {
    if let (Ok(replaced), Ok(new)) = (fs::metadata(path), file.metadata()) {
        // Some file systems allow nobody to change them. The owner alone can read the file then; nothing is lost.
        let _ = file.set_permissions(handed_down(&replaced, &new));
    }
    temporary.persist(path)?;
    Ok(())
}

/// The permissions of what is replaced, for what replaces it: for its group only if that is the same one.
#[cfg(unix)]
fn handed_down(replaced: &fs::Metadata, new: &fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let allowed = if replaced.gid() == new.gid() { 0o777 } else { 0o707 };
    fs::Permissions::from_mode(replaced.mode() & allowed)
}

/// The permissions of what is replaced.
#[cfg(not(unix))]
fn handed_down(replaced: &fs::Metadata, _new: &fs::Metadata) -> fs::Permissions {
    replaced.permissions()
}

/// Whether [`temporary_for`] gives such names: a run that was killed leaves such a file.
#[must_use]
pub fn is_temporary(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(TEMPORARY.as_bytes())
}

/// A maker of files: with the permissions of ordinary ones, or, where they are to replace what is at `path`, for the owner
/// alone. Not all may be allowed to read that, and who has opened a file goes on reading whatever becomes of its permissions.
fn temporary<'a>(path: &Path) -> tempfile::Builder<'a, 'a> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if !path.exists() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// What the file `name` will be called when it is complete; none if it is not called as an [`incomplete`] one.
#[must_use]
pub fn completed(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(PARTIAL)
}

/// See [`Output::going_on`]. The file is left where it is, whatever happens: it holds what will be wanted again.
fn begun(
    path: &Path,
    len: u64,
    begins_well: impl Fn(&Path) -> bool,
) -> io::Result<Option<(Pending, fs::File)>> {
    let incomplete = incomplete(path);
    let is_new = !begins_well(&incomplete);
    if is_new && !begins_well(path) {
        return Ok(None);
    }
    let (mut file, mut temporary) = if is_new {
        match fs::remove_file(&incomplete) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        partial(path)?.into_parts()
    } else {
        (fs::OpenOptions::new().write(true).open(&incomplete)?, TempPath::try_from_path(incomplete)?)
    };
    temporary.disable_cleanup(true);
    if is_new {
        // What is complete stays until there is something better.
        io::copy(&mut fs::File::open(path)?.take(len), &mut file)?;
    } else {
        file.set_len(len)?;
        file.seek(SeekFrom::End(0))?;
    }
    Ok(Some((Pending::new(&file, temporary, path)?.lasting(), file)))
}

/// The file that becomes the one at `path`.
fn partial(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    temporary(path).prefix(&format!(".{name}")).suffix(PARTIAL).rand_bytes(0).tempfile_in(folder)
}

fn without(styles: Styles, file: fs::File) -> Box<dyn Write + Send> {
    match styles {
        Styles::OnTerminal => Box::new(AutoStream::new(file, ColorChoice::Never)),
        Styles::Untouched => Box::new(file),
    }
}
