//! Which format a stream has, by its first octets, and the names of the formats that are not read.

use std::borrow::Cow;
use std::fmt;

use super::Compression;

/// What is known of an input's format so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The file format.
    pub container: Container,
    /// The order of octets in its fields; in pcapng, in the current section (little-endian before the first).
    pub endianness: Endianness,
    /// How the file was compressed.
    pub compression: Option<Compression>,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { container, endianness, compression } = self;
        match container {
            Container::Pcap { unit, modified } => {
                let name = if *modified { "modified pcap" } else { "pcap" };
                write!(f, "{name}, {endianness}, {unit}")?;
            }
            Container::Pcapng => write!(f, "pcapng, {endianness}")?,
        }
        compression.map_or(Ok(()), |compression| write!(f, ", {compression}"))
    }
}

/// The file formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// The format of tcpdump and libpcap.
    Pcap {
        /// In what the fraction of a second is counted.
        unit: Unit,
        /// Whether records have the longer header of Alexey Kuznetzov's patches (magic number 0xa1b2cd34).
        modified: bool,
    },
    /// The format of Wireshark: blocks, sections, interfaces.
    Pcapng,
}

/// What the fraction of a second is counted in, in a pcap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 10^-6 s.
    Microseconds,
    /// 10^-9 s.
    Nanoseconds,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Microseconds => "µs",
            Self::Nanoseconds => "ns",
        })
    }
}

/// The order of octets in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endianness {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

impl fmt::Display for Endianness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Little => "little-endian",
            Self::Big => "big-endian",
        })
    }
}

impl Endianness {
    /// The number in these octets.
    #[must_use]
    #[inline]
    pub fn u16(self, octets: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(octets),
            Self::Big => u16::from_be_bytes(octets),
        }
    }

    /// The number in these octets.
    #[must_use]
    #[inline]
    pub fn u32(self, octets: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(octets),
            Self::Big => u32::from_be_bytes(octets),
        }
    }

    /// The 32-bit numbers at the start of `octets`, which are at least 4·N; zeros for what is not there.
    #[inline]
    pub(super) fn words<const N: usize>(self, octets: &[u8]) -> [u32; N] {
        let mut words = [0; N];
        for (word, octets) in words.iter_mut().zip(octets.as_chunks().0) {
            *word = u32::from_le_bytes(*octets);
        }
        match self {
            Self::Little => words,
            Self::Big => words.map(u32::swap_bytes),
        }
    }

    pub(super) fn u64(self, octets: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(octets),
            Self::Big => u64::from_be_bytes(octets),
        }
    }
}

impl Container {
    /// What the magic number of a stream tells, if it is that of a format that is read.
    #[must_use]
    pub fn detect(magic: [u8; 4]) -> Option<(Self, Endianness)> {
        // The type of a section header block reads the same in both orders; its own magic number comes later.
        if magic == [0x0a, 0x0d, 0x0d, 0x0a] {
            return Some((Self::Pcapng, Endianness::Little));
        }
        [Endianness::Little, Endianness::Big].into_iter().find_map(|endianness| {
            let (unit, modified) = match endianness.u32(magic) {
                0xa1b2_c3d4 => (Unit::Microseconds, false),
                0xa1b2_3c4d => (Unit::Nanoseconds, false),
                0xa1b2_cd34 => (Unit::Microseconds, true),
                _ => return None,
            };
            Some((Self::Pcap { unit, modified }, endianness))
        })
    }
}

/// What a stream that is not read here probably is, for the one who has to find a converter.
pub(super) fn name_of_unread(head: &[u8]) -> Cow<'static, str> {
    let known = UNREAD.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, name)) = known {
        return (*name).into();
    }
    if head.get(TAR..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return "a tar archive, which has to be unpacked before".into();
    }
    if is_pcapng_block(head) {
        return "pcapng without its section header".into();
    }
    if is_text(head) {
        return "text".into();
    }
    let magic: Vec<_> = head.iter().take(8).map(|octet| format!("{octet:02x}")).collect();
    format!("a format unknown to us (first octets {})", magic.join(" ")).into()
}

/// Whether this may be an interface description or enhanced packet block: its type and a length that fits.
fn is_pcapng_block(head: &[u8]) -> bool {
    let [t0, t1, t2, t3, l0, l1, l2, l3, ..] = *head else { return false };
    [Endianness::Little, Endianness::Big].into_iter().any(|endianness| {
        let length = endianness.u32([l0, l1, l2, l3]);
        matches!(endianness.u32([t0, t1, t2, t3]), 1 | 6)
            && length % 4 == 0
            && (20..1 << 20).contains(&length)
    })
}

fn is_text(head: &[u8]) -> bool {
    // The head may end within a character.
    let complete = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !complete.is_empty()
        && complete.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// Where a tar archive has its magic number: in the header of its first file (POSIX.1, pax interchange format).
const TAR: usize = 257;

/// First octets and names of formats that captures come in, and of those that they are packed into.
const UNREAD: &[(&[u8], &str)] = &[
    (b"snoop\0\0\0", "snoop (Solaris)"),
    (b"btsnoop\0", "btsnoop (Bluetooth)"),
    (b"RTSS", "Microsoft Network Monitor 1"),
    (b"GMBU", "Microsoft Network Monitor 2"),
    (b"iptrace 1.0", "iptrace (AIX)"),
    (b"iptrace 2.0", "iptrace (AIX)"),
    (b"HCPX", "hccapx (hashcat)"),
    (b"TRSNIFF data", "Sniffer (Network General)"),
    (b"XCP\0", "Sniffer for Windows (NetXRay)"),
    (b"\x05VNF", "Visual Networks"),
    (b"\x7fver", "Peek (Savvius)"),
    (b"\xac\x01\x00\x1c", "pcap as changed by IXIA"),
    (b"\xab\x01\x00\x1c", "pcap as changed by IXIA"),
    (b"\x1c\x00\x01\xac", "pcap as changed by IXIA"),
    (b"\x1c\x00\x01\xab", "pcap as changed by IXIA"),
    (b"\x0c\xa5", "nfdump flows"),
    (b"\x1f\x8b", "gzip within another compression"),
    (b"\x28\xb5\x2f\xfd", "zstd within another compression"),
    (b"\xfd7zXZ\0", "xz within another compression"),
    (b"\x04\x22\x4d\x18", "lz4 within another compression"),
    (b"\x02\x21\x4c\x18", "lz4 in its old frame format"),
    (b"BZh", "bzip2"),
    (b"LZIP", "lzip"),
    (b"\x1f\x9d", "compress (.Z)"),
    (b"\x89LZO", "lzop"),
    (b"PK\x03\x04", "a zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"PAR1", "Parquet"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_not_read_have_names() {
        for (head, name) in [
            (&b"snoop\0\0\0\0\0\0\x02"[..], "snoop (Solaris)"),
            (b"{\"record\":\"segment\"}\n", "text"),
            ("名".as_bytes(), "text"),
            (b"\x01\0\0\0\x14\0\0\0\x01\0\0\0", "pcapng without its section header"),
            (b"\0\0\0\x06\0\0\0\x40", "pcapng without its section header"),
            (b"\x01\0\0\0\x15\0\0\0", "a format unknown to us (first octets 01 00 00 00 15 00 00 00)"),
            (b"\0", "a format unknown to us (first octets 00)"),
        ] {
            assert_eq!(name_of_unread(head), name);
        }
    }
}
