//! What a format finds at the front of the octets at hand: the answer of `pcap` and `pcapng` to the reader.

use core::ops::Range;

use crate::LinkType;

/// The next thing in the stream.
#[derive(Debug)]
pub(super) enum Step {
    /// It is not there as a whole yet.
    Incomplete(Incomplete),
    /// It is.
    Whole(Whole),
}

/// A record or block that is there as a whole.
#[derive(Debug)]
pub(super) enum Whole {
    /// Something that is no packet and takes so many octets. It is `numbered` when Wireshark shows it as a frame,
    /// so that the frames after it have the numbers that Wireshark gives them.
    Other { size: usize, numbered: bool },
    /// A packet.
    Packet(Record),
}

/// How much is needed to go on. More than there is, but not always enough: a length has to be read first.
#[derive(Debug)]
pub(super) struct Incomplete {
    pub(super) what: &'static str,
    pub(super) needed: usize,
}

/// A packet, with the place of its octets rather than the octets, so that nothing is borrowed while reading on.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) time_ns: i64,
    pub(super) link_type: LinkType,
    pub(super) interface: u32,
    pub(super) fcs_len: u8,
    pub(super) len: u32,
    /// Where the captured octets are, from the start of the record or block.
    pub(super) data: Range<usize>,
    /// Octets of the record or block.
    pub(super) size: usize,
}

/// Most octets that a packet of this link type may have, as in Wireshark (`wtap_max_snaplen_for_encap`): more is
/// taken for damage.
pub(super) fn longest_packet(link_type: LinkType) -> u32 {
    match link_type {
        LinkType::DBUS | LinkType::USBPCAP => 128 << 20,
        LinkType::EBHSCR => 8 << 20,
        _ => 256 << 10,
    }
}
