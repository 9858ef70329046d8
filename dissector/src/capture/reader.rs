//! The loop around input, compression and format: one packet after another until the end or the first damage.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::compression::Compression;
use super::error::{CaptureError, CaptureErrorKind};
use super::format::{Container, Endianness, Format, name_of_unread};
use super::input::{Input, Uninterrupted};
use super::interface::InterfaceInfo;
use super::pcap::{FileHeader, Pcap};
use super::pcapng::Pcapng;
use super::step::{Incomplete, Record, Step, Whole};
use crate::{FrameId, Packet};

const MAGIC: &str = "magic number";
/// Octets that are looked at to name a format that is not read.
const HEAD: usize = 512;

/// Reads the packets of one capture in the order in which they are stored.
///
/// It never waits for more than the next packet takes, so that a live capture on a pipe is handed out packet by
/// packet, and never keeps more than the current packet or a piece of 256 KiB, whichever is more.
pub struct Reader {
    name: String,
    file: u32,
    input: Input,
    format: Format,
    decoder: Decoder,
    packets: u64,
    over: bool,
}

/// Something that a capture holds, as it is stored there: a record of pcap, a block of pcapng.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// All its octets.
    pub octets: &'a [u8],
    /// The order of octets in its fields.
    pub endianness: Endianness,
    /// The packet that it holds, if it does.
    pub packet: Option<Packet<'a>>,
}

enum Decoder {
    Pcap(Pcap),
    Pcapng(Pcapng),
}

impl Reader {
    /// Opens the file at `path` as the `file`-th input of the run, counted from 0.
    ///
    /// # Errors
    /// When the file cannot be opened, and those of [`Reader::new`].
    pub fn open(path: impl AsRef<Path>, file: u32) -> Result<Self, CaptureError> {
        let path = path.as_ref();
        let name = path.to_string_lossy().into_owned();
        match File::open(path) {
            Ok(source) => Self::new(source, name, file),
            Err(error) => Err(CaptureError {
                file: name,
                offset: 0,
                compression: None,
                packet: 0,
                kind: CaptureErrorKind::Io(error),
            }),
        }
    }

    /// Reads a stream, such as standard input, as the `file`-th input of the run, counted from 0. The stream should
    /// not be buffered; `name` is what error messages call it.
    ///
    /// Waits until the magic number is there, and in pcap the file header.
    ///
    /// # Errors
    /// When the stream cannot be read, ends within its file header, or is in no format that is read here.
    pub fn new(
        source: impl Read + Send + 'static,
        name: impl Into<String>,
        file: u32,
    ) -> Result<Self, CaptureError> {
        let name = name.into();
        match begin(Box::new(Uninterrupted(source))) {
            Ok((input, format, decoder)) => {
                Ok(Self { name, file, input, format, decoder, packets: 0, over: false })
            }
            Err(kind) => Err(CaptureError { file: name, offset: 0, compression: None, packet: 0, kind }),
        }
    }

