//! What an interface description block says that is needed to read the packets of the interface
//! (draft-ietf-opsawg-pcapng, section 4.2).

use super::clock::Clock;
use super::format::Endianness;
use super::options::options;
use super::step::longest_packet;
use crate::LinkType;

/// Octets of the body of an interface description block, without options.
pub(super) const DESCRIPTION: usize = 8;

/// What a capture tells of an interface that it was recorded on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceInfo {
    /// How to read its packets.
    pub link_type: LinkType,
    /// What it is called, such as `eth0`; none in pcap. Of a very long one the beginning.
    pub name: Option<Box<str>>,
    /// What its user calls it. Of a very long one the beginning.
    pub description: Option<Box<str>>,
}

/// An interface of the current section.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) link_type: LinkType,
    /// Most octets that are captured of a packet; 0 if there is no limit.
    pub(super) snaplen: u32,
    pub(super) fcs_len: u8,
    pub(super) clock: Clock,
    /// Most octets that are believed.
    pub(super) longest: u32,
    pub(super) name: Option<Box<str>>,
    pub(super) description: Option<Box<str>>,
}

impl Interface {
    /// Reads the body of a description: the link type, 16 reserved bits, the snap length, options. An option of a
    /// wrong length counts as absent.
    pub(super) fn new(endianness: Endianness, fixed: [u8; DESCRIPTION], rest: &[u8]) -> Self {
        const IF_NAME: u16 = 2;
        const IF_DESCRIPTION: u16 = 3;
        const IF_TSRESOL: u16 = 9;
        const IF_FCSLEN: u16 = 13;
        const IF_TSOFFSET: u16 = 14;

        let [l0, l1, _, _, snaplen @ ..] = fixed;
        let link_type = LinkType(endianness.u16([l0, l1]));
        let (mut tsresol, mut tsoffset, mut fcs_len) = (Clock::MICROSECONDS, 0, 0);
        let (mut name, mut description) = (None, None);
        for (code, value) in options(endianness, rest) {
            match (code, value) {
                (IF_NAME, value) => name = Some(text(value)),
                (IF_DESCRIPTION, value) => description = Some(text(value)),
                (IF_TSRESOL, &[octet]) => tsresol = octet,
                (IF_FCSLEN, &[octet]) => fcs_len = octet,
                (IF_TSOFFSET, value) => {
                    // Signed: seconds to add, before 1970 as well.
                    tsoffset =
                        value.try_into().map_or(tsoffset, |octets| endianness.u64(octets).cast_signed());
                }
                _ => {}
            }
        }
        Self {
            link_type,
            snaplen: endianness.u32(snaplen),
            fcs_len,
            clock: Clock::new(tsresol, tsoffset),
            longest: longest_packet(link_type),
            name,
            description,
        }
    }

    /// What the capture tells of it.
    pub(super) fn info(&self) -> InterfaceInfo {
        let (name, description) = (self.name.clone(), self.description.clone());
        InterfaceInfo { link_type: self.link_type, name, description }
    }
}

/// The text of an option. It is cut to what serves to tell interfaces apart: a hostile file has many long ones.
fn text(value: &[u8]) -> Box<str> {
    const LONGEST: usize = 256;
    String::from_utf8_lossy(&value[..value.len().min(LONGEST)]).into()
}
