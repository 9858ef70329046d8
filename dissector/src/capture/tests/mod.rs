//! Tests of the capture reader as a whole, on files built here octet by octet.

mod build;
mod compression;
mod mutation;
mod pcap;
mod pcapng;
mod pieces;
mod streaming;

use std::io::{Cursor, Read};

use super::{CaptureError, CaptureErrorKind, Reader};

/// A packet with its own copy of the octets, and its number.
#[derive(Clone, Debug, PartialEq)]
struct Owned {
    number: u64,
    time_ns: i64,
    link_type: u16,
    interface: u32,
    fcs_len: u8,
    len: u32,
    data: Vec<u8>,
}

/// Reads to the end or the first error. Holds for every input: the reader stays at its end, and stands where the
/// error says.
fn read_from(source: impl Read + Send + 'static) -> (Vec<Owned>, Option<CaptureError>) {
    let mut reader = match Reader::new(source, "test", 7) {
        Ok(reader) => reader,
        Err(error) => {
            assert_eq!((error.offset, error.packet), (0, 0));
            return (Vec::new(), Some(error));
        }
    };
    let mut packets = Vec::new();
    let error = loop {
        match reader.next() {
            Ok(Some(packet)) => {
                assert_eq!(packet.at.file(), 7);
                packets.push(Owned {
                    number: packet.at.frame(),
                    time_ns: packet.time_ns,
                    link_type: packet.link_type.0,
                    interface: packet.interface,
                    fcs_len: packet.fcs_len,
                    len: packet.len,
                    data: packet.data.to_vec(),
                });
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(reader.next().unwrap().is_none());
    assert!(reader.next().unwrap().is_none());
    if let Some(error) = &error {
        assert_eq!((error.offset, error.packet), (reader.offset(), reader.packets() + 1));
    }
    (packets, error)
}

fn read(file: impl AsRef<[u8]>) -> (Vec<Owned>, Option<CaptureError>) {
    read_from(Cursor::new(file.as_ref().to_vec()))
}

/// Reads a file that must be whole.
fn read_whole(file: impl AsRef<[u8]>) -> Vec<Owned> {
    let (packets, error) = read(file);
    assert!(error.is_none(), "{error:?}");
    packets
}

/// Reads a file that must stop, and says after how many packets, at which octet and why.
fn read_broken(file: impl AsRef<[u8]>) -> (usize, u64, CaptureErrorKind) {
    let (packets, error) = read(file);
    let error = error.unwrap();
    (packets.len(), error.offset, error.kind)
}