    /// The next packet; `None` at the end of the capture, and for ever after an error.
    ///
    /// # Errors
    /// When the stream cannot be read, ends within a record, or is damaged. All packets before stand.
    // Always: what is handed out then stays in registers.
    #[inline(always)]
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend")]
    pub fn next(&mut self) -> Result<Option<Packet<'_>>, CaptureError> {
        let front = self.input.at_hand();
        let record = match &self.decoder {
            Decoder::Pcap(pcap) => pcap.packet(front),
            Decoder::Pcapng(pcapng) => pcapng.packet(front),
        };
        let record = match record {
            Some(record) => record,
            None => match self.advance()? {
                Some(record) => record,
                None => return Ok(None),
            },
        };
        self.packets += 1;
        let at = FrameId::new(self.file, self.packets);
        Ok(Some(packet(at, &record, self.input.consume(record.size))))
    }

    /// The next record or block, packet or not, for who wants to copy a capture; `None` at the end of the capture, and
    /// for ever after an error. The pieces follow each other without a gap, behind the [`FileHeader`] of a pcap, and
    /// up to [`Self::offset`].
    ///
    /// # Errors
    /// Those of [`Self::next`].
    pub fn next_piece(&mut self) -> Result<Option<Piece<'_>>, CaptureError> {
        if self.over {
            return Ok(None);
        }
        let whole = self.whole();
        self.over = !matches!(whole, Ok(Some(_)));
        let Some(whole) = whole.map_err(|kind| self.stopped(kind))? else { return Ok(None) };
        let endianness = self.format().endianness;
        Ok(Some(match whole {
            Whole::Packet(record) => {
                self.packets += 1;
                let at = FrameId::new(self.file, self.packets);
                let octets = self.input.consume(record.size);
                Piece { octets, endianness, packet: Some(packet(at, &record, octets)) }
            }
            Whole::Other { size, numbered } => {
                self.packets += u64::from(numbered);
                Piece { octets: self.input.consume(size), endianness, packet: None }
            }
        }))
    }

    /// Reads on from what `source` makes of the uncompressed stream, which has the same octets: from one that is read
    /// ahead, for example.
    #[must_use]
    pub fn through<S: Read + Send + 'static>(self, source: impl FnOnce(Box<dyn Read + Send>) -> S) -> Self {
        Self { input: self.input.through(|stream| Box::new(source(stream))), ..self }
    }

    /// The rest of the uncompressed stream: after damage, all that was not handed out.
    #[must_use]
    pub fn into_rest(self) -> impl Read + Send {
        self.input.into_source()
    }

    /// Goes on to the next packet where that takes more than a look at what is at hand; the packet is then at the
    /// front of it.
    #[cold]
    fn advance(&mut self) -> Result<Option<Record>, CaptureError> {
        if self.over {
            return Ok(None);
        }
        let advanced = self.step();
        self.over = !matches!(advanced, Ok(Some(_)));
        advanced.map_err(|kind| self.stopped(kind))
    }

    /// Why reading ends here.
    fn stopped(&self, kind: CaptureErrorKind) -> CaptureError {
        let (offset, packet) = (self.input.offset(), self.packets + 1);
        let compression = self.format.compression;
        CaptureError { file: self.name.clone(), offset, compression, packet, kind }
    }

    fn step(&mut self) -> Result<Option<Record>, CaptureErrorKind> {
        while let Some(whole) = self.whole()? {
            match whole {
                Whole::Packet(record) => return Ok(Some(record)),
                Whole::Other { size, numbered } => {
                    self.input.consume(size);
                    self.packets += u64::from(numbered);
                }
            }
        }
        Ok(None)
    }

    /// Reads until the next record or block is at the front of what is at hand.
    fn whole(&mut self) -> Result<Option<Whole>, CaptureErrorKind> {
        loop {
            let step = match &mut self.decoder {
                Decoder::Pcap(pcap) => pcap.step(self.input.at_hand())?,
                Decoder::Pcapng(pcapng) => pcapng.step(self.input.at_hand())?,
            };
            match step {
                Step::Whole(whole) => return Ok(Some(whole)),
                Step::Incomplete(incomplete) => {
                    if !fill(&mut self.input, incomplete, self.format.compression)? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// What the input is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Octets of the uncompressed stream that are consumed: where the next record or block begins.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.input.offset()
    }

    /// The number of the last frame: packets that were handed out, and what else Wireshark numbers as frames.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// The format of the input.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.decoder {
            Decoder::Pcap(_) => self.format,
            Decoder::Pcapng(pcapng) => Format { endianness: pcapng.endianness(), ..self.format },
        }
    }

    /// The file header of a pcap.
    #[must_use]
    pub fn file_header(&self) -> Option<&FileHeader> {
        match &self.decoder {
            Decoder::Pcap(pcap) => Some(pcap.header()),
            Decoder::Pcapng(_) => None,
        }
    }

    /// Interfaces that the capture has described so far; 1 in pcap.
    #[must_use]
    pub fn interfaces(&self) -> usize {
        match &self.decoder {
            Decoder::Pcap(_) => 1,
            Decoder::Pcapng(pcapng) => pcapng.interfaces(),
        }
    }

    /// What the capture has told of its interfaces so far; in pcapng, of those of the current section.
    #[must_use]
    pub fn interface_infos(&self) -> Vec<InterfaceInfo> {
        match &self.decoder {
            Decoder::Pcap(pcap) => vec![pcap.interface_info()],
            Decoder::Pcapng(pcapng) => pcapng.interface_infos(),
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("name", &self.name)
            .field("format", &self.format())
            .field("offset", &self.offset())
            .field("packets", &self.packets)
            .finish_non_exhaustive()
    }
}

/// The packet of `record`, whose octets are `octets`.
#[inline(always)]
fn packet<'a>(at: FrameId, record: &Record, octets: &'a [u8]) -> Packet<'a> {
    Packet {
        at,
        time_ns: record.time_ns,
        link_type: record.link_type,
        interface: record.interface,
        fcs_len: record.fcs_len,
        len: record.len,
        data: &octets[record.data.clone()],
    }
}

