//! Capture files, written octet by octet: pcap and pcapng, both little-endian, Ethernet.

use std::io::{self, Write};

const NANOSECONDS: u64 = 1_000_000_000;
const ETHERNET: u16 = 1;

/// The format of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The older one: a file header, and a header a packet.
    Pcap,
    /// The newer one: blocks.
    PcapNg,
}

/// The unit of timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Microseconds.
    Micro,
    /// Nanoseconds.
    Nano,
}

/// A capture that is being written.
pub struct Capture<W> {
    out: W,
    format: Format,
    precision: Precision,
    snap_len: usize,
    record: Vec<u8>,
    /// Packets so far: the number of the last one.
    pub frames: u64,
    /// Octets so far.
    pub octets: u64,
}

impl<W: Write> Capture<W> {
    /// Begins a capture.
    pub fn new(out: W, format: Format, precision: Precision, snap_len: u32) -> io::Result<Self> {
        let record = match format {
            Format::Pcap => pcap_header(precision, snap_len),
            Format::PcapNg => pcapng_header(precision, snap_len),
        };
        let mut capture =
            Self { out, format, precision, snap_len: snap_len as usize, record, frames: 0, octets: 0 };
        capture.write()?;
        Ok(capture)
    }

    /// Adds a packet.
    pub fn packet(&mut self, time_ns: u64, packet: &[u8]) -> io::Result<()> {
        let kept = &packet[..packet.len().min(self.snap_len)];
        self.record.clear();
        match self.format {
            Format::Pcap => self.pcap_record(time_ns, kept, packet.len()),
            Format::PcapNg => self.enhanced_packet_block(time_ns, kept, packet.len()),
        }
        self.frames += 1;
        self.write()
    }

    /// Hands on what is still held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn pcap_record(&mut self, time_ns: u64, kept: &[u8], len: usize) {
        let fraction = self.units(time_ns % NANOSECONDS);
        for word in [(time_ns / NANOSECONDS) as u32, fraction as u32, kept.len() as u32, len as u32] {
            self.record.extend(word.to_le_bytes());
        }
        self.record.extend(kept);
    }

    fn enhanced_packet_block(&mut self, time_ns: u64, kept: &[u8], len: usize) {
        const ENHANCED_PACKET: u32 = 6;
        const INTERFACE: u32 = 0;
        let time = self.units(time_ns);
        let padding = kept.len().next_multiple_of(4) - kept.len();
        let block_len = (32 + kept.len() + padding) as u32;
        let (high, low) = ((time >> 32) as u32, time as u32);
        for word in [ENHANCED_PACKET, block_len, INTERFACE, high, low, kept.len() as u32, len as u32] {
            self.record.extend(word.to_le_bytes());
        }
        self.record.extend(kept);
        self.record.extend(&[0; 4][..padding]);
        self.record.extend(block_len.to_le_bytes());
    }

    fn units(&self, nanoseconds: u64) -> u64 {
        match self.precision {
            Precision::Micro => nanoseconds / 1000,
            Precision::Nano => nanoseconds,
        }
    }

    fn write(&mut self) -> io::Result<()> {
        self.octets += self.record.len() as u64;
        self.out.write_all(&self.record)
    }
}

fn pcap_header(precision: Precision, snap_len: u32) -> Vec<u8> {
    let magic: u32 = match precision {
        Precision::Micro => 0xa1b2_c3d4,
        Precision::Nano => 0xa1b2_3c4d,
    };
    let mut header = magic.to_le_bytes().to_vec();
    header.extend([2, 0, 4, 0]);
    header.extend([0; 8]);
    header.extend(snap_len.to_le_bytes());
    header.extend(u32::from(ETHERNET).to_le_bytes());
    header
}

/// A section of unknown length with one interface.
fn pcapng_header(precision: Precision, snap_len: u32) -> Vec<u8> {
    const SECTION_HEADER: u32 = 0x0A0D_0D0A;
    const BYTE_ORDER_MAGIC: u32 = 0x1A2B_3C4D;
    const INTERFACE_DESCRIPTION: u32 = 1;
    // if_tsresol: 10^-9 seconds, and the end of the options.
    const NANOSECONDS_OPTION: [u8; 12] = [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0];
    let options: &[u8] = match precision {
        Precision::Micro => &[],
        Precision::Nano => &NANOSECONDS_OPTION,
    };
    let (section_len, interface_len) = (28_u32, 20 + options.len() as u32);
    let mut header = Vec::new();
    for word in [SECTION_HEADER, section_len, BYTE_ORDER_MAGIC, 1] {
        header.extend(word.to_le_bytes());
    }
    header.extend(u64::MAX.to_le_bytes());
    for word in [section_len, INTERFACE_DESCRIPTION, interface_len, u32::from(ETHERNET), snap_len] {
        header.extend(word.to_le_bytes());
    }
    header.extend(options);
    header.extend(interface_len.to_le_bytes());
    header
}
