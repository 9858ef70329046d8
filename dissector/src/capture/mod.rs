//! Capture files: octets in, packets out, with no look inside the packets.
//!
//! | file | what it knows |
//! |---|---|
//! | `compression`, `compression/` | which compression a stream has; what undoes each, step by step |
//! | `input` | a buffer over a stream: what is at hand, what is consumed, where we are |
//! | `format` | which format a stream has, and the names of those that are not read |
//! | `pcap`, `pcapng` | one record or block of the format, in octets that are at hand |
//! | `interface`, `options` | parts of pcapng: what is said of an interface, lists of options |
//! | `step` | what a format answers to the reader |
//! | `reader` | the loop around all of these |
//! | `clock` | from the ticks of a format to nanoseconds |
//! | `error` | why and where reading stopped |
//!
//! The framing of records and blocks is that of the crate `pcap-file`, but for whole enhanced packet blocks, which a
//! shorter way takes off the front first; what is in them is decoded here, because real files bend the rules more
//! than that crate allows. What can be understood is taken as it is; where the
//! framing itself breaks, reading stops for good and says where. There is no search for a later packet that looks
//! right: it would be a guess.
//!
//! The formats: [pcap](https://datatracker.ietf.org/doc/html/draft-ietf-opsawg-pcap) and
//! [pcapng](https://datatracker.ietf.org/doc/html/draft-ietf-opsawg-pcapng).
//!
//! ```
//! use fourwave_dissector::capture::Reader;
//!
//! let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
//! file.extend([9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 0xca, 0xfe]);
//!
//! let mut reader = Reader::new(Box::new(std::io::Cursor::new(file)), "example.pcap", 0)?;
//! while let Some(packet) = reader.next()? {
//!     assert_eq!((packet.time_ns, packet.len, packet.data), (9_000_001_000, 60, &[0xca, 0xfe][..]));
//! }
//! assert_eq!(reader.packets(), 1);
//! # Ok::<(), fourwave_dissector::capture::CaptureError>(())
//! ```

mod clock;
mod compression;
mod error;
mod format;
mod input;
mod interface;
mod options;
mod pcap;
mod pcapng;
mod reader;
mod step;

#[cfg(test)]
mod tests;

pub use compression::Compression;
pub use error::{CaptureError, CaptureErrorKind};
pub use format::{Container, Endianness, Format, Unit};
pub use interface::InterfaceInfo;
pub use pcap::FileHeader;
pub use reader::{Piece, Reader};
