//! What an interface description block says that is needed to read the packets of the interface
//! (draft-ietf-opsawg-pcapng, section 4.2).

use super::clock::Clock;
use super::format::Endianness;
use super::options::options;
use super::step::longest_packet;
use crate::LinkType;

/// Octets of the body of an interface description block, without options.
pub(super) const DESCRIPTION: usize = 8;

/// An interface of the current section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interface {
    pub(super) link_type: LinkType,
    /// Most octets that are captured of a packet; 0 if there is no limit.
    pub(super) snaplen: u32,
    pub(super) fcs_len: u8,
    pub(super) clock: Clock,
    /// Most octets that are believed.
    pub(super) longest: u32,
}

impl Interface {
    /// Reads the body of a description: the link type, 16 reserved bits, the snap length, options. An option of a
    /// wrong length counts as absent.
    pub(super) fn new(endianness: Endianness, fixed: [u8; DESCRIPTION], rest: &[u8]) -> Self {
        const IF_TSRESOL: u16 = 9;
        const IF_FCSLEN: u16 = 13;
        const IF_TSOFFSET: u16 = 14;

        let [l0, l1, _, _, snaplen @ ..] = fixed;
        let link_type = LinkType(endianness.u16([l0, l1]));
        let (mut tsresol, mut tsoffset, mut fcs_len) = (Clock::MICROSECONDS, 0, 0);
        for (code, value) in options(endianness, rest) {
            match (code, value) {
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
        }
    }
}