/// Recognises compression and format, and reads the file header of pcap.
fn begin(source: Box<dyn Read + Send>) -> Result<(Input, Format, Decoder), CaptureErrorKind> {
    let mut input = Input::new(source);
    let mut magic = head(&mut input, MAGIC, None)?;
    let compression = Compression::detect(magic, &mut input).map_err(CaptureErrorKind::Io)?;
    if let Some(compression) = compression {
        input = Input::new(compression.undo(input.into_source()).map_err(CaptureErrorKind::Io)?);
        magic = head(&mut input, MAGIC, Some(compression))?;
    }
    let Some((container, endianness)) = Container::detect(magic) else {
        // A name is all that is wanted, so what is there will do.
        let _ = input.fill(HEAD);
        return Err(unknown(input.at_hand()));
    };
    let decoder = match container {
        Container::Pcap { unit, modified } => {
            let header = head(&mut input, "file header", compression)?;
            input.consume(header.len());
            Decoder::Pcap(Pcap::new(endianness, unit, modified, &header)?)
        }
        Container::Pcapng => Decoder::Pcapng(Pcapng::new(endianness)),
    };
    Ok((input, Format { container, endianness, compression }, decoder))
}

/// The first octets of the stream, which stay at hand.
fn head<const N: usize>(
    input: &mut Input,
    what: &'static str,
    compression: Option<Compression>,
) -> Result<[u8; N], CaptureErrorKind> {
    fill(input, Incomplete { what, needed: N }, compression)?;
    let head = input.at_hand();
    head.first_chunk().copied().ok_or_else(|| unknown(head))
}

/// Why a stream that begins with `head` is not read.
fn unknown(head: &[u8]) -> CaptureErrorKind {
    match head {
        [] => CaptureErrorKind::Empty,
        // However much there is, it is known by as much as is waited for.
        head => CaptureErrorKind::UnknownFormat { name: name_of_unread(&head[..head.len().min(HEAD)]) },
    }
}

/// Reads until the incomplete thing may be complete; `false` when the stream ends and nothing is incomplete.
fn fill(
    input: &mut Input,
    Incomplete { what, needed }: Incomplete,
    compression: Option<Compression>,
) -> Result<bool, CaptureErrorKind> {
    let filled = input.fill(needed);
    let found = input.at_hand().len();
    let truncated = |compressed| CaptureErrorKind::Truncated {
        what,
        expected: needed as u64,
        found: found as u64,
        compressed,
    };
    match (filled, compression) {
        (Ok(true), _) => Ok(true),
        (Ok(false), _) if found == 0 => Ok(false),
        (Ok(false), _) => Err(truncated(None)),
        (Err(error), _) if error.kind() == io::ErrorKind::UnexpectedEof => Err(truncated(compression)),
        // What does not come from the operating system comes from the decompressor.
        (Err(error), Some(compression)) if error.raw_os_error().is_none() => {
            Err(CaptureErrorKind::damaged(format!("valid {compression} data"), error))
        }
        (Err(error), _) => Err(CaptureErrorKind::Io(error)),
    }
}
